"""What a quiet night asks of the big nouns, without loading them.

What does not live here: everything else they can do; it is loaded at the first question of that kind.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from pipeline.store import meta
from pipeline.store.engine import Database


class _Light:
    _FULL: ClassVar[tuple[str, str]]

    def __init__(self, database: Database) -> None:
        self._db = database
        self._full: Any = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._full is None:
            module, noun = self._FULL
            self._full = getattr(import_module(module), noun)(self._db)
        return getattr(self._full, name)


class LightEntries(_Light):
    """``Entries``, of which a quiet night asks the content version only."""

    _FULL = ("pipeline.store.entries", "Entries")

    def content_version(self) -> int:
        """See ``Archive.content_version``."""
        return meta.content_version(self._db)


class LightDigests(_Light):
    """``Digests``, of which a quiet night asks small facts only."""

    _FULL = ("pipeline.store.digests", "Digests")
    get_meta = meta.Meta.get_meta
    set_meta = meta.Meta.set_meta


class LightDeliveries(_Light):
    """``Deliveries``, of which a quiet night asks only whether there are any to do."""

    _FULL = ("pipeline.store.deliveries", "Deliveries")

    def has_work(self) -> bool:
        """See ``Deliveries.has_work``."""
        return bool(self._db.run("outbox_open"))
