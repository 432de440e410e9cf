"""Full text: the posts' own pages, for a feed that tells of each post only the beginning.

What does not live here: reading a page (``text/article``), the feed (``_feed_read``), robots.txt and pauses (``http``).
Only new and edited posts are looked at, a few a night; a page that does not answer is asked for on three nights, and what
it said before stands meanwhile. Source: korea §3; peers pain 23; extraction §3.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

import pipeline.model as p
from pipeline.text import html, urls
from sources import _feed_items, _feed_read

_VERSION: Final = 1  # of this part of the memo
_KNOWN: Final = 500
_TRIES: Final = 3  # nights a page may fail before the feed's words must do
_FAILURES: Final = 3  # in a row: the site's pages are down, or closed to us, tonight
_MAIN_BYTES: Final = 1024 * 1024  # a larger feed is read in a worker only, where a stall can be killed
_SHORTER: Final = 0.7  # of the feed's own words: a page that says less is not the post
_ACCEPT: Final = (("Accept", "text/html, application/xhtml+xml, */*;q=0.5"),)
_WHERE_THE_TEXT_IS: Final = (  # a post's address for people -> the page that holds its text
    (re.compile(r"https://blog\.naver\.com/([\w-]+)/(\d+)"), r"https://m.blog.naver.com/\1/\2"),
)


@dataclass(slots=True)
class _Memory:
    """What is remembered: each known post with the digest of what the feed says of it, and nights of failure."""

    known: dict[str, str] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, memo: p.Memo) -> _Memory:
        if memo.get("full") != _VERSION:
            return cls()
        return cls(dict(memo.get("known") or {}), dict(memo.get("tries") or {}))


@dataclass(slots=True)
class _Gathered:
    """Tonight's pages, the posts left for another night, those given up, and why the last page failed."""

    documents: list[p.Document] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    why: str = ""


def fetch(document: p.Document, memo: p.Memo, warnings: list[tuple[str, str]]) -> p.Conversation:
    """Go on from a changed feed to the pages of its new and edited posts.

    Cost: the feed is read here and once more in ``parse``; at most ``limits.ARTICLES_PER_FEED`` requests.
    """
    if len(document.body) > _MAIN_BYTES:
        warnings.append(("large-page", str(len(document.body))))
        return p.Fetched(documents=(document,), warnings=tuple(warnings))
    try:
        items = tuple(_feed_items.items(_feed_read.read(document), document.url, None))
    except p.ShapeError:
        return p.Fetched(documents=(document,), warnings=tuple(warnings))  # parse says what is wrong with it
    memory = _Memory.load(memo)
    digests = {item.key: _digest(item) for item in items}
    fresh = [item for item in items if memory.known.get(item.key) != digests[item.key]]
    got = yield from _pages(fresh, memory)
    if got.why:
        warnings.append(("page-failed", got.why))
    waits = got.left & memory.known.keys()  # known with its text: an edit waits for the text rather than losing it
    told = [item.key for item in fresh if item.key not in waits]
    read = {key: digest for key, digest in digests.items() if key not in got.left}
    following = {
        "full": _VERSION,
        "known": dict(list({**{k: v for k, v in memory.known.items() if k not in read}, **read}.items())[-_KNOWN:]),
        "tries": {key: count for key, count in memory.tries.items() if key in got.left},
        "again": bool(got.left),
        "told": told,
        "blind": sorted(got.given_up & memory.known.keys()),
    }
    documents, carried = (document, *got.documents), len(items) - len(told)
    return p.Fetched(documents=documents, memo=following, carried=carried, warnings=tuple(warnings))


def _pages(fresh: Sequence[p.Item], memory: _Memory) -> Generator[p.Request, p.Document, _Gathered]:
    got = _Gathered()
    failures = 0
    for item in fresh:
        if not item.url:
            continue
        if len(got.documents) >= p.limits.ARTICLES_PER_FEED or failures >= _FAILURES:
            got.left.add(item.key)
            continue
        try:
            got.documents.append((yield p.Request(url=page_of(item.url), conditional=False, headers=_ACCEPT)))
            failures = 0
        except p.SourceError as error:
            failures += not isinstance(error, p.GoneError)
            got.why = error.message
            memory.tries[item.key] = memory.tries.get(item.key, 0) + 1
            (got.left if memory.tries[item.key] < _TRIES else got.given_up).add(item.key)
    return got


def items(document: p.Document, fetched: p.Fetched, kind: p.Kind | None) -> Iterator[p.Item]:
    """Yield tonight's posts, each with its own page's text where that was read.

    Raises:
        ShapeError: As ``_feed_read.read``.
    """
    memo = fetched.memo if fetched.memo.get("full") == _VERSION else None
    told = None if memo is None else frozenset(memo["told"])
    blind = frozenset(memo["blind"] if memo else ())
    pages = {page.requested_url or page.url: page for page in fetched.documents[1:]}
    for item in _feed_items.items(_feed_read.read(document), document.url, kind):
        if told is not None and item.key not in told:
            continue
        page = pages.get(page_of(item.url)) if item.url else None
        if page is not None:
            yield _with_page(item, page)
        elif item.key in blind:
            yield replace(item, body="", lead="", is_partial=True)  # what its page said before still stands
        else:
            yield item


def page_of(url: str) -> str:
    """Return the address of the page that holds a post's text: mostly its own."""
    address = urls.canonical(url)
    for form, page in _WHERE_THE_TEXT_IS:
        if form.fullmatch(address):
            return form.sub(page, address)
    return url


def _with_page(item: p.Item, page: p.Document) -> p.Item:
    """Return the item with its page's text, pictures and files, unless the page says less than the feed."""
    from pipeline.text import article  # noqa: PLC0415 - a tree parser: only where a page was fetched

    try:
        found = article.read(page)
    except p.ShapeError:
        return item
    said = item.body if item.body_is_text else html.text_of(item.body)
    if not found.body or (len(found.text) < _SHORTER * len(said) and not found.is_image_only):
        return item
    published = item.published or (p.RawDate(text=found.published, form="korean") if found.published else None)
    attached = {file.url: file for file in (*item.attachments, *found.attachments) if file.url}
    return replace(
        item,
        base_url=found.base or item.base_url,
        lead="",  # the page's own first sentences, whole
        body=found.body,
        body_is_text=False,
        author=item.author or found.author,
        published=published,
        image=item.image or found.image,
        attachments=tuple(attached.values()),
        licence=found.licence,
    )


def _digest(item: p.Item) -> str:
    words: tuple[Any, ...] = (item.title, item.url, item.lead, item.body, item.published, item.updated)
    return blake2b(repr(words).encode("utf-8", "replace"), digest_size=6).hexdigest()
