"""Which pairs of items are worth comparing: those that share rare grams, pure.

What does not live here: comparing them (``likeness``).
Comparing all pairs of 100,000 items would take days; posting lists of each item's rarest grams give about a hundred
neighbours in a tenth of a millisecond (extraction §6, performance §5).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from heapq import nsmallest
from typing import Final

import pipeline.model as p
from pipeline.publish.likeness import Rarity
from pipeline.publish.told import Told

_RARE: Final = 10  # grams of the title, and as many of the lead, by which an item is found
_COMMON: Final = 400  # a gram of more items than this finds nobody


def pairs(items: Sequence[Told], fresh: Collection[str], rarity: Rarity) -> Iterator[tuple[Told, Told]]:
    """Yield pairs to compare, each once; at least one of the two is fresh.

    Args:
        items: In any order that does not change; ids unique.
        fresh: Ids of items that have no story yet.
        rarity: Of the grams of ``items``.

    Cost: one pass over all grams, then at most ``limits.STORY_CANDIDATES`` pairs for each fresh item.
    """
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for gram in item.title_grams | item.lead_grams:
            postings[gram].append(number)
    done: set[tuple[int, int]] = set()
    for number, item in enumerate(items):
        if item.id not in fresh:
            continue
        votes = Counter(
            other
            for gram in _rarest(item, rarity)
            if len(postings[gram]) <= _COMMON
            for other in postings[gram]
            if other != number
        )
        for other, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[: p.limits.STORY_CANDIDATES]:
            pair = (min(number, other), max(number, other))
            if pair not in done:
                done.add(pair)
                yield items[pair[0]], items[pair[1]]


def _rarest(item: Told, rarity: Rarity) -> set[str]:
    def rank(gram: str) -> tuple[int, str]:
        return rarity.frequency(gram), gram

    shared = [{g for g in part if rarity.frequency(g) > 1} for part in (item.title_grams, item.lead_grams)]
    return {gram for part in shared for gram in nsmallest(_RARE, part, key=rank)}
