"""Writes back what of the stories is new: members and reasons, doubts, marks, and the keys of entries.

What does not live here: folding (``fold``, ``following``), SQL. Everything is written in the caller's one transaction, so that
a run that dies leaves the fold before it and all that changed since is followed again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import pipeline.model as p
from pipeline.publish import doubting, kin
from pipeline.publish.fold import Folded
from pipeline.publish.following import GROUND, Followed, unsettled
from pipeline.publish.library import ASIDE, Loaded
from pipeline.store.meta import FOLD
from pipeline.store.shelf import Marked
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow


def keep_all(store: Store, loaded: Loaded, *, version: int, now: datetime) -> bool:
    """Write stories that are not stored like this yet; return whether there were any.

    Call it inside a transaction. Members that are not live now keep their place at the end of their story.

    Args:
        store: Open for writing.
        loaded: Everything, folded anew.
        version: Content version at which they were read.
        now: Aware UTC.

    Cost: a few executemany for the changed stories; the keys of all entries.
    """
    folded = loaded.folded
    home = {member.id: story.id for story in folded.whole for member in story.members}
    has_changed = _keep(store, folded, loaded.stored, live=home.keys(), home=home, now=now)
    before = {spine.id: spine.mark for spine in store.digests.spines()}
    marks = {mark.id: mark for mark in _marks(folded, before.keys())}
    store.digests.mark_stories([mark for mark in marks.values() if mark.mark != before.get(mark.id, "")])
    store.digests.keep_keys({entry.id: kin.keys_of(entry) for entry in loaded.entries}, is_whole=True)
    again = unsettled(folded, loaded.given)
    store.digests.set_meta(FOLD, {"version": version, "ground": GROUND, "again": sorted(again)})
    return has_changed


def keep_followed(store: Store, night: Followed, *, now: datetime) -> bool:
    """Write what a fold of the neighbourhood made, as ``keep_all`` does. Cost: follows what was folded anew."""
    folded = night.folded
    stored = {row.id: row for row in store.digests.stories(story.id for story in folded.whole)}
    has_changed = _keep(store, folded, stored, live=night.live, home=_homes(store, night), now=now)
    store.digests.mark_stories(list(_marks(folded, night.touched)))
    store.digests.keep_keys(night.keys)
    store.digests.set_meta(FOLD, {"version": night.version, "ground": GROUND, "again": sorted(night.again)})
    return has_changed


def _keep(
    store: Store,
    folded: Folded,
    stored: Mapping[str, StoryRow],
    *,
    live: Collection[str],
    home: Mapping[str, str],
    now: datetime,
) -> bool:
    rows = [_row(story, stored.get(story.id), live) for story in folded.whole]
    changed = [row for row in rows if stored.get(row.id) != row]
    doubts = [[pair.a, pair.b, pair.share] for pair in doubting.open_pairs(store, folded.doubts, home)]
    store.digests.assign(changed, now=now)
    if store.digests.get_meta(ASIDE, {}) != dict(folded.aside):
        store.digests.set_meta(ASIDE, dict(folded.aside))
    if store.digests.get_meta(doubting.DOUBTS, []) != doubts:
        store.digests.set_meta(doubting.DOUBTS, doubts)
    return bool(changed)


def _homes(store: Store, night: Followed) -> Mapping[str, str]:
    """Return the story of every live entry that a doubt may be about."""
    asked = {e for a, b, _share in store.digests.get_meta(doubting.DOUBTS, []) for e in (a, b)}
    asked |= {e for pair in night.folded.doubts for e in (pair.a, pair.b)}
    asked = asked - night.keys.keys()  # what changed is told by the fold, and what is gone has no home
    live = store.digests.story_keys(asked).keys()
    home = dict(store.digests.assignments(live))
    return home | {member.id: story.id for story in night.folded.whole for member in story.members}


def _marks(folded: Folded, before: Iterable[str]) -> Iterable[Marked]:
    """What the shelf keeps: of stories that are shown, and that nothing is shown of those that were."""
    shown = {story.id: story for story in folded.stories}
    for story in shown.values():
        yield Marked(story.id, kin.mark_of(story), kin.open_until(story))
    for name in sorted(set(before) | {story.id for story in folded.hidden}):
        if name not in shown:
            yield Marked(name, "", None)


def _row(story: p.Story, stored: StoryRow | None, live: Collection[str]) -> StoryRow:
    absent = tuple(e for e in stored.members if e not in live) if stored else ()
    return StoryRow(
        id=story.id,
        primary_id=story.primary.id,
        members=(*(e.id for e in story.members), *absent),
        why=story.why,
        first_seen_at=story.first_seen_at,
    )
