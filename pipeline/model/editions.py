"""Stories, editions of a digest, and their renderings.

What does not live here: the outbox (``deliveries``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from pipeline.model.base import Value, value
from pipeline.model.places import Health

if TYPE_CHECKING:
    from pipeline.model.configured import Institute
    from pipeline.model.entries import Entry


@value
class Join(Value):
    """Why two entries are one story."""

    a: str
    b: str
    reason: str


@value
class Story(Value):
    """Entries about one thing.

    Attributes:
        id: Stable slug, ASCII, ≤ 40 characters; never changes once given.
        primary: The entry that speaks for it.
        members: All entries, the primary first.
        why: One reason for each join.
        first_seen_at: Earliest of the members.
    """

    id: str
    primary: Entry
    members: tuple[Entry, ...]
    why: tuple[Join, ...] = ()
    first_seen_at: datetime


@value
class Card(Value):
    """One story as one edition tells it: what a renderer prints.

    Attributes:
        story: The story.
        label: Why it is here now: ``new | closing | opens | changed | late | video``.
        note: One Korean sentence for the reader, ``""`` when none (e.g. ``접수 마감이 11월 30일로 바뀌었습니다``).
        corrects: Id of the edition whose readers were told what is changed here; ``""`` where this is no correction.
    """

    story: Story
    label: str = "new"
    note: str = ""
    corrects: str = ""


@value
class Section(Value):
    """A heading of an edition with its cards, in order."""

    key: str
    title: str
    cards: tuple[Card, ...]


@value
class LeftOut(Value):
    """A story an edition leaves out, with its reason code (``cap``, ``already-published``, ``hidden``, ``quarantined``)."""

    story_id: str
    title: str
    reason: str


@value
class EditionRef(Value):
    """An earlier edition, for the archive."""

    id: str
    digest_id: str
    title: str
    on: date
    stories: int


@value
class SourceCard(Value):
    """A source as citizens see it on its page."""

    id: str
    name: str
    kind: str
    agency: str
    url: str
    last_success_at: datetime | None = None
    health: Health = Health.OK


@value
class Digest(Value):
    """One edition, ready to render: everything a renderer may say.

    Attributes:
        id: ``<digest_id>/<YYYY-MM-DD>``.
        digest_id: Slug of the configured digest.
        title: For people, e.g. ``시흥 배움소식 11월 23일``.
        start_at, end_at: Window ``[start, end)`` by first-seen.
        as_of: The instant the edition speaks from; "today" is its Seoul date.
        sections: In order; never an empty section.
        left_out: What was due but is not here, and why.
        library: Every live story, newest first: for story, source and topic pages. Only a website reads it; reading it opens
            stories that may lie in the store until then.
        archive: Earlier editions, newest first, without this one.
        editions: The sections of earlier editions by id, for their pages; only a website reads it.
        sources: Every enabled source, for source pages.
    """

    id: str
    digest_id: str
    title: str
    institute: Institute
    start_at: datetime
    end_at: datetime
    as_of: datetime
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    library: Sequence[Story] = ()
    archive: tuple[EditionRef, ...] = ()
    editions: Mapping[str, tuple[Section, ...]] = field(default_factory=dict)
    sources: tuple[SourceCard, ...] = ()


@value
class OnDisk(Value):
    """Bytes that stay in their file, so that no night loads a site's pictures.

    Attributes:
        path: Of the file: relative to ``output/`` where a renderer names one (``media/ab/ab12….jpg``), absolute in a
            rendering that was read back.
        sha256: Hex, of the bytes.
        bytes: How many.
    """

    path: str
    sha256: str
    bytes: int


@value
class Artifact(Value):
    """One file of a rendering: relative POSIX path, media type, bytes.

    Attributes:
        body: Empty where the bytes are ``on_disk``.
    """

    path: str
    media_type: str
    body: bytes
    on_disk: OnDisk | None = None


Bodies: TypeAlias = Mapping[str, tuple[str, str]]
"""Plain text and markup by entry id; an entry that is missing speaks with its own."""


@value
class Page(Value):
    """One file of a perpetual rendering, not made yet: whoever keeps the last one decides whether it must be.

    Attributes:
        path: Relative POSIX path, as in ``Artifact``.
        key: A digest of all that decides the file's bytes except the renderer itself, its options and the settings; equal
            keys, equal bytes. ``""`` for a file that is made every time.
        make: Makes it, of the bodies of ``entries``. Pure.
        entries: Ids of the entries whose bodies it prints; a library may come without bodies.
    """

    path: str
    key: str
    make: Callable[[Bodies], Artifact]
    entries: tuple[str, ...] = ()


@value
class Rendering(Value):
    """All files of one channel for one edition: what is previewed, approved and sent.

    Attributes:
        digest_id: Edition id.
        channel: Channel id.
        sha256: Hash over sorted (path, media type, sha256 of body): the name of this rendering.
        artifacts: Sorted by path.
        left_out: What this channel's budget dropped.
    """

    digest_id: str
    channel: str
    sha256: str
    artifacts: tuple[Artifact, ...]
    left_out: tuple[LeftOut, ...] = ()
