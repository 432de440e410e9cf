"""Receivers of a delivery that sends one message a person: who has it, who does not; and who refused for good.

What does not live here: addresses. A receiver is a keyed hash; lists stay where the operator keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update

from pipeline.model import DeliveryState, Fate
from pipeline.store.engine import Database, chunks
from pipeline.store.tables import recipients, suppressions

CLAIMED: Final = "claimed"
"""Reason of a ``sending`` line whose message has not left; the boot of the machine stands behind it."""
_HARD: Final = "hard"


class Recipients:
    """The ledger of single receivers (P43, P45) and the list of refusals (P52, P72)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def freeze_recipients(self, delivery_id: str, recipient_hashes: Iterable[str], *, now: datetime) -> int:
        """Write down once and for all who is to receive a delivery, all ``pending``; durable before this returns.

        Returns:
            How many were written: 0 when it had been frozen before, whoever is on the list by now.

        Cost: one executemany, one durable transaction.
        """
        with self._db.writing(durable=True):
            if self._db.scalar(select(recipients.c.state).where(recipients.c.delivery_id == delivery_id).limit(1)):
                return 0
            made = [_line(delivery_id, who, "pending", "", now) for who in dict.fromkeys(recipient_hashes)]
            if made:
                self._db.run("recipient_mark", made)
        return len(made)

    def recipients_of(self, delivery_id: str) -> dict[str, Fate]:
        """Return every frozen receiver of a delivery. Cost: one query over them."""
        query = select(recipients.c.recipient_hash, recipients.c.state, recipients.c.reason)
        found = self._db.rows(query.where(recipients.c.delivery_id == delivery_id))
        return {r["recipient_hash"]: Fate(state=DeliveryState(r["state"]), reason=r["reason"]) for r in found}

    def recipients_pending(self, delivery_id: str, recipient_hashes: Iterable[str]) -> tuple[str, ...]:
        """Return those receivers for whom nothing was tried or may be tried again, in the order asked, each once.

        Cost: one query over the delivery's receivers.
        """
        mine = recipients.c.delivery_id == delivery_id
        query = select(recipients.c.recipient_hash).where(mine, recipients.c.state != DeliveryState.PENDING.value)
        done = {row["recipient_hash"] for row in self._db.rows(query)}
        return tuple(h for h in dict.fromkeys(recipient_hashes) if h not in done)

    def mark_recipients(
        self, delivery_id: str, states: Mapping[str, DeliveryState], *, reason: str = "", now: datetime
    ) -> None:
        """Note one state and reason of receivers by hash; durable before this returns.

        Cost: one executemany, one durable transaction.
        """
        self.note_recipients(
            delivery_id, {who: Fate(state=state, reason=reason) for who, state in states.items()}, now=now, durable=True
        )

    def note_recipients(
        self, delivery_id: str, fates: Mapping[str, Fate], *, now: datetime, durable: bool = False
    ) -> None:
        """Note what became of receivers, each with its reason.

        Args:
            delivery_id: Whose.
            fates: ``sending`` before a message leaves; ``sent``, ``failed``, ``unknown`` or ``pending`` after it.
            now: Aware UTC.
            durable: On the disk before this returns. Without, it survives the death of the process but not of the
                machine: right for answers, because a line left at ``sending`` is never sent to again.

        Cost: one executemany, one transaction.
        """
        if fates:
            with self._db.writing(durable=durable):
                made = [_line(delivery_id, who, fate.state.value, fate.reason, now) for who, fate in fates.items()]
                self._db.run("recipient_mark", made)

    def recipient_states(self, delivery_id: str) -> Mapping[str, int]:
        """Return how many receivers of a delivery are in each state. Cost: one query over them."""
        query = (
            select(recipients.c.state, func.count().label("n"))
            .where(recipients.c.delivery_id == delivery_id)
            .group_by(recipients.c.state)
        )
        return {row["state"]: int(row["n"]) for row in self._db.rows(query)}

    def interrupted(self, delivery_ids: Sequence[str], now: datetime, *, boot: str = "") -> None:
        """Move receivers in ``sending`` to ``unknown``; those whose message had surely not left back to ``pending``.

        Args:
            delivery_ids: Of runs that died.
            now: Aware UTC.
            boot: The running boot of this machine. A line claimed under it was written by a process that died, not lost
                with the machine's memory: had its message left, the line would say so.

        Cost: two updates for each 500 deliveries.
        """
        with self._db.writing(durable=True):
            for part in chunks(delivery_ids):
                is_open = recipients.c.state == DeliveryState.SENDING.value
                query = update(recipients).where(recipients.c.delivery_id.in_(part), is_open)
                if boot:
                    idle = query.where(recipients.c.reason == f"{CLAIMED} {boot}")
                    self._db.execute(idle.values(state=DeliveryState.PENDING.value, reason="interrupted", at=now))
                self._db.execute(query.values(state=DeliveryState.UNKNOWN.value, reason="interrupted", at=now))

    def move_recipients(
        self, delivery_id: str, of: DeliveryState, to: DeliveryState, *, reason: str, now: datetime
    ) -> int:
        """Move every receiver in one state to another: a person's word, or the end of all tries. Returns how many.

        Cost: one durable update.
        """
        query = update(recipients).where(recipients.c.delivery_id == delivery_id, recipients.c.state == of.value)
        with self._db.writing(durable=True):
            return int(self._db.execute(query.values(state=to.value, reason=reason, at=now)).rowcount)

    def hard_bounces(self, recipient_hashes: Sequence[str]) -> Mapping[str, int]:
        """Return for how many deliveries each receiver was refused for good; who never was is left out.

        Cost: one indexed query for each 500.
        """
        found: dict[str, int] = {}
        for part in chunks(recipient_hashes):
            query = select(recipients.c.recipient_hash, func.count().label("n")).where(
                recipients.c.recipient_hash.in_(part), recipients.c.reason.like(f"{_HARD}%")
            )
            for row in self._db.rows(query.group_by(recipients.c.recipient_hash)):
                found[row["recipient_hash"]] = int(row["n"])
        return found

    def suppress(self, recipient_hashes: Iterable[str], *, key_id: str, reason: str, now: datetime) -> int:
        """Never send to these again; who was suppressed before keeps the first reason. Returns how many are new.

        Args:
            recipient_hashes: Keyed hashes.
            key_id: Names the key they were made with, so that a changed key is noticed.
            reason: ``unsubscribed``, ``bounced``, ``complained`` or ``person``.
            now: Aware UTC.

        Cost: one insert each, one durable transaction.
        """
        insert = self._db.insert_new(suppressions).execution_options(preserve_rowcount=True)
        count = 0
        with self._db.writing(durable=True):
            for who in dict.fromkeys(recipient_hashes):
                made = {"recipient_hash": who, "key_id": key_id, "reason": reason, "at": now}
                count += max(0, self._db.execute(insert, [made]).rowcount)
        return count

    def unsuppress(self, recipient_hashes: Sequence[str]) -> int:
        """Take people off the list again, because they asked to. Returns how many. Cost: one delete for each 500."""
        with self._db.writing(durable=True):
            parts = (delete(suppressions).where(suppressions.c.recipient_hash.in_(h)) for h in chunks(recipient_hashes))
            return sum(int(self._db.execute(part).rowcount) for part in parts)

    def suppressed(self, recipient_hashes: Sequence[str] | None = None) -> Mapping[str, str]:
        """Return who is not to be sent to, with the reason: of these, or all. Cost: one query for each 500, or one."""
        columns = select(suppressions.c.recipient_hash, suppressions.c.reason)
        if recipient_hashes is None:
            return {row["recipient_hash"]: row["reason"] for row in self._db.rows(columns)}
        parts = (columns.where(suppressions.c.recipient_hash.in_(part)) for part in chunks(recipient_hashes))
        return {row["recipient_hash"]: row["reason"] for part in parts for row in self._db.rows(part)}

    def suppression_keys(self) -> frozenset[str]:
        """Return the ids of all keys refusals were hashed with. Cost: a scan of the list."""
        return frozenset(row["key_id"] for row in self._db.rows(select(suppressions.c.key_id).distinct()))


def _line(delivery_id: str, who: str, state: str, reason: str, now: datetime) -> dict[str, object]:
    return {"delivery_id": delivery_id, "recipient_hash": who, "state": state, "reason": reason, "at": now}
