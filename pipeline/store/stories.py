"""Which entries are one story, and why.

What does not live here: joining them (``publish/fold``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import pipeline.model as p
from pipeline.store.engine import Database, chunks
from pipeline.store.meta import bump

_STORY: Final = itemgetter("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story by the ids of its entries.

    Attributes:
        members: Entry ids, the primary first.
        why: One reason for each join.
        first_seen_at: Earliest of the members.
    """

    id: str
    primary_id: str
    members: tuple[str, ...]
    why: tuple[p.Join, ...] = ()
    first_seen_at: datetime


class Stories:
    """Stories and their members; a story that lost every member is no longer given out, its id stays taken."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def assignments(self, entry_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the story of each of these entries that has one. Cost: one indexed query for each 500."""
        found: dict[str, str] = {}
        for part in chunks(list(entry_ids)):
            found |= {row["entry_id"]: row["story_id"] for row in self._db.run("members_homes", {"ids": part})}
        return found

    def assign(self, rows: Sequence[StoryRow], *, now: datetime) -> None:
        """Write stories whole: their members move here from wherever they were; others leave.

        Every entry belongs to one story; where two rows claim it, the later row wins.

        Cost: three executemany statements and one query for each 500 stories.
        """
        if not rows:
            return
        with self._db.writing():
            fresh = {
                "updated_at": now,
                "mark": "",
                "open_until_at": None,
            }  # what the shelf keeps of it stays, or follows
            heads = {s.id: {"id": s.id, "primary_id": s.primary_id, "first_seen_at": s.first_seen_at} for s in rows}
            self._db.run("stories_put", [head | fresh for head in heads.values()])
            for part in chunks([s.id for s in rows]):
                self._db.run("members_leave", {"ids": part})
            members = {row["entry_id"]: row for s in rows for row in _members(s)}
            if members:
                self._db.run("members_put", list(members.values()))
            bump(self._db)

    def stories(self, ids: Iterable[str]) -> tuple[StoryRow, ...]:
        """Return these stories in the order asked; unknown and empty ones are left out.

        Cost: one indexed query for each 500 stories.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, StoryRow] = {}
        for part in chunks(wanted):
            found |= {s.id: s for s in self._read("stories_of", {"ids": part})}
        return tuple(found[i] for i in wanted if i in found)

    def all_stories(self, *, since: datetime | None = None) -> tuple[StoryRow, ...]:
        """Return every story with a member, newest first. Cost: reads all of them (those since an instant)."""
        found = self._read("stories_all") if since is None else self._read("stories_since", {"since": since})
        return tuple(sorted(found, key=lambda s: (-s.first_seen_at.timestamp(), s.id)))

    def taken_story_ids(self, ids: Iterable[str]) -> frozenset[str]:
        """Return which of these slugs were ever given to a story. Cost: one indexed query for each 500."""
        taken: set[str] = set()
        for part in chunks(list(ids)):
            taken |= {row["id"] for row in self._db.run("stories_taken", {"ids": part})}
        return frozenset(taken)

    def _read(self, name: str, values: Mapping[str, Any] | None = None) -> tuple[StoryRow, ...]:
        found: list[StoryRow] = []
        for story_id, rows in groupby(self._db.run(name, values), key=_STORY):
            mine = list(rows)
            found.append(
                StoryRow(
                    id=story_id,
                    primary_id=mine[0]["primary_id"],
                    members=tuple([row["entry_id"] for row in mine]),
                    why=tuple([p.Join(**join) for row in mine for join in row["why"]]),
                    first_seen_at=mine[0]["first_seen_at"],
                )
            )
        return tuple(found)


def _members(story: StoryRow) -> Iterable[dict[str, Any]]:
    """Rows of the members; the reasons of the joins stand with the first member, in order."""
    for position, entry_id in enumerate(story.members):
        joins = story.why if position == 0 else ()
        why = [{"a": join.a, "b": join.b, "reason": join.reason} for join in joins]
        yield {"entry_id": entry_id, "story_id": story.id, "position": position, "why": why}
