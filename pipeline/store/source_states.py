"""What is remembered of every source: memo, validators, health, streaks.

What does not live here: the verdicts (``collect/judge``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store import rows
from pipeline.store.engine import Database, chunks
from pipeline.store.meta import bump


class SourceStates:
    """The states of every source ever run, configured still or not."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> dict[str, p.SourceState]:
        """Return every state by source id. Cost: one query, one small row a source."""
        return {row["source_id"]: rows.state(row) for row in self._db.run("states_all")}

    def save(self, states: Sequence[p.SourceState]) -> None:
        """Write these states whole. Cost: one executemany."""
        if states:
            with self._db.writing():
                self._db.run("states_save", [rows.state_row(state) for state in states])

    def touch(self, source_ids: Sequence[str], now: datetime) -> None:
        """Note a good run of sources with nothing new. Cost: one update for each ``STORE_IN_LIST`` of them."""
        if source_ids:
            with self._db.writing():
                for ids in chunks(source_ids):
                    self._db.run("states_touch", {"ids": ids, "last_success_at": now})

    def rename(self, old: str, new: str) -> int:
        """Give a source another id: its state and entries move, entry ids stay. Returns the entries moved (P24).

        Raises:
            StoreError: The new id is taken.

        Cost: one update over the source's entries.
        """
        from sqlalchemy import select, update  # noqa: PLC0415 - a rare thing

        from pipeline.store.tables import entries, source_states  # noqa: PLC0415

        with self._db.writing():
            taken = select(source_states.c.source_id).where(source_states.c.source_id == new)
            taken_too = select(entries.c.id).where(entries.c.source_id == new).limit(1)
            if self._db.scalar(taken) is not None or self._db.scalar(taken_too) is not None:
                message = _("'{new}' 라는 소스가 저장소에 이미 있습니다.").format(new=new)
                raise p.StoreError(message, subject=new, code="source-taken")
            self._db.execute(update(source_states).where(source_states.c.source_id == old).values(source_id=new))
            moved = self._db.execute(update(entries).where(entries.c.source_id == old).values(source_id=new))
            if moved.rowcount:
                version = bump(self._db)
                self._db.execute(update(entries).where(entries.c.source_id == new).values(changed_in=version))
        return moved.rowcount
