"""Entries become stories: one thing, one story, whatever channels told it; editors' decisions win, pure.

What does not live here: the rules themselves (``rules``), which stories an edition tells (``compose``).
A story keeps its id for ever: an entry that has one never loses it by rule, so two known stories are never merged by a
rule, only by an editor. Decisions lie over the rules' result and are never written into it, so each can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pipeline.model as p
from pipeline.publish import grouping
from pipeline.publish.editing import Board, Decision, Group, Move, story_id
from pipeline.publish.rules import age, joins, stated_at, weighed_since
from pipeline.publish.told import Teller, Told
from pipeline.text import attached

_RANK: Final = {  # whose facts a story tells
    p.Kind.COURSE: 0,
    p.Kind.NOTICE: 1,
    p.Kind.EVENT: 2,
    p.Kind.NEWS: 3,
    p.Kind.POST: 4,
    p.Kind.VIDEO: 5,
}


_LEAD_CHARS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """All stories, oldest first.

    Attributes:
        stories: What may be told.
        hidden: What an editor hid.
        whole: Both with every member, as they are to be stored.
        aside: By entry id, the story id the rules give where an editor's join or split gives another; kept so that the
            decision can be undone.
        pinned: Ids of stories an editor put first.
        notes: An editor's sentence for readers, by story id.
        moves: Places editors gave in single editions, oldest first.
        doubts: Pairs of entries whose stories may be one, the likeliest first: for an editor.
    """

    stories: tuple[p.Story, ...]
    hidden: tuple[p.Story, ...] = ()
    whole: tuple[p.Story, ...] = ()
    pinned: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    doubts: tuple[grouping.Alike, ...] = ()


def fold(
    entries: Iterable[p.Entry],
    assignments: Mapping[str, str] | None = None,
    decisions: Iterable[Decision] = (),
    words: p.FacetWords | None = None,
    *,
    taken: Iterable[str] = (),
) -> Folded:
    """Fold entries into stories; the result does not depend on their order.

    Args:
        entries: Live entries with unique ids.
        assignments: Story id by entry id as the rules gave it on earlier nights (stored ids, ``aside`` over them).
        decisions: In the order they were made.
        words: Tell news apart that reads alike; without them only the exact rules join.
        taken: Story ids that are given although none of these entries has them.

    Cost: near-linear in entries, and about 2 ms for each that has no story yet. Source: peers §3 pain 7; CI2; ADR-0027.
    """
    by_id = {e.id: e for e in sorted(entries, key=age)}
    given = assignments or {}
    union = _Union(by_id, given)
    doubts = union.by_likeness(words) if words else ()
    board = Board(_name(union.groups(), given, taken))
    natural = dict(board.home)
    for decision in decisions:
        board.apply(decision)
    stories, hidden, whole = [], [], []
    for name, group in board.groups.items():
        story = _story(name, group, by_id)
        whole.append(story)
        if name in board.hidden or story.primary.id in board.hidden:
            hidden.append(story)
        else:
            stories.append(_without(story, board.hidden))
    aside = {e: name for e, name in natural.items() if board.home[e] != name}
    return Folded(
        stories=oldest_first(stories),
        hidden=oldest_first(hidden),
        whole=oldest_first(whole),
        aside=aside,
        pinned=frozenset(name for name, group in board.groups.items() if group.is_pinned),
        notes={name: group.note for name, group in board.groups.items() if group.note},
        moves=board.moves,
        doubts=tuple(pair for pair in doubts if board.home[pair.a] != board.home[pair.b]),
    )


def oldest_first(stories: Iterable[p.Story]) -> tuple[p.Story, ...]:
    """Return stories in the order we met them."""
    return tuple(sorted(stories, key=lambda s: (s.first_seen_at, s.id)))


class _Union:
    """Entries that belong together, strongest reason first; a group never holds two known story ids."""

    def __init__(self, by_id: Mapping[str, p.Entry], given: Mapping[str, str]) -> None:
        self._by_id = by_id
        self._root = {e: e for e in by_id}
        self._known = {e: given[e] for e in by_id if e in given}
        self._owner = dict(self._known)  # story id by root
        self._why: list[p.Join] = []
        rules = joins(by_id.values())
        for join in rules:  # what was joined before comes first, so that a newcomer cannot take its place
            if join.a in self._known and self._known[join.a] == self._known.get(join.b):
                self._unite(join)
        first: dict[str, str] = {}
        for entry, name in self._known.items():
            self._unite(
                p.Join(a=first.setdefault(name, entry), b=entry, reason="kept")
            )  # by a rule of an earlier night
        for join in rules:
            self._unite(join)

    def by_likeness(self, words: p.FacetWords) -> tuple[grouping.Alike, ...]:
        """Join what reads alike, and return what an editor should decide."""
        since = weighed_since(e for e in self._by_id.values() if e.id not in self._known)
        if since is None:
            return ()
        teller = Teller(words)
        told = [told_of(e, teller) for e in self._by_id.values() if stated_at(e) >= since]
        found = grouping.alike(told, [group.ids for group in self.groups()], self._known)
        for pair in found:
            if pair.is_sure:
                self._unite(p.Join(a=pair.a, b=pair.b, reason="alike"))
        return tuple(pair for pair in found if not pair.is_sure)

    def groups(self) -> list[Group]:
        """Return the groups, oldest first."""
        groups: dict[str, Group] = {}
        for entry in self._by_id:
            groups.setdefault(self._find(entry), Group()).ids.append(entry)
        for join in self._why:
            groups[self._find(join.a)].why.append(join)
        return list(groups.values())

    def _find(self, entry: str) -> str:
        while self._root[entry] != entry:
            self._root[entry] = self._root[self._root[entry]]
            entry = self._root[entry]
        return entry

    def _unite(self, join: p.Join) -> None:
        a, b = self._find(join.a), self._find(join.b)
        ours, theirs = self._owner.get(a, ""), self._owner.get(b, "")
        if a != b and (ours == theirs or not ours or not theirs):
            self._root[b] = a
            self._owner[a] = ours or theirs
            self._why.append(join)


def told_of(entry: p.Entry, teller: Teller) -> Told:
    """Return an entry as it is compared with others."""
    body = entry.department or entry.agency or entry.source_id
    lead = (
        attached.own(entry.text)[:_LEAD_CHARS] or entry.lead
    )  # a lead is cut for readers: the sentence it leaves out may name the matter
    return teller.told(id=entry.id, board=entry.source_id, body=body, at=stated_at(entry), title=entry.title, lead=lead)


def _name(groups: Iterable[Group], given: Mapping[str, str], elsewhere: Iterable[str]) -> dict[str, Group]:
    """Give every group its id: the one it has, or a new one from its first entry that no other story ever had."""
    taken = {*given.values(), *elsewhere}
    named: dict[str, Group] = {}
    for group in groups:
        name = next((given[e] for e in group.ids if e in given), "")
        turn = 0
        while not name:
            candidate = story_id(group.ids[0], f"/{turn}" if turn else "")
            name = "" if candidate in taken else candidate
            turn += 1
        taken.add(name)
        named[name] = group
    return named


def _story(name: str, group: Group, by_id: Mapping[str, p.Entry]) -> p.Story:
    members = [by_id[e] for e in group.ids]
    members.sort(key=lambda e: (_RANK[e.kind], stated_at(e), e.id))
    primary, *rest = members
    if group.title:
        primary = replace(primary, title=group.title)
    first_seen = min(age(e)[0] for e in members)
    return p.Story(id=name, primary=primary, members=(primary, *rest), why=tuple(group.why), first_seen_at=first_seen)


def _without(story: p.Story, hidden: set[str]) -> p.Story:
    """A hidden entry that does not speak for its story only disappears from it."""
    rest = tuple(e for e in story.members if e.id not in hidden)
    if len(rest) == len(story.members):
        return story
    return replace(story, members=rest, why=tuple(j for j in story.why if not {j.a, j.b} & hidden))
