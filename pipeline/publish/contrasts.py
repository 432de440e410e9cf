"""Words that a board's own titles set against each other: one template, one noun exchanged, two matters, pure.

What does not live here: what becomes of a contrast (``likeness``), words known beforehand (``settings/facets.yaml``).
No table lists every craft, job and pipe that a year's programme is made of. A board that writes 가죽공예 수강생 모집 and 통기타
수강생 모집 says itself that the two are apart; a blog that speaks of one of them is then not about the other. The same
holds for what stands in brackets or behind a dash: (탁본 뜨기) and (청자 만들기), however many words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from pipeline.publish.facets import plain
from pipeline.publish.told import Told

Contrasts: TypeAlias = Mapping[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]
"""By each noun: the stems exchanged together with it, and those of the other titles, which stand for other matters."""

_DIGITS: Final = re.compile(r"\d+")
_MANY: Final = 100  # nouns of one group that are looked for in a text
_FEW: Final = 2  # a template needs this many other words, one of them of the matter
_STEM_CHARS: Final = 4  # 역량활용사업 is 역량활용형 in other mouths
_SEGMENT: Final = re.compile(
    r"[\[(<「『《〈【]([^\[\](){}<>「」『』《》〈〉【】]{2,40})[\])>」』》〉】]|\s[-–—:|│]\s(.{2,60})$"
)


def contrasts(items: Iterable[Told]) -> Contrasts:
    """Return the nouns that titles of one board exchange. Independent of order. Cost: linear in the titles' words."""
    items = tuple(items)
    is_filler = items[0].reader.is_filler if items else str.isspace
    found: defaultdict[tuple[str, ...], set[frozenset[str]]] = defaultdict(set)
    for item in items:
        for template, nouns in _templates(item):
            found[template].add(nouns)
    pairs: defaultdict[str, set[tuple[frozenset[str], frozenset[str]]]] = defaultdict(set)
    for several in found.values():
        if len(several) > 1:
            telling = _telling(several, is_filler)
            every = frozenset(stem for stems in telling for stem in stems.values())
            for stems in telling:
                mine = frozenset(stems.values())
                for noun in stems:
                    pairs[noun].add((mine, every - mine))
    return {noun: tuple(sorted(both, key=lambda pair: [sorted(side) for side in pair])) for noun, both in pairs.items()}


def _telling(several: Iterable[frozenset[str]], is_filler: Callable[[str], bool]) -> list[dict[str, str]]:
    """Return of each title the nouns no other one has, each with what tells it apart: 영구 of 영구임대주택, 국민 of 국민임대주택."""
    ordered = sorted(several, key=sorted)[:_MANY]
    count = Counter(noun for nouns in ordered for noun in nouns)
    own = [sorted(noun for noun in nouns if count[noun] == 1) for nouns in ordered]
    nouns = [noun for nouns in own for noun in nouns]
    ahead, behind = _common(nouns), _common([noun[::-1] for noun in nouns])
    stems = {noun: noun[ahead : len(noun) - behind] for noun in nouns}
    if any(len(stem) < _FEW or is_filler(stem) for stem in stems.values()):
        stems = {noun: noun for noun in nouns}
    return [{noun: stems[noun][:_STEM_CHARS] for noun in nouns} for nouns in own]


def _common(nouns: Sequence[str]) -> int:
    """Return how many letters all of several nouns begin with."""
    if len(nouns) < _FEW:
        return 0
    first, last = min(nouns), max(nouns)
    return next((at for at, (x, y) in enumerate(zip(first, last, strict=False)) if x != y), min(map(len, nouns)))


def _templates(item: Told) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Yield a title's templates, each with the nouns it leaves out: single nouns, and what brackets hold."""
    words = [_DIGITS.sub("0", word) for word in item.words]
    if len(item.nouns) < _FEW or len(words) <= _FEW:
        return
    for noun in item.nouns:
        at = item.words.index(noun)
        yield (item.board, *words[:at], "", *words[at + 1 :]), frozenset((noun,))
    title = plain(item.title)
    for match in _SEGMENT.finditer(title):
        inside = (match[1] or match[2] or "").split()
        nouns = frozenset(noun for noun in item.nouns if any(noun in word for word in inside))
        rest = _DIGITS.sub("0", f"{title[: match.start()]} {title[match.end() :]}").split()
        if nouns and len(nouns) < len(item.nouns) and len(rest) >= _FEW:
            yield (item.board, "[]", *rest), nouns


def opposed(a: Told, b: Told, known: Contrasts) -> bool:
    """Whether ``a``'s title says one of two contrasting nouns, and ``b`` only the other, in title or lead."""
    for noun in a.nouns:
        for mine, others in known.get(noun, ()):
            if any(own in b.text for own in mine):
                break
            if any(other in b.head and other not in a.text for other in others):
                return True
    return False
