"""Facets: what an item says of itself that another item about the same thing would not contradict, pure.

What does not live here: the words (``settings/facets.yaml``, ``config/facets.yaml``), weighing likeness (``likeness``).
Similarity alone cannot tell 초급 from 중급: one letter apart, two classes. Facets can (extraction §6).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pipeline.model as p

Values: TypeAlias = Mapping[str, frozenset[str]]
"""What an item states, by dimension."""

_LEAD_CHARS: Final = 160  # the sentence that names the matter; further down other programmes are named
_ASIDE: Final = re.compile(  # facts of a lead that are about everything the organisation does
    r"\d{4}\s*[-.]\s*\d{1,2}\s*[-.]\s*\d{1,2}\.?|\d{1,2}\s*[./]\s*\d{1,2}\.?|\d{1,2}월\s*\d{1,2}일|\d{2,3}-\d{3,4}-\d{4}"
    r"|(?:대상|장소|문의)\s*:?[^.,○▶\n]*"
)
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?:\s*(?:년|학년|상|하|시즌)|\b)")
_MONTH: Final = re.compile(r"(?<![\d~.])(1[0-2]|0?[1-9])월(?!\s*\d)")
_AGE: Final = re.compile(r"(?<!\d)(\d{1,2})\s*(?:~\s*(\d{1,2})\s*)?세")
_MONEY: Final = re.compile(r"(\d[\d,]*)\s*([천백십]?만|억)\s*원?")
_SECTION: Final = re.compile(
    r"(?<![a-z가-힣])['\"‘“]?([a-h가나다라마바사])['\"’”]?\s?반(?![가-힣])|(?<![가-힣])([a-h])\s*(?:조|팀|코스)(?![가-힣])"
)
_PART: Final = re.compile(
    r"(?<=[가-힣a-z])\s?(i{1,3}|iv)(?![a-z])|[가-힣]{2}([1-4])(?![\d가-힣.,/~:-])"
)  # 토픽2, TOPIK Ⅱ
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_HOUR: Final = re.compile(r"\(\s*(\d{1,2})시\s*\)|(?<!\d)(\d{1,2})시\s?반(?![가-힣])")
_ONLY_TITLE: Final = frozenset({"year", "month", "weekday", "hour", "part"})  # a lead is full of other dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What one item states.

    Attributes:
        apart: Values by dimension; disjoint ones are different news.
        places: Names of branches; the other item's organisation may share one.
        stages: Of a call's life; both items must state the same.
        wanted: Which call it is and whom it calls, where that is not the plain one; the other item must say so somewhere.
        said: The same, wherever the item says it.
        forms: Sorts of event; both items must share one, or state none.
        is_repost: The title says that this was posted before.
    """

    apart: Values
    places: frozenset[str]
    stages: frozenset[str]
    wanted: frozenset[str]
    said: frozenset[str]
    forms: frozenset[str]
    is_repost: bool


def plain(text: str) -> str:
    """Return text as facets and grams are read: NFKC, lower case; ``②`` is 2, ``～`` is ``~``."""
    return unicodedata.normalize("NFKC", text).casefold()


class FacetReader:
    """Reads facets with one pass of each table; compiled once for a fold."""

    def __init__(self, words: p.FacetWords) -> None:
        self._apart = _Table({(d, value): w for d, named in words.apart.items() for value, w in named.items()})
        self._stages = _Table({("stage", value): w for value, w in words.stages.items()})
        headlines = {
            v: (*words.stages.get(v, ()), *words.headlines.get(v, ())) for v in {**words.stages, **words.headlines}
        }
        self._headlines = _Table({("stage", value): w for value, w in headlines.items()})
        self._wanted = _Table({("wanted", value): w for value, w in {**words.rounds, **words.roles}.items()})
        self._forms = _Table({("form", value): w for value, w in words.forms.items()})
        self._reposts = _Table({("repost", ""): words.reposts})
        self._calls = _Table({("call", ""): words.calls})
        self._institutions = tuple(map(plain, words.institutions))
        self._sorts = tuple(map(plain, words.sorts))
        units = "|".join(map(re.escape, sorted(words.units, key=len, reverse=True))) or "(?!)"
        self._ordinal = re.compile(rf"제?\s*(?<![\d~./-])(\d{{1,3}})\s*({units})(?!\d)(?![가-힣]*(?:간|업|관|원))")
        calls = "|".join(map(re.escape, sorted(words.calls, key=len, reverse=True))) or "(?!)"
        self._later = re.compile(
            rf"(?<!\d)([2-9])차\s*(?:[가-힣]{{2,5}}\s+)?(?:{calls}|공고)|(?:{calls}|공고)\s*\(?\s*(?:제\s*)?([2-9])차(?!시)"
        )
        places = "|".join(map(re.escape, sorted(words.places, key=len, reverse=True))) or "(?!)"
        self._place = re.compile(
            rf"([가-힣\d]{{1,8}}?)({places})(?=[\s\]\[)(「」<>·,.:!]|의|에서|에|은|는|이|을|를|와|과|,|$)"
        )

    def read(self, title: str, lead: str) -> Facets:
        """Return what an item states: its title first, the head of its lead where the title is silent.

        Cost: about 40 µs.
        """
        title, lead = plain(title), _ASIDE.sub(" ", plain(lead)[: 2 * _LEAD_CHARS])[:_LEAD_CHARS]
        said, more = self._values(title), self._values(lead)
        apart = {**{d: v for d, v in more.items() if d not in _ONLY_TITLE}, **said}
        is_call = bool(self._calls.found(title))
        stages = self._headlines.values(title) or (frozenset() if is_call else self._stages.values(lead))
        wanted, also = self._calls_for(title), self._calls_for(lead)
        return Facets(
            apart=apart,
            places=frozenset(f"{m[1]}{m[2]}" for m in self._place.finditer(title)),
            stages=stages,
            wanted=wanted or (frozenset() if is_call else also),
            said=wanted | also,
            forms=self._forms.values(title) or self._forms.values(lead),
            is_repost=bool(self._reposts.found(title)),
        )

    def is_facet(self, word: str) -> bool:
        """Return whether a word of a title states a facet or a sort of event: no subject of its own."""
        return word in self._sorts or bool(self._values(word))

    def is_institution(self, body: str) -> bool:
        """Return whether a name is one of an organisation that speaks for itself: a library, not a department."""
        return body.endswith(self._institutions)

    def _calls_for(self, text: str) -> frozenset[str]:
        later = {f"{match[1] or match[2]}차" for match in self._later.finditer(text)}
        return self._wanted.values(text) | later

    def _values(self, text: str) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for dimension, value in self._apart.found(text):
            found[dimension].add(value)
        for match in self._ordinal.finditer(text):
            unit = "기" if match[2] == "기분" else match[2]
            found[f"ordinal:{unit}"].add(str(int(match[1])))
        for name, pattern in (
            ("year", _YEAR),
            ("month", _MONTH),
            ("age", _AGE),
            ("money", _MONEY),
            ("section", _SECTION),
            ("hour", _HOUR),
            ("part", _PART),
        ):
            for match in pattern.finditer(text):
                found[name].add(
                    ("" if name == "money" else "-").join(filter(None, match.groups())).lstrip("0").replace(",", "")
                )
        if "part" in found:
            found["part"] = {_ROMAN.get(value, value) for value in found["part"]}
        return {name: frozenset(values) for name, values in found.items()}


class _Table:
    """Many words in one pattern, longest first; a written space may be absent in the text."""

    def __init__(self, words: Mapping[tuple[str, str], Iterable[str]]) -> None:
        self._of: dict[str, list[tuple[str, str]]] = {}
        for value, several in words.items():
            for word in several:
                self._of.setdefault(plain(word).replace(" ", ""), []).append(value)
        spelled = sorted((plain(w) for several in words.values() for w in several), key=len, reverse=True)
        alternatives = "|".join(r"\s*".join(map(re.escape, word.split())) for word in spelled)
        self._pattern = re.compile(alternatives or "(?!)")

    def found(self, text: str) -> set[tuple[str, str]]:
        return {value for m in self._pattern.finditer(text) for value in self._of["".join(m[0].split())]}

    def values(self, text: str) -> frozenset[str]:
        return frozenset(value for _, value in self.found(text))
