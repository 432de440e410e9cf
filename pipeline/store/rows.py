"""Frozen values ↔ rows and JSON, spelled out field by field: no pickle, no reflection on types.

What does not live here: SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

import pipeline.model as p

Row = Mapping[str, Any]

_COURSE_AT = ("apply_from_at", "apply_until_at", "status_as_of_at")
_COURSE_ON = ("starts_on", "ends_on")
_PLAIN_DETAILS = ("agency", "department", "author", "licence")
_TUPLE_DETAILS = ("tags", "topics", "links")
_FLAT_DETAILS = ("image", "course", "video")


@cache
def _health(value: str) -> p.Health:
    return p.Health(value)


def plain(value: Any) -> Any:
    """Return one field as JSON can hold it: instants and dates as ISO 8601, enums by value."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return value


def flat(value: Any) -> dict[str, p.Json] | None:
    """Return a flat frozen value as JSON, without its ``None`` and empty fields; ``None`` stays ``None``."""
    if value is None:
        return None
    return {f.name: plain(held) for f in fields(value) if (held := getattr(value, f.name)) not in (None, ())}


def date_fact(stored: Row | None) -> p.DateFact | None:
    """Return a stored date fact."""
    return None if stored is None else p.DateFact(**{**stored, "at": datetime.fromisoformat(stored["at"])})


def course(stored: Row | None) -> p.Course | None:
    """Return stored course facts."""
    if stored is None:
        return None
    held = dict(stored)
    for name in _COURSE_AT:
        if name in held:
            held[name] = datetime.fromisoformat(held[name])
    for name in _COURSE_ON:
        if name in held:
            held[name] = date.fromisoformat(held[name])
    if "status" in held:
        held["status"] = p.CourseStatus(held["status"])
    held["weekdays"] = tuple(held.get("weekdays", ()))
    return p.Course(**held)


def video(stored: Row | None) -> p.Video | None:
    """Return what is stored of a video."""
    if stored is None:
        return None
    starts_at = stored.get("starts_at")
    return p.Video(**{**stored, "starts_at": datetime.fromisoformat(starts_at) if starts_at else None})


def date_json(fact: p.DateFact | None) -> dict[str, p.Json] | None:
    """Return a date fact as JSON."""
    if fact is None:
        return None
    return {
        "at": fact.at.isoformat(),
        "has_time": fact.has_time,
        "raw": fact.raw,
        "method": fact.method,
        "inferred": fact.inferred,
        "zone": fact.zone,
    }


def details(entry: p.Entry) -> dict[str, p.Json]:
    """Return what has no column of its own, without what is empty."""
    held: dict[str, p.Json] = {"language": entry.language}  # its default is not "", so it is always kept
    for name in _PLAIN_DETAILS:
        if value := getattr(entry, name):
            held[name] = value
    for name in _TUPLE_DETAILS:
        if value := getattr(entry, name):
            held[name] = list(value)
    for name in _FLAT_DETAILS:
        if (value := getattr(entry, name)) is not None:
            held[name] = flat(value)
    if entry.attachments:
        held["attachments"] = [flat(a) for a in entry.attachments]
    if entry.updated is not None:
        held["updated"] = date_json(entry.updated)
    return held


def content_row(entry: p.Entry) -> dict[str, Any]:
    """Return the columns a revision may change."""
    return {
        "key": entry.key,
        "url_hash": entry.url_hash,
        "kind": entry.kind.value,
        "title": entry.title,
        "url": entry.url,
        "lead": entry.lead,
        "published": date_json(entry.published),
        "details": details(entry),
        "fingerprint": entry.fingerprint,
        "content_hash": entry.content_hash,
        "is_pinned": entry.is_pinned,
    }


def new_row(entry: p.Entry, now: datetime, version: int) -> dict[str, Any]:
    """Return every column of an entry seen for the first time."""
    first = entry.first_seen_at or now
    return content_row(entry) | {
        "id": entry.id,
        "source_id": entry.source_id,
        "first_seen_at": first,
        "last_seen_at": entry.last_seen_at or now,
        "due_at": first,
        "absences": 0,
        "is_quiet": entry.is_quiet,
        "quarantined": entry.quarantined,
        "gone_at": entry.gone_at,
        "changed_in": version,
    }


def entry(row: Row) -> p.Entry:
    """Return an entry from its row; ``text`` and ``body_html`` only where the row was joined with its body."""
    held = row["details"]
    return p.Entry(
        id=row["id"],
        source_id=row["source_id"],
        key=row["key"],
        kind=p.Kind(row["kind"]),
        title=row["title"],
        url=row["url"],
        url_hash=row["url_hash"],
        lead=row["lead"],
        text=row.get("text") or "",
        body_html=row.get("body_html") or "",
        image=p.Image(**held["image"]) if "image" in held else None,
        attachments=tuple(p.Attachment(**a) for a in held.get("attachments", ())),
        published=date_fact(row["published"]),
        updated=date_fact(held.get("updated")),
        course=course(held.get("course")),
        video=video(held.get("video")),
        is_pinned=row["is_pinned"],
        fingerprint=row["fingerprint"],
        content_hash=row["content_hash"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        is_quiet=row["is_quiet"],
        quarantined=row["quarantined"],
        gone_at=row["gone_at"],
        agency=held.get("agency", ""),
        department=held.get("department", ""),
        author=held.get("author", ""),
        licence=held.get("licence", ""),
        language=held.get("language", ""),
        tags=tuple(held.get("tags", ())),
        topics=tuple(held.get("topics", ())),
        links=tuple(held.get("links", ())),
    )


def known(row: Row) -> p.Known:
    """Return identity and fingerprint from the columns ``Entries.known`` asks for, and a video's length from ``details``."""
    held = {**row, "published": date_fact(row["published"])}
    seen = (held.pop("details", None) or {}).get("video") or {}
    return p.Known(**held, duration_s=seen.get("duration_s"))


def shown(row: Row) -> dict[str, p.Json]:
    """Return what readers see of an entry, to tell a revision's before from its after."""
    held = {name: row[name] for name in ("kind", "title", "url", "lead", "published", "is_pinned")}
    return held | dict(row["details"])


def state_row(state: p.SourceState) -> dict[str, Any]:
    """Return the row of a source's state."""
    return {
        "source_id": state.source_id,
        "memo": dict(state.memo),
        "validators": {url: flat(v) for url, v in state.validators.items()},
        "options_hash": state.options_hash,
        "health": state.health.value,
        "failing_since_at": state.failing_since_at,
        "failures": state.failures,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "first_run_at": state.first_run_at,
        "profile": [dict(numbers) for numbers in state.profile],
    }


def state(row: Row) -> p.SourceState:
    """Return a source's state from its row."""
    return p.SourceState(
        **{
            **row,
            "validators": {url: p.Validator(**v) for url, v in row["validators"].items()},
            "health": _health(row["health"]),
        }
    )


def delivery_row(delivery: p.Delivery, now: datetime) -> dict[str, Any]:
    """Return the row of a planned sending."""
    held = {f.name: plain(getattr(delivery, f.name)) for f in fields(delivery) if f.name != "sent_today"}
    return held | {
        "not_before_at": delivery.not_before_at,
        "expires_at": delivery.expires_at,
        "retry_at": delivery.retry_at,
        "recipients": list(delivery.recipients),
        "memo": dict(delivery.memo),
        "receipt": receipt_json(delivery.receipt),
        "created_at": delivery.created_at or now,
        "touched_at": now,
    }


def delivery(row: Row) -> p.Delivery:
    """Return a planned sending from its row."""
    held = {name: value for name, value in row.items() if name != "touched_at"}
    held["recipients"] = tuple(row["recipients"])
    held["state"] = p.DeliveryState(row["state"])
    held["receipt"] = None if row["receipt"] is None else p.Receipt(**row["receipt"])
    return p.Delivery(**held)


def receipt_json(receipt: p.Receipt | None) -> dict[str, p.Json] | None:
    """Return a receipt as JSON."""
    return None if receipt is None else asdict(receipt)
