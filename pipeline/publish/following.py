"""Folds anew only what may have changed since the last fold: the neighbourhood of new, changed and gone entries.

What does not live here: the fold itself (``fold``), what a key is (``kin``), writing the result (``library``).
The result equals that of folding everything, story by story; a test holds the two together (ADR-0038).

Why it is enough. Entries that have a story keep it, so only their reasons can change, and only a rule that compares a
changed entry can change them: by a shared address or title one step away, by links at most two (a target's linkers, and
their other targets, which may become boilerplate). The stories of all these are folded anew, over entries two steps further, so
that every group a rule looks at is whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pipeline
import pipeline.model as p
from pipeline.publish import kin
from pipeline.publish.clothed import Pictured, with_bodies
from pipeline.publish.decided import decisions_of, named
from pipeline.publish.editing import story_id
from pipeline.publish.fold import Folded, fold
from pipeline.publish.library import ASIDE
from pipeline.publish.rules import weighed, weighed_since
from pipeline.store.store import Store

GROUND: Final = f"{pipeline.__version__} 2"  # count it up where rules, keys or marks change: all is folded anew once
_REACH: Final = 2  # steps from a changed entry to the nearer end of the last join it can change
_AROUND: Final = 2  # steps from a story to the last entry its joins depend on
_TURNS: Final = 4  # ids that are looked up for a new story; one is taken about never


class TooManyError(Exception):
    """So much changed that folding everything is cheaper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What was folded anew.

    Attributes:
        version: Content version it was read at.
        folded: The stories that may have changed; everything editors said is in it.
        touched: Their ids, and those of stories that are no more.
        live: Ids of all entries that were read.
        keys: Keys of the entries that changed, none for those that are gone.
        again: Entries whose story is to be folded once more, by the next night.
    """

    version: int
    folded: Folded
    touched: frozenset[str]
    live: frozenset[str]
    keys: Mapping[str, frozenset[str]]
    again: frozenset[str]


def unsettled(folded: Folded, assignments: Collection[str]) -> frozenset[str]:
    """Return the newcomers of stories with several members.

    From the next fold on they are known members, of whom a rule may say more, or only that they were kept: their stories
    are folded once more, or the reasons would depend on what else that night brings.
    """
    several = (story.members for story in folded.whole if len(story.members) > 1)
    return frozenset(e.id for members in several for e in members if e.id not in assignments)


def follow(store: Store, words: p.FacetWords | None, pictures: Pictured, *, memory: p.Json) -> Followed | None:
    """Fold what may have changed since the last fold; ``None`` where all must be folded.

    Args:
        store: Read only.
        words: That tell stories apart.
        pictures: Gives entries our own copies of their pictures.
        memory: Of the last fold, as ``library`` kept it.

    Cost: follows what changed and what editors ever decided, whatever the archive holds; where entries are new, also the
    entries of the last ``limits.STORY_DAYS`` days, whose words are weighed. Source: ADR-0038.
    """
    if not memory or memory["ground"] != GROUND:
        return None
    version = store.entries.content_version()
    since = int(memory["version"])
    fresh_pictures = map(kin.picture_key, store.pictures.changed_since(since))
    changed = store.entries.changed_since(since) | store.digests.sharing(fresh_pictures)
    try:
        return _Walk(store, words, pictures, changed | frozenset(memory["again"])).followed(version)
    except TooManyError:
        return None


class _Walk:
    """One walk through the neighbourhood of what changed."""

    def __init__(self, store: Store, words: p.FacetWords | None, pictures: Pictured, changed: frozenset[str]) -> None:
        self._store = store
        self._words = words
        self._pictures = pictures
        self._changed = _few(changed)
        now = store.entries.live_of(changed)
        self._now = {entry.id: entry for entry in now}
        self._keys = {e: kin.keys_of(self._now[e]) if e in self._now else frozenset[str]() for e in changed}
        self._aside: dict[str, str] = store.digests.get_meta(ASIDE, {})

    def followed(self, version: int) -> Followed:
        digests = self._store.digests
        said = named(digests.decisions(undone=True))
        near = self._grown(self._changed | self._aside.keys() | said, _REACH)
        homes = digests.assignments(near)
        names = frozenset({*homes.values(), *self._aside.values(), *said})
        core = near | self._members(names)
        folded, live = self._folded(self._grown(core | self._compared(homes), _AROUND))
        ours = _with_partners(folded, core)
        stored = digests.assignments(ours)
        mine = frozenset(s.id for s in folded.whole if any(e.id in ours for e in s.members))
        return Followed(
            version=version,
            folded=(only := _only(folded, mine)),
            touched=mine | names | frozenset(stored.values()),
            live=live,
            keys=self._keys,
            again=unsettled(only, stored.keys() | self._aside.keys()),
        )

    def _folded(self, around: frozenset[str]) -> tuple[Folded, frozenset[str]]:
        digests, words = self._store.digests, self._words
        entries = self._pictures.on(self._store.entries.live_of(around))
        given = {**digests.assignments(around), **self._aside}
        if words is not None:
            bodies = self._store.entries.bodies(weighed(entries, given))
            entries = with_bodies(entries, bodies)
        fresh = [e.id for e in entries if e.id not in given]
        wanted = [story_id(e, f"/{turn}" if turn else "") for e in fresh for turn in range(_TURNS)]
        taken = {row.id for row in digests.stories(wanted)}
        folded = fold(entries, given, decisions_of(digests.decisions()), words, taken=taken)
        return folded, frozenset(e.id for e in entries)

    def _compared(self, homes: Mapping[str, str]) -> frozenset[str]:
        """Whoever's words are weighed against those of the new entries, with the rest of their stories."""
        new = [e for e in self._now.values() if e.id not in homes and e.id not in self._aside]
        since = weighed_since(new) if self._words is not None else None
        if since is None:
            return frozenset()
        window = self._store.digests.between(kin.day_key(since), kin.AFTER_DAYS)
        return window | self._members(self._store.digests.assignments(window).values())

    def _members(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(e for row in self._store.digests.stories(names) for e in row.members)

    def _grown(self, entries: Iterable[str], steps: int) -> frozenset[str]:
        """Return entries and whoever is at most so many steps away, by the keys of the last fold and those of tonight."""
        found = edge = frozenset(entries)
        asked: frozenset[str] = frozenset()
        for _step in range(steps):
            keys = {k for mine in self._store.digests.story_keys(edge).values() for k in mine}
            keys |= {k for e in edge & self._keys.keys() for k in self._keys[e]}
            partners = kin.partners(keys) - asked
            asked, edge = asked | partners, _few(self._store.digests.sharing(partners) - found)
            if not edge:
                break
            found = found | edge
        return found


def _few(entries: frozenset[str]) -> frozenset[str]:
    if len(entries) > p.limits.FOLD_FOLLOWED:
        raise TooManyError
    return entries


def _with_partners(folded: Folded, core: frozenset[str]) -> frozenset[str]:
    """Return entries and all whom the rules put into one story with any of them, wherever decisions then took them.

    A newcomer may find its story by likeness, and a decision made about the newcomer before it came takes that whole story along, or
    changes it and takes the newcomer out again: the story has changed, and nobody in it is near.
    """
    by_rule = {e.id: folded.aside.get(e.id, story.id) for story in folded.whole for e in story.members}
    ours = {by_rule[e] for e in core if e in by_rule}
    return core | {e for e, name in by_rule.items() if name in ours}


def _only(folded: Folded, mine: frozenset[str]) -> Folded:
    """Leave out the stories that were read for the sake of others: they are not whole."""
    stories, hidden, whole = (
        tuple(story for story in some if story.id in mine) for some in (folded.stories, folded.hidden, folded.whole)
    )
    return replace(folded, stories=stories, hidden=hidden, whole=whole, pinned=folded.pinned & mine)
