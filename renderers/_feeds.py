"""The site for machines: Atom, RSS, JSON Feed, sitemap, robots.

What does not live here: the calendar (``_calendar``). Ids are ``tag:`` URIs that survive every change of address.
Source: RFC 4287, RSS 2.0, JSON Feed 1.1, sitemaps.org 0.9, RFC 9309; korea.md §6 (public sites stay open to robots).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _keys, _links, _views, _words
from renderers._site import Site

FEED_STORIES: Final = 50
_FEEDS: Final = {
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
SITEMAP_URLS: Final = 50_000  # sitemaps.org: most addresses of one file


@dataclass(frozen=True, slots=True)
class Line:
    """One story in a feed."""

    id: str
    title: str
    link: str
    original: str
    summary: str
    source: str
    kind: str
    published: datetime
    updated: datetime


def _summary(tile: _views.Tile) -> str:
    parts = (tile.deadline.whole if tile.deadline else "", tile.facts, tile.lead)
    return " · ".join(part for part in parts if part)


def _line(site: Site, story: p.Story) -> Line:
    tile = site.tile(story)
    revised = _views.stated(story.primary.updated)
    return Line(
        id=_links.tag(site.institute, f"story:{story.id}"),
        title=tile.title,
        link=_links.story_link(site.institute, story),
        original=tile.url,
        summary=_summary(tile),
        source=tile.source,
        kind=tile.kind,
        published=story.first_seen_at,
        updated=max(revised or story.first_seen_at, story.first_seen_at),
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def feeds(site: Site) -> Iterator[p.Page]:
    """``atom.xml``, ``rss.xml`` and ``feed.json`` with the newest announced stories."""
    stories = site.announced[:FEED_STORIES]
    begins = None if stories else site.digest.start_at
    key = _keys.key(site.digest.digest_id, begins, [site.keys[story.id] for story in stories])
    for name, media_type in _FEEDS.items():
        yield p.Page(path=name, key=key, make=partial(_feed, site, stories, name, media_type))


def _feed(site: Site, stories: Sequence[p.Story], name: str, media_type: str, bodies: p.Bodies) -> p.Artifact:
    del bodies
    lines = [_line(site, story) for story in stories]
    if name == "feed.json":
        return p.Artifact(path=name, media_type=media_type, body=_json_feed(site, lines))
    newest = max((line.updated for line in lines), default=site.digest.start_at)
    words = {
        "name": _words.plain(site.institute.name),
        "subtitle": _("{name}의 새 소식").format(name=_words.plain(site.institute.name)),
        "language": site.institute.language or "ko",
        "id": _links.tag(site.institute, f"feed:{site.digest.digest_id}"),
        "home": _links.absolute(site.institute, _links.HOME),
        "atom_url": _links.absolute(site.institute, "atom.xml"),
        "rss_url": _links.absolute(site.institute, "rss.xml"),
        "updated": newest,
        "lines": lines,
        "w3c": _stamp,
        "rfc822": lambda at: format_datetime(at.astimezone(_words.SEOUL)),
    }
    return p.Artifact(path=name, media_type=media_type, body=site.text(f"{name}.j2", words))


def _json_feed(site: Site, lines: list[Line]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _words.plain(site.institute.name),
        "home_page_url": _links.absolute(site.institute, _links.HOME),
        "feed_url": _links.absolute(site.institute, "feed.json"),
        "language": site.institute.language or "ko",
        "items": [
            _without_blanks(
                {
                    "id": line.id,
                    "url": line.link,
                    "external_url": line.original,
                    "title": line.title,
                    "content_text": line.summary or line.title,
                    "date_published": _stamp(line.published),
                    "date_modified": _stamp(line.updated),
                    "authors": [{"name": line.source}],
                    "tags": [line.kind],
                }
            )
            for line in lines
        ],
    }
    return (json.dumps(_without_blanks(feed), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _without_blanks(members: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in members.items() if value != ""}


def sitemap(site: Site, paths: list[str]) -> Iterator[p.Page]:
    """``sitemap.xml`` of these pages; nothing while the site's address is not configured (the format has no relative links)."""
    told = paths[:SITEMAP_URLS]
    if _links.web(site.institute.site_url):
        yield p.Page(path="sitemap.xml", key=_keys.key("\n".join(told)), make=lambda _bodies: _sitemap(site, told))


def _sitemap(site: Site, paths: Sequence[str]) -> p.Artifact:
    addresses = [_links.absolute(site.institute, path) for path in paths]
    body = site.text("sitemap.xml.j2", {"addresses": addresses})
    return p.Artifact(path="sitemap.xml", media_type="application/xml", body=body)


def robots(site: Site) -> p.Page:
    """``robots.txt``: open to everyone, as public sites must be."""
    return p.Page(path="robots.txt", key="fixed", make=lambda _bodies: _robots(site))


def _robots(site: Site) -> p.Artifact:
    lines = ["User-agent: *", "Allow: /"]
    if address := _links.absolute(site.institute, "sitemap.xml"):
        lines += ["", f"Sitemap: {address}"]
    return p.Artifact(path="robots.txt", media_type="text/plain", body=("\n".join(lines) + "\n").encode())
