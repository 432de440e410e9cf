"""Odd boards that an editor can still describe, and pages that are none."""

import pytest

import pipeline.model as p
from sources import board
from tests.boards import synthetic as made
from tests.unit.sources.talk import document

URL = made.LIST


def read(said: str | bytes, /, *, charset: str = "", **keys: object) -> list[p.Item]:
    options = board.Options.model_validate({"url": URL, "rows": "table tr", "title": "td.t", **keys})
    page = document(URL, said, media_type="text/html", charset=charset)
    return list(board.parse(options, p.Fetched(documents=(page,))))


def test_an_unfolding_list_has_its_texts_in_place() -> None:
    """Title in ``dt``, text in the ``dd`` after it, no link: the list's address must do."""
    body = (
        "<div class='noticeList_new'><dl><dt>설 연휴 휴관 안내 (업데이트 : 26.01.16.)</dt><dd><p>쉽니다.</p></dd>"
        "<dt>강의실 변경</dt><dd>3층</dd><dt>글만 있음</dt></dl></div>"
    )
    items = read(body, rows="div.noticeList_new dl > dt", title="dt", body="+ dd", date="label:업데이트")
    assert [(i.title, i.body, i.url) for i in items] == [
        ("설 연휴 휴관 안내 (업데이트 : 26.01.16.)", "<p>쉽니다.</p>", ""),
        ("강의실 변경", "3층", ""),
        ("글만 있음", "", ""),
    ]
    assert items[0].published.text.startswith("26.01.16")


def test_the_base_of_a_page_is_obeyed() -> None:
    """``<base href>`` decides what relative links mean, absent it the page."""
    row = "<table><tr><td class='t'><a href='view.do?n=1'>글</a></td></tr></table>"
    assert read(row)[0].url == f"{made.HOST}/portal/bbs/view.do?n=1"
    assert read(f"<base href='/kr/'>{row}")[0].url == f"{made.HOST}/kr/view.do?n=1"


@pytest.mark.parametrize(("charset", "meta"), [("", "euc-kr"), ("euc-kr", ""), ("", "ks_c_5601-1987")])
def test_korean_in_an_address_is_written_in_the_pages_encoding(charset: str, meta: str) -> None:
    """Raw CP949 in a query is percent-encoded byte for byte, as browsers do; also in values put into a template."""
    head = f"<meta http-equiv=content-type content='text/html; charset={meta}'>" if meta else ""
    html = f"<html><head>{head}</head><body><table><tr><td class=t><a href='view.asp?seq=240&schKeyword=똠방각하'>글</a></td></tr></table>"
    (item,) = read(html.encode("cp949"), charset=charset)
    assert item.url == f"{made.HOST}/portal/bbs/view.asp?seq=240&schKeyword=%8Cc%B9%E6%B0%A2%C7%CF"
    html = html.replace("href='view.asp?seq=240&schKeyword=똠방각하'", "href=# onclick=\"go('240','환경&실습')\"")
    keys = {"link_pattern": r"go\('(\d+)','([^']+)'\)", "link_template": "view.asp?seq={1}&nm={2}"}
    (item,) = read(html.encode("cp949"), charset=charset, **keys)
    assert item.url == f"{made.HOST}/portal/bbs/view.asp?seq=240&nm=%C8%AF%B0%E6%26%BD%C7%BD%C0"


def test_mixed_bytes_spoil_one_cell_only() -> None:
    """A UTF-8 fragment inside a CP949 page, or a broken byte, loses no other row."""
    good = "<tr><td class=t><a href='v?n={}'>한글 제목 {}</a></td></tr>"
    body = "<meta charset=euc-kr><table>" + "".join(good.format(n, n) for n in range(9))
    raw = (
        body.encode("cp949")
        + b"<tr><td class=t><a href='v?n=99'>\xed\x95\x9c\xea\xb8\x80 \xff\xfe</a></td></tr></table>"
    )
    assert [i.title for i in read(raw)][:9] == [f"한글 제목 {n}" for n in range(9)]


@pytest.mark.parametrize(
    "anchor",
    ["<a href='#'>{}</a>", "<a href='javascript:void(0)' onclick='view()'>{}</a>", "<a>{}</a>", "<a href='mailto:a@b.kr'>{}</a>",
     "<a href='http://[bad'>{}</a>", "<a href='list.do?bbsId=B7&mId=0401'>{}</a>", "{}"],
)  # fmt: skip
def test_a_row_whose_address_cannot_be_built_is_an_item(anchor: str) -> None:
    """The article is told with the list's address rather than lost, and two such rows stay two."""
    rows = "".join(f"<tr><td class=t>{anchor.format(word)}</td></tr>" for word in ("첫째 글", "둘째 글"))
    assert [(i.title, i.url) for i in read(f"<table>{rows}</table>")] == [("첫째 글", ""), ("둘째 글", "")]


def test_an_address_written_in_a_script_or_attribute_needs_no_option() -> None:
    """``location.href``, ``window.open`` and ``data-url`` spell the address out."""
    ways = ("onclick=\"location.href='/v/1'\"", "href=\"javascript:window.open('/v/1','p','width=300')\"", "href='#' data-url='/v/1'",
            "onclick=\"document.location='/v/1'\"")  # fmt: skip
    for way in ways:
        assert [i.url for i in read(f"<table><tr><td class=t><a {way}>글</a></td></tr></table>")] == [
            f"{made.HOST}/v/1"
        ], way


def test_a_label_column_that_says_notice_pins_nothing() -> None:
    """``구분: 공지`` says what the article is; ``번호: 공지`` says that it stays on top."""
    row = "<tr><td>공지</td><td class=t><a href='v?n={0}'>글 {0}</a></td><td>{1}</td></tr>"
    rows = row.format(1, "3") + row.format(2, "2").replace("공지", "채용")
    for head, pinned in (("구분", [False, False]), ("번호", [True, False]), ("No.", [True, False])):
        body = f"<table><tr><th>{head}<th>제목<th>조회</tr>{rows}</table>"
        assert [i.is_pinned for i in read(body)] == pinned, head


def test_a_huge_page_is_read_and_bounded() -> None:
    """A list of thousands of rows gives as many as allowed, with menus of hundreds of links before it."""
    menu = "".join(f"<li><a href='/m/{n}'>메뉴 {n}</a></li>" for n in range(600))
    rows = "".join(f"<tr><td class=t><a href='v?n={n}'>글 {n}</a></td></tr>" for n in range(3000))
    assert len(read(f"<ul>{menu}</ul><table>{rows}</table>", max_items=50)) == 51  # the one too many is reported


def test_two_links_in_a_row_lead_to_the_articles() -> None:
    """Neither the picture's link nor the file's is taken where the title has its own."""
    row = (
        "<li><a href='/thumb/1.jpg'><img src='t.jpg'></a><p class=t><a href='v?n=1'>글</a></p>"
        "<a href='/file/Down.do?f=1'>붙임.hwp</a><a href='#pop' onclick='quick(1)'>미리 보기</a></li>"
    )
    assert read(f"<ul>{row}</ul>", rows="li", title="p.t", image="img")[0].url == f"{made.HOST}/portal/bbs/v?n=1"


def test_a_lists_own_parameters_complete_a_template() -> None:
    """``{mId}`` is the list's where the row says nothing of it, and never the row's identity."""
    body = "<table><tr><td class=t><a href='#' onclick=\"goTo.view('list','118','82')\">글</a></td></tr></table>"
    keys = {
        "link_pattern": r"goTo\.view\('list','(\d+)','(\d+)'\)",
        "link_template": "view.do?mId={mId}&bIdx={1}&ptIdx={2}",
    }
    (item,) = read(body, **keys)
    assert item.url == f"{made.HOST}/portal/bbs/view.do?mId=0401&bIdx=118&ptIdx=82"
