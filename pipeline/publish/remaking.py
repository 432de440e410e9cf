"""Makes an edition that waits anew: after an editor's decision, or because an item in it changed (CS7).

What does not live here: how one is composed (``editions``, ``compose``), what differs (``difference``), decisions.
What left stays as it left: only sendings that never began get other bytes, and what a person had approved waits for
that person again. A folder may be written once more, because nobody outside reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pipeline.model as p
from pipeline.model import windows
from pipeline.publish import difference, making, outgoing, stored
from pipeline.publish.desk import Desk
from pipeline.store.editions import EditionRow
from pipeline.store.store import Store

_OPEN: Final = (p.DeliveryState.PENDING, p.DeliveryState.HELD)
VOID: Final = "approval-void"
_OURS: Final = ("bytes-changed", "not-rendered", "nothing-left")  # held by us until there are bytes again
_BASELINE: Final = "approved/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """An edition as it stands now.

    Attributes:
        changes: Against the edition as it stood before.
        renderings: What was made anew; not stored in a dry run.
        before: Hash by channel as it was stored before.
        voided: Ids of deliveries whose approval no longer holds.
    """

    row: EditionRow
    changes: tuple[difference.Change, ...]
    renderings: tuple[p.Rendering, ...]
    before: Mapping[str, str]
    voided: tuple[str, ...] = ()

    @property
    def stories(self) -> int:
        """How many cards it has."""
        return sum(len(section["cards"]) for section in self.row.sections)

    @property
    def rendered(self) -> tuple[p.Rendered, ...]:
        """What stands, for the report."""
        return tuple(p.Rendered(channel=c, sha256=sha, files=0) for c, sha in sorted(self.row.renderings.items()))


def waiting(desk: Desk) -> tuple[EditionRow, ...]:
    """Return the editions a decision still reaches: each digest's newest, if it is today's or something of it waits.

    Cost: two indexed queries for each digest.
    """
    found = []
    for spec in desk.settings.digests:
        row = next(iter(desk.store.digests.editions(spec.id, limit=1)), None)
        if row is not None and (_is_today(desk, row) or any(d.state in _OPEN for d in _sendings(desk, row))):
            found.append(row)
    return tuple(found)


def remake(desk: Desk, row: EditionRow, *, by_hand: bool) -> Remade | None:
    """Compose and render an edition again as of its own instant; ``None`` when nothing of it would differ.

    Args:
        desk: ``is_dry`` only looks.
        row: The edition as stored.
        by_hand: An editor decided: folders of today's edition are written again, too.

    Returns:
        What became of it. A channel that cannot be rendered is an error of the desk; what waits on it is held, because its
        bytes no longer tell what they should.

    Raises:
        StoreError: Nothing was recorded.

    Cost: the live library once for each run; one rendering for each channel that waits.
    """
    spec = next((s for s in desk.settings.digests if s.id == row.digest_id), None)
    channels = [] if spec is None else _channels(desk, spec, row, by_hand=by_hand)
    if spec is None or not channels:
        return None
    made = making.composed(desk, spec, row.as_of, again=row.id)
    shown = [c for c in channels if made.stories or c[0].empty == "note"]
    renderings = making.rendered(desk, shown, made.digest)
    after = _after(row, _names(channels), _names(shown), stored.row_of(made.digest, renderings, state="", now=desk.now))
    changes = difference.between(row.sections, after.sections, renderings=(row.renderings, after.renderings))
    work = _Work(
        desk=desk,
        row=row,
        channels=[c for c, _r in channels],
        renderings={r.channel: r for r in renderings},
        wanted=_names(shown),
    )
    if not changes and after.renderings == row.renderings and work.is_done():
        return None
    voided: tuple[str, ...] = ()
    if not desk.is_dry:
        for rendering in renderings:
            desk.write(rendering)
        with desk.store.transaction():
            voided = work.replan()
            _record(desk, row, after, made.ledger)
    return Remade(row=after, changes=changes, renderings=renderings, before=row.renderings, voided=voided)


def _after(row: EditionRow, touched: set[str], wanted: set[str], fresh: EditionRow) -> EditionRow:
    """Return the edition's new row; a channel that may change but was not rendered has no bytes that tell it."""
    hashes = {name: sha for name, sha in row.renderings.items() if name not in touched} | dict(fresh.renderings)
    return replace(
        row,
        title=fresh.title,
        sections=fresh.sections,
        left_out=fresh.left_out,
        renderings=hashes,
        state="partial" if wanted - fresh.renderings.keys() else row.state,
    )


def _names(channels: list[tuple[p.ChannelSpec, p.Renderer]]) -> set[str]:
    return {channel.id for channel, _renderer in channels}


def _record(desk: Desk, row: EditionRow, after: EditionRow, ledger: tuple[tuple[str, str], ...]) -> None:
    """Save the edition; the ledger forgets what nobody has been told."""
    desk.store.digests.save_edition(after)
    if all(_never_began(d) for d in _sendings(desk, row)):
        desk.store.digests.forget_told(row.id)
    making.enter(desk, row.digest_id, row.id, ledger)


def _channels(
    desk: Desk, spec: p.DigestSpec, row: EditionRow, *, by_hand: bool
) -> list[tuple[p.ChannelSpec, p.Renderer]]:
    """Return the channels whose bytes may still change."""
    sendings = _sendings(desk, row)
    waits = any(_never_began(d) and d.state in _OPEN for d in sendings)
    found = []
    for channel, renderer in making.channels_of(desk, spec):
        mine = [d for d in sendings if d.channel == channel.id]
        if channel.transport is None:
            may = waits or (by_hand and _is_today(desk, row))
        else:
            may = any(_never_began(d) and d.state in _OPEN for d in mine)
            may = may or (by_hand and _is_today(desk, row) and _is_folder(desk, channel) and _all_sent(mine))
        if may and (channel.id in row.renderings or mine):
            found.append((channel, renderer))
    return found


def _sendings(desk: Desk, row: EditionRow) -> tuple[p.Delivery, ...]:
    return desk.store.deliveries.of_edition(row.id)


def _never_began(delivery: p.Delivery) -> bool:
    return delivery.attempts == 0 and delivery.state is not p.DeliveryState.SENT


def _all_sent(deliveries: list[p.Delivery]) -> bool:
    return bool(deliveries) and all(d.state is p.DeliveryState.SENT for d in deliveries)


def _is_today(desk: Desk, row: EditionRow) -> bool:
    return row.on == windows.seoul_date(desk.now)


def _is_folder(desk: Desk, channel: p.ChannelSpec) -> bool:
    return channel.transport is not None and not desk.plugins.transport(channel.transport).REACHES_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """Brings the sendings of one edition in step with its new bytes."""

    desk: Desk
    row: EditionRow
    channels: list[p.ChannelSpec]
    renderings: Mapping[str, p.Rendering]
    wanted: set[str]

    def is_done(self) -> bool:
        """Whether every sending carries what it should."""
        return not any(self._stale(channel) for channel in self.channels)

    def replan(self) -> tuple[str, ...]:
        """Give what waits its new bytes; return the ids whose approval is void."""
        voided = []
        for channel in self.channels:
            for old in self._stale(channel):
                if old.state is p.DeliveryState.SENT:
                    self._once_more(channel, old)
                elif self._changed(channel, old):
                    voided.append(old.id)
        if voided and self.desk.store.digests.get_meta(_BASELINE + self.row.id) is None:
            kept = {"sections": self.row.sections, "renderings": dict(self.row.renderings)}
            self.desk.store.digests.set_meta(_BASELINE + self.row.id, kept)
        return tuple(voided)

    def _stale(self, channel: p.ChannelSpec) -> list[p.Delivery]:
        """What waits with other bytes; else the last sending into a folder, if it carried others."""
        rendering = self.renderings.get(channel.id)
        mine = [d for d in _sendings(self.desk, self.row) if d.channel == channel.id]
        open_ = [d for d in mine if d.state in _OPEN and _never_began(d)]
        last = [] if open_ or not _all_sent(mine) else [max(mine, key=lambda d: d.batch)]
        return [d for d in open_ or last if rendering is None or d.rendering_sha256 != rendering.sha256]

    def _once_more(self, channel: p.ChannelSpec, old: p.Delivery) -> None:
        rendering = self.renderings.get(channel.id)
        if rendering is not None:
            more = self._planned(channel, rendering, old.batch + 1)
            self.desk.store.deliveries.enqueue([more], now=self.desk.now)

    def _changed(self, channel: p.ChannelSpec, old: p.Delivery) -> bool:
        """Give a waiting sending its new bytes; return whether a person had approved the old ones."""
        box, rendering = self.desk.store.deliveries, self.renderings.get(channel.id)
        if rendering is None:
            why = "not-rendered" if channel.id in self.wanted else "nothing-left"
            box.hold([old.id], why, now=self.desk.now)
            return False
        planned = self._planned(channel, rendering, old.batch)
        was_free = old.state is p.DeliveryState.PENDING and old.reason == "" and channel.approval != "auto"
        if was_free and channel.approval == "manual":
            planned = replace(planned, reason=VOID)
        elif old.state is p.DeliveryState.HELD and old.reason not in _OURS:
            planned = replace(planned, state=old.state, reason=old.reason)
        return box.replan(planned, now=self.desk.now) and was_free

    def _planned(self, channel: p.ChannelSpec, rendering: p.Rendering, batch: int) -> p.Delivery:
        made = outgoing.delivery(rendering, channel, now=self.desk.now, as_of=self.row.as_of, batch=batch)
        if made is None:
            raise p.StoreError(channel.id, code="channel-removed")
        return made


def since_approval(store: Store, row: EditionRow) -> tuple[difference.Change, ...]:
    """Return what differs from what a person approved last, where that approval was voided; nothing otherwise.

    Cost: one row.
    """
    kept = store.digests.get_meta(_BASELINE + row.id)
    if not kept:
        return ()
    return difference.between(kept["sections"], row.sections, renderings=(kept["renderings"], row.renderings))


def forget_approved(store: Store, edition_id: str) -> None:
    """A person approved what stands now."""
    if store.digests.get_meta(_BASELINE + edition_id) is not None:
        store.digests.set_meta(_BASELINE + edition_id, None)
