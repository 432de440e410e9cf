"""Small facts by name: content version, stamp, robots memory, quota ledger.

What does not live here: anything that grows.
"""

from __future__ import annotations

from typing import Final

import pipeline.model as p
from pipeline.store.engine import Database

CONTENT_VERSION: Final = "content_version"
STAMP: Final = "stamp"
FOLD: Final = "fold"  # as of which content version stories were folded last, and of what; none: fold all anew


def read(database: Database, key: str) -> p.Json:
    """Return a fact, ``None`` when there is none. Cost: one row."""
    found = database.run("meta_read", {"the_key": key})
    return found[0]["value"] if found else None


def write(database: Database, key: str, value: p.Json) -> None:
    """Keep a fact; ``None`` forgets it. Cost: one row."""
    with database.writing():
        if value is None:
            database.run("meta_forget", {"the_key": key})
        else:
            database.run("meta_write", {"key": key, "value": value})


def content_version(database: Database) -> int:
    """Return a number that grows whenever something a page may show changed. Cost: one row."""
    return int(read(database, CONTENT_VERSION) or 0)


def bump(database: Database) -> int:
    """Count one more change of what pages may show, and return the new version; call inside the transaction that makes it.

    Rows that bear the version become visible with it: the row of the counter is locked until that transaction ends. Writers take turns: SQLite has one at a time, and on PostgreSQL the row is locked first.
    """
    if not database.is_sqlite:
        database.say("SELECT 1 FROM meta WHERE key = 'content_version' FOR UPDATE")
    version = content_version(database) + 1
    write(database, CONTENT_VERSION, version)
    return version


class Meta:
    """Small facts for the rooms."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get_meta(self, key: str, default: p.Json = None) -> p.Json:
        """Return a fact a room kept (small JSON), or the default. Cost: one row."""
        value = read(self._db, key)
        return default if value is None else value

    def set_meta(self, key: str, value: p.Json) -> None:
        """Keep a fact; ``None`` forgets it. Cost: one row."""
        write(self._db, key, value)
