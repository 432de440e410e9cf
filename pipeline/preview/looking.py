"""Gathers what the page of one edition shows: stored renderings, deliveries, what was left out; reads only.

What does not live here: HTML (``pages``), http (``server``), changing anything (``deciding``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline import report
from pipeline.i18n import _
from pipeline.preview import mail, words
from pipeline.preview.drafts import Draft, Drafts
from pipeline.preview.queue import Queue, gather
from pipeline.preview.screens import Screen, Screens, screens_of
from pipeline.preview.shelf import Shelf, Stored
from pipeline.preview.stamp import stamp_of
from pipeline.publish import difference
from pipeline.publish.approving import AUTO_AFTER
from pipeline.publish.site import SITE

if TYPE_CHECKING:
    from pipeline.store.editions import EditionRow
    from pipeline.store.store import Store
    from pipeline.wiring import House

_DONE: Final = (p.DeliveryState.ABANDONED, p.DeliveryState.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One delivery as the page shows it.

    Attributes:
        when, deadline, why: Sentences, ``""`` when there is nothing to say.
        is_shown: Its bytes are those in the frame; only then may it be approved here.
    """

    id: str
    state: str
    word: str
    when: str
    deadline: str
    why: str
    is_shown: bool
    may_approve: bool
    may_hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel's column.

    Attributes:
        problem: Why there is nothing to see, ``""`` when there is.
        is_draft: The frames show what is not stored yet; it has no hash to approve.
        main: What the frames show.
        more: Other readings of the same bytes (plain text), shown on demand.
        raw: Stored files to take as they are.
        note: One sentence about what the frame shows.
    """

    id: str
    title: str
    sha256: str = ""
    is_draft: bool = False
    problem: str = ""
    main: Screen | None = None
    more: tuple[Screen, ...] = ()
    raw: tuple[Screen, ...] = ()
    note: str = ""
    subject: str = ""
    left_out: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What the draft that is shown says of itself.

    Attributes:
        changes: What differs from what is stored, item by item.
        problem: Why something cannot be made, ``""`` when everything can.
        voids: Titles of the channels that a person approved with other bytes.
    """

    changes: tuple[str, ...]
    problem: str
    voids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything the page of one edition says.

    Attributes:
        editions: Id and title of every edition to choose from, newest first.
        left_out: Titles by reason, for all channels.
        is_copy: The store was copied here: nothing leaves.
        drafted: What a draft changes; ``None`` when what is stored is shown.
    """

    id: str
    title: str
    on: str
    stories: int
    institute: str
    editions: tuple[tuple[str, str], ...]
    channels: tuple[Channel, ...]
    left_out: tuple[tuple[str, tuple[str, ...]], ...]
    is_copy: bool
    queue: Queue
    stamp: str
    drafted: Drafted | None = None


def look(house: House, shelf: Shelf, edition_id: str = "", *, drafts: Drafts | None = None) -> View | None:
    """Return what there is to see of an edition (the newest when none is named); ``None`` when there is no such one.

    Args:
        house: Gives settings, store, clock.
        shelf: Where stored bytes are found; told which drafts stand before them.
        edition_id: Which edition.
        drafts: Makes the draft, where what is stored fell behind; without it only what is stored is shown.

    Raises:
        StoreError: The store cannot be read.

    Cost: opens the store read-only; a few indexed queries; the renderings of the edition when they were not read yet.
    """
    with house.store(read_only=True) as store:
        rows = store.digests.editions(limit=p.limits.PREVIEW_EDITIONS)
        row = store.digests.edition(edition_id) if edition_id else newest(house, rows)
        if row is None:
            return None
        sendings = _sendings(store, row)
        is_copy = not store.stamp_matches()
        stamp = stamp_of(house, store)
        draft = drafts.now(house, store, stamp) if drafts is not None else None
        shelf.drafted = draft.renderings if draft is not None else {}
        row = draft.editions[row.id].row if draft is not None and row.id in draft.editions else row
        queue = gather(store, row)
    is_newest = row.id == next((r.id for r in rows if r.digest_id == row.digest_id), row.id)
    return View(
        id=row.id,
        title=row.title,
        on=words.moment(row.as_of),
        stories=sum(len(section["cards"]) for section in row.sections),
        institute=house.settings.institute.name,
        editions=tuple((r.id, r.title) for r in rows),
        channels=tuple(_channels(house, shelf, row, sendings, is_newest=is_newest)),
        left_out=_by_reason((o["title"], o["reason"]) for o in row.left_out),
        is_copy=is_copy,
        queue=queue,
        stamp=stamp,
        drafted=_drafted(house, draft, row, sendings),
    )


def newest(house: House, rows: Sequence[EditionRow]) -> EditionRow | None:
    """Return the newest edition; of one day's, that of the digest configured first."""
    rank = {spec.id: n for n, spec in enumerate(house.settings.digests)}
    of_today = [row for row in rows if row.on == max(row.on for row in rows)]
    return min(of_today, key=lambda row: rank.get(row.digest_id, len(rank)), default=None)


def _drafted(house: House, draft: Draft | None, row: EditionRow, sendings: tuple[p.Delivery, ...]) -> Drafted | None:
    if draft is None:
        return None
    made = draft.editions.get(row.id)
    asked = {channel.id: channel for channel in house.settings.channels if channel.approval == "manual"}
    free = [d for d in sendings if d.edition_id == row.id and _is_approved(d, asked.get(d.channel))]
    voids = [d.channel for d in free if row.renderings.get(d.channel) != d.rendering_sha256]
    return Drafted(
        changes=tuple(difference.sentence(change) for change in made.changes) if made is not None else (),
        problem=draft.problem,
        voids=tuple(_title(house, asked[channel], channel) for channel in dict.fromkeys(voids)),
    )


def _sendings(store: Store, row: EditionRow) -> tuple[p.Delivery, ...]:
    return store.deliveries.find(edition_id=row.id) + store.deliveries.find(edition_id=SITE)


def _channels(
    house: House, shelf: Shelf, row: EditionRow, deliveries: tuple[p.Delivery, ...], *, is_newest: bool
) -> Iterator[Channel]:
    spec = next((d for d in house.settings.digests if d.id == row.digest_id), None)
    specs = {channel.id: channel for channel in house.settings.channels}
    for channel_id in dict.fromkeys((*(spec.channels if spec else ()), *row.renderings)):
        channel = specs.get(channel_id)
        title = _title(house, channel, channel_id)
        try:
            stored = _stored(shelf, row, channel_id)
        except p.StoreError as error:
            mine = [d for d in deliveries if d.channel == channel_id and d.edition_id == row.id]
            shown = tuple(_sending(d, channel, "", house.clock()) for d in mine)
            yield Channel(id=channel_id, title=title, problem=words.problem(error), sendings=shown)
            continue
        if stored is None:
            why = _("이 소식에는 이 채널로 만든 것이 없습니다.")
            yield Channel(id=channel_id, title=title, problem=why)
            continue
        page = "" if is_newest else row.id
        screens = screens_of(stored, shelf.key, page)
        yield _channel(stored, channel, _of(stored, deliveries), screens=screens, title=title, now=house.clock())


def _stored(shelf: Shelf, row: EditionRow, channel_id: str) -> Stored | None:
    """Return the channel's rendering: this edition's own, or the living site; ``None`` when neither was made."""
    if channel_id in row.renderings:
        return shelf.rendering(row.id, channel_id, row.renderings[channel_id])
    try:
        return shelf.rendering(SITE, channel_id)
    except p.StoreError as error:
        if error.code == "not-rendered":
            return None
        raise


def _of(stored: Stored, deliveries: tuple[p.Delivery, ...]) -> list[p.Delivery]:
    """The channel's sendings: an edition's all; of the site the one of these bytes, else the last that still counts."""
    mine = [d for d in deliveries if d.channel == stored.channel and d.edition_id == stored.edition_id]
    if stored.edition_id != SITE:
        return mine
    same = [d for d in mine if d.rendering_sha256 == stored.sha256]
    return (same or [d for d in mine if d.state not in _DONE])[-1:]


def _channel(
    stored: Stored,
    channel: p.ChannelSpec | None,
    deliveries: list[p.Delivery],
    *,
    screens: Screens,
    title: str,
    now: datetime,
) -> Channel:
    main, more, raw = screens
    return Channel(
        id=stored.channel,
        title=title,
        sha256=stored.sha256 if stored.draft is None else "",
        is_draft=stored.draft is not None,
        main=main,
        more=more,
        raw=raw,
        note=_("누리집은 하나뿐이라, 지금의 누리집을 보여 드립니다.") if stored.edition_id == SITE else "",
        subject=mail.subject_of(stored),
        left_out=_by_reason((o.title, o.reason) for o in stored.left_out),
        sendings=tuple(_sending(d, channel, stored.sha256, now, is_draft=stored.draft is not None) for d in deliveries),
    )


def _title(house: House, channel: p.ChannelSpec | None, channel_id: str) -> str:
    if channel is None:
        return channel_id
    try:
        return house.registry.renderer(channel.renderer).TITLE
    except p.PluginError:
        return channel_id


def _sending(
    delivery: p.Delivery, channel: p.ChannelSpec | None, shown: str, now: datetime, *, is_draft: bool = False
) -> Sending:
    is_shown = delivery.rendering_sha256 == shown
    may_leave = channel is not None and channel.transport is not None
    return Sending(
        id=delivery.id,
        state=delivery.state.value,
        word=report.delivery_word(delivery.state),
        when=words.falls() if is_draft and _is_approved(delivery, channel) else words.departure(delivery, channel, now),
        deadline=words.deadline(delivery),
        why=words.why_held(delivery.reason),
        is_shown=is_shown,
        may_approve=is_shown
        and (delivery.state is p.DeliveryState.HELD or delivery.reason == AUTO_AFTER)
        and channel is not None
        and may_leave
        and words.opening(delivery, channel, now) is not None,
        may_hold=delivery.state is p.DeliveryState.PENDING,
    )


def _is_approved(delivery: p.Delivery, channel: p.ChannelSpec | None) -> bool:
    """Whether a person let a waiting sending go."""
    asks = channel is not None and channel.approval == "manual"
    return asks and delivery.state is p.DeliveryState.PENDING and not delivery.reason


def _by_reason(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for title, reason in rows:
        found.setdefault(reason, []).append(title)
    return tuple((words.why_left_out(reason), tuple(titles)) for reason, titles in found.items())
