"""Entries: what is known of them, what a night changes, and the history of it.

What does not live here: readings for editions and people (``archive``), the decisions (``collect/reconcile``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, update

import pipeline.model as p
from pipeline.store import rows
from pipeline.store.archive import Archive
from pipeline.store.arrivals import Arrivals, body
from pipeline.store.engine import chunks
from pipeline.store.everyday import KNOWN
from pipeline.store.meta import bump
from pipeline.store.tables import bodies, entries, revisions
from pipeline.store.types import Instant


@dataclass(frozen=True, slots=True)
class Revision:
    """One collected change of an entry.

    Attributes:
        at: UTC.
        fields: Material fields that changed; empty for a plain edit.
        before: Their old values for people, in the same order.
        old, new: Every shown field that changed, as stored JSON.
    """

    at: datetime
    fields: tuple[str, ...]
    before: tuple[str, ...]
    old: dict[str, p.Json]
    new: dict[str, p.Json]


class Entries(Arrivals, Archive):
    """The entries of every source."""

    def listed(self, source_id: str) -> tuple[p.Known, ...]:
        """Return the entries of a source's last parsed list that are not gone: for counting absences.

        Cost: one query over the source's own entries.
        """
        mine = entries.c.source_id == source_id
        last = select(func.max(entries.c.last_seen_at)).where(mine).scalar_subquery()
        query = select(*KNOWN).where(mine, entries.c.gone_at.is_(None), entries.c.last_seen_at == last)
        return tuple(rows.known(row) for row in self._db.rows(query))

    def of_sources(self, source_ids: Sequence[str]) -> tuple[p.Known, ...]:
        """Return every stored entry of these sources, gone and held ones too: what a source that follows them knows.

        Cost: one query over those sources' entries; only on a night that brings such a source something unknown.
        """
        query = select(*KNOWN, entries.c.details).where(entries.c.source_id.in_(source_ids))
        return tuple(rows.known(row) for row in self._db.rows(query.order_by(entries.c.first_seen_at, entries.c.id)))

    def apply(
        self,
        source_id: str,
        changes: Sequence[p.Change],
        *,
        now: datetime,
        present: Collection[str] = (),
        absent: Collection[str] = (),
    ) -> None:
        """Write what a night changed of one source; the same changes twice are the same as once.

        Args:
            source_id: The source every change belongs to.
            changes: New and quarantined entries are inserted, revised ones updated with a line of history, gone ones
                marked. Nothing is ever deleted.
            now: Aware UTC.
            present: Ids of known entries that were listed: seen now, no absences.
            absent: Ids of entries that should have been listed: one absence more.

        Cost: a handful of executemany statements in the open transaction (or one of its own).
        """
        with self._db.writing():
            if changes:
                version = bump(self._db)
                self._insert(changes, now, version)
                self._revise([c for c in changes if isinstance(c, p.Revised)], now, version)
                gone = [c.entry_id for c in changes if isinstance(c, p.Gone)]
                since = func.coalesce(entries.c.gone_at, literal(now, Instant()))
                self._mark(source_id, gone, gone_at=since, changed_in=version)
            self._seen(source_id, present, now)
            self._mark(source_id, sorted(absent), absences=entries.c.absences + 1)

    def _insert(self, changes: Iterable[p.Change], now: datetime, version: int) -> None:
        fresh = [c.entry for c in changes if isinstance(c, p.New)]
        held = [replace(c.entry, quarantined=c.reason) for c in changes if isinstance(c, p.Quarantined)]
        self._store((*fresh, *held), now, version)
        if held:
            reasons = [{"the_id": entry.id, "quarantined": entry.quarantined, "changed_in": version} for entry in held]
            self._db.execute(update(entries).where(entries.c.id == bindparam("the_id")), reasons)

    def _revise(self, changes: Sequence[p.Revised], now: datetime, version: int) -> None:
        if not changes:
            return
        old: dict[str, Any] = {}
        for part in chunks([c.entry.id for c in changes]):
            old |= {row["id"]: row for row in self._db.rows(select(entries).where(entries.c.id.in_(part)))}
        kept = [c for c in changes if c.entry.id in old]
        if not kept:
            return
        news = [rows.content_row(c.entry) for c in kept]
        history = []
        for change, new in zip(kept, news, strict=True):
            before, after = rows.shown(old[change.entry.id]), rows.shown(new)
            differs = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
            history.append(
                {
                    "entry_id": change.entry.id,
                    "at": now,
                    "fields": list(change.material),
                    "before": list(change.before),
                    "old": {k: before.get(k) for k in differs},
                    "new": {k: after.get(k) for k in differs},
                }
            )
        seen = {"last_seen_at": now, "absences": 0, "gone_at": None, "changed_in": version}
        values = [new | seen | {"the_id": change.entry.id} for change, new in zip(kept, news, strict=True)]
        self._db.execute(update(entries).where(entries.c.id == bindparam("the_id")), values)
        insert = self._db.upsert(bodies)
        replaced = {name: insert.excluded[name] for name in ("text", "body_html")}
        insert = insert.on_conflict_do_update(index_elements=["entry_id"], set_=replaced)
        self._db.execute(insert, [body(change.entry) for change in kept])
        self._db.execute(revisions.insert(), history)

    def _mark(self, source_id: str, ids: Sequence[str], **values: Any) -> None:
        for part in chunks(ids):
            query = update(entries).where(entries.c.source_id == source_id, entries.c.id.in_(part))
            self._db.execute(query.values(**values))

    def release(self, ids: Sequence[str] = (), *, source_id: str | None = None, now: datetime) -> int:
        """Free quarantined entries, by id or all of one source; they are due from ``now`` on. Returns how many.

        Cost: one update for each 500 ids, or one over the source's entries.
        """
        mine: list[ColumnElement[bool]] = [entries.c.id.in_(part) for part in chunks(ids)]
        if source_id is not None:
            mine.append(entries.c.source_id == source_id)
        with self._db.writing():
            held = (select(entries.c.id).where(which, entries.c.quarantined != "") for which in mine)
            found = sorted({row["id"] for query in held for row in self._db.rows(query)})
            if found:
                free = {"quarantined": "", "due_at": now, "is_quiet": False, "changed_in": bump(self._db)}
                for part in chunks(found):
                    self._db.execute(update(entries).where(entries.c.id.in_(part)).values(**free))
        return len(found)

    def history(self, entry_id: str) -> tuple[Revision, ...]:
        """Return every collected change of an entry, oldest first. Cost: one indexed query."""
        query = select(revisions).where(revisions.c.entry_id == entry_id).order_by(revisions.c.seq)
        return tuple(
            Revision(row["at"], tuple(row["fields"]), tuple(row["before"]), row["old"], row["new"])
            for row in self._db.rows(query)
        )
