"""Every way Korean boards write a row is read by options alone: one thing varied at a time, then all at random."""

from datetime import UTC, datetime
from random import Random

import pytest

import pipeline.model as p
from pipeline.collect.normalize import normalize
from pipeline.text import urls
from sources import board
from tests.boards import synthetic as made

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def read(look: made.Look, body: bytes) -> list[dict[str, object]]:
    options = board.Options.model_validate(look.options)
    document = p.Document(url=made.LIST, requested_url=made.LIST, media_type="text/html", body=body, fetched_at=AT)
    items = board.parse(options, p.Fetched(documents=(document,)))
    return [
        {
            "title": i.title,
            "url": urls.canonical(i.url) if i.url else "",
            "date": i.published.text if i.published else "",
            "pinned": i.is_pinned,
        }
        for i in items
    ]


def holds(look: made.Look, count: int = 12, pinned: int = 2) -> None:
    shown = made.articles(count, pinned=pinned, seed=count)
    assert read(look, look.page(shown)) == look.truth(shown), look


@pytest.mark.parametrize("family", made.FAMILIES)
@pytest.mark.parametrize("link", made.LINK_FORMS)
def test_link_form(link: str, family: str) -> None:
    """The article's address is found whichever way the row names it."""
    holds(made.Look(family=family, link=link))


@pytest.mark.parametrize("noise", made.NOISE)
@pytest.mark.parametrize("family", made.FAMILIES)
def test_title_noise(noise: str, family: str) -> None:
    """A title is the author's words: no badge, count, icon, category or hidden word."""
    holds(made.Look(family=family, noise=noise))


@pytest.mark.parametrize("family", made.FAMILIES)
def test_cut_title(family: str) -> None:
    """A title cut short is completed from the attribute beside it, without what that adds for screen readers."""
    holds(made.Look(family=family, cut=True))


@pytest.mark.parametrize("pinned", made.PINNED)
@pytest.mark.parametrize("family", made.FAMILIES)
def test_pinned_style(pinned: str, family: str) -> None:
    """A pinned row is known by class, word, bracketed word or icon without any option."""
    holds(made.Look(family=family, pinned=pinned))


@pytest.mark.parametrize("form", made.DATES)
@pytest.mark.parametrize("family", made.FAMILIES)
def test_date_cell(form: str, family: str) -> None:
    """The posting date is what the cell says, the full stamp where one is hidden beside a short form."""
    holds(made.Look(family=family, date=form))


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_encoding(encoding: str) -> None:
    """A byte-order mark, or CP949 under the name of EUC-KR, changes nothing."""
    holds(made.Look(encoding=encoding))


@pytest.mark.parametrize("pinned", ["word", "brackets", "icon"])
def test_a_page_of_pinned_rows_only(pinned: str) -> None:
    """A word in every number cell still means what it says."""
    holds(made.Look(pinned=pinned), count=0, pinned=5)


def test_a_class_every_row_has_pins_none() -> None:
    """``li.notice`` on every card is the designer's name for a card."""
    shown = made.articles(0, pinned=5)
    assert [row["pinned"] for row in read(made.Look(family="cards"), made.Look(family="cards").page(shown))] == [
        False
    ] * 5


@pytest.mark.parametrize("family", made.FAMILIES)
@pytest.mark.parametrize("past", ["empty", "sentence", "short", "no-tbody"])
def test_an_empty_list_is_empty(family: str, past: str) -> None:
    """No rows, one row that says so, or no tbody: an empty list, neither an error nor an article."""
    look = made.Look(family=family)
    assert read(look, look.page([], past=past)) == []


@pytest.mark.parametrize("seed", range(120))
def test_everything_at_once(seed: int) -> None:
    """Any mixture is read exactly."""
    random = Random(seed)
    look = made.Look(
        family=random.choice(list(made.FAMILIES)),
        link=random.choice(list(made.LINK_FORMS)),
        noise=random.choice(list(made.NOISE)),
        pinned=random.choice(list(made.PINNED)),
        date=random.choice(list(made.DATES)),
        encoding=random.choice(["utf-8", "cp949"]),
        cut=random.random() < 0.2,
    )
    holds(look, count=random.randint(1, 15), pinned=random.randint(0, 3))


@pytest.mark.parametrize(
    ("title", "is_test"),
    [("테스트", True), ("TEST", True), ("test 1", True), ("테스트 게시글입니다.", True), ("(연습) 엑셀 기초", True),
     ("[테스트] 수강 신청", True), ("도자기 교실(테스트)", True), ("테스트중", True), ("체력 테스트 안내", False),
     ("한국어 레벨 테스트(TEST) 접수", False), ("연습실 대관 안내", False), ("테스트베드 참여 기관 모집", False),
     ("시험 감독관 모집", False)],
)  # fmt: skip
def test_rows_that_try_a_board_out_are_dropped_and_told(title: str, is_test: bool) -> None:
    """Somebody's trial on a live board reaches no citizen; an article about a test does (korea §4)."""
    rows = f'<table><tr class="r"><td><a href="/1">{title}</a></td></tr></table>'
    options = board.Options(url=made.LIST, rows="tr.r", title="a")
    document = p.Document(url=made.LIST, body=rows.encode(), fetched_at=AT)
    spec = p.SourceSpec(id="a", name="소식", kind="board", options=options, url=made.LIST)
    kept = normalize(board.parse(options, p.Fetched(documents=(document,))), spec, now=AT)
    assert [(d.reason, d.text) for d in kept.dropped] == ([("test-row", title)] if is_test else [])
    assert len(kept.entries) == (not is_test)
