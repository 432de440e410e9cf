"""How much two items speak of one thing: a veto with its reason, or a share between 0 and about 1, pure.

What does not live here: what two items state against each other (``apart``), which pairs are looked at (``neighbours``), what
becomes of a pair (``grouping``).
Share = how much of the rarer words of either title the other item says in its title or lead, both ways averaged
(two-way IDF containment, extraction §6): a blog's catchy title is in nobody's notice, but the notice's title is in its lead.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

import pipeline.model as p
from pipeline.publish.apart import names, reason, towns_apart
from pipeline.publish.contrasts import Contrasts, opposed
from pipeline.publish.told import Told

WINDOW: Final = timedelta(days=p.limits.STORY_DAYS)
UNNAMED: Final = "unnamed"
_SAME_BODY: Final = 0.05
_SAME_DAYS: Final = 0.12
_ONE_DAY: Final = 0.05
_OTHER_DAY: Final = 0.08
_ONE_SIDED: Final = 0.05
_AGREED: Final = 0.04  # for each of two strong facets of which both state the same
_AGREED_MOST: Final = 2
_STRONG: Final = frozenset({"level", "part", "section", "slot", "week", "weekday", "hour", "target", "who"})
_SAME_LEAD: Final = 0.15
_LEAD_NOISE: Final = 0.3  # what the leads of one house share anyway
_PLAIN: Final = 0.5  # a share that needs no more to go by
_LOOSE: Final = frozenset({"year", "month", "half", "season", "money", "age"})  # often left out when retold
_TEMPLATE: Final = 2  # words in which two titles of one template differ: the noun, and 안내 for 알림
_SIBLING_STEM: Final = 2  # syllables by which two nouns are told apart: 김장나눔, 연탄나눔
_ALIKE_BODIES: Final = 0.6


class Rarity:
    """How rare each gram is among the items of a fold."""

    def __init__(self, items: Sequence[Told]) -> None:
        seen = Counter(gram for item in items for gram in item.title_grams | item.all_grams)
        self._count = len(items) + 1
        self._seen: Mapping[str, int] = seen
        self._of: dict[str, float] = {}

    def of(self, gram: str) -> float:
        """Return the gram's inverse document frequency."""
        found = self._of.get(gram)
        if found is None:
            found = self._of[gram] = math.log(self._count / (self._seen.get(gram, 0) + 0.5) + 1e-9)
        return found

    def weight(self, grams: Collection[str]) -> float:
        """Return how much grams say together."""
        return sum(map(self.of, grams))

    def frequency(self, gram: str) -> int:
        """Return how many items say it."""
        return self._seen.get(gram, 0)


class Judge:
    """Compares pairs of items."""

    def __init__(self, rarity: Rarity, known: Contrasts | None = None) -> None:
        self._rarity = rarity
        self._weight: dict[str, float] = {}
        self._lead: dict[str, float] = {}
        self._contrasts: Contrasts = known or {}

    def veto(self, a: Told, b: Told) -> str:
        """Return why two items are never one story, ``""`` when nothing speaks against it.

        Reasons: those of ``apart.reason``, ``far``, ``wordless``, ``sibling``, ``contrast``, ``generic``, ``body``; ``unnamed`` where
        one of them only hands on a title that everybody writes: no evidence, and no contradiction of what others of its group say.
        """
        if abs(a.at - b.at) > WINDOW:
            return "far"
        if not a.content or not b.content:
            return "wordless"
        if why := reason(a, b):
            return why
        if towns_apart(a, b) and not (names(a, b) or names(b, a)):
            return "body"  # every town words its car tax alike
        if self._siblings(a, b):
            return "sibling"
        if opposed(a, b, self._contrasts) or opposed(b, a, self._contrasts):
            return "contrast"
        if (a.is_generic or b.is_generic) and not self._one_body(a, b):
            return "generic" if a.has_voice and b.has_voice else UNNAMED
        if a.is_institution and b.is_institution and not self._one_body(a, b):
            return "body"
        return ""

    def share(self, a: Told, b: Told) -> float:
        """Return how much two items speak of one thing; above ``limits.STORY_JOIN`` they do.

        Cost: about 15 µs.
        """
        share = (self._contained(a, b) + self._contained(b, a)) / 2
        share += _SAME_BODY if names(a, b) or names(b, a) else 0.0
        share -= _ONE_SIDED * len((a.facets.apart.keys() ^ b.facets.apart.keys()) - _LOOSE)
        share += _AGREED * min(_AGREED_MOST, len(_agreed(a, b)))
        if share < _PLAIN:
            share += _SAME_LEAD * max(0.0, self._leads(a, b) - _LEAD_NOISE)
        common = len(a.days & b.days)
        if len(a.days) > 1 and len(b.days) > 1:
            share += _SAME_DAYS if common > 1 else 0.0 if common else -_SAME_DAYS
        elif a.days and b.days:
            share += _ONE_DAY if common else -_OTHER_DAY
        return share

    def _contained(self, a: Told, b: Told) -> float:
        whole = self._weight.get(a.id)
        if whole is None:
            whole = self._weight[a.id] = self._rarity.weight(a.title_grams)
        said = self._rarity.weight(a.title_grams & b.all_grams)
        return said / whole if whole > 0 else 0.0

    def _leads(self, a: Told, b: Told) -> float:
        """How much of the rarer words of the shorter lead the other lead says."""
        least = min(self._lead_weight(a), self._lead_weight(b))
        return self._rarity.weight(a.lead_grams & b.lead_grams) / least if least > 0 else 0.0

    def _lead_weight(self, item: Told) -> float:
        found = self._lead.get(item.id)
        if found is None:
            found = self._lead[item.id] = self._rarity.weight(item.lead_grams)
        return found

    def _siblings(self, a: Told, b: Told) -> bool:
        """Two titles of one template that differ in one noun: two crafts of a course series, two jobs of a notice."""
        if len(a.nouns) != len(b.nouns) or len(a.nouns) < 2:
            return False
        other = [(x, y) for x, y in zip(a.nouns, b.nouns, strict=True) if x != y]
        if len(other) != 1:
            return False
        if len(a.words) != len(b.words) or sum(x != y for x, y in zip(a.words, b.words, strict=True)) > _TEMPLATE:
            return False  # no template: one of them is told in other words, or in another order
        x, y = other[0]
        stems = x[:_SIBLING_STEM], y[:_SIBLING_STEM]
        return stems[0] != stems[1] and stems[0] not in b.text and stems[1] not in a.text

    def _one_body(self, a: Told, b: Told) -> bool:
        if names(a, b) or names(b, a):
            return True
        common = a.title_grams | b.title_grams  # what both titles say proves nothing about who wrote
        mine, theirs = a.lead_grams - common, b.lead_grams - common
        few = min(len(mine), len(theirs))
        return few > 0 and len(mine & theirs) / few >= _ALIKE_BODIES


def _agreed(a: Told, b: Told) -> list[str]:
    """Strong facets of which both items state the same, where one of them names the other's house."""
    mine, theirs = a.facets.apart, b.facets.apart
    strong = [d for d in mine.keys() & theirs.keys() if d in _STRONG or d.startswith("ordinal:")]
    return strong if strong and (names(a, b) or names(b, a)) else []
