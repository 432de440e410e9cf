"""The outbox: every planned sending and what became of it.

What does not live here: planning them (``planned``), when and whether to send (``deliver/outbox``), the bytes (``output``).
Every method that must not be forgotten by a power cut commits with ``synchronous=FULL`` before it returns (P28, P46).
Source: reliability Part 4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select, update

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model import DeliveryState as S
from pipeline.store import rows
from pipeline.store.engine import chunks
from pipeline.store.planned import Planned
from pipeline.store.recipients import Recipients
from pipeline.store.tables import deliveries, recipients

_MAY_SETTLE = {  # from which states a settlement may come: an outcome needs a claim, a refusal to send does not
    S.SENT: (S.SENDING, S.UNKNOWN),
    S.UNKNOWN: (S.SENDING,),
    S.PENDING: (S.SENDING,),
    S.FAILED: (S.SENDING, S.UNKNOWN, S.PENDING),
    S.HELD: (S.SENDING, S.PENDING),
    S.EXPIRED: (S.SENDING, S.PENDING, S.HELD),
    S.ABANDONED: (S.SENDING, S.UNKNOWN, S.PENDING, S.HELD, S.FAILED),
}


class Deliveries(Recipients, Planned):
    """The outbox and the receivers of its deliveries."""

    def replan(self, planned: p.Delivery, *, now: datetime) -> bool:
        """Let a delivery that never began carry other bytes; ``False`` when it began or ended meanwhile.

        Joins the caller's transaction, so that an edition and its sendings change together.

        Cost: one update.
        """
        names = ("rendering_sha256", "idempotency_key", "reason", "not_before_at", "expires_at")
        values: dict[str, Any] = {name: getattr(planned, name) for name in names}
        values |= {"state": planned.state.value, "retry_at": None, "touched_at": now}
        query = update(deliveries).where(deliveries.c.id == planned.id, _in((S.PENDING, S.HELD)))
        with self._db.writing(durable=True):
            return self._db.execute(query.where(deliveries.c.attempts == 0).values(**values)).rowcount == 1

    def due(self, now: datetime) -> tuple[p.Delivery, ...]:
        """Return pending deliveries whose time has come, oldest first; expired ones too, to be settled as such.

        Cost: one indexed query over the pending rows.
        """
        is_time = deliveries.c.not_before_at <= now
        is_retry = or_(deliveries.c.retry_at.is_(None), deliveries.c.retry_at <= now)
        return self._read(_in((S.PENDING,)), is_time, is_retry)

    def claim(self, delivery_id: str, now: datetime) -> p.Delivery | None:
        """Move a pending delivery to ``sending`` and return it; ``None`` when another process has it.

        The row is on the disk before this returns: only then may a connection be opened (P46).

        Raises:
            RuntimeError: Inside a transaction, which could still roll the claim back.
            StoreError: Nothing was claimed; nothing may be sent.

        Cost: one durable transaction.
        """
        mine = deliveries.c.id == delivery_id
        with self._db.transaction(durable=True):
            # PostgreSQL: a row another process is claiming at this instant is skipped, not waited for
            found = self._db.rows(select(deliveries).where(mine, _in((S.PENDING,))).with_for_update(skip_locked=True))
            if not found:
                return None
            query = update(deliveries).where(mine, _in((S.PENDING,)))
            claimed = self._db.execute(
                query.values(
                    state=S.SENDING.value, attempts=deliveries.c.attempts + 1, retry_at=None, reason="", touched_at=now
                )
            )
            if claimed.rowcount != 1:
                return None
        held = dict(found[0])
        changed = {"state": S.SENDING.value, "attempts": held["attempts"] + 1, "retry_at": None, "reason": ""}
        return rows.delivery(held | changed)

    def keep(self, delivery_id: str, memo: p.Memo) -> None:
        """Keep the step a transport has reached; durable before this returns.

        Raises:
            StoreError: It could not be kept: the transport must not go on.

        Cost: one durable transaction.
        """
        query = update(deliveries).where(deliveries.c.id == delivery_id, _in((S.SENDING, S.UNKNOWN)))
        with self._db.writing(durable=True):
            self._one(self._db.execute(query.values(memo=dict(memo))).rowcount, delivery_id)

    def settle(
        self,
        delivery_id: str,
        state: p.DeliveryState,
        receipt: p.Receipt | None = None,
        reason: str = "",
        retry_at: datetime | None = None,
        *,
        now: datetime | None = None,
    ) -> None:
        """Write what became of a delivery; durable before this returns.

        Args:
            delivery_id: Which.
            state: ``sent`` and ``unknown`` only after a claim; ``held``, ``expired``, ``failed`` and ``abandoned`` also
                without one.
            receipt: The carrier's answer; an earlier one stays when this is ``None``.
            reason: One line without addresses.
            retry_at: Earliest next try of a ``pending`` one.
            now: Aware UTC, for ``touched_at``.

        Raises:
            StoreError: No such delivery, or its state does not allow this.

        Cost: one durable transaction.
        """
        values: dict[str, Any] = {"state": state.value, "reason": reason, "retry_at": retry_at}
        if receipt is not None:
            values["receipt"] = rows.receipt_json(receipt)
        if now is not None:
            values["touched_at"] = now
        query = update(deliveries).where(deliveries.c.id == delivery_id, _in(_MAY_SETTLE.get(state, ())))
        with self._db.writing(durable=True):
            self._one(self._db.execute(query.values(**values)).rowcount, delivery_id)

    def orphans_to_unknown(self, now: datetime) -> tuple[p.Delivery, ...]:
        """Move every delivery in ``sending`` to ``unknown`` and return them; call it while holding the run lock.

        Whoever was sending is dead, else it would hold the lock: nobody knows what left (P44).

        Cost: one indexed query; a durable transaction when there are any.
        """
        found = self._read(_in((S.SENDING,)))
        if found:
            with self._db.writing(durable=True):
                values = {"state": S.UNKNOWN.value, "reason": "interrupted", "touched_at": now}
                self._db.execute(update(deliveries).where(_in((S.SENDING,))).values(**values))
                self.interrupted([d.id for d in found], now)
        return self.get([d.id for d in found])

    def hold(self, ids: Iterable[str], reason: str, *, now: datetime | None = None) -> int:
        """Hold pending deliveries; returns how many. Cost: one update for each 500."""
        return self._move(ids, (S.PENDING,), S.HELD, reason, now)

    def release(self, ids: Iterable[str], *, now: datetime | None = None) -> int:
        """Let held deliveries go when they are due; returns how many. Cost: one update for each 500."""
        return self._move(ids, (S.HELD,), S.PENDING, "", now)

    def resolve(
        self, delivery_id: str, as_: Literal["sent", "resend", "abandon"], *, now: datetime | None = None
    ) -> None:
        """A person, or the carrier, decides what an unknown delivery is: it arrived, it shall be sent again, or it is given up.

        Its receivers in doubt share the decision, in the same transaction.

        Raises:
            StoreError: It is not unknown (``resend`` and ``abandon`` also take a failed or held one).
        """
        to = {"sent": S.SENT, "resend": S.PENDING, "abandon": S.ABANDONED}[as_]
        of = (S.UNKNOWN,) if as_ == "sent" else (S.UNKNOWN, S.FAILED, S.HELD)
        with self._db.writing(durable=True):
            self._one(self._move([delivery_id], of, to, f"resolved-{as_}", now), delivery_id)
            mine = update(recipients).where(recipients.c.delivery_id == delivery_id)
            doubt = recipients.c.state == S.UNKNOWN.value
            if as_ == "resend":
                doubt = or_(doubt, and_(recipients.c.state == S.FAILED.value, recipients.c.reason == "given-up"))
            self._db.execute(mine.where(doubt).values(state=to.value, reason=f"resolved-{as_}"))
            if as_ == "sent" and self.recipient_states(delivery_id).get(S.PENDING.value):
                self._move([delivery_id], (S.SENT,), S.PENDING, "later", now)

    def handed_over(self, channel: str, since: datetime) -> int:
        """Return how many messages of a channel went to a carrier since an instant, those of unknown outcome included (P49).

        Cost: one query over the receivers of that channel's deliveries touched since.
        """
        mine = select(deliveries.c.id).where(deliveries.c.channel == channel, deliveries.c.touched_at >= since)
        gone = recipients.c.state.in_((S.SENT.value, S.UNKNOWN.value))
        query = select(func.count()).where(recipients.c.delivery_id.in_(mine), gone, recipients.c.at >= since)
        return int(self._db.scalar(query) or 0)

    def find(
        self, *, delivery_id: str | None = None, edition_id: str | None = None, channel: str | None = None
    ) -> tuple[p.Delivery, ...]:
        """Return deliveries by id, edition or channel, oldest first. Cost: one indexed query (channel alone: a scan)."""
        given = {"id": delivery_id, "edition_id": edition_id, "channel": channel}
        return self._read(*(deliveries.c[name] == value for name, value in given.items() if value is not None))

    def list(self, states: Collection[p.DeliveryState] = (), *, limit: int | None = None) -> tuple[p.Delivery, ...]:
        """Return deliveries in these states (in any, when none is named), oldest first. Cost: one indexed query."""
        return self._read(*([_in(states)] if states else []), limit=limit)

    def _move(
        self,
        ids: Iterable[str],
        of: Collection[p.DeliveryState],
        to: p.DeliveryState,
        reason: str,
        now: datetime | None,
    ) -> int:
        values: dict[str, Any] = {"state": to.value, "reason": reason, "retry_at": None}
        if now is not None:
            values["touched_at"] = now
        count = 0
        with self._db.writing(durable=True):
            for part in chunks(list(ids)):
                query = update(deliveries).where(deliveries.c.id.in_(part), _in(of))
                count += self._db.execute(query.values(**values)).rowcount
        return count

    def _read(self, *where: ColumnElement[bool], limit: int | None = None) -> tuple[p.Delivery, ...]:
        query = select(deliveries).where(*where).order_by(deliveries.c.created_at, deliveries.c.id).limit(limit)
        return tuple(rows.delivery(row) for row in self._db.rows(query))

    @staticmethod
    def _one(count: int, delivery_id: str) -> None:
        if count != 1:
            message = _("발송 '{id}' 의 상태가 그사이 바뀌어 기록하지 못했습니다.").format(id=delivery_id)
            raise p.StoreError(message, subject=delivery_id, code="delivery-state")


def _in(states: Collection[p.DeliveryState]) -> ColumnElement[bool]:
    return deliveries.c.state.in_([state.value for state in states])
