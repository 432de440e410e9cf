"""Facets: what an item says of itself that another item about the same thing would not contradict, pure.

What does not live here: the words (``settings/facets.yaml``, ``config/facets.yaml``), weighing likeness (``likeness``).
Similarity alone cannot tell 초급 from 중급: one letter apart, two classes. Facets can (extraction §6).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pipeline.model as p
from pipeline.publish.naming import Names
from pipeline.publish.numerals import Numerals, ages_agree

Values: TypeAlias = Mapping[str, frozenset[str]]
"""What an item states, by dimension."""

_LEAD_CHARS: Final = 160  # the sentence that names the matter; further down other programmes are named
_ASIDE: Final = re.compile(  # facts of a lead that are about everything the organisation does
    r"\d{4}\s*[-.]\s*\d{1,2}\s*[-.]\s*\d{1,2}\.?|\d{1,2}\s*[./]\s*\d{1,2}\.?|\d{1,2}월\s*\d{1,2}일|\d{2,3}-\d{3,4}-\d{4}"
    r"|(?:대상|장소|문의)\s*:?[^.,○▶\n]*"
)
_REPORT: Final = re.compile(  # a lead that tells what was, not what will be
    r"지난\s*(?:\d{1,2}월|\d{1,2}일|주말|주|달|월요일|화요일|수요일|목요일|금요일|토요일|일요일)(?!\s*\d{0,2}일?부터)"
    r"|(?:열렸|열린\s*바|가졌|개최했|개최됐|개최되었|진행됐|진행되었|성황리|마쳤|막을\s*내렸|다녀왔|다녀갔)"
)
_CALLED: Final = frozenset({"참여자", "참가자"})  # of the second session of a class, as often as of a second call
_ONLY_TITLE: Final = frozenset(
    {"year", "month", "weekday", "hour", "part", "ordinal:번째", "ordinal:팀", "speaker"}
)  # a lead is full of others
_KIN: Final = (  # dimensions that say one thing in different words: 2강 is the second lecture, and not the first session
    tuple(
        f"ordinal:{unit}" for unit in ("강", "회차", "차시", "회", "차", "편", "화", "탄", "부", "주차", "일차", "번째")
    ),
    ("part", *(f"ordinal:{unit}" for unit in ("반", "단계", "급", "조"))),
    ("target", "who"),
    ("slot", "week"),
)
_PEOPLE: Final = frozenset({"target", "who"})  # 노인복지관 is a house, no age
_CIRCLED: Final = re.compile(r"[①-⑳](?=\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What one item states.

    Attributes:
        apart: Values by dimension; disjoint ones are different news.
        titled: Those of them that the title itself states.
        places: Names of branches; the other item's organisation may share one.
        stages: Of a call's life; items must share one, or state none.
        wanted: Which call it is and whom it calls, where that is not the plain one; the other item must say so somewhere.
        said: The same, wherever the item says it.
        forms: Sorts of event its title states; the other item must say so somewhere.
        formed: The same, wherever the item says it.
        is_repost: The title says that this was posted before.
    """

    apart: Values
    titled: Values
    places: frozenset[str]
    stages: frozenset[str]
    wanted: frozenset[str]
    said: frozenset[str]
    forms: frozenset[str]
    formed: frozenset[str]
    is_repost: bool


def plain(text: str) -> str:
    """Return text as facets and grams are read: NFKC, lower case; ``②`` is 2, ``～`` is ``~``."""
    return unicodedata.normalize("NFKC", text).casefold()


class FacetReader:
    """Reads facets with one pass of each table; compiled once for a fold."""

    def __init__(self, words: p.FacetWords) -> None:
        houses = "|".join(map(re.escape, words.institutions)) or "(?!)"
        looks = tuple(map(plain, words.lookalikes))
        self._apart = _Table({(d, value): w for d, named in words.apart.items() for value, w in named.items()}, looks)
        self._house = re.compile(rf"[가-힣]{{0,6}}?(?:{houses})")
        self._stages = _Table({("stage", value): w for value, w in words.stages.items()}, looks)
        headlines = {
            v: (*words.stages.get(v, ()), *words.headlines.get(v, ())) for v in {**words.stages, **words.headlines}
        }
        self._headlines = _Table({("stage", value): w for value, w in headlines.items()}, looks)
        self._wanted = _Table({("wanted", value): w for value, w in {**words.rounds, **words.roles}.items()}, looks)
        self._forms = _Table({("form", value): w for value, w in words.forms.items()}, looks)
        self._reposts = _Table({("repost", ""): words.reposts})
        self._calls = _Table({("call", ""): words.calls})
        self._institutions = tuple(map(plain, words.institutions))
        self._sorts = tuple(map(plain, words.sorts))
        self._fillers = frozenset(map(plain, words.fillers))
        self._numerals = Numerals(words.units)
        self._names = Names(words.places, looks)
        calls = "|".join(map(re.escape, sorted(set(words.calls) - _CALLED, key=len, reverse=True))) or "(?!)"
        self._later = re.compile(
            rf"(?<!\d)([2-9])차\s*(?:[가-힣]{{2,5}}\s+)?(?:{calls}|공고)|(?:{calls}|공고)\s*\(?\s*(?:제\s*)?([2-9])차(?!시)"
        )

    def read(self, title: str, lead: str) -> Facets:
        """Return what an item states: its title first, the head of its lead where the title is silent.

        Cost: about 40 µs.
        """
        title = plain(_CIRCLED.sub(lambda m: f"({int(unicodedata.numeric(m[0]))})", title))
        whole = plain(lead)[: 2 * _LEAD_CHARS]
        lead = _ASIDE.sub(" ", whole)[:_LEAD_CHARS]
        said, more = self._values(title), self._values(lead)
        apart = {**{d: v for d, v in more.items() if d not in _ONLY_TITLE}, **said}
        is_call = bool(self._calls.found(title))
        stages = self._headlines.values(title) or (
            frozenset() if is_call else self._stages.values(lead) | _reported(whole[:_LEAD_CHARS])
        )
        forms = self._forms.values(title)
        wanted, also = self._calls_for(title), self._calls_for(lead)
        return Facets(
            apart=apart,
            titled=said,
            places=self._names.places(title),
            stages=stages,
            wanted=wanted or (frozenset() if is_call else also),
            said=wanted | also,
            forms=forms,
            formed=forms or self._forms.values(lead),
            is_repost=bool(self._reposts.found(title)),
        )

    def is_facet(self, word: str) -> bool:
        """Return whether a word of a title states a facet or a sort of event: no subject of its own."""
        return word in self._sorts or bool(self._values(word))

    def is_only_facet(self, word: str) -> bool:
        """Return whether a word states a facet and nothing else: 초급반, not 청년통장."""
        return self._apart.longest(word) >= len(word) - 1

    def is_filler(self, word: str) -> bool:
        """Return whether a word stands in every call."""
        return word in self._fillers

    def is_institution(self, body: str) -> bool:
        """Return whether a name is one of an organisation that speaks for itself: a library, not a department."""
        return body.endswith(self._institutions)

    def _calls_for(self, text: str) -> frozenset[str]:
        later = {f"{match[1] or match[2]}차" for match in self._later.finditer(text)}
        return self._wanted.values(text) | later

    def _values(self, text: str) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for (dimension, value), end in self._apart.spots(text):
            if dimension not in _PEOPLE or not self._house.match(text, end):
                found[dimension].add(value)
        speakers = self._names.speakers(text)
        return {
            **{name: frozenset(values) for name, values in found.items()},
            **self._numerals.read(text),
            **({"speaker": speakers} if speakers else {}),
        }


def _reported(lead: str) -> frozenset[str]:
    return frozenset(("후기",)) if _REPORT.search(lead) else frozenset()


def conflict(a: Facets, b: Facets) -> str:
    """Return the dimension in which two items state different values, ``""`` when none does."""
    for dimension in a.apart.keys() & b.apart.keys():
        mine, theirs = a.apart[dimension], b.apart[dimension]
        if not (ages_agree(mine, theirs) if dimension == "age" else mine & theirs):
            return dimension
    for kin in _KIN:
        ours, others = _of(a.titled, kin), _of(b.titled, kin)
        if ours and others and not ours.keys() & others.keys() and not _all(ours) & _all(others):
            return "~".join(sorted((min(ours), min(others))))
    return ""


def _of(values: Values, kin: Iterable[str]) -> Values:
    return {dimension: values[dimension] for dimension in kin if dimension in values}


def _all(values: Values) -> frozenset[str]:
    return frozenset(value for several in values.values() for value in several)


class _Table:
    """Many words in one pattern, longest first; a written space may be absent in the text."""

    def __init__(self, words: Mapping[tuple[str, str], Iterable[str]], lookalikes: Iterable[str] = ()) -> None:
        self._of: dict[str, list[tuple[str, str]]] = {}
        for value, several in words.items():
            for word in several:
                self._of.setdefault(plain(word).replace(" ", ""), []).append(value)
        every = (*(plain(w) for several in words.values() for w in several), *lookalikes)
        alternatives = "|".join(r"\s*".join(map(re.escape, w.split())) for w in sorted(every, key=len, reverse=True))
        self._pattern = re.compile(alternatives or "(?!)")

    def spots(self, text: str) -> Iterator[tuple[tuple[str, str], int]]:
        """Yield what words mean, each with the place where the word ends."""
        for match in self._pattern.finditer(text):
            for value in self._of.get("".join(match[0].split()), ()):
                yield value, match.end()

    def found(self, text: str) -> set[tuple[str, str]]:
        return {value for value, _ in self.spots(text)}

    def longest(self, text: str) -> int:
        """Return how many letters the longest word found in a text has."""
        return max((len(m[0]) for m in self._pattern.finditer(text) if "".join(m[0].split()) in self._of), default=0)

    def values(self, text: str) -> frozenset[str]:
        return frozenset(value for _, value in self.found(text))
