"""An entry or a story as the contract's JSON (§4), and as one line for people.

What does not live here: where they come from (``store/``, ``collect/trial``).
"""

from __future__ import annotations

from datetime import datetime

import pipeline.model as p
from pipeline.i18n import _
from pipeline.report import SEOUL, seoul


def entry_json(entry: p.Entry, story_id: str | None = None) -> p.Json:
    """Return one object of ``moa items --json``: absent is ``null``, never an empty text."""
    return {
        "id": entry.id,
        "source": entry.source_id,
        "agency": entry.agency or None,
        "department": entry.department or None,
        "kind": entry.kind.value,
        "url": entry.url or None,
        "title": entry.title,
        "lead": entry.lead or None,
        "text": entry.text or None,
        "author": entry.author or None,
        "image": {"url": entry.image.url, "alt": entry.image.alt} if entry.image else None,
        "tags": list(entry.tags),
        "published": _published(entry),
        "updated": _date(entry.updated),
        "first_seen": _instant(entry.first_seen_at),
        "last_seen": _instant(entry.last_seen_at),
        "gone": _instant(entry.gone_at),
        "pinned": entry.is_pinned,
        "quiet": entry.is_quiet,
        "quarantined": entry.quarantined or None,
        "attachments": [
            {"url": a.url, "name": a.name or None, "media_type": a.media_type, "bytes": a.bytes}
            for a in entry.attachments
        ],
        "course": _course(entry.course),
        "video": _video(entry.video),
        "story": story_id,
        "licence": entry.licence or None,
    }


def _published(entry: p.Entry) -> p.Json:
    """First-seen stands for a missing date, and says so (P25)."""
    if entry.published is not None:
        return _date(entry.published)
    if entry.first_seen_at is None:
        return None
    return {"value": seoul(entry.first_seen_at), "raw": None, "method": "first-seen", "inferred": True}


def _date(fact: p.DateFact | None) -> p.Json:
    if fact is None:
        return None
    local = fact.at.astimezone(SEOUL)
    value = seoul(fact.at) if fact.has_time else local.date().isoformat()
    return {"value": value, "raw": fact.raw or None, "method": fact.method or None, "inferred": fact.inferred}


def _course(course: p.Course | None) -> p.Json:
    if course is None:
        return None
    return {
        "apply_from": _edge(course.apply_from_at, has_time=course.apply_from_has_time, is_end=False),
        "apply_until": _edge(course.apply_until_at, has_time=course.apply_until_has_time, is_end=True),
        "apply_raw": course.apply_raw,
        "starts": course.starts_on.isoformat() if course.starts_on else None,
        "ends": course.ends_on.isoformat() if course.ends_on else None,
        "weekdays": list(course.weekdays),
        "starts_time": course.starts_time,
        "ends_time": course.ends_time,
        "status": course.status.value,
        "status_raw": course.status_raw,
        "status_as_of": _instant(course.status_as_of_at),
        "capacity": course.capacity,
        "applied": course.applied,
        "waiting": course.waiting,
        "fee": course.fee,
        "fee_won": course.fee_won,
        "material_fee": course.material_fee,
        "selection": course.selection,
        "level": course.level,
        "field": course.field,
        "place": course.place,
        "online": course.online,
        "mode": course.mode,
        "target": course.target,
    }


def _edge(at: datetime | None, *, has_time: bool, is_end: bool) -> str | None:
    """A date without a time stays a date; the end of a day is that day, not the next midnight."""
    if at is None:
        return None
    if has_time:
        return seoul(at)
    local = at.astimezone(SEOUL)
    day = local.date()
    if is_end and local.hour == 0 and local.minute == 0:
        day = day.fromordinal(day.toordinal() - 1)
    return day.isoformat()


def _video(video: p.Video | None) -> p.Json:
    if video is None:
        return None
    return {
        "duration_s": video.duration_s,
        "live": video.live,
        "starts_at": _instant(video.starts_at),
        "short": video.short,
        "captions": video.captions,
    }


def _instant(at: datetime | None) -> str | None:
    return seoul(at) if at else None


def story_json(story: p.Story) -> p.Json:
    """Return one object of ``moa stories --json``."""
    return {
        "id": story.id,
        "title": story.primary.title,
        "primary": story.primary.id,
        "members": [m.id for m in story.members],
        "why": [{"a": j.a, "b": j.b, "reason": j.reason} for j in story.why],
    }


def entry_line(entry: p.Entry) -> str:
    """Return one line for a person: date, source, title, deadline."""
    fact = entry.published
    day = fact.at.astimezone(SEOUL).date().isoformat() if fact else "—" * 5
    marks = [_("고정")] if entry.is_pinned else []
    if entry.quarantined:
        marks.append(_("보류"))
    if entry.course and entry.course.apply_until_at:
        until = _edge(entry.course.apply_until_at, has_time=entry.course.apply_until_has_time, is_end=True) or ""
        marks.append(_("접수 {until}까지").format(until=until[:16].replace("T", " ")))
    tail = f"  ({', '.join(marks)})" if marks else ""
    return f"{day}  {entry.source_id:<16} {entry.title}{tail}"
