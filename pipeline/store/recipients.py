"""Receivers of a delivery that sends one message a person: who has it, who does not.

What does not live here: addresses. A receiver is a hash; the list itself is frozen in its delivery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from pipeline.model import DeliveryState
from pipeline.store.engine import Database, chunks
from pipeline.store.tables import recipients


class Recipients:
    """The ledger of single receivers (P43, P45)."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recipients_pending(self, delivery_id: str, recipient_hashes: Iterable[str]) -> tuple[str, ...]:
        """Return those receivers for whom nothing was tried or may be tried again, in the order asked, each once.

        Cost: one query over the delivery's receivers.
        """
        mine = recipients.c.delivery_id == delivery_id
        query = select(recipients.c.recipient_hash).where(mine, recipients.c.state != DeliveryState.PENDING.value)
        done = {row["recipient_hash"] for row in self._db.rows(query)}
        return tuple(h for h in dict.fromkeys(recipient_hashes) if h not in done)

    def mark_recipients(
        self,
        delivery_id: str,
        states: Mapping[str, DeliveryState],
        *,
        reason: str = "",
        now: datetime,
    ) -> None:
        """Note the state of receivers by hash; durable before this returns.

        ``sending`` before the message leaves, ``sent``, ``failed``, ``unknown`` or ``pending`` (may be tried again) after
        the carrier's answer.

        Cost: one executemany, one durable transaction.
        """
        if not states:
            return
        insert = self._db.upsert(recipients)
        replaced = {name: insert.excluded[name] for name in ("state", "reason", "at")}
        insert = insert.on_conflict_do_update(index_elements=["delivery_id", "recipient_hash"], set_=replaced)
        made = [
            {"delivery_id": delivery_id, "recipient_hash": who, "state": state.value, "reason": reason, "at": now}
            for who, state in states.items()
        ]
        with self._db.writing(durable=True):
            self._db.execute(insert, made)

    def recipient_states(self, delivery_id: str) -> Mapping[str, int]:
        """Return how many receivers of a delivery are in each state. Cost: one query over them."""
        query = (
            select(recipients.c.state, func.count().label("n"))
            .where(recipients.c.delivery_id == delivery_id)
            .group_by(recipients.c.state)
        )
        return {row["state"]: int(row["n"]) for row in self._db.rows(query)}

    def interrupted(self, delivery_ids: Sequence[str], now: datetime) -> None:
        """Move receivers in ``sending`` to ``unknown``. Cost: one update for each 500 deliveries."""
        with self._db.writing(durable=True):
            for part in chunks(delivery_ids):
                is_open = recipients.c.state == DeliveryState.SENDING.value
                query = update(recipients).where(recipients.c.delivery_id.in_(part), is_open)
                self._db.execute(query.values(state=DeliveryState.UNKNOWN.value, reason="interrupted", at=now))
