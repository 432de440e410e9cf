"""The store's entries as stories: read once, folded, and what is new of it written back.

What does not live here: how they are folded (``fold``), SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import pipeline.model as p
from pipeline.model.base import changed
from pipeline.publish.clothed import Pictured, with_bodies, with_body
from pipeline.publish.decided import decisions_of
from pipeline.publish.doubting import DOUBTS, open_pairs
from pipeline.publish.fold import Folded, fold
from pipeline.publish.grouping import Alike
from pipeline.publish.rules import weighed
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow

ASIDE: Final = "stories_aside"


class Loaded(NamedTuple):
    """Every story folded anew, the stories as they were stored, by id, story ids by entry, and all live entries."""

    folded: Folded
    stored: Mapping[str, StoryRow]
    given: Mapping[str, str]
    entries: tuple[p.Entry, ...]


def load(store: Store, words: p.FacetWords | None, *, pictures: Pictured | None = None) -> Loaded:
    """Return every story, folded anew, with what editors decided.

    Args:
        store: Read only.
        words: That tell stories apart.
        pictures: Gives entries our own copies of their pictures.

    The entries come without bodies, except those whose words are weighed tonight (``bodied`` for the others).

    Cost: reads every live entry; only when something changed, or for a person who asks.
    """
    stored = {row.id: row for row in store.digests.all_stories()}
    given = {entry: row.id for row in stored.values() for entry in row.members}
    given |= store.digests.get_meta(ASIDE, {})
    live = store.entries.all_live()
    entries = pictures.on(live) if pictures is not None else live
    entries = with_bodies(entries, store.entries.bodies(weighed(entries, given) if words else ()))
    folded = fold(entries, given, decisions_of(store.digests.decisions()), words)
    return Loaded(folded, stored, given, entries)


def story_with_bodies(story: p.Story, bodies: p.Bodies) -> p.Story:
    """Return a story whose members have these bodies."""
    return changed(story, primary=with_body(story.primary, bodies), members=with_bodies(story.members, bodies))


def stories_of(store: Store, words: p.FacetWords | None) -> tuple[p.Story, ...]:
    """Return every story that may be shown, newest first, for ``moa stories``. Reads only."""
    return newest_first(load(store, words).folded)


def doubts_of(store: Store, words: p.FacetWords | None) -> tuple[tuple[Alike, p.Story, p.Story], ...]:
    """Return the pairs of stories that may be one, the likeliest first, for an editor. Reads only.

    Cost: reads the live library; doubts are those of the nights on which their items came.
    """
    folded = load(store, words).folded
    home = {member.id: story for story in folded.stories for member in story.members}
    found = open_pairs(store, folded.doubts, {entry: story.id for entry, story in home.items()})
    return tuple((pair, home[pair.a], home[pair.b]) for pair in found if {pair.a, pair.b} <= home.keys())


def open_doubts(store: Store) -> list[tuple[str, str, float]]:
    """Return (entry, entry, share) of the pairs that waited for an editor when stories were last kept. Cost: one row."""
    return [(a, b, share) for a, b, share in store.digests.get_meta(DOUBTS, [])]


def newest_first(folded: Folded) -> tuple[p.Story, ...]:
    """Return the stories in the order of a library."""
    return tuple(reversed(folded.stories))
