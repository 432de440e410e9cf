"""Script calls become addresses where the page says how, and what was guessed says so.

What does not live here: lists with plain links (``test_induce``).
"""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.discover.induce import Candidate
from pipeline.discover.paging import paging
from pipeline.discover.tree import tree_of
from sources import board
from tests.unit.discover.test_induce import URL, best, document

AT = "https://www.example.go.kr"


def page(link: str, more: str = "") -> str:
    """Return a board whose rows lead on by ``link``, N standing for the article's number."""
    rows = "".join(
        f"<tr><td>{n}</td><td class='subject'><a {link.replace('N', str(n))}>새솔시 겨울 강좌 {n}기 수강생 모집</a></td><td>2026-11-0{n}</td></tr>"
        for n in range(1, 6)
    )
    head = "<thead><tr><th>번호</th><th>제목</th><th>등록일</th></tr></thead>"
    return f"<div class='board'><table>{head}<tbody>{rows}</tbody></table></div>{more}"


def addresses(html: str, found: Candidate) -> list[str | None]:
    options = board.Options.model_validate({"url": URL, **found.recipe})
    return [item.url for item in board.parse(options, p.Fetched(documents=(document(html),)))]


@pytest.mark.parametrize(
    ("link", "more", "first", "is_guess"),
    [
        ("href='#' onclick=\"jf_viewArtcl('gaon', '775', 'N')\"", "", f"{AT}/bbs/gaon/775/1/artclView.do", False),
        (
            "href='#' onclick=\"goView3('N','/board.es?act=view&list_no=N')\"",
            "",
            f"{AT}/board.es?act=view&list_no=1",
            False,
        ),
        (
            "href='javascript:go_view(N);'",
            "<script>function go_view(id){ location.href = '/web/view.do?schM=view&id=' + id + '&page=1'; }</script>",
            f"{AT}/web/view.do?schM=view&id=1&page=1",
            True,
        ),
        (
            "href='javascript:void(0);' onclick=\"fnView('BBSMSTR_1','N'); return false;\"",
            "<script>var fnView = function(bbs, ntt) { document.f.nttId.value = ntt; document.f.bbsId.value = bbs; document.f.action = '/cop/bbs/view.do'; document.f.submit(); }</script>",
            f"{AT}/cop/bbs/view.do?nttId=1&bbsId=BBSMSTR_1",
            True,
        ),
        (
            "href='#none' onclick=\"fn_detail('N')\"",
            "<form name='f' action='/edu/selectList.do'><input type='hidden' name='eduSn' value=''></form>",
            f"{AT}/edu/selectView.do?eduSn=1",
            True,
        ),
        (
            "href='#' data-id='N' class='go'",
            "<script>$('.go').on('click', function(){ location.href = 'view.do?nttSn=' + $(this).data('id'); });</script>",
            f"{AT}/bbs/view.do?nttSn=1",
            True,
        ),
    ],
)
def test_a_script_call_becomes_an_address(link: str, more: str, first: str, is_guess: bool) -> None:
    """By its own argument, a known route, the page's function or its form; through the board itself."""
    html = page(link, more)
    found = best(html)

    assert addresses(html, found)[0] == first
    assert found.unverified == (("link_template",) if is_guess else ())


def test_a_good_address_beside_a_call_is_kept() -> None:
    """``href`` leads there already: no template, nothing guessed."""
    found = best(page("href='/bbs/gaon/775/N/artclView.do' onclick=\"jf_viewArtcl('gaon','775','N')\""))

    assert not {"link_pattern", "link_template"} & found.recipe.keys()
    assert found.unverified == ()


def test_without_a_way_to_an_address_the_editor_is_told() -> None:
    """Rows are still read; the warning says that they lead nowhere."""
    found = best(page("href='#' onclick=\"fn_open('N')\""))

    assert "no-addresses" in dict(found.warnings)
    assert "link_template" not in found.recipe


@pytest.mark.parametrize(
    ("pager", "keys"),
    [
        ("".join(f"<a href='?bbs=1&page={n}'>{n}</a>" for n in range(2, 6)), {"param": "page"}),
        (
            "".join(f"<a href='?bbs=1&start={10 * (n - 1)}'>{n}</a>" for n in range(2, 6)),
            {"param": "start", "start": 0, "step": 10},
        ),
        ("".join(f"<a href='/notice/page/{n}'>{n}</a>" for n in range(2, 6)), {"template": "/notice/page/{page}"}),
        (
            "<form><input name='pageIndex'></form>"
            + "".join(f"<a href='#' onclick='goPage({n})'>{n}</a>" for n in range(2, 6)),
            {"param": "pageIndex"},
        ),
        (
            "".join(f"<a href='?sort={n}&cate=3'>{name}</a>" for n, name in enumerate(["제목순", "날짜순", "조회순"])),
            {},
        ),
        ("".join(f"<a href='/year/{n}'>{n}</a>" for n in (2024, 2025, 2026)), {}),
    ],
)
def test_next_pages(pager: str, keys: dict[str, object]) -> None:
    """The one parameter that grows with the page numbers, its start and step; never sorting, years or categories."""
    tree = tree_of(document(page("href='view.do?no=N'") + f"<div class='paging'>{pager}</div>"))

    assert tree is not None
    assert paging(tree) == keys
