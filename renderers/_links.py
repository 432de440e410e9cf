"""Addresses of our own: file names of pages, absolute addresses, identifiers that never change.

What does not live here: the pages themselves. Every name is ASCII, made from ids we made, at most 80 bytes (P35).
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from functools import lru_cache
from hashlib import blake2b

import pipeline.model as p

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_NAMESPACE = uuid.UUID("6f2a4c38-5a0e-5e0b-9a53-6d6f61000001")  # ours, fixed for ever: names without tag_authority
HOME = "index.html"
DEADLINES = "deadlines.html"
ARCHIVE = "archive.html"
SOURCES = "sources.html"
CALENDAR = "calendar.html"
FIND = "find.html"
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f\"<>\\]")
_VIDEO = re.compile(
    r"https?://(?:www\.|m\.)?(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)|youtu\.be/)([A-Za-z0-9_-]{6,20})(?:[?&#/]|\Z)"
)


def slug(text: str) -> str:
    """Return a file name for an id: the id itself when it is plain, else a cleaned part of it and a hash."""
    if _SLUG.match(text):
        return text
    part = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
    mark = blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
    return f"{part}-{mark}" if part else f"x{mark}"


def story_path(story_id: str) -> str:
    """``s/<2 hex>/<story id>.html``: 256 folders, so that none grows large."""
    return f"s/{blake2b(story_id.encode(), digest_size=1).hexdigest()}/{slug(story_id)}.html"


def edition_path(edition_id: str) -> str:
    """``e/<digest>/<date>.html``."""
    digest_id, _slash, day = edition_id.partition("/")
    return f"e/{slug(digest_id)}/{slug(day)}.html"


def edition_day(edition_id: str) -> date | None:
    """Return the date in an edition's id; ``None`` if it holds none."""
    try:
        return date.fromisoformat(edition_id.rpartition("/")[2])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def source_path(source_id: str) -> str:
    """First page of a source."""
    return f"source/{slug(source_id)}.html"


@lru_cache(maxsize=4096)
def topic_path(topic: str) -> str:
    """First page of a topic."""
    return f"topic/{slug(topic)}.html"


def month_path(month: str) -> str:
    """First page of a month, ``2026-11``."""
    return f"archive/{slug(month)}.html"


def calendar_path(month: str) -> str:
    """The calendar of a month, ``2026-12``."""
    return f"calendar/{slug(month)}.html"


def ics_path(story_id: str) -> str:
    """The calendar file of one story, beside its page."""
    return f"{story_path(story_id).removesuffix('.html')}.ics"


def youtube_id(url: str) -> str:
    """The video an address of YouTube shows; ``""`` for every other address."""
    found = _VIDEO.match(url)
    return found[1] if found else ""


def numbered(path: str, number: int) -> str:
    """An older page of a list: ``source/blog.html`` → ``source/blog/3.html``."""
    return f"{path.removesuffix('.html')}/{number}.html"


def root(path: str) -> str:
    """The way from a page back to the top: ``../../`` for ``s/ab/x.html``, ``""`` for the top itself."""
    return "../" * path.count("/")


def absolute(institute: p.Institute, path: str) -> str:
    """The public address of a page; ``""`` while ``institute.site_url`` is not configured."""
    top = _top(institute.site_url)
    return f"{top}{'' if path == HOME else path}" if top else ""


@lru_cache(maxsize=8)
def _top(site_url: str) -> str:
    return f"{site_url.rstrip('/')}/" if web(site_url) else ""


def story_link(institute: p.Institute, story: p.Story) -> str:
    """Where messages lead: our own page, or the original while we have none."""
    return absolute(institute, story_path(story.id)) or web(story.primary.url)


def web(url: str) -> str:
    """Return the address if it is http or https without blanks or controls, else ``""`` (P33)."""
    if url[:8].lower().startswith(("http://", "https://")) and not _UNSAFE.search(url):
        return url
    return ""


def tag(institute: p.Institute, name: str) -> str:
    """A stable identifier: ``tag:<authority>:<name>`` (RFC 4151), never derived from an address.

    Without ``institute.tag_authority`` a name-based ``urn:uuid:`` stands in, equally stable.
    """
    if institute.tag_authority:
        return f"tag:{institute.tag_authority}:{name}"
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}"
