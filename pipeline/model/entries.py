"""What we hold to be true.

What does not live here: what the place said (``items``), changes to it (``changes``).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pipeline.model.base import Value, value

if TYPE_CHECKING:
    from pipeline.model.items import Attachment, Image, Kind, Video
    from pipeline.model.pictures import Picture


@value
class DateFact(Value):
    """A date we hold true, with how it was known.

    Attributes:
        at: The instant in UTC. For a date without a time, midnight in the source's zone.
        has_time: Whether the source stated a time of day.
        raw: The text it came from.
        method: ``rfc822 | iso8601 | w3c | unix | korean | first-seen | clamped``.
        inferred: True when we filled something in (year, day): never shown as a fact.
        zone: Zone applied to a naive text; ``""`` when the text carried its own.
    """

    at: datetime
    has_time: bool = True
    raw: str = ""
    method: str = ""
    inferred: bool = False
    zone: str = ""


class CourseStatus(StrEnum):
    """A course's status, normalised from the source's word (korea §4)."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    WAITLIST = "waitlist"
    CLOSED = "closed"
    ENDED = "ended"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@value
class Course(Value):
    """Typed course facts; instants are UTC, ``*_has_time`` tells whether a time of day was stated.

    Attributes:
        apply_until_at: For a date without a time, the end of that day in Seoul (24:00, exclusive).
        apply_raw: The source's words where it states several application periods (``우선 …, 일반 …``): ``apply_from_at``
            is then the earliest beginning and ``apply_until_at`` the latest end; ``None`` for a single period.
        starts_on, ends_on: Teaching period, dates in Seoul.
        weekdays: Days of teaching, RFC 5545 codes in week order (``MO`` … ``SU``); empty when not stated.
        starts_time, ends_time: Hours of a day of teaching in Seoul, ``HH:MM``.
        capacity, applied, waiting: People.
        fee: The source's words (``무료``, ``10,000원 (재료비 별도)``); a bare number is written as won.
        fee_won: What taking part costs, in won, 0 when free; ``None`` where the words name no one price.
        material_fee: The source's words on materials.
        selection: How places are given, the source's words (``선착순``, ``추첨``).
        online: ``None`` where both or nothing is said; ``mode`` tells which.
        mode: ``online | offline | mixed``; ``None`` when not said.
    """

    apply_from_at: datetime | None = None
    apply_from_has_time: bool = False
    apply_until_at: datetime | None = None
    apply_until_has_time: bool = False
    apply_raw: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    weekdays: tuple[str, ...] = ()
    starts_time: str | None = None
    ends_time: str | None = None
    status: CourseStatus = CourseStatus.UNKNOWN
    status_raw: str | None = None
    status_as_of_at: datetime | None = None
    capacity: int | None = None
    applied: int | None = None
    waiting: int | None = None
    fee: str | None = None
    fee_won: int | None = None
    material_fee: str | None = None
    selection: str | None = None
    level: str | None = None
    field: str | None = None
    place: str | None = None
    online: bool | None = None
    mode: Literal["online", "offline", "mixed"] | None = None
    target: str | None = None


@value
class Entry(Value):
    """What we hold to be true of one item of one source.

    Attributes:
        id: Stable public id, ``<source_id>:<12 hex of key>``; survives a change of URL.
        key: Native identity within the source (at most 200 characters; longer ones are hashed).
        url: Canonical absolute URL for people.
        url_hash: Hash of the canonical URL, to heal identity when a key changes.
        text: Plain text of the body, at most ``BODY_TEXT_CHARS``.
        lead: First sentences, plain.
        body_html: Sanitised.
        fingerprint: Canonical JSON of the material fields (deadline, start, place, cancelled …), so that a change can be told.
        content_hash: Hash of everything shown; equal means unchanged. Inferred dates do not count.
        image: As its source names it; citizens never fetch it from there.
        picture: Our own copies of ``image``, for renderers; filled in when entries are read for publishing, never stored here.
        links: Canonical URLs the entry announces or embeds.
        first_seen_at, last_seen_at: Filled in by the store on first insert.
        is_quiet: Stored but never announced (backfill of a first run).
        quarantined: Reason code, ``""`` when free.
        gone_at: When the source withdrew it.
    """

    id: str
    source_id: str
    key: str
    kind: Kind
    title: str
    url: str
    url_hash: str = ""
    agency: str = ""
    department: str = ""
    lead: str = ""
    text: str = ""
    body_html: str = ""
    author: str = ""
    image: Image | None = None
    picture: Picture | None = None
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    licence: str = ""
    language: str = "ko"
    published: DateFact | None = None
    updated: DateFact | None = None
    course: Course | None = None
    video: Video | None = None
    is_pinned: bool = False
    fingerprint: str = ""
    content_hash: str = ""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    is_quiet: bool = False
    quarantined: str = ""
    gone_at: datetime | None = None
