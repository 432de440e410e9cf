"""Readings of the entries: for editions (window, live) and for people (search, find).

What does not live here: changing them (``entries``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, or_, select, type_coerce

import pipeline.model as p
from pipeline.store import rows
from pipeline.store.engine import Database, chunks
from pipeline.store.readings import Readings
from pipeline.store.tables import bodies, entries

_IN_PLACE = entries.c.gone_at.is_(None) & (entries.c.quarantined == "")
_FREE = _IN_PLACE & entries.c.is_quiet.is_(False)
_NEWEST_FIRST = (  # a date's text begins with its instant in UTC, so that it sorts as written
    entries.c.first_seen_at.desc(),
    func.coalesce(type_coerce(entries.c.published, Text()), "").desc(),
    entries.c.id,
)
_FOUND = 20  # most entries a word may find; a person reads them


class Archive(Readings):
    """What the store can say of its entries; every reading keeps bodies out unless they are asked for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, ids: Iterable[str], *, bodies: bool = True) -> tuple[p.Entry, ...]:
        """Return the entries of these ids, in the order asked; unknown ids are left out.

        Cost: one indexed query for each 500 ids.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, p.Entry] = {}
        for part in chunks(wanted):
            found |= {e.id: e for e in self._read(_select(bodies).where(entries.c.id.in_(part)))}
        return tuple(found[i] for i in wanted if i in found)

    def find(self, text_or_id: str) -> tuple[p.Entry, ...]:
        """Return the entry of this id, else those of this address, else at most 20 with these words in the title.

        Cost: one indexed query for an id; a scan of the archive otherwise (``moa why``, never a night).
        """
        exact = self.get([text_or_id])
        if exact:
            return exact
        order = _select().order_by(entries.c.first_seen_at.desc(), entries.c.id).limit(_FOUND)
        by_url = self._read(order.where(or_(entries.c.url == text_or_id, entries.c.key == text_or_id)))
        return by_url or self._read(order.where(_holds(entries.c.title, text_or_id)))

    def window(self, start: datetime, end: datetime, *, bodies: bool = True) -> tuple[p.Entry, ...]:
        """Return free entries first seen (or released) in ``[start, end)``, oldest first.

        By first-seen, not by publication date: late posts must not fall between two editions. Quiet, quarantined and
        gone entries are left out.

        Cost: one indexed query over the window. Source: ADR-0011.
        """
        query = _select(bodies).where(_FREE, entries.c.due_at >= start, entries.c.due_at < end)
        return self._read(query.order_by(entries.c.due_at, entries.c.id))

    def since(self, at: datetime, limit: int | None = None, *, bodies: bool = True) -> tuple[p.Entry, ...]:
        """Return free entries first seen (or released) at or after an instant, newest first.

        Cost: one indexed query over that stretch.
        """
        query = _select(bodies).where(_FREE, entries.c.due_at >= at)
        return self._read(query.order_by(entries.c.due_at.desc(), entries.c.id).limit(limit))

    def live(self, *, since: datetime | None = None, bodies: bool = True) -> tuple[p.Entry, ...]:
        """Return entries the website may show, newest first: quiet ones too, quarantined and gone ones not.

        Cost: reads every such entry (all of the archive without ``since``): only when something changed.
        """
        query = _select(bodies).where(_IN_PLACE)
        if since is not None:
            query = query.where(entries.c.due_at >= since)
        return self._read(query.order_by(entries.c.first_seen_at.desc(), entries.c.id))

    def search(
        self,
        *,
        since: datetime | None = None,
        source: str | None = None,
        kind: p.Kind | None = None,
        text: str | None = None,
        limit: int | None = None,
        include_gone: bool = True,
        include_quarantined: bool = True,
        bodies: bool = True,
    ) -> tuple[p.Entry, ...]:
        """Return what the store holds, newest first (by first sight, then by its own date), for ``moa items``.

        Args:
            since: First seen at or after.
            source: Of this source only.
            kind: Of this kind only.
            text: In the title or lead.
            limit: At most so many.
            include_gone: With entries their source withdrew.
            include_quarantined: With entries that are held.
            bodies: With ``text`` and ``body_html``.

        Cost: a scan, bounded by ``limit``; never in a night.
        """
        where = _conditions(
            since, source, kind, text, include_gone=include_gone, include_quarantined=include_quarantined
        )
        query = _select(bodies).where(*where).order_by(*_NEWEST_FIRST).limit(limit)
        return self._read(query)

    def count(
        self,
        *,
        since: datetime | None = None,
        source: str | None = None,
        kind: p.Kind | None = None,
        text: str | None = None,
        include_gone: bool = True,
        include_quarantined: bool = True,
    ) -> int:
        """Return how many entries ``search`` would give without a limit. Cost: a scan; never in a night."""
        where = _conditions(
            since, source, kind, text, include_gone=include_gone, include_quarantined=include_quarantined
        )
        return int(self._db.scalar(select(func.count()).select_from(entries).where(*where)) or 0)

    def _read(self, query: Select[Any]) -> tuple[p.Entry, ...]:
        return tuple(rows.entry(row) for row in self._db.rows(query))


def _select(with_bodies: bool = True) -> Select[Any]:
    if not with_bodies:
        return select(entries)
    joined = entries.outerjoin(bodies, bodies.c.entry_id == entries.c.id)
    return select(entries, bodies.c.text, bodies.c.body_html).select_from(joined)


def _holds(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text.lower(), autoescape=True)


def _conditions(
    since: datetime | None,
    source: str | None,
    kind: p.Kind | None,
    text: str | None,
    *,
    include_gone: bool,
    include_quarantined: bool,
) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if since is not None:
        where.append(entries.c.first_seen_at >= since)
    if source is not None:
        where.append(entries.c.source_id == source)
    if kind is not None:
        where.append(entries.c.kind == kind.value)
    if text:
        where.append(or_(_holds(entries.c.title, text), _holds(entries.c.lead, text)))
    if not include_gone:
        where.append(entries.c.gone_at.is_(None))
    if not include_quarantined:
        where.append(entries.c.quarantined == "")
    return where
