"""Lists are found in pages nobody configured, and what is offered reads the page by itself.

What does not live here: repairs (``test_repair``), one rule at a time (the files beside).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

import pipeline.model as p
from pipeline.discover import groups
from pipeline.discover.induce import Candidate, induce, printed_date
from pipeline.discover.proof import same_rows
from pipeline.discover.tree import tree_of
from sources import board
from tests.unit.discover import lists

URL = "https://www.example.go.kr/bbs/list.do"
SEEDS = range(0, 156, 12)


def document(body: bytes | str) -> p.Document:
    raw = body.encode() if isinstance(body, str) else body
    return p.Document(url=URL, requested_url=URL, body=raw, fetched_at=datetime(2026, 11, 20, tzinfo=UTC))


def best(body: bytes | str) -> Candidate:
    found = induce(document(body))
    assert found
    return found[0]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)[:3]


@pytest.mark.parametrize("start", SEEDS)
def test_every_row_of_invented_lists_is_found(start: int) -> None:
    """Titles exactly, links, dates and pins, in order, in every skin with every noise around: no row more, none less."""
    for seed in range(start, start + 12):
        page = lists.page(seed)
        found = best(page.body)

        assert [row.title for row in found.rows] == [row.title for row in page.rows], page.style
        assert [row.is_pinned for row in found.rows] == [row.is_pinned for row in page.rows], page.style
        if page.has_dates:
            told = [numbers(printed_date(row.date)) for row in found.rows]
            assert told == [numbers(row.date) for row in page.rows], page.style
        if page.style["link"] != "data" and page.style["skin"] != "faq":
            pairs = zip(found.rows, page.rows, strict=True)
            assert all(str(truth.ident) in row.href + row.call for row, truth in pairs), page.style


@pytest.mark.parametrize("start", SEEDS)
def test_the_recipe_alone_reads_the_rows_that_were_seen(start: int) -> None:
    """``kind: board`` with nothing but the recipe gives the same rows: else a list must not be offered."""
    for seed in range(start, start + 12):
        page = document(lists.page(seed).body)
        found = induce(page)[0]
        options = board.Options.model_validate({"url": URL, **found.recipe})

        assert same_rows(found.rows, board.parse(options, p.Fetched(documents=(page,)))), found.recipe


def test_the_page_parameter_is_the_one_that_varies() -> None:
    """From links or from the form beside the script: never the board's id or the last page's link."""
    pages = [page for page in map(lists.page, range(60)) if page.paging]

    assert pages
    assert [best(page.body).recipe.get("paging") for page in pages] == [{"param": page.paging} for page in pages]


def test_selectors_are_short_and_last() -> None:
    """No child chains by number, no state or hashed classes: the first redesign breaks those."""
    for seed in range(120):
        recipe = best(lists.page(seed).body).recipe
        words = [str(recipe[name]) for name in ("rows", "title", "date", "pinned") if name in recipe]

        assert not [word for word in words if "nth-child" in word or word.count(">") > 2 or len(word) > 60], recipe


@pytest.mark.parametrize(
    "inner",
    [
        "<table class='board'><thead><tr><th>번호<th>제목<th>작성일</tr></thead><tbody><tr><td colspan=3>등록된 게시물이 없습니다.</td></tr></tbody></table>",
        "<table class='board'><thead><tr><th>번호<th>제목<th>작성일</tr></thead><tbody></tbody></table>",
        "<ul class='board_list'><li class='nodata'>작성된 글이 없습니다.</li></ul>",
        "<div class='board'><p>조회된 자료가 없습니다.</p></div>",
        "",
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_an_empty_list_has_no_items(inner: str, seed: int) -> None:
    """An empty board among menus, search forms and footers is no list of menu words."""
    html = lists.page(seed).html
    start, end = html.index("<div id='contents'"), html.index('<div id="footer"')
    around = f"{html[:start]}<div id='contents'><h2>공지사항</h2>{inner}</div>{html[end:]}"
    around = re.sub(r"<div class=\"swiper.*?</ul></div>", "", around)

    assert induce(document(around)) == ()


def test_other_lists_do_not_stand_in_for_an_empty_board() -> None:
    """The newest posts of other boards, beside an empty board, are not its articles."""
    others = "".join(
        f"<li><a href='/b/{n}'>다른 게시판의 새 소식 {n}번째 안내</a><span class='date'>2026-11-0{n}</span></li>"
        for n in range(1, 6)
    )
    empty = "<table><thead><tr><th>번호</th><th>제목</th><th>작성일</th></tr></thead><tbody><tr><td colspan='3'>등록된 글이 없습니다.</td></tr></tbody></table>"

    assert induce(document(f"<ul class='latest_list'>{others}</ul>")) != ()
    assert induce(document(f"<ul class='latest_list'>{others}</ul>{empty}")) == ()


def test_an_article_is_no_list() -> None:
    """A page of sentences, tables of facts and attachments gives nothing."""
    body = (
        "<h3 class='view-title'>겨울 강좌 수강생 모집</h3><dl class='write'><dt>등록일</dt><dd>2026-11-01</dd></dl><table><tr><th>대상</th><td>새솔시민</td></tr>"
        "<tr><th>장소</th><td>새솔평생학습관 2층</td></tr></table><p>안녕하세요. 새솔평생학습관입니다. 겨울 강좌 수강생을 모집합니다.</p>"
        "<ul class='file'><li><a href='/down?f=1'>안내문.hwp</a></li></ul>"
    )

    assert induce(document(body)) == ()


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff\xfe", b"<", b"<table>" * 400, "\ud55c\uae00".encode("cp949"), b'{"list": []}']
)
def test_what_is_no_page_gives_nothing(body: bytes) -> None:
    """Empty, binary, hostile and foreign documents are answered, not raised."""
    assert induce(document(body)) == ()


def test_the_work_is_bounded_by_counts() -> None:
    """A page of two million bytes costs no more elements and groups than the limits say, and its first list is found."""
    many = "".join(
        f"<div class='b{n}'><ul class='l{n}'>" + "<li><a href='/x'>하나</a></li>" * 9 + "</ul></div>"
        for n in range(4000)
    )
    page = document(lists.page(3).html + many)

    tree = tree_of(page)

    assert tree is not None
    assert tree.is_cut
    assert len(tree.nodes) == p.limits.DISCOVER_NODES
    assert len(groups.candidates(tree)) == p.limits.DISCOVER_GROUPS
    assert ("page-cut", str(p.limits.DISCOVER_NODES)) in induce(page)[0].warnings
