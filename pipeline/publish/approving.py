"""A person lets sendings go, or keeps them back: by the hash of what was seen, and on the record.

What does not live here: sending (``deliver/``), asking the person (``cli/``, ``preview/``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pipeline.model as p
from pipeline import output
from pipeline.model import windows
from pipeline.publish import remaking
from pipeline.publish.site import SITE
from pipeline.store.store import Store

AUTO_AFTER: Final = "auto-after"


def may_be_approved(store: Store, output_dir: Path, delivery: p.Delivery) -> bool:
    """Whether the bytes a sending carries are those its edition tells now, whole, on the disk (P56).

    Cost: one row; reads every file of the rendering.
    """
    if delivery.edition_id != SITE:
        row = store.digests.edition(delivery.edition_id)
        if row is not None and row.renderings.get(delivery.channel) != delivery.rendering_sha256:
            return False
    try:
        output.read_rendering(output_dir, delivery.edition_id, delivery.channel, sha256=delivery.rendering_sha256)
    except p.StoreError:
        return False
    return True


def approve(
    store: Store, found: Sequence[p.Delivery], channels: Iterable[p.ChannelSpec], *, actor: str, now: datetime
) -> int:
    """Release held sendings, and let those that wait for an objection go as soon as their channel opens.

    Returns:
        How many moved; what moved is on the record with its hash.
    """
    specs = {channel.id: channel for channel in channels}
    count = 0
    with store.transaction():
        for one in found:
            moved = store.deliveries.release([one.id], now=now)
            channel = specs.get(one.channel)
            if not moved and one.reason == AUTO_AFTER and channel is not None:
                at = windows.next_opening(now, channel.opens, channel.closes)[0]
                moved = store.deliveries.replan(replace(one, not_before_at=at, reason=""), now=now)
            if moved:
                count += 1
                _record(store, "approve", one, actor, now)
                remaking.forget_approved(store, one.edition_id)
    return count


def hold(store: Store, found: Sequence[p.Delivery], *, actor: str, now: datetime) -> int:
    """Hold sendings that have not left; returns how many."""
    count = 0
    with store.transaction():
        for one in found:
            if store.deliveries.hold([one.id], "person", now=now):
                count += 1
                _record(store, "hold", one, actor, now)
    return count


def _record(store: Store, action: str, one: p.Delivery, actor: str, now: datetime) -> None:
    args: dict[str, p.Json] = {"sha256": one.rendering_sha256}
    store.digests.decide(action, one.id, args, actor=actor, now=now)
