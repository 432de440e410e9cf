"""Reading an article's page: what wins over what, what is never invented, what no page can do to us."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.text import article
from pipeline.text.article import words

URL = "https://www.gaon.example/board/view.do?id=7"
LONG = "가온시는 시민 누구나 배울 수 있는 강좌를 새로 엽니다. 신청은 누리집에서 받습니다. "


def read(markup: str | bytes, **selectors: str) -> article.Article:
    body = markup if isinstance(markup, bytes) else markup.encode("utf-8", "surrogatepass")
    page = p.Document(url=URL, media_type="text/html", body=body, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    return article.read(page, **selectors)


def view(inside: str, around: str = "") -> str:
    return f'<html><head><title>새소식</title></head><body><div class="board_view">{around}<div class="view_con">{inside}</div></div></body></html>'


def test_an_editors_selector_comes_before_every_name() -> None:
    """What an editor wrote is the body, although another block is named like one."""
    page = view("<p>이것이 아니라</p>").replace("</body>", '<div class="odd"><p>이것입니다.</p></div></body>')
    assert read(page, body="div.odd").text == "이것입니다."


def test_a_selector_that_finds_nothing_leaves_the_page_to_speak() -> None:
    """A redesign must not empty the article."""
    assert read(view("<p>그래도 읽습니다.</p>"), body="div.gone").text == "그래도 읽습니다."


@pytest.mark.parametrize(
    "name",
    ["bbsViewContent", "board-view-con", "view_txt_area", "dtl_cont", "news_body_area", "BD-content", "contents_view"],
)
def test_names_nobody_has_seen_are_understood(name: str) -> None:
    """A name made of words that boards use says where the text is."""
    page = f'<body><ul class="menu">{"<li><a href=/x>차림표</a></li>" * 40}</ul><h3>제목입니다</h3><div class="{name}"><p>짧은 글입니다.</p></div><p>{LONG * 3}</p></body>'
    assert read(page).text == "짧은 글입니다."


def test_long_terms_in_a_closed_window_are_not_the_article() -> None:
    """A privacy policy hidden in the page is longer than any notice and still nobody's article."""
    page = f'<body><div style="display: none"><div class="pop_content">{("<p>" + LONG + "</p>") * 60}</div></div><div class="tb_view"><table><tr><th>제목</th><td>알림</td></tr><tr><th>작성일</th><td>2026-11-20</td></tr><tr><td colspan="2"><p>오늘은 쉽니다.</p></td></tr></table></div></body>'
    assert read(page).text == "오늘은 쉽니다."


def test_words_for_machines_choose_the_block() -> None:
    """Where JSON-LD carries the text, the block that says the same is the article."""
    said = (LONG * 6).strip()
    page = f'<head><script type="application/ld+json">{{"@type":"NewsArticle","headline":"새 강좌","articleBody":"{said}"}}</script></head><body><div class="news_content"><p>{"다른 소식을 모아 봅니다. " * 40}</p></div><div class="q"><p>{said}</p></div></body>'
    assert read(page).text == said


def test_the_posting_date_is_not_the_edit_the_deadline_or_one_in_the_text() -> None:
    """Only the posting label counts, whatever other dates the page shows first."""
    around = '<ul class="info"><li><span>수정일</span><span>2026-11-21</span></li><li><span>접수마감</span><span>2026-12-01</span></li><li><span>등록일</span><span>2026-11-19</span></li></ul>'
    found = read(view("<p>공고일: 2026-01-01</p>", around))
    assert (found.published, found.updated) == ("2026-11-19", "2026-11-21")


def test_no_date_is_said_none_is_given() -> None:
    """A date within the notice (the day of a lecture) is no posting date."""
    inside = (
        '<p>강연은 2026. 12. 3.에 엽니다.</p><table><tr><td class="date">2026.12.03</td><td>제1강</td></tr></table>'
    )
    assert read(view(inside)).published == ""
    assert read(view("<p>공고일: 2026-11-02</p>")).published == "2026-11-02"


@pytest.mark.parametrize(
    ("link", "name", "url", "size"),
    [
        ("""<a href="javascript:fn_egov_downFile('FILE_0000000000007','1')">안내문.hwp [1,024 byte]</a>""", "안내문.hwp", "https://www.gaon.example/cmm/fms/FileDown.do?atchFileId=FILE_0000000000007&fileSn=1", 1024),
        ("""<a href="#" onclick="return fileDownload('A','9')">안내문.hwp (2.5MB)</a>""", "안내문.hwp", "", 2621440),
        ('<a href="/down.do?id=3"><img src="/i.gif" alt=""> 안내문.pdf</a> (12KB)', "안내문.pdf", "https://www.gaon.example/down.do?id=3", 12288),
        ('<a href="/download.php?no=1" title="안내문.zip 다운로드">다운로드</a>', "안내문.zip", "https://www.gaon.example/download.php?no=1", None),
        ('<a href="/fileDown.asp?fileName=a1.hwp&originName=%BE%C8%B3%BB%B9%AE.hwp">내려받기</a>', "안내문.hwp", "https://www.gaon.example/fileDown.asp?fileName=a1.hwp&originName=%BE%C8%B3%BB%B9%AE.hwp", None),
    ],
)  # fmt: skip
def test_files_have_a_name_and_no_invented_address(link: str, name: str, url: str, size: int | None) -> None:
    """Every link form of boards.md; an address that only a script knows stays empty."""
    found = read(view("<p>본문</p>", f'<dl class="file"><dt>첨부파일</dt><dd>{link}</dd></dl>')).attachments
    assert [(f.name, f.url, f.bytes) for f in found] == [(name, url, size)]


def test_viewers_and_menus_are_no_files() -> None:
    """Preview buttons, whole-archive buttons and the reader programs of a footer are left out."""
    around = '<div class="file"><a href="/view.do?f=a.hwp">미리보기</a><a href="/zip.do">전체다운로드</a></div><footer><a href="/viewer/hwp.exe">한글 뷰어</a></footer>'
    assert read(view("<p>본문</p>", around)).attachments == ()


def test_several_licences_are_none() -> None:
    """A page that explains the types of KOGL does not choose one."""
    assert read(view("<p>공공누리 제1유형은 출처표시, 공공누리 제4유형은 변경금지입니다.</p>")).licence == ""
    assert (
        read(view("<p>본문</p>", '<img src="/img/new_img_opentype02.png" alt="공공누리 제2유형">')).licence == "kogl-2"
    )


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ('<img src="/images/kogl_open_3.png" alt="공공누리">', "kogl-3"),
        ('<img src="/img/ggnr_type4.png" alt="공공누리 자유이용허락 출처표시 / 상업용금지 / 변경금지">', "kogl-4"),
        ('<div><img src="/codetype/new_img_opencode1.jpg"> 공공누리 "출처표시" 조건</div><div class="hide"><img src="/codetype/new_img_opencode2.jpg"></div>', "kogl-1"),
        ('<p>본 저작물은 공공누리 "출처표시-상업적이용금지" 조건에 따라 이용할 수 있습니다.</p>', "kogl-2"),
        ('<a href="https://creativecommons.org/licenses/by-nc/4.0/deed.ko">CC</a>', "cc-by-nc"),
        ("<p>문의 1유형 민원</p>", ""),
    ],
)  # fmt: skip
def test_the_mark_of_a_licence_is_read_however_it_is_shown(mark: str, code: str) -> None:
    """By the type's number, the mark's file name or its conditions; marks that stand ready but hidden do not count."""
    assert read(view("<p>본문</p>", mark)).licence == code


def test_a_text_field_kept_for_a_script_is_the_article() -> None:
    """Some boards hand the text over in a field that their script draws; a reply field beside drawn text is none."""
    hidden = '<p id="c"><textarea style="display:none">&lt;p&gt;글이 여기 있습니다.&lt;/p&gt;</textarea></p>'
    assert read(view(hidden)).text == "글이 여기 있습니다."
    assert read(view("<p>글은 여기 있습니다.</p><textarea>댓글</textarea>")).text == "글은 여기 있습니다."


def test_course_words_say_each_application_period() -> None:
    """Several periods stay apart, each behind its word."""
    assert words.course([("우선접수기간", "11.20. ~ 11.21."), ("일반접수기간", "11.24. ~ 12.5."), ("정원", "20명")]) == {
        "apply": "우선 11.20. ~ 11.21.\n일반 11.24. ~ 12.5.", "capacity": "20명",
    }  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "끝",
        "<!--" * 100_000,
        "<table><tr><td>" * 20_000,
        "<p " + "a " * 200_000 + ">본문</p>",
        '<script type="application/ld+json">' + "[" * 200_000 + "</script><p>본문</p>",
        "<div><li><strong>" * 240 + "본문",
        "<a href='javascript:" + "f(" * 50_000 + "'>a.hwp</a>",
        "<p>" + "등록일 : " * 20_000 + "</p>",
        '<div class="file">' + '<a href="/d.do">a.hwp</a>' * 20_000 + "</div>",
        '<div class="view_con"><p>글입니다.</p>' * 250 + "가나다 " * 20_000,
        "",
        "\x00\xff",
    ],
    ids=[
        "nested",
        "comments",
        "tables",
        "attributes",
        "json",
        "deep",
        "calls",
        "labels",
        "files",
        "blocks",
        "empty",
        "binary",
    ],
)
def test_a_hostile_page_is_read_or_refused(page: str) -> None:
    """It is an article or it is ``unreadable``; nothing else is raised, and nothing takes a long time."""
    try:
        found = read(page)
    except p.ShapeError as error:
        assert error.code == "unreadable"
    else:
        assert len(found.body.encode()) <= p.limits.BODY_HTML_BYTES


def test_a_huge_article_ends_at_the_limit_in_good_order() -> None:
    """The body stops within the limit with every element closed; its text goes on as far."""
    found = read(view("".join(f"<p>{n} {LONG}</p>" for n in range(6000))))
    assert len(found.body.encode()) <= p.limits.BODY_HTML_BYTES
    assert found.body.count("<p>") == found.body.count("</p>") > 500


PIECES = st.sampled_from(
    ["<div class='view_con'>", "</div>", "<table><tr><th>등록일</th><td>", "</td></tr></table>", "<p>", "<script>", "</script>", "<!--", "-->", "<textarea id=model>",
     "<a href='javascript:fn_egov_downFile(\"x\",1)'>가.hwp</a>", "<img data-src=x>", "2026-11-20", "&#0;", "&lt;b&gt;", "\u202e", "\x0b", "<iframe src=//a.b>", "<dl><dt>내용</dt><dd>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=25))
def test_any_page_gives_clean_text(parts: list[str]) -> None:
    """Never anything but an article or ShapeError; its text holds no control or bidi characters, its title is one line."""
    try:
        found = read("".join(parts))
    except p.ShapeError:
        return
    for text in (found.title, *found.text.splitlines(), *(value for _label, value in found.facts)):
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") or c == "\u202e"]
    assert not re.search(r"<(?:script|style|iframe)\b", found.body)
    assert read("".join(parts)) == found
