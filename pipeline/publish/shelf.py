"""Every story as it stands tonight; those nothing happened to are opened when somebody asks for them.

What does not live here: folding (``fold``, ``following``), what is made of stories (``editions``, ``site``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Final, overload

import pipeline.model as p
from pipeline.publish.clothed import Pictured
from pipeline.publish.fold import Folded, oldest_first
from pipeline.store.shelf import Spine
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow

_AGE: Final = attrgetter("first_seen_at", "id")


class Shelf:
    """The stories of a run of this room.

    Args:
        store: Read only.
        pictures: Gives entries our own copies of their pictures.
        folded: What was folded anew tonight.
        touched: Ids of all stories that may differ from what is stored; ``None`` when everything was folded anew.
    """

    def __init__(self, store: Store, pictures: Pictured, folded: Folded, touched: frozenset[str] | None) -> None:
        self._store = store
        self._pictures = pictures
        self._folded = folded
        self._touched = touched
        self._open: dict[str, p.Story] = {story.id: story for story in folded.stories}

    @cached_property
    def newest(self) -> Newest:
        """Every story that may be told, newest first, as a library shows them. Cost: nothing, until somebody looks."""
        return Newest(self)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of all stories that may be told, newest first. Cost: reads three columns of all stories once."""
        if self._touched is None:
            return tuple(story.id for story in reversed(self._folded.stories))
        fresh = [Spine(story.id, story.first_seen_at, "") for story in self._folded.stories]
        kept = [spine for spine in self._store.digests.spines() if spine.id not in self._touched]
        ordered = sorted([*kept, *fresh], key=_AGE, reverse=True)
        return tuple(spine.id for spine in ordered)

    def of(self, ids: Iterable[str]) -> Mapping[str, p.Story]:
        """Return these stories by id; what may not be told is left out. Cost: follows how many they are."""
        wanted = list(dict.fromkeys(ids))
        if self._touched is not None:
            closed = [i for i in wanted if i not in self._open and i not in self._touched]
            self._keep(self._store.digests.stories(closed))
        return {i: self._open[i] for i in wanted if i in self._open}

    def speaking(self, entry_ids: Iterable[str], as_of: datetime) -> Folded:
        """Return the stories of these entries and those with a course one can still apply for, and what editors said.

        Cost: follows how many they are.
        """
        if self._touched is None:
            return self._folded
        digests = self._store.digests
        names = {*digests.assignments(entry_ids).values(), *digests.open_stories(as_of)} - self._touched
        stories = (*self._folded.stories, *self.of(names).values())
        return replace(self._folded, stories=oldest_first(stories))

    def all(self) -> tuple[p.Story, ...]:
        """Return every story that may be told, newest first. Cost: reads the archive without bodies, once."""
        if len(self._open) < len(self.ids):
            self._keep(self._store.digests.all_stories(), self._store.entries.all_live())
        return tuple(self._open[i] for i in self.ids if i in self._open)

    def _keep(self, rows: Sequence[StoryRow], live: Sequence[p.Entry] | None = None) -> None:
        shown = [row for row in rows if row.id not in self._open and row.id not in (self._touched or ())]
        if live is None:
            live = self._store.entries.live_of({e for row in shown for e in row.members})
        entries = {entry.id: entry for entry in self._pictures.on(live)}
        for row in shown:
            members = tuple(entries[e] for e in row.members if e in entries)
            if members:
                self._open[row.id] = p.Story(
                    id=row.id, primary=members[0], members=members, why=row.why, first_seen_at=row.first_seen_at
                )


class Newest(Sequence[p.Story]):
    """All stories, newest first: counted without being opened."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @cached_property
    def _stories(self) -> tuple[p.Story, ...]:
        return self._shelf.all()

    def __len__(self) -> int:
        return len(self._shelf.ids)

    def __iter__(self) -> Iterator[p.Story]:
        return iter(self._stories)

    @overload
    def __getitem__(self, at: int) -> p.Story: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[p.Story, ...]: ...
    def __getitem__(self, at: int | slice) -> p.Story | tuple[p.Story, ...]:
        """Return the story at a place, or those of a stretch."""
        return self._stories[at]
