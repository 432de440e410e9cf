"""Feeds that a web page says it has, and those its kind of blog always has.

What does not live here: fetching them, choosing one. Pure; a page is looked at as text, so a broken one does no harm.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pipeline.text import clean, urls

_PEEK: Final = 300_000  # characters; a head is never longer
_MOST: Final = 10
_LINK: Final = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([a-zA-Z-]{2,10})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TYPES: Final = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:rss|atom)\b|text/rss\+xml"
)
_REPLIES: Final = re.compile(r"comments?\b|댓글", re.IGNORECASE)
_FORMS: Final = (  # an address of a blog or of a post in it -> its feed
    (re.compile(r"https?://(?:m\.)?blog\.naver\.com/([\w-]+)(?:/.*)?(?:\?.*)?"), "https://rss.blog.naver.com/{0}.xml"),
    (re.compile(r"https?://([\w-]+)\.blog\.me(?:/.*)?"), "https://rss.blog.naver.com/{0}.xml"),
    (re.compile(r"https?://([\w-]+\.tistory\.com)(?:/.*)?"), "https://{0}/rss"),
    (re.compile(r"https?://velog\.io/(@[\w.-]+)(?:/.*)?"), "https://v2.velog.io/rss/{0}"),
    (re.compile(r"https?://medium\.com/(@?[\w.-]+)(?:/.*)?"), "https://medium.com/feed/{0}"),
    (re.compile(r"https?://(?:www\.)?youtube\.com/channel/(UC[\w-]{22})(?:/.*)?"), "https://www.youtube.com/feeds/videos.xml?channel_id={0}"),
)  # fmt: skip
_NOT_A_BLOG: Final = frozenset(["postview.naver", "postlist.naver", "prologue"])


class FeedLink(NamedTuple):
    """A feed's absolute address and the name the page gives it, ``""`` when none."""

    url: str
    title: str = ""


def feed_links(text: str, base: str) -> tuple[FeedLink, ...]:
    """Return the feeds of a page: those it names (``<link rel=alternate>``), feeds of comments last; else by its address.

    Args:
        text: The page's markup.
        base: Its own address.

    Cost: linear in the first 300,000 characters.
    """
    found: dict[str, FeedLink] = {}
    for tag in _LINK.findall(_COMMENT.sub("", text[:_PEEK])):
        said = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag)}
        rel = said.get("rel", "").lower().split()
        is_feed = "feed" in rel or ("alternate" in rel and _TYPES.match(said.get("type", "").strip().lower()))
        url = urls.absolute(base, said.get("href", "")) if is_feed and "stylesheet" not in rel else None
        if url and len(found) < _MOST:
            found.setdefault(url, FeedLink(url, clean.one_line(said.get("title", ""))[:80]))
    named = sorted(found.values(), key=lambda link: bool(_REPLIES.search(link.title + urlsplit(link.url).path)))
    return tuple(named) or by_address(base)


def by_address(url: str) -> tuple[FeedLink, ...]:
    """Return the feed that every blog of this address form has; empty for an address of no known form."""
    for form, feed in _FORMS:
        match = form.fullmatch(urls.canonical(url))
        if match and match[1].lower() not in _NOT_A_BLOG:
            return (FeedLink(feed.format(match[1])),)
    return ()
