"""What a page is that holds no list, and where on it an editor may go on: links that look like boards, frames, feeds. Pure.

What does not live here: sentences for people (``drafting``), lists (``induce``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.discover import words
from pipeline.text import clean, urls
from pipeline.text.feed_links import FeedLink, feed_links
from pipeline.text.list_marks import EMPTY

_BOARD: Final = re.compile(
    r"^\W*(?:\S{1,10}\s?)?(?:공지\s?사항|공지|알림\s?마당|알림|새\s?소식|소식지?|보도\s?자료|고시\s?공고|고시|공고|채용\s?(?:공고|정보)?|입찰\s?(?:공고|정보)?|강좌\s?(?:안내|목록|신청)?"
    r"|수강\s?신청|교육\s?(?:안내|신청|과정|프로그램)|프로그램(?:\s?안내)?|행사\s?(?:안내|일정)?|문화\s?행사|이벤트|자료실|뉴스|블로그|유튜브|갤러리|언론\s?보도)\W*$"
)
_LEADS: Final = re.compile(
    r"list|board|bbs|notice|news|post|article|course|lecture|edu|gosi|press|/b/|selectB|view\.es|rss|blog|youtube",
    re.IGNORECASE,
)
_FEED: Final = re.compile(
    r"(?:^|[/?=._-])(?:rss|atom|feed)(?:\d|list)?(?:\.\w+)?(?:$|[/?&._-])|rss[a-z]*\.(?:do|xml|php|jsp|es)|\.rss$",
    re.IGNORECASE,
)
_FILES: Final = re.compile(r"\.(?:pdf|hwpx?|docx?|xlsx?|zip|jpe?g|png|gif|mp4)(?:$|\?)", re.IGNORECASE)
_LOGIN: Final = re.compile(
    r"로그인\s?(?:후|이\s?필요|하(?:셔야|신|시기|여야)|이?\s?화면)|^로그인$|회원\s?로그인|(?:please )?(?:log|sign) ?in",
    re.IGNORECASE | re.MULTILINE,
)
_BACK: Final = re.compile(r"(?:글\s?)?(?:목록|리스트)(?:\s?(?:으로|보기|가기|으로 가기))?|list", re.IGNORECASE)
_NEIGHBOUR: Final = re.compile(r"^(?:이전|다음)\s?글|^(?:이전|다음)\s?(?:게시물|기사)")
_NEIGHBOUR_CHARS: Final = 80
_PAIR: Final = 2  # one before, one after
_ASKS_SCRIPT: Final = re.compile(r"<noscript>[^<]{0,200}(?:자바\s?스크립트|javascript)", re.IGNORECASE)
_STEPS: Final = 12
_FEEDS: Final = 3
_FRAMES: Final = 2
_FEW_CHARS: Final = 400
_HARDLY_CHARS: Final = 120
_HEADS: Final = 3  # columns named over a table without rows
_SCRIPTED: Final = re.compile(
    r"id=[\"'](?:app|root|__next|__nuxt|q-app)[\"']|ng-app|data-reactroot|<app-root", re.IGNORECASE
)


class Step(NamedTuple):
    """A link an editor may try instead: its words and its absolute address."""

    title: str
    url: str


def boards_on(tree: LexborHTMLParser, base: str) -> tuple[Step, ...]:
    """Return the links of a page that look like lists, in its order, each address once."""
    found: dict[str, Step] = {}
    for node in tree.css("a[href]")[:2000]:
        said = clean.one_line(node.text())
        url = urls.absolute(base, node.attributes.get("href") or "")
        if (
            not url
            or not 2 <= len(said) <= 20
            or not _BOARD.match(said)
            or url.partition("#")[0] == base.partition("#")[0]
        ):
            continue
        if not _FILES.search(url) and url not in found and len(found) < _STEPS:
            found[url] = Step(said, url)
    ranked = sorted(
        found.values(), key=lambda step: not _LEADS.search(urlsplit(step.url).path + "?" + urlsplit(step.url).query)
    )
    return tuple(ranked)


def list_behind(tree: LexborHTMLParser, base: str) -> tuple[Step, ...]:
    """Return where an article's page leads back to its list; empty where no link says so."""
    for node in tree.css("a[href]")[:2000]:
        url = urls.absolute(base, node.attributes.get("href") or "")
        if url and url != base and _BACK.fullmatch(clean.one_line(node.text())):
            return (Step(clean.one_line(node.text()), url),)
    return ()


def is_article(tree: LexborHTMLParser) -> bool:
    """Whether a page shows one article of a board: its neighbours are named and so is its list."""
    words_ = [clean.one_line(node.text()) for node in tree.css("a, button, th, dt, strong, span")[:3000]]
    has_neighbours = sum(bool(_NEIGHBOUR.match(word)) for word in words_ if len(word) < _NEIGHBOUR_CHARS) >= _PAIR
    return has_neighbours and any(_BACK.fullmatch(word) for word in words_)


def says_article(tree: LexborHTMLParser) -> bool:
    """Whether a page tells machines that it is one article; a list in a page of a blog program may say so, too."""
    kind = tree.css_first("meta[property='og:type']")
    return kind is not None and (kind.attributes.get("content") or "").lower() == "article"


def feeds_on(text: str, tree: LexborHTMLParser, base: str) -> tuple[FeedLink, ...]:
    """Return the feeds of a page: those it names in its head, then those it links to in words; at most three."""
    found = {link.url: link for link in feed_links(text, base)}
    for node in tree.css("a[href]")[:2000]:
        href = node.attributes.get("href") or ""
        url = urls.absolute(base, href)
        if url and _FEED.search(urlsplit(url).path + "?" + urlsplit(url).query) and len(found) < _FEEDS:
            found.setdefault(url, FeedLink(url, clean.one_line(node.text())[:80]))
    return tuple(found.values())[:_FEEDS]


def frames_on(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    """Return the addresses of the page's frames on its own site: an old site's list may stand in one."""
    sources = [frame.attributes.get("src") or "" for frame in tree.css("iframe[src], frame[src]")[:8]]
    found = [url for src in sources if (url := urls.absolute(base, src)) and _site(url) == _site(base)]
    return tuple(dict.fromkeys(found))[:_FRAMES]


def what_is(document: p.Document, text: str, tree: LexborHTMLParser | None) -> str:
    """Return what a document without a list is: ``login``, ``article``, ``empty-list``, ``script-only``, ``file`` or ``no-list``."""
    if (
        document.body.startswith(b"%PDF")
        or document.media_type.startswith(("image/", "video/", "audio/"))
        or _is_file(document)
    ):
        return "file"
    if tree is None:
        return "no-list"
    said = _spoken(tree)
    has_password = tree.css_first("input[type=password]") is not None
    is_sent_there = (
        "login" in urlsplit(document.url).path.lower() and "login" not in urlsplit(document.requested_url).path.lower()
    )
    if is_sent_there or (has_password and len(said) < 5 * _FEW_CHARS and _LOGIN.search(said)):
        return "login"
    if is_article(tree) or says_article(tree):
        return "article"
    heads = sum(bool(words.head(node.text())) for node in tree.css("th")[:40])
    if EMPTY.search(said) or heads >= _HEADS:
        return "empty-list"
    is_made = _SCRIPTED.search(text) or _ASKS_SCRIPT.search(text)
    if len(said) < _FEW_CHARS and (is_made or (len(said) < _HARDLY_CHARS and tree.css_first("script") is not None)):
        return "script-only"
    return "no-list"


def _is_file(document: p.Document) -> bool:
    return document.media_type in (
        "application/pdf",
        "application/zip",
        "application/octet-stream",
        "application/x-hwp",
    ) or any(
        name == "content-disposition" and value.lower().startswith("attachment") for name, value in document.headers
    )


def _spoken(tree: LexborHTMLParser) -> str:
    if tree.body is None:
        return ""
    silent = {node.mem_id for node in tree.body.css("script, style, noscript, template")}
    texts: Iterable[str] = (
        node.text_content or ""
        for node in tree.body.traverse(include_text=True)
        if node.is_text_node and node.parent is not None and node.parent.mem_id not in silent
    )
    return clean.many_lines("\n".join(texts))


def _site(url: str) -> str:
    return urls.origin(url).replace("://www.", "://")
