"""The store's entries as stories: read once, folded, and what is new of it written back.

What does not live here: how they are folded (``fold``), SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

import pipeline.model as p
from pipeline.model.base import changed
from pipeline.publish.editing import Decision
from pipeline.publish.fold import Folded, fold
from pipeline.publish.grouping import Alike
from pipeline.publish.rules import weighed
from pipeline.store.decisions import DecisionRow
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow

_ASIDE: Final = "stories_aside"
_DOUBTS: Final = "stories_doubts"


def load(
    store: Store, words: p.FacetWords | None, *, pictures: Mapping[str, p.Picture] | None = None
) -> tuple[Folded, Mapping[str, StoryRow]]:
    """Return every story, with what editors decided, and the stories as they are stored, by id.

    Args:
        store: Read only.
        words: That tell stories apart.
        pictures: Our own copies by address, to show entries with.

    The entries come without bodies, except those whose words are weighed tonight (``bodied`` for the others).

    Cost: reads every live entry; only when something changed, or for a person who asks.
    """
    stored = {row.id: row for row in store.digests.all_stories()}
    given = {entry: row.id for row in stored.values() for entry in row.members}
    given |= store.digests.get_meta(_ASIDE, {})
    entries = pictured(store.entries.all_live(), pictures or {})
    entries = with_bodies(entries, store.entries.bodies(weighed(entries, given) if words else ()))
    return fold(entries, given, decisions_of(store.digests.decisions()), words), stored


def with_bodies(entries: Iterable[p.Entry], bodies: p.Bodies) -> tuple[p.Entry, ...]:
    """Return the entries, those of these bodies with them."""
    return tuple(_with_body(entry, bodies) for entry in entries)


def _with_body(entry: p.Entry, bodies: p.Bodies) -> p.Entry:
    if entry.id not in bodies:
        return entry
    text, body_html = bodies[entry.id]
    return changed(entry, text=text, body_html=body_html)


def story_with_bodies(story: p.Story, bodies: p.Bodies) -> p.Story:
    """Return a story whose members have these bodies."""
    return changed(story, primary=_with_body(story.primary, bodies), members=with_bodies(story.members, bodies))


def pictured(entries: Iterable[p.Entry], made: Mapping[str, p.Picture]) -> tuple[p.Entry, ...]:
    """Return the entries, those with a picture together with our own copies of it."""
    if not made:
        return tuple(entries)
    return tuple(
        changed(entry, picture=made[entry.image.url]) if entry.image and entry.image.url in made else entry
        for entry in entries
    )


def stories_of(store: Store, words: p.FacetWords | None) -> tuple[p.Story, ...]:
    """Return every story that may be shown, newest first, for ``moa stories``. Reads only."""
    return newest_first(load(store, words)[0])


def doubts_of(store: Store, words: p.FacetWords | None) -> tuple[tuple[Alike, p.Story, p.Story], ...]:
    """Return the pairs of stories that may be one, the likeliest first, for an editor. Reads only.

    Cost: reads the live library; doubts are those of the nights on which their items came.
    """
    folded = load(store, words)[0]
    home = {member.id: story for story in folded.stories for member in story.members}
    found = _doubts(store, folded)
    return tuple((pair, home[pair.a], home[pair.b]) for pair in found if {pair.a, pair.b} <= home.keys())


def open_doubts(store: Store) -> list[tuple[str, str, float]]:
    """Return (entry, entry, share) of the pairs that waited for an editor when stories were last kept. Cost: one row."""
    return [(a, b, share) for a, b, share in store.digests.get_meta(_DOUBTS, [])]


def newest_first(folded: Folded) -> tuple[p.Story, ...]:
    """Return the stories in the order of a library."""
    return tuple(reversed(folded.stories))


def keep(store: Store, folded: Folded, stored: Mapping[str, StoryRow], *, now: datetime) -> bool:
    """Write stories that are not stored like this yet; return whether there were any.

    Call it inside a transaction. Members that are not live now keep their place at the end of their story.

    Cost: a few executemany for the changed stories.
    """
    live = {e.id for story in folded.whole for e in story.members}
    rows = [_row(story, stored.get(story.id), live) for story in folded.whole]
    changed = [row for row in rows if stored.get(row.id) != row]
    store.digests.assign(changed, now=now)
    if store.digests.get_meta(_ASIDE, {}) != dict(folded.aside):
        store.digests.set_meta(_ASIDE, dict(folded.aside))
    doubts = [[pair.a, pair.b, pair.share] for pair in _doubts(store, folded)]
    if store.digests.get_meta(_DOUBTS, []) != doubts:
        store.digests.set_meta(_DOUBTS, doubts)
    return bool(changed)


def _doubts(store: Store, folded: Folded) -> list[Alike]:
    """Tonight's doubts and those of earlier nights that nobody has decided yet."""
    home = {member.id: story.id for story in folded.whole for member in story.members}
    earlier = [Alike(a=a, b=b, share=share, is_sure=False) for a, b, share in store.digests.get_meta(_DOUBTS, [])]
    pairs = {(pair.a, pair.b): pair for pair in (*earlier, *folded.doubts)}
    log = store.digests.decisions()
    split = {row.subject for row in log if row.action == "split"}
    apart = {frozenset((_home(row.subject, home), _home(str(row.args.get("other", "")), home)))
             for row in log if row.action == "apart"}  # fmt: skip
    open_ = (
        pair
        for pair in pairs.values()
        if pair.a in home
        and pair.b in home
        and home[pair.a] != home[pair.b]
        and split.isdisjoint((pair.a, pair.b))
        and frozenset((home[pair.a], home[pair.b])) not in apart
    )
    return sorted(open_, key=lambda pair: (-pair.share, pair.a, pair.b))[: p.limits.STORY_DOUBTS]


def _home(subject: str, home: Mapping[str, str]) -> str:
    return home.get(subject, subject)


def _row(story: p.Story, stored: StoryRow | None, live: set[str]) -> StoryRow:
    absent = tuple(e for e in stored.members if e not in live) if stored else ()
    return StoryRow(
        id=story.id,
        primary_id=story.primary.id,
        members=(*(e.id for e in story.members), *absent),
        why=story.why,
        first_seen_at=story.first_seen_at,
    )


def decisions_of(rows: tuple[DecisionRow, ...]) -> Iterator[Decision]:
    """Yield the decisions in force as the fold reads them; a join of several is one decision for each."""
    for row in rows:
        if row.action == "move":
            args = {name: str(row.args.get(name) or "") for name in ("edition", "section", "before")}
            before = args.pop("before")
            yield Decision(verb="move", subject=row.subject, other=before, **args)
            continue
        words = tuple(_words(row.args))
        for other in words if row.action == "join" else words[:1] or ("",):
            yield Decision(verb=row.action, subject=row.subject, other=other)


def _words(args: Mapping[str, p.Json]) -> Iterator[str]:
    for value in args.values():
        yield from (value,) if isinstance(value, str) else (v for v in value if isinstance(v, str))
