"""What a quiet night asks of the big nouns, without loading them.

What does not live here: everything else they can do; it is loaded at the first question of that kind.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar

import pipeline.model as p
from pipeline.store import meta
from pipeline.store.arrivals import Arrivals
from pipeline.store.engine import Database


class _Light:
    _FULL: ClassVar[tuple[str, str]]
    _PART: ClassVar[tuple[str, str] | None] = None  # of the whole, what publishing asks: without SQLAlchemy

    def __init__(self, database: Database) -> None:
        self._db = database
        self._full: Any = None
        self._part: Any = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._part is None and self._PART is not None:
            module, noun = self._PART
            self._part = getattr(import_module(module), noun)(self._db)
        return getattr(self._part if hasattr(self._part, name) else self._loaded(), name)

    def _loaded(self) -> Any:
        if self._full is None:
            module, noun = self._FULL
            self._full = getattr(import_module(module), noun)(self._db)
        return self._full


class LightEntries(_Light, Arrivals):
    """``Entries``, of which a quiet night asks the content version only, and others what is new and what is live."""

    _FULL = ("pipeline.store.entries", "Entries")
    _PART = ("pipeline.store.readings", "Readings")

    def content_version(self) -> int:
        """See ``Readings.content_version``."""
        return meta.content_version(self._db)

    def apply(
        self,
        source_id: str,
        changes: Sequence[p.Change],
        *,
        now: datetime,
        present: Collection[str] = (),
        absent: Collection[str] = (),
    ) -> None:
        """See ``Entries.apply``; only new entries are stored without loading it."""
        fresh = [change.entry for change in changes if isinstance(change, p.New)]
        if absent or len(fresh) < len(changes):
            self._loaded().apply(source_id, changes, now=now, present=present, absent=absent)
            return
        with self._db.writing():
            if fresh:
                self._store(fresh, now, meta.bump(self._db))
            self._seen(source_id, present, now)


class LightDigests(_Light):
    """``Digests``, of which a quiet night asks small facts only."""

    _FULL = ("pipeline.store.digests", "Digests")
    get_meta = meta.Meta.get_meta
    set_meta = meta.Meta.set_meta


class LightPictures(_Light):
    """``Pictures``; most nights ask nothing of them."""

    _FULL = ("pipeline.store.pictures", "Pictures")


class LightDeliveries(_Light):
    """``Deliveries``, of which a quiet night asks only whether there are any to do."""

    _FULL = ("pipeline.store.deliveries", "Deliveries")
    _PART = ("pipeline.store.planned", "Planned")

    def has_work(self) -> bool:
        """See ``Planned.has_work``."""
        return bool(self._db.run("outbox_open"))
