"""What a night that publishes asks of the outbox: what is planned, and room for new lines.

What does not live here: sending, settling, receivers (``deliveries``).
Everyday statements only: such a night does not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import pipeline.model as p
from pipeline.model import DeliveryState as S
from pipeline.store import rows
from pipeline.store.engine import Database, chunks


class Planned:
    """The outbox, as far as publishing goes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def has_work(self) -> bool:
        """Whether anything is pending, held or in doubt. Cost: one indexed row."""
        return bool(self._db.run("outbox_open"))

    def get(self, ids: Iterable[str]) -> tuple[p.Delivery, ...]:
        """Return these deliveries in the order asked; unknown ids are left out. Cost: one query for each 500."""
        wanted = list(dict.fromkeys(ids))
        held = (row for part in chunks(wanted) for row in self._db.run("deliveries_of", {"ids": part}))
        found = {row["id"]: rows.delivery(row) for row in held}
        return tuple(found[i] for i in wanted if i in found)

    def of_edition(self, edition_id: str) -> tuple[p.Delivery, ...]:
        """Return the deliveries of an edition, oldest first. Cost: one indexed query."""
        return tuple(map(rows.delivery, self._db.run("deliveries_for", {"the_edition": edition_id})))

    def waiting(self, states: Collection[p.DeliveryState]) -> tuple[p.Delivery, ...]:
        """Return deliveries in these states, oldest first. Cost: one indexed query."""
        held = self._db.run("deliveries_in", {"states": [state.value for state in states]})
        return tuple(map(rows.delivery, held))

    def supersede(self, ids: Sequence[str], *, now: datetime) -> None:
        """Give up on deliveries that wait, because newer bytes are planned; one that began meanwhile goes on.

        Cost: one durable update.
        """
        given_up = {"state": S.ABANDONED.value, "reason": "superseded", "retry_at": None, "touched_at": now}
        with self._db.writing(durable=True):
            for part in chunks(ids):
                values = {"ids": part, "states": [S.PENDING.value, S.HELD.value]}
                self._db.run("deliveries_give_up", given_up | values)

    def enqueue(self, planned: Sequence[p.Delivery], *, now: datetime | None = None) -> int:
        """Plan sendings; one that is planned already (edition, channel, audience, batch) stays as it is.

        Joins the caller's transaction, so that an edition and its sendings come together.

        Args:
            planned: Their ``created_at`` or ``now`` must be given.
            now: Aware UTC.

        Returns:
            How many were new.

        Cost: one insert each.
        """
        count = 0
        with self._db.writing(durable=True):
            for delivery in planned:
                made = rows.delivery_row(delivery, now or delivery.created_at or delivery.not_before_at)
                count += len(self._db.run("deliveries_add", made))
        return count
