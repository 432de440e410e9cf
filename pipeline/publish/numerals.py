"""What numbers of a title or lead state: ordinals, years, months, ages, hours, sums of money and sections, pure.

What does not live here: words (``settings/facets.yaml``), comparing two items (``facets``).
Numbers are grammar, no vocabulary: 제1기, 1기수, Ⅰ기 and 첫 번째 are spelled by rule, in every town and every year alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

_COUNTED: Final = re.compile(  # how many there are, not which one it is
    r"(?:총|전|모두|연|주|월|하루|1일|매주|각|최대)\s*\d{1,3}\s*(?:회차|회|강|차시|주차|차례|편|부|권|조)(?!차?시?\s*[:)])"
    r"|\d{1,3}\s*(?:회차|회|강|차시|주차|편)\s*(?:에\s*걸쳐|로\s*구성|로\s*진행|과정|완성|연속|시리즈|동안)"
)
_SPELLED: Final = {
    word: str(number)
    for number, word in enumerate(
        ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두"), start=1
    )
}
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_TURN: Final = re.compile(
    rf"({'|'.join(sorted(_SPELLED, key=len, reverse=True))}|\d{{1,2}})\s*번째(?!\s*(?:주|아이|자녀))"
)
_NUMBERED: Final = re.compile(  # (1), #2, EP.3, Vol.4, and a bare number between two words
    r"\((\d{1,2})\)|#(\d{1,2})(?!\d)|(?<![a-z])(?:vol|no|ep|part|day|lesson)\.?\s?(\d{1,2})(?!\d)"
    r"|(?<=[가-힣]\s)(\d{1,2})(?=\s+[가-힣])(?!\s+(?:대|인|명|개|만|천|월|일|시)(?![가-힣]))"
)
_SEASON: Final = re.compile(r"(?:시즌|season)\s*\.?\s*(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})\s*시즌")
_YEAR: Final = re.compile(
    r"(?<!\d)(20\d\d)(?:\s*(?:년|학년|상|하|시즌)|\b)|['‘’](2\d)(?:\s*년|학년도|\b)"
    r"|(?<![\d가-힣])(2\d)(?:년\s*(?:도|상반기|하반기|\d{1,2}월|\d\s*분기|제\s*\d)|학년도)"
)
_MONTH: Final = re.compile(r"(?<![\d~.])(1[0-2]|0?[1-9])월(?!\s*\d)")
_AGE: Final = re.compile(
    r"(?<!\d)(\d{1,2})\s*세?\s*[~-]\s*(?:만\s*)?(\d{1,2})\s*세|(?<!\d)(\d{1,2})\s*세\s*(이상|부터|이하|미만)?"
    r"(?:[\s,·]*(?:만\s*)?(\d{1,2})\s*세\s*(?:이하|까지))?"
)
_DECADE: Final = re.compile(
    r"(?<!\d)([1-9]0)(?:\s*대?\s*[·,~-]?\s*([1-9]0))?대(?![가-힣]*당)|(?<!\d)(2030(?=\s*세대|\s*청년)|3040|4050|5060|6070)(?!\d)"
)
_MONEY: Final = re.compile(r"(\d[\d,]*)\s*([천백십]?만|억)\s*원?")
_SECTION: Final = re.compile(
    r"(?<![a-z가-힣])['\"‘“]?([a-h가나다라마바사])['\"’”]?\s?반(?![가-힣])|(?<![가-힣a-z])([a-h])\s*(?:조|팀|코스|그룹|타입|타임)(?![가-힣])"
)
_PART: Final = re.compile(
    r"(?<=[가-힣a-z])\s?(i{1,3}|iv)(?![a-z])|[가-힣]{2}([1-4])(?![\d가-힣.,/~:-])"
)  # 토픽2, TOPIK Ⅱ
_HOUR: Final = re.compile(
    r"(오전|오후|저녁|밤)?\s*(?<!\d)(\d{1,2})시\s?(?:반(?![가-힣])|(?=\))|(?=타임|수업|클래스|공연|회차|상영))"
)
_QUARTER: Final = re.compile(r"(?<!\d)([1-4])\s*/\s*4\s*분기")
_SPAN: Final = re.compile(
    r"(오전|오후|저녁|밤)?\s*(?<!\d)(\d{1,2})(?::(\d{2})|시)\s*[~-]\s*(?:오전|오후)?\s*\d{1,2}(?::\d{2}|시)"
)
_NOON: Final = 12


class Numerals:
    """Reads numbers with the units of one house; compiled once for a fold."""

    def __init__(self, units: Iterable[str]) -> None:
        named = "|".join(map(re.escape, sorted(units, key=len, reverse=True))) or "(?!)"
        roman = "|".join(sorted(_ROMAN, key=len, reverse=True))
        self._before = re.compile(
            rf"\d{{1,3}}\s*(?:{named})\s*(?:반|과정)?\s*(?:을|를)?\s*(?:끝|마친|마쳤|이수|수료(?!식|생))"
        )
        self._ordinal = re.compile(
            rf"제?\s*(?<![\d~./-])(?:(\d{{1,3}})|(?<![a-z])({roman}))\s*({named})(?!\d)(?![가-힣]*(?:간|업|관|원))"
        )

    def read(self, text: str) -> Mapping[str, frozenset[str]]:
        """Return what the numbers of a plain text state, by dimension. Cost: about 20 µs."""
        if not _HAS_NUMBER.search(text):
            return {}
        found: defaultdict[str, set[str]] = defaultdict(set)
        text = _QUARTER.sub(r"\1분기", _COUNTED.sub(" ", self._before.sub(" ", text)))
        for match in self._ordinal.finditer(text):
            unit = "기" if match[3] in ("기분", "기수") else match[3]
            found[f"ordinal:{unit}"].add(str(int(match[1])) if match[1] else _ROMAN[match[2]])
        for name, pattern, spell in _READINGS:
            for match in pattern.finditer(text):
                found[name].update(spell(match).split())
        return {name: frozenset(values) for name, values in found.items()}


_HAS_NUMBER: Final = re.compile(r"\d|번째|(?<![a-z])[iv]{1,3}(?![a-z])|반|조|팀|코스|그룹|타입|타임")


def _first(match: re.Match[str]) -> str:
    return str(next(filter(None, match.groups())))


def _year(match: re.Match[str]) -> str:
    return match[1] or f"20{match[2] or match[3]}"


def _age(match: re.Match[str]) -> str:
    if match[1]:
        return f"{int(match[1])}-{int(match[2])}"
    low = str(int(match[3]))
    if match[4] in ("이하", "미만"):
        return f"-{low}"
    return f"{low}-{match[5] or ''}" if match[4] else low


def _decade(match: re.Match[str]) -> str:
    both = match[3] or f"{match[1]}{match[2] or ''}"
    return f"{both[:2]} {both[2:]}"


def _clock(match: re.Match[str]) -> str:
    hour = int(match[2])
    if match[1] in ("오후", "저녁", "밤") and hour < _NOON:
        hour += _NOON
    return str(hour)


def _span(match: re.Match[str]) -> str:
    return _clock(match) + (f":{match[3]}" if match[3] and match[3] != "00" else "")


def ages_agree(a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether two sets of ages may be of one group: the same, or one named inside the other's range."""
    theirs = tuple(b)
    return any(_covers(x, y) or _covers(y, x) for x in a for y in theirs)


def _covers(span: str, age: str) -> bool:
    if span == age:
        return True
    low, dash, high = span.partition("-")
    return bool(dash) and age.isdecimal() and int(low or 0) <= int(age) <= int(high or 150)


_READINGS: Final[tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    ("year", _YEAR, _year),
    ("month", _MONTH, lambda match: match[1].lstrip("0")),
    ("age", _AGE, _age),
    ("decade", _DECADE, _decade),
    ("money", _MONEY, lambda match: "".join(match.groups()).replace(",", "")),
    ("section", _SECTION, _first),
    ("hour", _HOUR, _clock),
    ("hour", _SPAN, _span),
    ("part", _PART, lambda match: _ROMAN.get(_first(match), _first(match))),
    ("ordinal:시즌", _SEASON, _first),
    ("ordinal:번째", _TURN, lambda match: _SPELLED.get(match[1], match[1].lstrip("0"))),
    ("ordinal:번째", _NUMBERED, lambda match: _first(match).lstrip("0")),
)
