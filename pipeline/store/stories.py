"""Which entries are one story, and why.

What does not live here: joining them (``publish/fold``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

import pipeline.model as p
from pipeline.store.engine import Database, chunks
from pipeline.store.meta import bump
from pipeline.store.tables import stories, story_members


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
            query = select(story_members.c.entry_id, story_members.c.story_id)
            rows = self._db.rows(query.where(story_members.c.entry_id.in_(part)))
            found |= {row["entry_id"]: row["story_id"] for row in rows}
        return found

    def assign(self, rows: Sequence[StoryRow], *, now: datetime) -> None:
        """Write stories whole: their members move here from wherever they were; others leave.

        Every entry belongs to one story; where two rows claim it, the later row wins.

        Cost: three executemany statements and one query for each 500 stories.
        """
        if not rows:
            return
        with self._db.writing():
            insert = self._db.upsert(stories)
            replaced = {name: insert.excluded[name] for name in ("primary_id", "first_seen_at", "updated_at")}
            self._db.execute(
                insert.on_conflict_do_update(index_elements=["id"], set_=replaced),
                [
                    {"id": s.id, "primary_id": s.primary_id, "first_seen_at": s.first_seen_at, "updated_at": now}
                    for s in {s.id: s for s in rows}.values()
                ],
            )
            for part in chunks([s.id for s in rows]):
                self._db.execute(delete(story_members).where(story_members.c.story_id.in_(part)))
            members = {row["entry_id"]: row for s in rows for row in _members(s)}
            insert = self._db.upsert(story_members)
            replaced = {name: insert.excluded[name] for name in ("story_id", "position", "why")}
            if members:
                insert = insert.on_conflict_do_update(index_elements=["entry_id"], set_=replaced)
                self._db.execute(insert, list(members.values()))
            bump(self._db)

    def stories(self, ids: Iterable[str]) -> tuple[StoryRow, ...]:
        """Return these stories in the order asked; unknown and empty ones are left out.

        Cost: one indexed query for each 500 stories.
        """
        wanted = list(dict.fromkeys(ids))
        found: dict[str, StoryRow] = {}
        for part in chunks(wanted):
            found |= {s.id: s for s in self._read(_query().where(stories.c.id.in_(part)))}
        return tuple(found[i] for i in wanted if i in found)

    def all_stories(self, *, since: datetime | None = None) -> tuple[StoryRow, ...]:
        """Return every story with a member, newest first. Cost: reads all of them (those since an instant)."""
        query = _query()
        if since is not None:
            query = query.where(stories.c.first_seen_at >= since)
        return tuple(sorted(self._read(query), key=lambda s: (-s.first_seen_at.timestamp(), s.id)))

    def taken_story_ids(self, ids: Iterable[str]) -> frozenset[str]:
        """Return which of these slugs were ever given to a story. Cost: one indexed query for each 500."""
        taken: set[str] = set()
        for part in chunks(list(ids)):
            taken |= {row["id"] for row in self._db.rows(select(stories.c.id).where(stories.c.id.in_(part)))}
        return frozenset(taken)

    def _read(self, query: Select[Any]) -> tuple[StoryRow, ...]:
        heads: dict[str, Mapping[str, Any]] = {}
        members: dict[str, list[str]] = {}
        why: dict[str, list[p.Join]] = {}
        for row in self._db.rows(query.order_by(story_members.c.story_id, story_members.c.position)):
            heads[row["id"]] = row
            members.setdefault(row["id"], []).append(row["entry_id"])
            why.setdefault(row["id"], []).extend(p.Join(**join) for join in row["why"])
        return tuple(
            StoryRow(
                id=i,
                primary_id=row["primary_id"],
                members=tuple(members[i]),
                why=tuple(why[i]),
                first_seen_at=row["first_seen_at"],
            )
            for i, row in heads.items()
        )


def _query() -> Select[Any]:
    columns = (stories.c.id, stories.c.primary_id, stories.c.first_seen_at, story_members.c.entry_id)
    return select(*columns, story_members.c.why).join_from(stories, story_members)


def _members(story: StoryRow) -> Iterable[dict[str, Any]]:
    """Rows of the members; the reasons of the joins stand with the first member, in order."""
    for position, entry_id in enumerate(story.members):
        joins = story.why if position == 0 else ()
        why = [{"a": join.a, "b": join.b, "reason": join.reason} for join in joins]
        yield {"entry_id": entry_id, "story_id": story.id, "position": position, "why": why}
