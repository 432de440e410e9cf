"""What a place *said*: untrusted, unsanitised, unresolved.

What does not live here: what we hold true of it (``entries``).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pipeline.model.base import Value, value


class Kind(StrEnum):
    """What an entry is, for sections and filters."""

    NOTICE = "notice"
    COURSE = "course"
    VIDEO = "video"
    POST = "post"
    EVENT = "event"
    NEWS = "news"


@value
class Image(Value):
    """An image a source names; ``alt`` is ``None`` when the source gives none."""

    url: str
    alt: str | None = None


@value
class Attachment(Value):
    """A file a source links to; never executed, never fetched by content alone."""

    url: str
    name: str = ""
    media_type: str | None = None
    bytes: int | None = None


@value
class AttachedText(Value):
    """What a file of the article says: text of untrusted bytes, or why there is none.

    Attributes:
        name: As the article names the file.
        text: Clean lines; ``""`` when it could not be read.
        why: Reason code then (``text/attached``), else ``""``.
    """

    name: str
    text: str = ""
    why: str = ""


@value
class RawDate(Value):
    """A date as the place wrote it.

    Attributes:
        text: The raw text or a machine stamp (RFC 822, ISO 8601, unix seconds as digits).
        form: ``machine`` for formats that carry a zone or are defined by a standard, ``korean`` for human text.
    """

    text: str
    form: Literal["machine", "korean"] = "machine"


@value
class RawCourse(Value):
    """Course fields as the place wrote them; every one raw text, ``""`` when absent.

    ``apply`` may hold several periods, each on its own line or behind its own word (``우선 …, 일반 …``).
    """

    apply: str = ""  # application period
    teach: str = ""  # teaching period
    weekdays: str = ""
    hours: str = ""  # from when to when a day
    status: str = ""
    capacity: str = ""
    applied: str = ""
    waiting: str = ""
    fee: str = ""
    material_fee: str = ""
    selection: str = ""  # 선착순, 추첨
    level: str = ""
    field: str = ""
    place: str = ""
    online: str = ""
    target: str = ""


@value
class Video(Value):
    """What is known of a video.

    Attributes:
        duration_s: ``None`` while unknown or live.
        live: ``none | upcoming | live | ended``.
        starts_at: Announced start of a live video or premiere; the actual one where none was announced.
        short: A YouTube Short by duration and form; ``None`` when unknown.
        captions: Whether people wrote captions for it (automatic ones do not count); ``None`` when unknown.
    """

    duration_s: int | None = None
    live: Literal["none", "upcoming", "live", "ended"] = "none"
    starts_at: datetime | None = None
    short: bool | None = None
    captions: bool | None = None


@value
class Item(Value):
    """What the place *said*: untrusted, unsanitised, unresolved.

    Attributes:
        key: Native identity within the source (guid, board id, video id); ``""`` lets normalize derive one.
        title: Raw text; may hold entities or markup only when ``title_is_html``.
        url: Absolute or relative to ``base_url``.
        base_url: What links in this item are relative to.
        body: Raw HTML (or text when ``body_is_text``).
        links: URLs the item announces besides its own (a video it embeds, the notice it repeats).
        attached: What its files say, for search only: never part of the lead or the markup.
        row: 1-based position in the list, for reports.
        licence: What the article's own page allows (a code of ``licence:``); before the source's.
        skip: Reason code why this row of the place is no item (``test-row``); it is told as dropped, never stored.
        is_withdrawn: Beside ``skip``: the place itself says that the article of this ``key`` is no more; absence never says so.
        is_partial: Its own page belongs to it and could not be read this time: what that page said before still stands.
    """

    key: str = ""
    kind: Kind = Kind.POST
    title: str = ""
    title_is_html: bool = False
    url: str = ""
    base_url: str = ""
    lead: str = ""
    body: str = ""
    body_is_text: bool = False
    author: str = ""
    department: str = ""
    published: RawDate | None = None
    updated: RawDate | None = None
    image: Image | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attached: tuple[AttachedText, ...] = ()
    is_pinned: bool = False
    course: RawCourse | None = None
    video: Video | None = None
    row: int = 0
    licence: str = ""
    skip: str = ""
    is_withdrawn: bool = False
    is_partial: bool = False
    extras: tuple[tuple[str, str], ...] = ()


@value
class Dropped(Value):
    """An item that was not kept, with its reason code (``no-title``, ``duplicate``, ``over-limit``, …)."""

    row: int
    reason: str
    text: str = ""
