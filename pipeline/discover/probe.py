"""What is behind an address: a feed, a page with feeds, a video channel, a course platform, a list. Leads, nothing proved.

The only file of this room that fetches, through the door it is handed (``p.Http``): one page, what it leads to at most.
What does not live here: YAML, proof by the very source that will read it (``drafting``), sentences (``drafting``, the command).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.discover import addresses, jsonlists, looks, naming
from pipeline.discover.draft import Value
from pipeline.discover.fingerprints import recognise
from pipeline.discover.induce import Candidate, induce
from pipeline.discover.looks import Step
from pipeline.discover.reader import SeenRow
from pipeline.settings.presets import Preset
from pipeline.text import page as pages
from pipeline.text.decode import decode

FEED: Final = 0.95  # a feed that answers is what a place offers machines
PRESET: Final = 0.93
PLATFORM: Final = 0.9
_PRESETS: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # of a page nobody had to fetch
_XML: Final = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml|<rss\b|<feed\b|<rdf:RDF\b)", re.IGNORECASE)
_JSON_FEED: Final = re.compile(rb"\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed\.org")
_LD: Final = re.compile(r"application/ld\+json.{0,4000}?(?:ItemList|BlogPosting|NewsArticle|Article|Event)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One way a place may be read.

    Attributes:
        kind: Of the source.
        keys: Its keys but ``id`` and ``name``; ``kind`` or ``preset`` is among them.
        page: What it will read, where that is at hand; ``None``: the source must ask.
        rows: What was seen on the page, ``None`` when nothing but the source itself can tell.
        title: What the lead calls itself, ``""`` when the page's name will do.
        unverified: Keys that were guessed.
        candidate: The list as it was found, for choices of other columns.
    """

    kind: str
    keys: Mapping[str, Value]
    confidence: float
    page: p.Document | None = None
    rows: tuple[SeenRow, ...] | None = None
    title: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    unverified: tuple[str, ...] = ()
    coverage: Mapping[str, float] = field(default_factory=dict)
    is_course: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one address gave.

    Attributes:
        page: The document that came.
        leads: In no order that means anything.
        what: Where there are none: ``login``, ``empty-list``, ``script-only``, ``file``, ``no-list``; and ``article`` always.
        steps: Links of the page that may be what was meant.
        name, site: What the page says it is, and whose.
    """

    page: p.Document
    leads: tuple[Lead, ...] = ()
    what: str = ""
    steps: tuple[Step, ...] = ()
    name: str = ""
    site: str = ""


def probe(url: str, http: p.Http, presets: Iterable[Preset], policy: p.FetchPolicy, *, has_key: bool = False) -> Probe:
    """Fetch an address and return what it may be read as.

    Args:
        url: Checked and absolute.
        http: The door.
        presets: To recognise board software by.
        policy: How the place may be fetched; robots.txt is obeyed unless it tells of a permission.
        has_key: Whether the video API can be asked; else a channel must be named by its id.

    Raises:
        SourceError: The page did not come; its message says why and what to do.

    Cost: one request; two where the list stands in a frame or a channel is looked up.
    """
    tube = addresses.tube(url)
    if tube is not None:
        return _tube(url, tube, http, policy, has_key=has_key)
    if platform := addresses.course_platform(url):
        lead = Lead(kind="gseek", keys={"kind": "gseek", "url": platform}, confidence=PLATFORM, is_course=True)
        page = _fetched(platform, http, policy)
        return _named(Probe(page=page, leads=(lead,)))
    page = _fetched(url, http, policy)
    found = _of_page(page, presets)
    if not found.leads and (tree := _tree(page)) is not None:
        for frame in looks.frames_on(tree, page.url):
            try:
                inner = _of_page(_fetched(frame, http, policy), presets)
            except p.SourceError:
                continue
            if inner.leads:
                return replace(inner, name=found.name or inner.name, site=found.site, steps=found.steps)
    return found


def _fetched(url: str, http: p.Http, policy: p.FetchPolicy) -> p.Document:
    return http.fetch(p.Request(url=url, conditional=False, policy=policy))


def _tube(url: str, tube: addresses.Tube, http: p.Http, policy: p.FetchPolicy, *, has_key: bool) -> Probe:
    """A handle is a name the API understands; without a key its id stands on the channel's page."""
    if tube.playlist:
        lead = Lead(kind="youtube", keys={"kind": "youtube", "playlists": [tube.playlist]}, confidence=FEED)
        return Probe(page=p.Document(url=url, fetched_at=_EPOCH), leads=(lead,))
    if not tube.page or (has_key and tube.channel):
        lead = Lead(kind="youtube", keys={"kind": "youtube", "channel": tube.channel}, confidence=FEED)
        return Probe(page=p.Document(url=url, fetched_at=_EPOCH), leads=(lead,))
    page = _fetched(url, http, policy)
    text = _text(page)
    channel = addresses.channel_id(text)
    if not channel:
        return _named(Probe(page=page, what="no-channel"))
    shown: dict[str, Value] = {"url": f"https://www.youtube.com/{tube.channel}"} if tube.channel else {}
    keys: dict[str, Value] = {"kind": "youtube", **shown, "channel": channel}
    return _named(Probe(page=page, leads=(Lead(kind="youtube", keys=keys, confidence=FEED),)))


def _of_page(page: p.Document, presets: Iterable[Preset]) -> Probe:
    if _XML.match(page.body) or _JSON_FEED.search(page.body[:4096]):
        lead = Lead(kind="feed", keys={"kind": "feed", "url": page.url}, confidence=0.99, page=page)
        title = naming.feed_title(_text(page))
        return Probe(page=page, leads=(lead,), name=title)
    if page.media_type == "application/json" or page.body.lstrip()[:1] in (b"{", b"["):
        lists = tuple(_json_lead(page, found) for found in jsonlists.in_answer(_text(page)))
        return Probe(page=page, leads=lists, what="" if lists else "no-list")
    tree = _tree(page)
    text = _text(page)
    if tree is None:
        return Probe(page=page, what=looks.what_is(page, text, None))
    leads = [*_feeds(page, text, tree), *_lists(page, text, tree, presets)]
    is_listed = any("date" in lead.keys or "preset" in lead.keys or lead.is_course for lead in leads)
    is_article = looks.is_article(tree) or (not is_listed and looks.says_article(tree))
    what = "article" if is_article else "" if leads else looks.what_is(page, text, tree)
    steps = looks.list_behind(tree, page.url) if what == "article" else looks.boards_on(tree, page.url)
    return _named(Probe(page=page, leads=tuple(leads), what=what, steps=steps))


def _feeds(page: p.Document, text: str, tree: LexborHTMLParser) -> list[Lead]:
    found = [
        Lead(kind="feed", keys={"kind": "feed", "url": link.url}, confidence=FEED, title=link.title)
        for link in looks.feeds_on(text, tree, page.url)
    ]
    if _LD.search(text):
        keys: dict[str, Value] = {"kind": "feed", "url": page.url, "structured_data": True}
        found.append(Lead(kind="feed", keys=keys, confidence=0.75, page=page))
    return found


def _lists(page: p.Document, text: str, tree: LexborHTMLParser, presets: Iterable[Preset]) -> list[Lead]:
    url = first_page(page.url)
    found = [
        Lead(kind="board", keys={"preset": name, "url": url}, confidence=PRESET, page=page)
        for name in recognise(page.url, text, [one for one in presets if one.kind == "board"])[:_PRESETS]
    ]
    found += [of_candidate(page, url, one) for one in induce(page)]
    scripts = [node.text() for node in tree.css("script:not([src])")]
    return found + [_json_lead(page, one) for one in jsonlists.in_scripts(scripts)[:1]]


def of_candidate(page: p.Document, url: str, found: Candidate) -> Lead:
    """Return a list that was found as a lead."""
    return Lead(
        kind="board",
        keys={"kind": "board", "url": url, **found.recipe},  # type: ignore[dict-item]
        confidence=found.confidence,
        page=page,
        rows=found.rows,
        warnings=found.warnings,
        unverified=found.unverified,
        coverage=found.coverage,
        is_course=found.kind == "course",
    )


def _json_lead(page: p.Document, found: jsonlists.JsonList) -> Lead:
    keys: dict[str, Value] = {"kind": "board", "url": page.url, **found.recipe}
    return Lead(kind="board", keys=keys, confidence=found.confidence, page=page)


def first_page(url: str) -> str:
    """Return a list's address without a fragment; what the editor pasted stays otherwise as it is."""
    return urlunsplit(urlsplit(url)._replace(fragment=""))


def _named(found: Probe) -> Probe:
    tree = _tree(found.page)
    if tree is None:
        return found
    site = naming.site_of(tree)
    rows = {row.title for lead in found.leads for row in lead.rows or ()}
    return replace(found, name=naming.name_of(tree, site, rows=rows), site=site)


def _text(page: p.Document) -> str:
    return decode(page.body, charset=page.charset, media_type=page.media_type).text


def _tree(page: p.Document) -> LexborHTMLParser | None:
    try:
        return pages.tree_of(page)[0]
    except p.ShapeError:
        return None
