"""Words that a board's own titles set against each other: one template, one noun exchanged, two matters, pure.

What does not live here: what becomes of a contrast (``likeness``), words known beforehand (``settings/facets.yaml``).
No table lists every craft, job and pipe that a year's programme is made of. A board that writes 가죽공예 수강생 모집 and 통기타
수강생 모집 says itself that the two are apart; a blog that speaks of one of them is then not about the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from pipeline.publish.told import Told

Contrasts: TypeAlias = Mapping[str, tuple[frozenset[str], ...]]
"""Groups of nouns by each noun in them; those of one group stand for different matters."""

_DIGITS: Final = re.compile(r"\d+")
_MANY: Final = 100  # nouns of one group that are looked for in a text
_FEW: Final = 2  # a template needs this many other words, one of them of the matter


def contrasts(items: Iterable[Told]) -> Contrasts:
    """Return the nouns that titles of one board exchange. Independent of order. Cost: linear in the titles' words."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for item in items:
        words = [_DIGITS.sub("0", word) for word in item.words]
        if len(item.nouns) > 1 and len(words) > _FEW:
            for noun in item.nouns:
                at = item.words.index(noun)
                found[item.board, *words[:at], "", *words[at + 1 :]].add(noun)
    groups: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for nouns in found.values():
        if len(nouns) > 1:
            group = frozenset(sorted(nouns)[:_MANY])
            for noun in nouns:
                groups[noun].add(group)
    return {noun: tuple(sorted(several, key=sorted)) for noun, several in groups.items()}


def opposed(a: Told, b: Told, known: Contrasts) -> bool:
    """Whether ``a``'s title says one of two contrasting nouns, and ``b`` only the other, in title or lead."""
    for noun in a.nouns:
        for group in known.get(noun, ()):
            if noun in b.text:
                break
            if any(other in b.head and other not in a.text for other in group):
                return True
    return False
