"""Gathers what the page of one edition shows: stored renderings, deliveries, what was left out; reads only.

What does not live here: HTML (``pages``), http (``server``), changing anything (``deciding``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline import report
from pipeline.i18n import _
from pipeline.preview import mail, words
from pipeline.preview.queue import Queue, gather
from pipeline.preview.shelf import Shelf, Stored
from pipeline.publish.approving import AUTO_AFTER
from pipeline.publish.run import ground_of
from pipeline.publish.site import SITE

if TYPE_CHECKING:
    from pipeline.store.editions import EditionRow
    from pipeline.store.store import Store
    from pipeline.wiring import House

_OPEN: Final = (p.DeliveryState.PENDING, p.DeliveryState.HELD)
_HTML: Final = "text/html"
_DONE: Final = (p.DeliveryState.ABANDONED, p.DeliveryState.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One frame or link: what it is called and where its bytes are.

    Attributes:
        kind: ``site`` (may run its own script), ``still`` (may not), ``text``.
    """

    title: str
    src: str
    kind: str = "still"


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
        main: What the frames show.
        more: Other readings of the same bytes (plain text), shown on demand.
        raw: Stored files to take as they are.
        note: One sentence about what the frame shows.
    """

    id: str
    title: str
    sha256: str = ""
    problem: str = ""
    main: Screen | None = None
    more: tuple[Screen, ...] = ()
    raw: tuple[Screen, ...] = ()
    note: str = ""
    subject: str = ""
    left_out: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sendings: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything the page of one edition says.

    Attributes:
        editions: Id and title of every edition to choose from, newest first.
        left_out: Titles by reason, for all channels.
        is_copy: The store was copied here: nothing leaves.
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


def look(house: House, shelf: Shelf, edition_id: str = "") -> View | None:
    """Return what there is to see of an edition (the newest when none is named); ``None`` when there is no such one.

    Raises:
        StoreError: The store cannot be read.

    Cost: opens the store read-only; a few indexed queries; the renderings of the edition when they were not read yet.
    """
    with house.store(read_only=True) as store:
        rows = store.digests.editions(limit=p.limits.PREVIEW_EDITIONS)
        row = store.digests.edition(edition_id) if edition_id else next(iter(rows), None)
        if row is None:
            return None
        sendings = _sendings(store, row)
        is_copy = not store.stamp_matches()
        queue = gather(store, row)
        stamp = stamp_of(house, store)
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
    )


def stamp_of(house: House, store: Store) -> str:
    """Return what changes when the page would: the store's content, what waits, the configuration, the templates.

    Cost: two queries; one ``stat`` for each file of ``config/`` and of the renderers.
    """
    whole = hashlib.blake2b(ground_of(house.settings).encode(), digest_size=12)
    whole.update(str(store.entries.content_version()).encode())
    for delivery in store.deliveries.list(_OPEN):
        whole.update(f"{delivery.id} {delivery.state} {delivery.rendering_sha256}".encode())
    for file in sorted((Path(house.settings.project) / "config").rglob("*")):
        about = file.stat()
        whole.update(f"{file.name} {about.st_size} {about.st_mtime_ns}".encode())
    return whole.hexdigest()


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
        yield _channel(stored, channel, _of(stored, deliveries), page=page, title=title, now=house.clock())


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
    page: str,
    title: str,
    now: datetime,
) -> Channel:
    main, more, raw = _screens(stored, page)
    return Channel(
        id=stored.channel,
        title=title,
        sha256=stored.sha256,
        main=main,
        more=more,
        raw=raw,
        note=_("누리집은 하나뿐이라, 지금의 누리집을 보여 드립니다.") if stored.edition_id == SITE else "",
        subject=mail.subject_of(stored),
        left_out=_by_reason((o.title, o.reason) for o in stored.left_out),
        sendings=tuple(_sending(d, channel, stored.sha256, now) for d in deliveries),
    )


def _screens(stored: Stored, page: str) -> tuple[Screen | None, tuple[Screen, ...], tuple[Screen, ...]]:
    """Return what to show of a rendering, by the media types it holds, whatever the channel is called."""
    place = f"{stored.sha256}/{stored.edition_id.replace('/', '~')}/{stored.channel}"
    paths: dict[str, list[str]] = {}
    for path, (media, _sha) in stored.files.items():
        paths.setdefault(media, []).append(path)
    letters = paths.get(mail.MEDIA_TYPE)
    if letters:
        return (
            Screen(title=_("HTML 메일"), src=f"/mail/{place}/html/{letters[0]}"),
            (Screen(title=_("글자만 나오는 메일"), src=f"/mail/{place}/text/{letters[0]}", kind="text"),),
            (Screen(title=letters[0], src=f"/stored/{place}/{letters[0]}"),),
        )
    if stored.edition_id == SITE:
        return Screen(title=_("누리집"), src=f"/stored/{place}/{_front(stored, page)}", kind="site"), (), ()
    pages = paths.get(_HTML, [])
    texts = paths.get("text/plain", [])
    main = [Screen(title=_("화면"), src=f"/stored/{place}/{path}") for path in pages[:1]]
    plain = [Screen(title=_("붙여 넣을 글"), src=f"/stored/{place}/{path}", kind="text") for path in texts]
    raw = tuple(Screen(title=path, src=f"/stored/{place}/{path}") for path in sorted(stored.files))
    return next(iter((*main, *plain)), None), tuple(plain if main else plain[1:]), raw


def _front(stored: Stored, edition_id: str) -> str:
    """The page of the site to open: an earlier edition's own, else the front page (``edition_id`` is empty)."""
    own = f"e/{edition_id}.html"
    return own if own in stored.files else "index.html"


def _title(house: House, channel: p.ChannelSpec | None, channel_id: str) -> str:
    if channel is None:
        return channel_id
    try:
        return house.registry.renderer(channel.renderer).TITLE
    except p.PluginError:
        return channel_id


def _sending(delivery: p.Delivery, channel: p.ChannelSpec | None, shown: str, now: datetime) -> Sending:
    is_shown = delivery.rendering_sha256 == shown
    may_leave = channel is not None and channel.transport is not None
    return Sending(
        id=delivery.id,
        state=delivery.state.value,
        word=report.delivery_word(delivery.state),
        when=words.departure(delivery, channel, now),
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


def _by_reason(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for title, reason in rows:
        found.setdefault(reason, []).append(title)
    return tuple((words.why_left_out(reason), tuple(titles)) for reason, titles in found.items())
