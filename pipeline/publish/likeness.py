"""How much two items speak of one thing: a veto with its reason, or a share between 0 and about 1, pure.

What does not live here: which pairs are looked at (``neighbours``), what becomes of a pair (``grouping``).
Share = how much of the rarer words of either title the other item says in its title or lead, both ways averaged
(two-way IDF containment, extraction §6): a blog's catchy title is in nobody's notice, but the notice's title is in its lead.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import pipeline.model as p
from pipeline.publish.contrasts import Contrasts, opposed
from pipeline.publish.facets import conflict
from pipeline.publish.told import Told

WINDOW: Final = timedelta(days=p.limits.STORY_DAYS)
_SAME_BODY: Final = 0.05
_SAME_DAYS: Final = 0.12
_ONE_DAY: Final = 0.05
_OTHER_DAY: Final = 0.08
_ONE_SIDED: Final = 0.05
_LOOSE: Final = frozenset({"year", "month", "half", "season", "money", "age"})  # often left out when retold
_SIBLING_STEM: Final = 2  # syllables by which two nouns are told apart: 김장나눔, 연탄나눔
_ALIKE_BODIES: Final = 0.6
_COPY_CHARS: Final = 8


class Rarity:
    """How rare each gram is among the items of a fold."""

    def __init__(self, items: Sequence[Told]) -> None:
        seen = Counter(gram for item in items for gram in item.title_grams | item.all_grams)
        self._count = len(items) + 1
        self._seen: Mapping[str, int] = seen

    def of(self, gram: str) -> float:
        """Return the gram's inverse document frequency."""
        return math.log(self._count / (self._seen.get(gram, 0) + 0.5) + 1e-9)

    def frequency(self, gram: str) -> int:
        """Return how many items say it."""
        return self._seen.get(gram, 0)


class Judge:
    """Compares pairs of items."""

    def __init__(self, rarity: Rarity, known: Contrasts | None = None) -> None:
        self._rarity = rarity
        self._weight: dict[str, float] = {}
        self._contrasts: Contrasts = known or {}

    def veto(self, a: Told, b: Told) -> str:
        """Return why two items are never one story, ``""`` when nothing speaks against it.

        Reasons: a dimension's name, ``stage``, ``call``, ``form``, ``place``, ``day``, ``far``, ``wordless``, ``board``, ``sibling``,
        ``work``, ``contrast``, ``generic``, ``body``.
        """
        if abs(a.at - b.at) > WINDOW:
            return "far"
        if not a.content or not b.content:
            return "wordless"
        mine, theirs = a.facets, b.facets
        if stated := conflict(mine, theirs):
            return stated
        if mine.stages != theirs.stages:
            return "stage"
        if not (mine.wanted <= theirs.said and theirs.wanted <= mine.said):
            return "call"
        if mine.forms != theirs.forms and not mine.forms & theirs.forms:
            return "form"
        if _elsewhere(a, b):
            return "place"
        if _otherwhen(a, b) or _otherwhen(b, a):
            return "day"
        if a.board == b.board and not _is_copy(a, b) and not (mine.is_repost or theirs.is_repost):
            return "board"
        if _other_work(a, b):
            return "work"
        if self._siblings(a, b):
            return "sibling"
        if opposed(a, b, self._contrasts) or opposed(b, a, self._contrasts):
            return "contrast"
        if (a.is_generic or b.is_generic) and not self._one_body(a, b):
            return "generic"
        if a.is_institution and b.is_institution and not self._one_body(a, b):
            return "body"
        return ""

    def share(self, a: Told, b: Told) -> float:
        """Return how much two items speak of one thing; above ``limits.STORY_JOIN`` they do.

        Cost: about 15 µs.
        """
        share = (self._contained(a, b) + self._contained(b, a)) / 2
        share += _SAME_BODY if _names(a, b) or _names(b, a) else 0.0
        share -= _ONE_SIDED * len((a.facets.apart.keys() ^ b.facets.apart.keys()) - _LOOSE)
        common = len(a.days & b.days)
        if len(a.days) > 1 and len(b.days) > 1:
            share += _SAME_DAYS if common > 1 else 0.0 if common else -_SAME_DAYS
        elif a.days and b.days:
            share += _ONE_DAY if common else -_OTHER_DAY
        return share

    def _contained(self, a: Told, b: Told) -> float:
        whole = self._weight.get(a.id)
        if whole is None:
            whole = self._weight[a.id] = sum(map(self._rarity.of, a.title_grams))
        said = sum(map(self._rarity.of, a.title_grams & b.all_grams))
        return said / whole if whole > 0 else 0.0

    def _siblings(self, a: Told, b: Told) -> bool:
        """Two titles of one template that differ in one noun: two crafts of a course series, two jobs of a notice."""
        if len(a.nouns) != len(b.nouns) or len(a.nouns) < 2:
            return False
        other = [(x, y) for x, y in zip(a.nouns, b.nouns, strict=True) if x != y]
        if len(other) != 1:
            return False
        if len(a.words) != len(b.words):
            return False  # no template: one of them is told in other words
        x, y = other[0]
        stems = x[:_SIBLING_STEM], y[:_SIBLING_STEM]
        return stems[0] != stems[1] and stems[0] not in b.text and stems[1] not in a.text

    def _one_body(self, a: Told, b: Told) -> bool:
        if _names(a, b) or _names(b, a):
            return True
        common = a.title_grams | b.title_grams  # what both titles say proves nothing about who wrote
        mine, theirs = a.lead_grams - common, b.lead_grams - common
        few = min(len(mine), len(theirs))
        return few > 0 and len(mine & theirs) / few >= _ALIKE_BODIES


def _is_copy(a: Told, b: Told) -> bool:
    """Whether one title is the other's, with another label or cut."""
    if a.words == b.words:
        return True
    if a.labels and b.labels and set(a.labels) != set(b.labels):
        return False
    if a.content == b.content and a.numbers == b.numbers:
        return True
    few = min(len(a.letters), len(b.letters))
    if few < _COPY_CHARS or a.letters[:few] != b.letters[:few]:
        return False
    return len(a.letters) == len(b.letters) or min(a, b, key=_length).is_cut


def _length(told: Told) -> int:
    return len(told.letters)


def _names(a: Told, b: Told) -> bool:
    """Whether ``b`` names the organisation behind ``a``."""
    if not a.body:
        return False
    whole = "".join(a.voice.split())
    last = a.body.split()[-1]
    return (
        a.voice == b.voice
        or whole in b.text
        or (len(last) > 2 and last in b.text)
        or any(whole.endswith(label) for label in b.labels)
    )


def _other_work(a: Told, b: Told) -> bool:
    """Whether one house quotes two names in two titles, and neither item knows the other's."""
    if not a.works or not b.works or a.voice != b.voice:
        return False
    return not any(work in b.text for work in a.works) and not any(work in a.text for work in b.works)


def _otherwhen(a: Told, b: Told) -> bool:
    """Whether the titles name different days, or one of them a day outside of the other's month."""
    if a.event_days and b.event_days:
        return not a.event_days & b.event_days
    months = b.facets.titled.get("month", frozenset())
    return bool(months and a.event_days) and not months & {str(month) for month, _ in a.event_days}


def _elsewhere(a: Told, b: Told) -> bool:
    """Whether both name branches and no common one; the name of the other's own organisation is no branch."""
    mine = {place for place in a.facets.places if place not in b.body}
    theirs = {place for place in b.facets.places if place not in a.body}
    if not mine or not theirs or a.facets.places & b.facets.places:
        return False
    return not any(x.endswith(y) or y.endswith(x) for x in mine for y in theirs)
