"""Renderings become planned sendings: when each may leave, until when, and whether a person must say yes first.

What does not live here: whether one leaves now (``deliver/outbox``), the rows (``store/deliveries``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import pipeline.model as p
from pipeline.model import windows
from pipeline.publish.desk import Desk


def delivery(
    rendering: p.Rendering, channel: p.ChannelSpec, *, now: datetime, as_of: datetime, batch: int = 0
) -> p.Delivery | None:
    """Return the sending of one edition's rendering; ``None`` for a channel that is rendered only.

    Args:
        rendering: Its hash names the bytes that may be sent.
        channel: Its window decides ``not_before_at``; its freshness, counted from ``as_of``, ``expires_at``: an edition
            made for a past day is expired from the start and never sent (P50).
        now: When it is planned.
        as_of: The instant the edition speaks from.
        batch: Above 0 where the same edition goes out once more, to a folder.
    """
    if channel.transport is None:
        return None
    expires_at = as_of + timedelta(hours=channel.fresh_h)
    return _planned(rendering, channel, channel.transport, now=now, expires_at=expires_at, batch=batch)


def site_delivery(
    rendering: p.Rendering, channel: p.ChannelSpec, *, batch: int, again: bool, now: datetime
) -> p.Delivery | None:
    """Return the sending of a perpetual rendering: named by its bytes, never too old.

    Args:
        rendering: Its hash names the bytes that may be sent.
        channel: Its window decides ``not_before_at``.
        batch: Counts the channel's sendings.
        again: The same bytes were sent before, and others since: the id must differ.
        now: When it is planned.
    """
    if channel.transport is None:
        return None
    name = f"site/{channel.id}/{rendering.sha256[:16]}{f'-{batch}' if again else ''}"
    return _planned(rendering, channel, channel.transport, now=now, delivery_id=name, batch=batch)


def _planned(
    rendering: p.Rendering,
    channel: p.ChannelSpec,
    transport: str,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    delivery_id: str = "",
    batch: int = 0,
) -> p.Delivery:
    name = delivery_id or f"{rendering.digest_id}/{channel.id}/{channel.audience}/{batch}"
    is_manual, is_later = channel.approval == "manual", channel.approval == "auto-after"
    ready_at = now + timedelta(hours=channel.approval_after_h) if is_later else now
    return p.Delivery(
        id=name,
        edition_id=rendering.digest_id,
        channel=channel.id,
        transport=transport,
        audience=channel.audience,
        batch=batch,
        rendering_sha256=rendering.sha256,
        idempotency_key=hashlib.sha256(f"{name}\0{rendering.sha256}".encode()).hexdigest()[:32],
        state=p.DeliveryState.HELD if is_manual else p.DeliveryState.PENDING,
        reason="approval" if is_manual else "auto-after" if is_later else "",
        not_before_at=windows.next_opening(ready_at, channel.opens, channel.closes)[0],
        expires_at=expires_at,
        created_at=now,
    )


def enqueue(desk: Desk, renderings: Iterable[p.Rendering]) -> None:
    """Plan the sendings of an edition's renderings, within the caller's transaction."""
    planned = (delivery(r, desk.channels[r.channel][0], now=desk.now, as_of=desk.as_of) for r in renderings)
    desk.store.deliveries.enqueue([d for d in planned if d is not None], now=desk.now)
