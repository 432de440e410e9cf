"""What is compared of an entry between two nights: its material fields, and everything we show of it (pure).

What does not live here: making entries (``normalize``), what a difference means (``reconcile``).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

import pipeline.model as p

_NO_SEAT: Final = (p.CourseStatus.CLOSED, p.CourseStatus.WAITLIST)  # whether it filled up early is told by the dates


def fingerprint(entry: p.Entry) -> str:
    """Return the material fields as canonical JSON: what a reader must be told about when it changes (pain 14)."""
    facts: dict[str, str | None] = {}
    if entry.course is not None:
        course = entry.course
        facts["apply_from"] = _instant(course.apply_from_at)
        facts["apply_until"] = _instant(course.apply_until_at)
        facts["starts"] = course.starts_on.isoformat() if course.starts_on else None
        facts["place"] = course.place
        facts["cancelled"] = "yes" if course.status is p.CourseStatus.CANCELLED else None
        facts["full"] = course.status.value if course.status in _NO_SEAT else None
    if entry.video is not None and entry.video.starts_at is not None:
        facts["starts"] = _instant(entry.video.starts_at)
    return json.dumps({k: v for k, v in facts.items() if v}, ensure_ascii=False, sort_keys=True) if facts else ""


def content_hash(entry: p.Entry) -> str:
    """Return a hash of everything we show of an entry; inferred and relative dates do not count."""
    parts: list[object] = [
        entry.title,
        entry.url,
        entry.lead,
        entry.text,
        entry.body_html,
        entry.author,
        entry.department,
        entry.image,
        entry.tags,
        entry.links,
        entry.attachments,
        entry.is_pinned,
        entry.video,
        entry.licence,
        entry.agency,
        entry.topics,
        entry.kind.value,
    ]
    if entry.course is not None:
        parts.append(replace(entry.course, status_as_of_at=None))
    parts.extend((fact.at, fact.has_time) for fact in (entry.published, entry.updated) if fact and not fact.inferred)
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
