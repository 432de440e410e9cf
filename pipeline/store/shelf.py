"""What the library remembers of its stories between two nights: marks, and the keys by which entries find each other.

What does not live here: what a mark or a key says (``publish/kin``), which entries are one story (``stories``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, NamedTuple

from pipeline.store.engine import Database, chunks

_AGE: Final = itemgetter("first_seen_at", "id")


class Spine(NamedTuple):
    """What one reads of a story that stays on the shelf."""

    id: str
    first_seen_at: datetime
    mark: str


class Marked(NamedTuple):
    """What is kept of a story for the next night: ``mark`` empty where nothing of it is shown."""

    id: str
    mark: str
    open_until_at: datetime | None


class Shelf:
    """Stories as they stand ready for readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def spines(self) -> tuple[Spine, ...]:
        """Return every story that is shown, oldest first. Cost: reads three columns of all stories."""
        found = sorted(self._db.run("shelf_all"), key=_AGE)
        return tuple(Spine(row["id"], row["first_seen_at"], row["mark"]) for row in found)

    def open_stories(self, as_of: datetime) -> frozenset[str]:
        """Return the ids of stories with a course one can still apply for. Cost: one indexed query."""
        return frozenset(row["id"] for row in self._db.run("shelf_open", {"as_of": as_of}))

    def mark_stories(self, marks: Sequence[Marked]) -> None:
        """Keep what is told of stories; that alone makes no page anew. Cost: one executemany."""
        if marks:
            with self._db.writing():
                self._db.run(
                    "shelf_mark",
                    [{"the_id": m.id, "mark": m.mark, "open_until_at": m.open_until_at} for m in marks],
                )

    def story_keys(self, entry_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the keys of these entries, as they were kept last. Cost: one indexed query for each 500."""
        found: dict[str, set[str]] = {}
        for part in chunks(sorted(entry_ids)):
            for row in self._db.run("keys_of", {"ids": part}):
                found.setdefault(row["entry_id"], set()).add(row["key"])
        return {entry: frozenset(keys) for entry, keys in found.items()}

    def sharing(self, keys: Iterable[str]) -> frozenset[str]:
        """Return the entries that have one of these keys. Cost: one indexed query for each 500."""
        found: set[str] = set()
        for part in chunks(sorted(keys)):
            found |= {row["entry_id"] for row in self._db.run("keys_sharing", {"keys": part})}
        return frozenset(found)

    def between(self, first: str, last: str) -> frozenset[str]:
        """Return the entries with a key in ``[first, last)``, as text sorts. Cost: one indexed query over that stretch."""
        return frozenset(row["entry_id"] for row in self._db.run("keys_between", {"first": first, "last": last}))

    def keep_keys(self, keys: Mapping[str, Iterable[str]], *, is_whole: bool = False) -> None:
        """Keep the keys of entries in place of those they had, none for one that is not live.

        Args:
            keys: By entry id.
            is_whole: These are all live entries: forget every other.

        Cost: one statement for each 500 entries, one executemany.
        """
        with self._db.writing():
            if is_whole:
                self._db.run("keys_clear")
            for part in chunks([] if is_whole else sorted(keys)):
                self._db.run("keys_leave", {"ids": part})
            rows = [{"key": key, "entry_id": entry} for entry, mine in sorted(keys.items()) for key in sorted(mine)]
            if rows:
                self._db.run("keys_add", rows)
