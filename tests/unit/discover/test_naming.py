"""Names and ids are proposed in the page's own words, short and free."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.discover import naming


def named(head: str, body: str = "", rows: tuple[str, ...] = ()) -> tuple[str, str]:
    tree = LexborHTMLParser(f"<html><head>{head}</head><body>{body}</body></html>")
    site = naming.site_of(tree)
    return naming.name_of(tree, site, rows=rows), site


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>공지사항 | 가온시청</title>", "", ("공지사항", "가온시청")),
        ("<title>가온시청 &gt; 시정소식 &gt; 보도자료</title>", "<h3>보도자료</h3>", ("보도자료", "가온시청")),
        ("<title>가온시 평생학습관 홈페이지에 오신 것을 환영합니다</title>", "<h2>강좌 안내</h2>", ("강좌 안내", "")),
        ("<title>공지사항 1 페이지 | 가온초</title>", "", ("공지사항", "가온초")),
        ("<title>목록 | 가온도서관 누리집</title>", "<div class='location'><a>홈</a> <a>알림마당</a> <span>새소식</span></div>", ("새소식", "")),
        ("<meta property='og:site_name' content='가온문화재단 공식 홈페이지'><title>가온문화재단</title>", "<h2>공연 소식</h2>", ("공연 소식", "가온문화재단")),
        ("<title>가온</title>", "<h2>개인정보처리방침</h2><h2>게시판 목록</h2>", ("가온", "")),
        ("", "", ("", "")),
    ],
)  # fmt: skip
def test_a_list_is_called_what_its_page_calls_it(head: str, body: str, expected: tuple[str, str]) -> None:
    """The part that names a board, never the site, the furniture or a page number."""
    assert named(head, body) == expected


def test_titles_of_rows_name_nothing() -> None:
    """Cards have their titles in headings."""
    assert named("<title>목록</title>", "<h3>강좌 하나</h3><h2>강좌 안내</h2>", rows=("강좌 하나",))[0] == "강좌 안내"


@pytest.mark.parametrize(
    ("url", "name", "kind", "expected"),
    [
        ("https://www.gaon.go.kr/portal/list.do", "공지사항", "board", "gaon-notice"),
        ("https://lib.gaon.go.kr/x", "독서 문화 행사", "board", "gaon-lib-event"),
        ("https://blog.naver.com/gaoncity", "가온 블로그", "feed", "gaoncity-blog"),
        ("https://rss.blog.naver.com/gaoncity.xml", "가온", "feed", "gaoncity-feed"),
        ("https://www.youtube.com/@gaon", "가온TV", "youtube", "gaon-youtube"),
        ("http://192.0.2.1/bbs/board.php?bo_table=free", "자유", "board", "site-free"),
        ("https://gaon.gseek.kr/user/course/offline/list", "배움", "gseek", "gseek-gaon-course"),
        ("https://가온.한국/list", "공지", "board", "site-notice"),
    ],
)
def test_an_id_says_site_and_subject(url: str, name: str, kind: str, expected: str) -> None:
    """Latin, short, from the host and what the list is about."""
    got = naming.propose_id(url, name, kind, ())
    assert got == expected or (not url.isascii() and re.fullmatch(r"[a-z0-9-]+-notice", got))


def test_a_taken_id_is_numbered() -> None:
    """Two boards of one site get two ids."""
    assert (
        naming.propose_id("https://gaon.go.kr/", "공지", "board", {"gaon-notice", "gaon-notice-2"}) == "gaon-notice-3"
    )


def test_a_feeds_title_is_its_own_name() -> None:
    """Plain, CDATA, JSON; none where there is none."""
    assert naming.feed_title("<rss><channel><title>가온 &amp; 배움</title><item><title>글</title>") == "가온 & 배움"
    assert naming.feed_title("<feed><title type='html'><![CDATA[가온]]></title>") == "가온"
    assert naming.feed_title('{"version":"x","title":"가온 소식"}') == "가온 소식"
    assert naming.feed_title("<rss/>") == ""
