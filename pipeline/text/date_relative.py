"""Dates told from today: 3일 전, 내일, 다음 주 월요일, 이달 말, D-3.

What does not live here: recognising them (``date_patterns``). Source: extraction §2, labelled rules of ``N일 전``.
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from typing import Final

from pipeline.text.date_years import Point

_DAYS: Final = {
    **dict(
        zip(
            ("하루", "이틀", "사흘", "나흘", "닷새", "엿새", "이레", "여드레", "아흐레", "열흘"),
            range(1, 11),
            strict=True,
        )
    ),
    "보름": 15,
    **dict.fromkeys(("일주일", "일주"), 7),
    **dict.fromkeys(("이주일", "이주"), 14),
}
_COUNTS: Final = {
    "한": 1,
    "두": 2,
    "세": 3,
    "석": 3,
    "네": 4,
    "넉": 4,
    "다섯": 5,
    "여섯": 6,
    "일": 1,
    "a": 1,
    "an": 1,
    "one": 1,
}
_WORDS: Final = {
    **dict.fromkeys(("오늘", "금일", "today"), 0),
    **dict.fromkeys(("내일", "명일", "tomorrow"), 1),
    **dict.fromkeys(("모레", "내일모레"), 2),
    "글피": 3,
    **dict.fromkeys(("어제", "전일", "작일", "yesterday"), -1),
    "그끄저께": -3,
    **dict.fromkeys(("그저께", "그제", "엊그제", "엊그저께"), -2),
}
_WEEKS: Final = (("다다음", 2), ("다음", 1), ("차", 1), ("지난", -1), ("저번", -1))
_MONTHS: Final = (("다다음", 2), ("다음", 1), ("내", 1), ("익", 1), ("차", 1), ("지난", -1), ("저번", -1), ("전", -1))
_LETTERS: Final = {c: i for names in ("월화수목금토일", "月火水木金土日") for i, c in enumerate(names)}
_UNIT: Final = re.compile(
    r"^(\d{1,3}|[가-힣]{1,2}?|an?|one)\s?(초|분|시간|일|주일?|개월|달|년|해|second|minute|hour|day|week|month|year)",
    re.IGNORECASE,
)
_ENGLISH: Final = {
    "second": "초",
    "minute": "분",
    "hour": "시간",
    "day": "일",
    "week": "주",
    "month": "달",
    "year": "년",
}


def ago(text: str, ref: datetime) -> Point | None:
    """``5분 전``, ``한 달 전``, ``방금``: minutes and hours to the minute, the rest to the day, months by the calendar."""
    bare = text.lower().removesuffix("ago").rstrip("전 ").strip()
    if bare.startswith(("방금", "조금", "지금", "just", "방", "지")):
        return _point(ref, minute=True)
    if bare in _DAYS:
        return _point(ref - timedelta(days=_DAYS[bare]))
    if bare.replace(" ", "") == "반년":
        return _point(_months_back(ref, 6))
    match = _UNIT.match(bare)
    if match is None:
        return None
    count = int(match[1]) if match[1].isdigit() else _COUNTS.get(match[1], 0)
    unit = _ENGLISH.get(match[2], match[2])
    if not count and not match[1].isdigit():
        return None
    if unit in ("초", "분", "시간"):
        seconds = count * {"초": 1, "분": 60, "시간": 3600}[unit]
        return _point(ref - timedelta(seconds=seconds), minute=True)
    if unit in ("개월", "달", "년", "해"):
        return _point(_months_back(ref, count * (12 if unit in ("년", "해") else 1)))
    return _point(ref - timedelta(days=count * (7 if unit.startswith("주") else 1)))


def word(text: str, ref: datetime) -> Point:
    """``오늘``, ``내일``, ``그저께``."""
    return _named(ref + timedelta(days=_WORDS[text.lower()]))


def week(text: str, ref: datetime) -> tuple[Point, Point | None]:
    """``다음 주 월요일`` (weeks begin on Monday), ``오는 토요일`` and ``이번 주말`` (Saturday and Sunday)."""
    bare = text.replace(" ", "")
    monday = ref - timedelta(days=ref.weekday())
    if "주" not in bare.partition("요일")[0]:
        target = _LETTERS[bare.removesuffix("요일")[-1]]
        step = (target - ref.weekday()) % 7
        return _named(ref + timedelta(days=step - 7 if bare.startswith("지난") else step)), None
    weeks = next((n for name, n in _WEEKS if bare.startswith(name)), 0)
    monday += timedelta(weeks=weeks)
    if bare.endswith("말"):
        return _point(monday + timedelta(days=5)), _point(monday + timedelta(days=6))
    letter = re.sub(r"요일|[()]", "", bare)[-1]
    return _named(monday + timedelta(days=_LETTERS[letter])), None


def moon(text: str, ref: datetime) -> Point | None:
    """``다음 달 5일``, ``이달 말``, ``내달 초``."""
    bare = text.replace(" ", "")
    step = next((n for name, n in _MONTHS if bare.startswith(name)), 0)
    year, month = divmod(ref.year * 12 + ref.month - 1 + step, 12)
    day = re.search(r"(\d{1,2})일", bare)
    point = Point(y=year, m=month + 1, strong=True, inferred=True, approx=bool(re.search("[초순말중]", bare)))
    if day:
        point.d = int(day[1])
        if not 1 <= point.d <= calendar.monthrange(year, month + 1)[1]:
            return None
    return point


def left(text: str, ref: datetime) -> Point:
    """``D-3``, ``D-DAY``, ``3일 남음``: the day meant."""
    number = re.search(r"\d+", text)
    days = int(number[0]) if number else 0
    point = _point(ref + timedelta(days=-days if "+" in text else days))
    point.form = "left"
    return point


def _months_back(ref: datetime, months: int) -> datetime:
    year, month = divmod(ref.year * 12 + ref.month - 1 - months, 12)
    return ref.replace(year=year, month=month + 1, day=min(ref.day, calendar.monthrange(year, month + 1)[1]))


def _named(at: datetime) -> Point:
    """A day that a word names; a date written beside it says which is meant."""
    point = _point(at)
    point.form = "word"
    return point


def _point(at: datetime, *, minute: bool = False) -> Point:
    if minute:
        return Point(exact=at, strong=True, inferred=True)
    return Point(y=at.year, m=at.month, d=at.day, strong=True, inferred=True)
