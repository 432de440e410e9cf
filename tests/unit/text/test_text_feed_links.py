"""A page's feeds are found as browsers and readers find them, and nothing else is."""

from __future__ import annotations

import pytest

from pipeline.text.feed_links import by_address, feed_links

BASE = "https://www.gaon.example/blog/"
RSS = 'type="application/rss+xml"'


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        (f'<link rel="alternate" {RSS} title="가온 &amp; 소식" href="/rss.xml">', [("https://www.gaon.example/rss.xml", "가온 & 소식")]),
        ("<LINK REL=alternate TYPE=application/atom+xml HREF=atom.xml>", [(f"{BASE}atom.xml", "")]),
        ("<link href='feed.json' type='application/feed+json' rel='home alternate'/>", [(f"{BASE}feed.json", "")]),
        ('<link rel="feed" href="?feed=rss2&amp;lang=ko">', [(f"{BASE}?feed=rss2&lang=ko", "")]),
        ('<link rel="alternate" hreflang="en" href="/en/">', []),
        ('<link rel="alternate stylesheet" type="application/rss+xml" href="/x.css">', []),
        (f'<!-- <link rel="alternate" {RSS} href="/old.xml"> -->', []),
        (f'<link rel="alternate" {RSS} href="javascript:alert(1)">', []),
        (f'<link rel="alternate" {RSS}>', []),
    ],
)  # fmt: skip
def test_what_a_page_names(tag: str, found: list[tuple[str, str]]) -> None:
    """Relative addresses, any quoting and order; no translations, styles, comments or scripts."""
    assert found == [tuple(link) for link in feed_links(f"<html><head>{tag}</head><body>", BASE)]


def test_articles_come_before_comments() -> None:
    """WordPress names the feed of comments too; the first one is what an editor wants."""
    page = f'<link rel="alternate" {RSS} title="댓글" href="/comments/feed/"><link rel="alternate" {RSS} href="/feed/">'
    assert ["/feed/", "/comments/feed/"] == [
        link.url.removeprefix("https://www.gaon.example") for link in feed_links(page, BASE)
    ]


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("https://blog.naver.com/gaoncity", "https://rss.blog.naver.com/gaoncity.xml"),
        ("https://m.blog.naver.com/gaoncity/223456789012?fromRss=true", "https://rss.blog.naver.com/gaoncity.xml"),
        ("https://blog.naver.com/PostView.naver?blogId=gaoncity&logNo=223456789012", "https://rss.blog.naver.com/gaoncity.xml"),
        ("https://gaon.tistory.com/m/12", "https://gaon.tistory.com/rss"),
        ("https://velog.io/@gaon/post", "https://v2.velog.io/rss/@gaon"),
        ("https://www.gaon.example/", ""),
        ("https://blog.naver.com/PostList.naver", ""),
    ],
)  # fmt: skip
def test_blogs_whose_address_tells_their_feed(address: str, feed: str) -> None:
    """A script-drawn page names nothing, but its address is enough."""
    assert [feed] * bool(feed) == [link.url for link in by_address(address)]


def test_a_hostile_head_is_no_work() -> None:
    """A thousand links are cut to a few, and an unclosed one ends nothing."""
    page = "".join(f'<link rel="alternate" {RSS} href="/{n}">' for n in range(1000)) + "<link " + "x=" * 200_000
    assert 10 == len(feed_links(page, BASE))
