"""Which stories stand in which segment of the search index, and which lie beside it until a segment is made anew.

What does not live here: what the files say (``_find``, ``_pairs``). A segment is a run of stories, oldest first, whose
files never change once they are made (log-structured, as Lucene's): a story that changed is *dead* at its old position
and *fresh* beside all segments, until so many are fresh that those segments which lost most are made anew. What was
withdrawn is not left lying: its segment is made anew at once. The memory is the keys of the last files. Source: ADR-0036.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import chain, groupby, pairwise
from typing import Final, NamedTuple

import pipeline.model as p

SEGMENT: Final = 2048  # stories at most; positions have two signs of 64 (``_pairs``)
FRESH: Final = 128  # stories at most that lie beside the segments: each reader who searches fetches their texts
_ID: Final = 12
_MARK: Final = _ID + 8  # characters: the story's id, the beginning of the digest of what it says


@dataclass(frozen=True, slots=True)
class Segment:
    """Stories whose files stand.

    Attributes:
        key: The marks of all its positions, joined: what its files were made of.
        stories: By position, oldest first; ``None`` where one is dead.
    """

    key: str
    stories: Sequence[p.Story | None]

    @property
    def name(self) -> str:
        """Of its files: others, when it is made anew."""
        return "g" + blake2b(self.key.encode(), digest_size=6).hexdigest()

    @property
    def dead(self) -> list[int]:
        """Positions nobody may find any more."""
        return [n for n, story in enumerate(self.stories) if story is None]


class Plan(NamedTuple):
    """Segments, oldest first, and fresh stories, oldest first, each with the number of positions that are older."""

    segments: list[Segment]
    fresh: list[tuple[int, p.Story]]


def plan(stories: Sequence[p.Story], facts: Mapping[str, str], known: Iterable[str]) -> Plan:
    """Return where every story stands.

    Args:
        stories: All of them, oldest first.
        facts: By story id, the digest of what it says.
        known: Keys of the segments whose files stand, in any order; if they contradict the stories, none is used.

    Cost: about 1 µs a story.
    """
    now = _Now(_marks(stories, facts))
    ranges = now.ranges(now.segments(known))
    marked = _marked(ranges, now)
    settled = _settled(ranges, marked, now) if marked else [r.marks for r in ranges if r.marks]
    at = now.index.get
    segments = [
        Segment("".join(marks), [None if n is None else stories[n] for n in map(at, marks)]) for marks in settled
    ]
    return Plan(segments, [(older, stories[n]) for older, n in now.fresh(settled)])


def _marks(stories: Sequence[p.Story], facts: Mapping[str, str]) -> list[str]:
    ids = [story.id for story in stories]
    short = [story_id[1:] for story_id in ids]
    whole = "".join(short)
    is_ours = set(map(len, short)) <= {_ID} and {story_id[:1] for story_id in ids} <= {"s"}
    if not (is_ours and whole.isascii() and (whole.isalnum() or not whole)):
        short = [blake2b(of.encode("utf-8", "replace"), digest_size=_ID // 2).hexdigest() for of in ids]
    told = _MARK - _ID
    return [mark + facts[story_id][:told] for mark, story_id in zip(short, ids, strict=True)]


class _Range(NamedTuple):
    """Stories from ``start`` to ``stop``, and the segment they belong to: its marks, and how many of them live."""

    marks: Sequence[str]
    start: int
    stop: int
    live: int

    @property
    def fresh(self) -> int:
        return self.stop - self.start - self.live

    @property
    def is_sparse(self) -> bool:
        return 2 * self.live < len(self.marks)


class _Now:
    """The stories as they are now, by their marks."""

    def __init__(self, marks: Sequence[str]) -> None:
        self.marks = marks
        self.index = {mark: n for n, mark in enumerate(marks)}

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(mark[:_ID] for mark in self.marks)

    def segments(self, known: Iterable[str]) -> list[list[str]]:
        """The marks of the segments that stand, oldest first; none if they contradict the order of the stories."""
        found = [[key[at : at + _MARK] for at in range(0, len(key), _MARK)] for key in known]
        found = [marks for marks in found if not self.index.keys().isdisjoint(marks)]
        found.sort(key=lambda marks: next(self.index[mark] for mark in marks if mark in self.index))
        there = {mark for marks in found for mark in marks}
        now = [mark for mark in self.marks if mark in there]
        return found if now == [mark for marks in found for mark in marks if mark in self.index] else []

    def ranges(self, segments: Sequence[Sequence[str]]) -> list[_Range]:
        """A range for every segment, what is fresh up to the next one with it, and one for what is newer than all."""
        lives = [[self.index[mark] for mark in marks if mark in self.index] for marks in segments]
        end = lives[-1][-1] + 1 if lives else 0
        starts = [0, *(live[0] for live in lives[1:])] if lives else []
        stops = [*starts[1:], end]
        found = [_Range(*told) for told in zip(segments, starts, stops, map(len, lives), strict=False)]
        return [*found, _Range((), end, len(self.marks), 0)]

    def has_withdrawn(self, marks: Iterable[str]) -> bool:
        """Whether one of these stories is gone altogether, not only changed."""
        return any(mark not in self.index and mark[:_ID] not in self._ids for mark in marks)

    def fresh(self, segments: Iterable[Iterable[str]]) -> Iterator[tuple[int, int]]:
        """Of each story that stands in no segment: how many positions are older, and which it is."""
        place = {mark: n for n, mark in enumerate(chain.from_iterable(segments), start=1)}
        older = 0
        for n, mark in enumerate(self.marks):
            if mark in place:
                older = place[mark]
            else:
                yield older, n


def _marked(ranges: Sequence[_Range], now: _Now) -> set[int]:
    """Which ranges are settled anew: those that hold what was withdrawn, and while too many are fresh, those with most."""
    found = {n for n, r in enumerate(ranges) if r.live < len(r.marks) and (r.is_sparse or now.has_withdrawn(r.marks))}
    others = sorted((n for n in range(len(ranges)) if n not in found), key=lambda n: -ranges[n].fresh)
    left = sum(ranges[n].fresh for n in others)
    if left > FRESH:
        for n in others:
            if left <= FRESH // 2:
                break
            found.add(n)
            left -= ranges[n].fresh
    return found


def _settled(ranges: Sequence[_Range], marked: set[int], now: _Now) -> list[Sequence[str]]:
    """The marks of all segments when the marked ranges are settled anew, neighbours together.

    They take in their older neighbour while that is not larger: newest segments grow as a binary counter does, so a story
    is settled a few times in its life, not every night.
    """
    done: list[_Range] = []
    for is_marked, group in groupby(range(len(ranges)), key=marked.__contains__):
        run = [ranges[n] for n in group]
        if not is_marked:
            done += [r for r in run if r.marks]
            continue
        start, stop = run[0].start, run[-1].stop
        while done and done[-1].live <= stop - start and stop - done[-1].start <= SEGMENT:
            start = done.pop().start
        pieces = -(-(stop - start) // SEGMENT)
        cuts = [start + (stop - start) * n // max(1, pieces) for n in range(pieces + 1)]
        done += [_Range(now.marks[a:b], a, b, b - a) for a, b in pairwise(cuts)]
    return [r.marks for r in done]
