"""Date expressions cut into typed atoms: dates, times, range marks, words that bind them, and traps.

What does not live here: the normal form (``date_normal``), the patterns (``date_patterns``), what the atoms mean together (``date_fold``).
Source: extraction §2 (design 1 to 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pipeline.text.date_patterns import ABOUT, AFTER, APPROX, KINDS, MASTER, MORE_DAYS, NUMBER, TIME

_WEEKDAYS: Final = {c: i for names in ("월화수목금토일", "月火水木金土日") for i, c in enumerate(names)}
_ENGLISH_DAYS: Final = {name: i for i, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_ENGLISH_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME: Final = re.compile("|".join(_ENGLISH_MONTHS), re.IGNORECASE)
_NUMBERS: Final = re.compile(r"\d+")
_CLOSE_PAST: Final = 5  # years back and ahead that a two-digit year may mean, outside posting dates
_CLOSE_AHEAD: Final = 4
_LONG_PAST: Final = 30
_TIME_BETWEEN: Final = 14  # room for a time of day between a date and its range mark


@dataclass(slots=True)
class Atom:
    """One typed piece of an expression; only the numbers that its kind states are set.

    ``kind`` is one of ``date bad stamp time ago word week moon left sep dash from after until close filled always recur
    hint days decoy posted edited bar trap``; ``form`` says how a date was written (the pattern's name).
    """

    kind: str
    start: int
    end: int
    text: str = ""
    form: str = ""
    y: int | None = None
    m: int | None = None
    d: int | None = None
    h: int | None = None
    mi: int = 0
    half: str = ""
    wd: int | None = None
    strong: bool = False  # cannot be a version number, a fraction or a mark
    approx: bool = False
    has_days: bool = False  # weekdays of a class follow: (화, 목)


def atoms(text: str, field: str, ref: datetime) -> list[Atom]:
    """The atoms of a normal text in order; what is between them is words.

    Args:
        text: From ``date_normal``.
        field: What the text is; two-digit years are believed more in posting dates.
        ref: The reference instant, in the zone of the text.
    """
    found: list[Atom] = []
    position = 0
    last: Atom | None = None  # last date
    while position < len(text):
        atom = _bare_day(text, position, found[-1], last) if found and last else None
        if atom is None:
            match = MASTER.search(text, position)
            if match is None:
                break
            atom = _atom(match, field, ref) or _again(text, match.start())
            if atom is None:
                position = match.start() + 1
                continue
        if atom.kind == "date":
            _with_weekday(text, atom)
            last = atom
        found += _span(atom) if atom.form in ("span", "days2") else [atom]
        position = max(atom.end, position + 1)
    return found


_MONTH_END: Final = re.compile(r"\s?(1[0-2]|[1-9])\.?(?=\s?(?:[)\]]|$))")  # the end of 2026. 4. ~ 11.
_RETRY: Final = re.compile(r"(?:1[0-2]|0?[1-9])\s?[./\-]\s?(?:3[01]|[12]\d|0?[1-9])(?!\d)(?:\.(?!\d))?")


def _again(text: str, position: int) -> Atom | None:
    """Two digits that are no year: the same place read as month and day."""
    match = _RETRY.match(text, position)
    return _date(match, "md") if match else None


def _atom(match: re.Match[str], field: str, ref: datetime) -> Atom | None:
    kind = KINDS[match.lastgroup or ""]
    if kind in _MAKERS:
        return _MAKERS[kind](match, kind)
    if kind in ("yy", "short"):
        atom = _date(match, kind)
        plain = atom.kind == "date" and _near(atom.y or 0, field, ref)
        return atom if plain or match.group()[0] in "'’" else None if kind == "yy" else replace(atom, kind="trap")
    return Atom(kind=kind, start=match.start(), end=match.end(), text=match.group())


def _near(year: int, field: str, ref: datetime) -> bool:
    if field == "posted":
        return ref.year - _LONG_PAST <= year <= ref.year + 1
    return ref.year - _CLOSE_PAST <= year <= ref.year + _CLOSE_AHEAD


def _date(match: re.Match[str], kind: str) -> Atom:
    text = match.group()
    n = [int(x) for x in _NUMBERS.findall(text)]
    atom = Atom(kind="date", start=match.start(), end=match.end(), text=text, form=kind, strong=True)
    if kind == "ymd":
        atom.y, atom.m, atom.d = n
    elif kind == "yy":
        atom.y, atom.m, atom.d = 2000 + n[0], n[1], n[2]
    elif kind == "short":
        atom.y, atom.m, atom.d = 2000 + int(text[:2]), int(text[2:4]), int(text[4:6])
    elif kind == "mdy":
        a, b, atom.y = n
        us = b > 12 or (a <= 12 and "/" in text)
        atom.m, atom.d = (a, b) if us else (b, a)
    elif kind == "compact":
        atom.y, atom.m, atom.d = int(text[:4]), int(text[4:6]), int(text[6:8])
        if len(text) > 8:
            atom.h, atom.mi = int(text[8:10]), int(text[10:12])
    elif kind == "ym":
        atom.y, atom.m = n[0] if n[0] > 99 else 2000 + n[0], n[1]
    elif kind == "md":
        atom.m, atom.d = n
        atom.strong = "월" in text
    elif kind == "month":
        atom.m = n[0]
    elif kind == "day":
        atom.d = n[0]
    elif kind == "english":
        atom.d, atom.m = n[0], _english_month(text)
    return atom if _possible(atom) else replace(atom, kind="bad")


def _english_month(text: str) -> int:
    word = _MONTH_NAME.search(text)
    return _ENGLISH_MONTHS.index(word.group().lower()) + 1 if word else 0


def _possible(atom: Atom) -> bool:
    if atom.m is not None and not 1 <= atom.m <= 12:
        return False
    if atom.d is None:
        return True
    longest = 31 if atom.m is None else (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[atom.m - 1]
    if atom.m == 2 and atom.y is not None and not (atom.y % 4 == 0 and (atom.y % 100 or atom.y % 400 == 0)):
        longest = 28
    return 1 <= atom.d <= longest


def _mail(match: re.Match[str], _kind: str) -> Atom:
    return Atom(kind="stamp", start=match.start(), end=match.end(), text=match.group(), strong=True)


def _anno(match: re.Match[str], _kind: str) -> Atom:
    n = [int(x) for x in _NUMBERS.findall(match.group())]
    year = {"올": 0, "금": 0, "내": 1, "명": 1, "작": -1, "지": -1}[match.group()[0]]
    atom = Atom(kind="date", start=match.start(), end=match.end(), text=match.group(), form="anno", m=n[0], strong=True)
    atom.d = n[1] if len(n) > 1 else None
    atom.mi = year
    return atom if _possible(atom) else replace(atom, kind="bad")


def _time(match: re.Match[str], _kind: str) -> Atom:
    text = match.group()
    atom = Atom(kind="time", start=match.start(), end=match.end(), text=text)
    if text in ("정오", "자정"):
        atom.h, atom.half = (12, "noon") if text == "정오" else (24, "night")
        return atom
    parts = TIME.match(text)
    if parts is None:
        return replace(atom, kind="trap")
    hour, minute = int(parts["h"]), int(parts["mi"] or parts["mi2"] or (30 if parts["mid"] else 0))
    word = (parts["half"] or parts["after"] or "").lower()
    atom.half = {"오후": "pm", "낮": "noon", "밤": "night", "저녁": "pm", "점심": "noon", "p": "pm"}.get(
        word, {"p": "pm", "a": "am"}.get(word[:1], "am" if word else "")
    )
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return replace(atom, kind="trap")
    atom.h, atom.mi = _hour(hour, atom.half), minute
    return atom


def _hour(hour: int, half: str) -> int:
    """Hour of the day: 오전 12 is 0, 오후 12 is 12, 오후 14 is 14, 낮 1 is 13, 밤 1 is 1, 밤 9 is 21, 밤 12 is 24."""
    if half == "am":
        return 0 if hour == 12 else hour
    if half == "pm":
        return hour if hour >= 12 else hour + 12
    if half == "noon":
        return hour + 12 if hour < 6 else hour
    if half == "night":
        return 24 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    return hour


_MAKERS: Final = {
    **dict.fromkeys(("ymd", "mdy", "compact", "ym", "md", "month", "day", "english", "span", "days2"), _date),
    "mail": _mail,
    "stamp": _mail,
    "anno": _anno,
    "time": _time,
}


def _span(atom: Atom) -> list[Atom]:
    """``3~6월`` and ``7~8일``: two months or days and a range mark."""
    first, second = (int(x) for x in _NUMBERS.findall(atom.text))
    middle, kind = atom.start + 1, {"span": "m", "days2": "d"}[atom.form]
    form = {"m": "month", "d": "day"}[kind]
    left, right = replace(atom, form=form, end=middle), replace(atom, form=form, start=middle)
    setattr(left, kind, first)
    setattr(right, kind, second)
    return [left, Atom(kind="sep", start=middle, end=middle), right]


def _bare_day(text: str, position: int, before: Atom, last: Atom) -> Atom | None:
    """The ``25`` of ``11.20.(목)~25.(화)`` and of ``12.6.(토), 13.(토)``: a day that owes its month to the date before."""
    if before.kind == "dash" and before.start == last.end and (match := _RETRY.match(text, position)):
        return _date(match, "md")
    if before.kind == "sep" and last.form == "ym" and (match := _MONTH_END.match(text, position)):
        return Atom(kind="date", start=position, end=match.end(), text=match.group(), form="month", m=int(match[1]))
    if before.kind in ("sep", "dash"):
        if last.d is None or before.start - last.end > _TIME_BETWEEN:
            return None
    elif before is not last or last.d is None:
        return None
    start = position
    if before is last:
        gap = re.match(r"\s*[,·]\s*", text[position : position + 4])
        if gap is None:
            return None
        start += gap.end()
    match = NUMBER.match(text, start)
    if match is None:
        return None
    is_far = before is last or before.start - last.end > 2
    if is_far and not (AFTER.match(text, match.end()) or "일" in match.group()):
        return None
    atom = Atom(
        kind="date", start=match.start(1), end=match.end(), text=match.group(), form="day", d=int(match.group(1))
    )
    if before is last:
        atom.y, atom.m = last.y, last.m
        return atom if _possible(atom) else None
    return atom


def _with_weekday(text: str, atom: Atom) -> None:
    if atom.d is None:
        if match := APPROX.match(text, atom.end):
            atom.approx, atom.end = True, match.end()
        return
    match = AFTER.match(text, atom.end)
    if match:
        letter = match["a"] or match["b"] or match["c"]
        if not (match["more"] and MORE_DAYS.search(match["more"])):
            atom.wd = _WEEKDAYS[letter] if letter else _ENGLISH_DAYS[match["e"].lower()]
            atom.strong = True
        else:
            atom.has_days = True
        atom.end = match.end()
    if about := ABOUT.match(text, atom.end):
        atom.approx, atom.end = True, about.end()
