"""What nearly every night asks of the entries: which are known, and room for the new ones.

What does not live here: edits, withdrawals, releases (``entries``), readings for editions and people (``archive``).
Everyday statements only: a night that brings news, but no edited entry, does not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import pipeline.model as p
from pipeline.store import rows
from pipeline.store.engine import Database, chunks


class Arrivals:
    """The entries of every source, as far as new ones go."""

    _db: Database

    def known(self, source_id: str, keys: Sequence[str], url_hashes: Sequence[str]) -> tuple[p.Known, ...]:
        """Return every stored entry of a source with one of these keys or URL hashes, in no order, each once.

        Cost: one indexed query for each 500 keys or hashes, whatever the archive holds.
        """
        found: dict[str, p.Known] = {}
        longest = max(len(keys), len(url_hashes))
        for start in range(0, longest, p.limits.STORE_IN_LIST):
            part = slice(start, start + p.limits.STORE_IN_LIST)
            values = {"the_source": source_id, "keys": list(keys[part]), "hashes": list(url_hashes[part])}
            found |= {row["id"]: rows.known(row) for row in self._db.run("entries_known", values)}
        return tuple(found.values())

    def recent(self, source_id: str) -> tuple[p.Known, ...]:
        """Return a source's newest stored entries, at most ``limits.STORE_IN_LIST``, the newest first.

        Cost: one query over the source's own entries; only for a list that was read whole and holds unknown articles.
        """
        return tuple(rows.known(row) for row in self._db.run("entries_recent", {"the_source": source_id}))

    def _store(self, fresh: Sequence[p.Entry], now: datetime, version: int) -> None:
        """Insert entries and bodies; those that are there already stay as they are."""
        if fresh:
            self._db.run("entries_new", [rows.new_row(entry, now, version) for entry in fresh])
            # a body has to wait for its entry, and must not replace that of an entry that was there before
            self._db.run("bodies_new", [body(entry) for entry in fresh])

    def _seen(self, source_id: str, ids: Iterable[str], now: datetime) -> None:
        for part in chunks(sorted(ids)):
            values = {"the_source": source_id, "ids": part, "last_seen_at": now, "absences": 0}
            self._db.run("entries_seen", values)


def body(entry: p.Entry) -> dict[str, str]:
    """Return the row of an entry's body."""
    return {"entry_id": entry.id, "text": entry.text, "body_html": entry.body_html}
