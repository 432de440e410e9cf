"""Groups of items grow by likeness: best pair first, average linkage, never across a veto, pure.

What does not live here: comparing two items (``likeness``), names of stories and editors' decisions (``fold``).
A wrong merge hides an announcement and a missed one only repeats it: one veto between any two members keeps two groups
apart, two stories that readers know are never merged by likeness, and what lies between the thresholds is an editor's.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pipeline.model as p
from pipeline.publish import neighbours
from pipeline.publish.contrasts import contrasts
from pipeline.publish.likeness import UNNAMED, Judge, Rarity
from pipeline.publish.told import Told

_SILENT: Final = -1.0  # the share of a pair that says nothing for or against
_MARGIN: Final = 0.01  # of a share, within which two rivals are equals; more costs joins and spares no merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Two items so alike that their groups are one (``is_sure``), or that an editor is asked."""

    a: str
    b: str
    share: float
    is_sure: bool


def alike(items: Sequence[Told], groups: Iterable[Sequence[str]], known: Collection[str]) -> tuple[Alike, ...]:
    """Return the pairs that unite groups, best first, then the doubtful ones; independent of the items' order.

    Args:
        items: Everything that may be compared, unique ids.
        groups: Ids that are together already, by exact rules or earlier nights.
        known: Ids that readers know as part of a story.

    Cost: about 2 ms for each item not known; nothing if all are.
    """
    fresh = {item.id for item in items} - set(known)
    if not fresh:
        return ()
    ordered = sorted(items, key=lambda item: (item.at, item.id))
    rarity = Rarity(ordered)
    linkage = _Linkage(ordered, groups, known, Judge(rarity, contrasts(ordered)))
    for a, b in neighbours.pairs(ordered, fresh, rarity):
        linkage.consider(a.id, b.id)
    return (*linkage.unite(), *linkage.doubts())


@dataclass(slots=True)
class _Group:
    members: list[str]
    is_known: bool
    near: set[int] = field(default_factory=set)  # numbers of groups it may be one with, or an editor's doubt


class _Linkage:
    """Average linkage over the pairs considered, under cannot-links."""

    def __init__(
        self, items: Sequence[Told], groups: Iterable[Sequence[str]], known: Collection[str], judge: Judge
    ) -> None:
        self._told: Mapping[str, Told] = {item.id: item for item in items}
        self._age = {item.id: number for number, item in enumerate(items)}
        self._judge = judge
        self._shares: dict[tuple[str, str], float] = {}  # of pairs without a veto; most pairs have one
        self._groups: dict[int, _Group] = {}
        self._home: dict[str, int] = {}
        self._heap: list[tuple[float, int, int]] = []
        self._next = 0
        known = set(known)
        together = [[m for m in group if m in self._told] for group in groups]
        grouped = {member for group in together for member in group}
        for members in [*filter(None, together), *([item.id] for item in items if item.id not in grouped)]:
            self._add(_Group(members, is_known=not known.isdisjoint(members)))

    def consider(self, a: str, b: str) -> None:
        """Compare the groups of two items."""
        x, y = self._home[a], self._home[b]
        if x != y and y not in self._groups[x].near:
            self._compare(x, y)

    def unite(self) -> list[Alike]:
        """Merge the most alike groups until none is above the threshold."""
        made = []
        while self._heap:
            share, x, y = heapq.heappop(self._heap)
            if x not in self._groups or y not in self._groups:
                continue
            one, other = self._groups[x], self._groups[y]
            if (one.is_known and other.is_known) or self._is_torn(x, y, -share) or self._is_torn(y, x, -share):
                continue
            a, b = self._best(one, other)
            made.append(Alike(a=a, b=b, share=round(-share, 3), is_sure=True))
            del self._groups[x], self._groups[y]
            near = (one.near | other.near) & self._groups.keys()
            number = self._add(_Group(one.members + other.members, one.is_known or other.is_known))
            for third in sorted(near):
                self._compare(number, third)
        return made

    def doubts(self) -> list[Alike]:
        """Return what an editor should look at: between the thresholds, or two stories that readers know."""
        found = []
        for x, group in self._groups.items():
            for y in sorted(group.near & self._groups.keys()):
                share = self._linked(group, self._groups[y]) if x < y else None
                if share is not None and share >= p.limits.STORY_DOUBT:
                    a, b = self._best(group, self._groups[y])
                    found.append(Alike(a=a, b=b, share=round(share, 3), is_sure=False))
        return sorted(found, key=lambda pair: (-pair.share, self._age[pair.a], self._age[pair.b]))

    def _is_torn(self, x: int, y: int, share: float) -> bool:
        """Whether ``x`` is as much like a third group as like ``y``, and these two are different news: it is nobody's."""
        is_blind = any(self._told[member].is_blind for member in self._groups[x].members)
        enough = p.limits.STORY_JOIN if is_blind else share - _MARGIN
        for third in self._groups[x].near & self._groups.keys():
            rival = self._linked(self._groups[x], self._groups[third]) if third != y else None
            if (
                rival is not None
                and rival >= enough
                and self._linked(self._groups[y], self._groups[third]) is None
                and not self._is_cut_from(x, y, third)
            ):
                return True
        return False

    def _is_cut_from(self, x: int, y: int, third: int) -> bool:
        """Whether a title of ``x`` breaks off within one of ``y``'s, and within none of ``third``'s."""
        return any(
            told.is_cut and self._begins(told, y) and not self._begins(told, third)
            for told in (self._told[member] for member in self._groups[x].members)
        )

    def _begins(self, told: Told, group: int) -> bool:
        return any(self._told[member].letters.startswith(told.letters) for member in self._groups[group].members)

    def _add(self, group: _Group) -> int:
        number, self._next = self._next, self._next + 1
        self._groups[number] = group
        self._home.update(dict.fromkeys(group.members, number))
        return number

    def _compare(self, x: int, y: int) -> None:
        one, other = self._groups[x], self._groups[y]
        share = self._linked(one, other)
        if share is None or share < p.limits.STORY_DOUBT:
            return  # no mean with it can be above what both parts are below
        one.near.add(y)
        other.near.add(x)
        if share >= p.limits.STORY_JOIN:
            heapq.heappush(self._heap, (-share, x, y))

    def _linked(self, one: _Group, other: _Group) -> float | None:
        """Return the mean share of all pairs that say something, ``None`` where one of them is vetoed or none does."""
        total, count = 0.0, 0
        for a in one.members:
            for b in other.members:
                share = self._share(a, b)
                if share is None:
                    return None
                if share >= 0:
                    total, count = total + share, count + 1
        return total / count if count else None

    def _share(self, a: str, b: str) -> float | None:
        key = (a, b) if self._age[a] < self._age[b] else (b, a)
        share = self._shares.get(key)
        if share is None:
            first, second = self._told[key[0]], self._told[key[1]]
            why = self._judge.veto(first, second)
            if why and why != UNNAMED:
                return None
            share = self._shares[key] = _SILENT if why else max(0.0, self._judge.share(first, second))
        return share

    def _best(self, one: _Group, other: _Group) -> tuple[str, str]:
        pairs = [(a, b) if self._age[a] < self._age[b] else (b, a) for a in one.members for b in other.members]
        return min(pairs, key=lambda pair: (-(self._shares[pair] or 0.0), self._age[pair[0]], self._age[pair[1]]))
