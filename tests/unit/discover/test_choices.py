"""An editor is offered everything that stands in the rows, each with samples and a selector that reads just that."""

from __future__ import annotations

from pipeline.discover import choices
from tests.fakes import document

ROWS = "".join(
    f"<tr{' class=top' if n == 9 else ''}><td>{n}</td><td class=t><a href=/v/{n}>강좌 {n}호 안내</a></td><td>과{n % 3}</td><td>2026-11-{n:02}</td><td>2026-12-{n:02}</td></tr>"
    for n in range(9, 1, -1)
)
HEAD = "<thead><tr><th>번호</th><th>제목</th><th>부서</th><th>등록일</th><th>마감일</th></tr></thead>"
PAGE = document(
    "https://a.example.go.kr/list.do",
    f"<table class=b>{HEAD}<tbody>{ROWS}</tbody></table>".encode(),
    media_type="text/html",
    charset="utf-8",
)
RECIPE = {"rows": "table.b tbody tr", "title": "td.t a"}


def test_every_column_is_offered_in_the_order_of_the_page() -> None:
    """Selectors by header where there is one, with what the first rows say."""
    found = choices.texts(PAGE, RECIPE)
    assert [one.head for one in found] == ["번호", "제목", "부서", "등록일", "마감일"]
    assert found[3].samples == ("2026-11-09", "2026-11-08", "2026-11-07")
    assert [one.selector for one in found][3:] == ["th:등록일", "th:마감일"]


def test_marks_are_what_only_some_rows_carry() -> None:
    """A class of every row marks none; the titles of the marked rows are the samples."""
    assert choices.marks(PAGE, RECIPE) == (choices.Choice("tr.top", ("강좌 9호 안내",)),)


def test_addresses_are_offered_by_their_places() -> None:
    """The title's link and the file's beside it; scripts and anchors lead nowhere."""
    rows = "".join(
        f"<li><a class=t href=/v/{n}>강좌 {n}호 안내</a><a class=f href=/file/{n}.pdf>첨부</a><a href='#top'>위</a></li>"
        for n in range(5)
    )
    page = document(
        "https://a.example.go.kr/", f"<ul class=l>{rows}</ul>".encode(), media_type="text/html", charset="utf-8"
    )
    found = choices.links(page, {"rows": "ul.l > li", "title": "a.t"})
    assert found == (
        choices.Choice("a.t@href", ("/v/0", "/v/1", "/v/2")),
        choices.Choice("a.f@href", ("/file/0.pdf", "/file/1.pdf", "/file/2.pdf")),
    )


def test_lists_of_json_and_missing_rows_offer_nothing() -> None:
    """Then the dialogue says so."""
    assert choices.texts(PAGE, {"rows": "json:list", "title": "t"}) == ()
    assert choices.texts(PAGE, {"rows": "ul.none li", "title": "a"}) == ()
    assert choices.marks(PAGE, {"rows": "((", "title": "a"}) == ()
