"""What a night that publishes asks of the entries: those that are live, those that are due, bodies, material changes.

What does not live here: readings for people (``archive``), what collecting asks (``arrivals``).
Everyday statements only: such a night does not load SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import pipeline.model as p
from pipeline.store import meta, rows
from pipeline.store.engine import Database, chunks


class MaterialChange(NamedTuple):
    """A change that matters to readers: entry, instant, material fields and their old values."""

    entry_id: str
    at: datetime
    fields: tuple[str, ...]
    before: tuple[str, ...]


class Readings:
    """The entries, as far as publishing goes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def content_version(self) -> int:
        """Return a number that grows whenever something a page may show changed. Cost: one row."""
        return meta.content_version(self._db)

    def all_live(self) -> tuple[p.Entry, ...]:
        """Return every entry the website may show, newest first, without bodies: as ``live``.

        Cost: reads the archive; only when something changed.
        """
        return tuple(map(rows.entry, self._db.run("entries_live")))

    def live_of(self, ids: Iterable[str]) -> tuple[p.Entry, ...]:
        """Return those of these entries the website may show, in no order, without bodies.

        Cost: one indexed query for each 500 ids.
        """
        return tuple(
            rows.entry(row) for part in chunks(sorted(ids)) for row in self._db.run("entries_live_of", {"ids": part})
        )

    def changed_since(self, version: int) -> frozenset[str]:
        """Return the ids of entries that came, changed, went or were released after a content version.

        Cost: one indexed query over these.
        """
        return frozenset(row["id"] for row in self._db.run("entries_changed", {"the_version": version}))

    def due_ids(self, start: datetime, end: datetime) -> frozenset[str]:
        """Return the ids of free entries first seen (or released) in ``[start, end)``: as ``window``.

        Cost: one indexed query over the window. Source: ADR-0011.
        """
        return frozenset(row["id"] for row in self._db.run("entries_due", {"start": start, "end": end}))

    def bodies(self, ids: Iterable[str]) -> p.Bodies:
        """Return plain text and markup by entry id; entries without a body are left out.

        Cost: one indexed query for each 500 ids.
        """
        found: dict[str, tuple[str, str]] = {}
        for part in chunks(sorted(ids)):
            held = self._db.run("bodies_of", {"ids": part})
            found |= {row["entry_id"]: (row["text"], row["body_html"]) for row in held}
        return found

    def material_changes(self, start: datetime, end: datetime) -> tuple[MaterialChange, ...]:
        """Return the material changes collected in ``[start, end)``, oldest first: for "changed" cards.

        Cost: one indexed query over the window's revisions.
        """
        found = self._db.run("revisions_material", {"start": start, "end": end, "nothing": []})
        return tuple(MaterialChange(r["entry_id"], r["at"], tuple(r["fields"]), tuple(r["before"])) for r in found)
