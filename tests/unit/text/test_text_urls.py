"""Addresses: one form for each, equal hashes for what publishers change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.text import urls

_BASE = "https://www.siheung.go.kr/board/list.do?page=2"
_PIECES = (
    "http:// https:// a.kr www. m. / ? & = # % %41 %CC%81 e %zz ; ;jsessionid=1 한 é \ufffd [ ] @ : 80 443 \\ .. youtu.be youtube.com watch?v= "
    "abcdefghijk blog.naver.com PostView.naver?blogId=a&logNo=1 .blog.me \u0301 #! utm_a=1 &b= + ~ %2f"
).split()


@pytest.mark.parametrize(
    ("href", "want"),
    [
        ("view.do?id=1", "https://www.siheung.go.kr/board/view.do?id=1"), ("?id=1", "https://www.siheung.go.kr/board/list.do?id=1"), ("/a b", "https://www.siheung.go.kr/a%20b"),
        ("//b.kr/x", "https://b.kr/x"), (" http://B.KR:80/x\n", "http://b.kr/x"), ("/글?q=한글", "https://www.siheung.go.kr/%EA%B8%80?q=%ED%95%9C%EA%B8%80"), ("http://한국.kr/", "http://xn--3e0b707e.kr/"),
        ("", None), ("#top", None), ("javascript:go(1)", None), ("mailto:a@b.kr", None), ("data:text/html,x", None), ("ftp://a.kr/", None), ("http://", None), ("http://[", None),
        ("http://u:p@a.kr/", None), ("http://a.kr:99999/", None), ("http://a.kr:x/", None), ("https://a.kr/" + "x" * p.limits.URL_CHARS, None), ("tel:02-1", None),
        ("java\tscript:x", None), ("\\\\b.kr\\x", "https://b.kr/x"),
    ],
)  # fmt: skip
def test_absolute(href, want):
    """What a browser would open, or ``None`` where it leads to no document."""
    assert urls.absolute(_BASE, href) == want


def test_queries_follow_the_page_s_encoding():
    """A Korean query on a CP949 page is sent in CP949, as browsers do."""
    assert urls.absolute("http://a.kr/", "/s?q=가", charset="cp949") == "http://a.kr/s?q=%B0%A1"
    assert urls.absolute("http://a.kr/", "/s?q=가", charset="nonsense") == "http://a.kr/s?q=%EA%B0%80"


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("HTTP://WWW.A.KR:80/b/../c;jsessionid=0A1B?z=&a=1&utm_source=x#top", "http://www.a.kr/c?z=&a=1"),
        ("https://a.kr", "https://a.kr/"), ("https://a.kr/?a=1&fbclid=2&gclid=3&b=", "https://a.kr/?a=1&b="), ("https://a.kr/#!/post/1", "https://a.kr/#!/post/1"), ("https://a.kr/#/post/1", "https://a.kr/#/post/1"),
        ("https://a.kr/%ea%b0%80%7e", "https://a.kr/%EA%B0%80~"), ("https://a.kr/%E1%84%80%E1%85%A1", "https://a.kr/%EA%B0%80"), ("https://a.kr/?q=%B0%A1", "https://a.kr/?q=%B0%A1"), ("https://a.kr/?a+b=c%20d", "https://a.kr/?a+b=c%20d"),
        ("https://a.kr/x?12345", "https://a.kr/x?12345"), ("https://a.kr/100%", "https://a.kr/100%25"),
        ("https://www.youtube.com/watch?v=abcdefghijk&t=10s&list=x", "https://www.youtube.com/watch?v=abcdefghijk"), ("https://youtu.be/abcdefghijk?si=1", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("https://m.youtube.com/shorts/abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"), ("https://www.youtube-nocookie.com/embed/abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("https://www.youtube.com/live/abcdefghijk?feature=share", "https://www.youtube.com/watch?v=abcdefghijk"), ("https://www.youtube.com/@channel", "https://www.youtube.com/@channel"),
        ("https://blog.naver.com/city/223?fromRss=true&trackingCode=rss", "https://blog.naver.com/city/223"), ("https://m.blog.naver.com/city/223", "https://blog.naver.com/city/223"),
        ("https://blog.naver.com/PostView.naver?blogId=city&logNo=223&redirect=Dlog", "https://blog.naver.com/city/223"), ("http://blog.naver.com/PostView.nhn?logNo=223&blogId=city", "https://blog.naver.com/city/223"),
        ("https://m.blog.naver.com/PostView.naver?blogId=city&logNo=223", "https://blog.naver.com/city/223"), ("http://city.blog.me/223", "https://blog.naver.com/city/223"), ("https://blog.naver.com/city?Redirect=Log&logNo=223", "https://blog.naver.com/city/223"),
        ("https://blog.naver.com/city", "https://blog.naver.com/city"), ("https://x.tistory.com/m/entry/글", "https://x.tistory.com/entry/%EA%B8%80"), (" not a url ", "not a url"), ("", ""), ("mailto:a@b.kr", "mailto:a@b.kr"),
    ],
)  # fmt: skip
def test_canonical(url, want):
    """One written form for each address, without what tracks, times out or means nothing."""
    assert urls.canonical(url) == want
    assert urls.canonical(want) == want


@pytest.mark.parametrize(
    "group",
    [
        ("https://a.kr/v?id=1&b=2", "http://www.a.kr/v/?b=2&id=1", "https://m.a.kr/v?id=1&b=2&utm_medium=rss", "https://A.kr:443/v;jsessionid=9?id=1&b=2"),
        ("https://a.kr/v.do?nttNo=7", "https://a.kr/v.do?nttNo=7&pageIndex=3&searchCnd=SJ&searchKrwd=x", "https://a.kr/v.do?nttNo=7&tag="),
        ("https://blog.naver.com/city/223", "https://m.blog.naver.com/PostView.naver?blogId=city&logNo=223"),
    ],
)  # fmt: skip
def test_equal_hashes(group):
    """Scheme, www/m, order, session, tracking and list position do not make another address."""
    assert len({urls.url_hash(url) for url in group}) == 1


def test_different_hashes():
    """What leads elsewhere hashes elsewhere; list pages of nothing else keep their number."""
    group = [
        "https://a.kr/v?id=1",
        "https://a.kr/v?id=2",
        "https://a.kr/w?id=1",
        "https://b.kr/v?id=1",
        "https://a.kr/l?page=1",
        "https://a.kr/l?page=2",
    ]
    assert len({urls.url_hash(url) for url in group}) == len(group)


def test_origin():
    """Scheme, host and unusual port."""
    assert urls.origin("HTTPS://A.kr:443/x?y") == "https://a.kr"
    assert urls.origin("http://a.kr:8080/") == "http://a.kr:8080"
    assert urls.origin("nonsense") == ""


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from([*_PIECES, " "]), max_size=12).map("".join)))
def test_canonical_is_idempotent_and_never_raises(text):
    """Any text has a canonical form that is its own canonical form, and a hash of 16 hex digits."""
    once = urls.canonical(text)
    assert urls.canonical(once) == once
    assert urls.url_hash(text) == urls.url_hash(once)
    assert len(urls.url_hash(text)) == 16
    urls.origin(text)
    found = urls.absolute(_BASE, text, charset="cp949")
    assert found is None or found.startswith(("http://", "https://"))
