"""Filling in what a date expression leaves out: years, months, the afternoon; and what cannot be.

What does not live here: which atoms belong together (``date_fold``). Source: extraction §2 (design 4 and 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pipeline.text.date_stamps import is_sentinel
from pipeline.text.date_values import Moment

_PAST_WEIGHT: Final = 1.5  # a year-less date leans to the future: a day back counts as one and a half ahead
_FIRST_YEAR: Final = 1901
_NO_END_YEAR: Final = 2900
_POSTED_BACK: Final = 8


@dataclass(slots=True)
class Point:
    """A date or time before what it leaves out is filled in; ``exact`` is an instant that needs nothing."""

    y: int | None = None
    m: int | None = None
    d: int | None = None
    h: int | None = None
    mi: int = 0
    half: str = ""
    wd: int | None = None
    exact: datetime | None = None
    exact_minute: bool = True
    hint: int = 0
    approx: bool = False
    strong: bool = False
    inferred: bool = False
    form: str = ""
    label: str = ""
    start: int = 0
    end: int = 0

    @property
    def is_time_only(self) -> bool:
        """Whether only a time of day is known."""
        return self.exact is None and self.m is None and self.d is None


@dataclass(slots=True)
class Span:
    """One date or range being put together."""

    first: Point | None = None
    last: Point | None = None
    is_open: bool = False
    is_marked: bool = False  # by a range mark, 까지 or 마감: it means a period, not a number
    is_decoy: bool = False

    @property
    def tail(self) -> Point | None:
        """The point that was added last."""
        return self.last or self.first

    @property
    def is_closed(self) -> bool:
        """Whether both ends are known."""
        return self.first is not None and self.last is not None


@dataclass(slots=True)
class Resolved:
    """Start and end of one span, and whether a written weekday does not fit."""

    start: Moment | None
    end: Moment | None
    mismatch: bool = False


def resolve(first: Point | None, last: Point | None, field: str, ref: datetime) -> Resolved | None:
    """Both ends of a span as moments in the zone of ``ref``; ``None`` when nothing usable is left."""
    if first is not None and last is not None:
        _inherit(first, last)
    _fill_years(first, last, field, ref)
    if first is not None and last is not None:
        _after(first, last)
    start = _moment(first, ref) if first else None
    end = _moment(last, ref) if last else None
    if last is not None and last.y is not None and last.y >= _NO_END_YEAR:
        end = None
    if start is None and end is None:
        return None
    if start and end and end.at < start.at and end.precision == "minute" and last and first and last.d == first.d:
        end = Moment(at=end.at + timedelta(days=1), precision=end.precision, inferred=True)
    return Resolved(start, end, any(p is not None and _is_mismatch(p) for p in (first, last)))


def day_of(point: Point, year: int | None = None) -> date | None:
    """The day of a point, the first of the month where it states none; ``None`` when it cannot be."""
    if point.exact is not None:
        return point.exact.date()
    if point.m is None:
        return None
    try:
        return date(year or point.y or 0, point.m, point.d or 1)
    except (ValueError, OverflowError):
        return None


def _inherit(first: Point, last: Point) -> None:
    """An end takes from its start what it does not say itself."""
    if first.exact is not None and last.exact is None and (last.m is None or last.y is None):
        first_day = first.exact.date()
        if last.m is None:
            last.m = first_day.month
            last.d = last.d or first_day.day
        last.y = last.y or first_day.year
    if last.is_time_only:
        last.y, last.m, last.d, last.hint = first.y, first.m, first.d, first.hint
        last.inferred = first.inferred
    elif last.m is None:
        last.y, last.m, last.hint = first.y, first.m, first.hint
        if first.d is not None and last.d is not None and last.d < first.d and first.m is not None:
            last.m = first.m % 12 + 1
            if last.y is not None and last.m == 1:
                last.y += 1
    elif first.m is None and first.d is not None:
        first.y, first.m = last.y, last.m
        if last.d is not None and first.d > last.d:
            first.m = (last.m - 2) % 12 + 1
            if first.y is not None and first.m == 12:
                first.y -= 1
    if last.h is not None and first.h is not None and not last.half:
        _inherit_half(first, last)


def _inherit_half(first: Point, last: Point) -> None:
    """``오후 2시~4시`` is 14 to 16; ``오전 10시~1시`` and ``10시~4시`` end in the afternoon."""
    if (first.y, first.m, first.d) != (last.y, last.m, last.d) or last.h is None or first.h is None:
        return
    pair = (first.h * 60 + first.mi, last.h * 60 + last.mi)
    if pair[1] <= pair[0] < pair[1] + 720 and last.h < 12:
        last.h += 12


def _fill_years(first: Point | None, last: Point | None, field: str, ref: datetime) -> None:
    open_points = [p for p in (first, last) if p is not None and p.exact is None and p.y is None]
    if not open_points:
        return
    if first is not None and last is not None:
        if first.y is not None or first.exact is not None:
            last.y = first.y if first.exact is None else first.exact.year
            if (a := day_of(first)) and (b := day_of(last)) and b < a and last.d is not None:
                last.y = (last.y or 0) + 1
                last.inferred = True
            return
        if last.y is not None and first.m is not None and last.m is not None:
            first.y = last.y - ((first.m, first.d or 1) > (last.m, last.d or 31))
            return
    for point in open_points:
        if point.m is None and point.d is not None:
            _choose_month(point, field, ref)
    _choose_year(first, last, field, ref)


def _choose_month(point: Point, field: str, ref: datetime) -> None:
    """A day alone: the month whose weekday fits, else the nearest, ahead (back for posting dates)."""
    best: tuple[tuple[int, float], int, int] | None = None
    for step in (0, 1, -1, 2, -2):
        year, month = divmod(ref.year * 12 + ref.month - 1 + step, 12)
        try:
            day = date(year, month + 1, point.d or 1)
        except ValueError:
            continue
        key = (int(point.wd is not None and day.weekday() != point.wd), _distance(day, day, point.hint, field, ref))
        if best is None or key < best[0]:
            best = (key, year, month + 1)
    if best:
        point.y, point.m, point.inferred = best[1], best[2], True


def _choose_year(first: Point | None, last: Point | None, field: str, ref: datetime) -> None:
    lead = first or last
    if lead is None or lead.y is not None or lead.m is None:
        if first is not None and last is not None and first.y is not None and last.y is None:
            last.y = first.y
        return
    back = _POSTED_BACK if field == "posted" else 1
    candidates = [*range(ref.year - back, ref.year + 2)]
    scored = [key for year in candidates if (key := _score(year, first, last, field, ref))]
    if not scored:
        scored = [key for year in range(ref.year - 4, ref.year + 5) if (key := _score(year, first, last, field, ref))]
    if not scored:
        return
    _, year, end_year = min(scored)
    lead.y, lead.inferred = year, True
    if last is not None and last is not lead and last.y is None:
        last.y, last.inferred = end_year, True


def _score(
    year: int, first: Point | None, last: Point | None, field: str, ref: datetime
) -> tuple[tuple[int, float], int, int] | None:
    lead = first or last
    start = day_of(lead, year) if lead else None
    if start is None or lead is None:
        return None
    end, end_year = start, year
    if first is not None and last is not None and last.m is not None:
        end_year = year + ((last.m, last.d or 31) < (first.m or 1, first.d or 1))
        found = day_of(last, end_year)
        if found is None:
            return None
        end = found
    misses = sum(
        p.wd is not None and day.weekday() != p.wd for p, day in ((lead, start), (last, end)) if p is not None and p.d
    )
    if misses and field == "posted" and abs(year - ref.year) > 1:
        return None
    return (misses, _distance(start, end, lead.hint, field, ref)), year, end_year


def _distance(start: date, end: date, hint: int, field: str, ref: datetime) -> float:
    """How unlikely: days from the reference day, the wrong direction last."""
    today = ref.date()
    if field == "posted" or hint < 0:
        ahead = (start - today).days - (1 if field == "posted" else 0)
        return 100_000.0 + ahead if ahead > 0 else float(-ahead)
    if start <= today <= end and not hint:
        return 0.0
    if start > today:
        return float((start - today).days)
    past = (today - end).days
    return 100_000.0 + past if hint > 0 and past > 0 else past * _PAST_WEIGHT


def _after(first: Point, last: Point) -> None:
    """An end stated before its start: the year was typed wrong, where the start's year makes sense of it."""
    a, b = day_of(first), day_of(last)
    if a is None or b is None or b >= a or last.exact is not None or last.d is None or last.y is None:
        return
    year = a.year if (fixed := day_of(last, a.year)) and fixed >= a else a.year + 1
    if last.y >= _FIRST_YEAR and day_of(last, year):
        last.y, last.inferred = year, True


def _moment(point: Point, ref: datetime) -> Moment | None:
    if point.exact is not None:
        at = point.exact.astimezone(ref.tzinfo)
        at = (
            at.replace(second=0, microsecond=0)
            if point.exact_minute
            else at.replace(hour=0, minute=0, second=0, microsecond=0)
        )
        return (
            None
            if is_sentinel(at.date())
            else Moment(at=at, precision="minute" if point.exact_minute else "day", inferred=point.inferred)
        )
    day = day_of(point)
    if day is None or is_sentinel(day):
        return None
    at = datetime(day.year, day.month, day.day, tzinfo=ref.tzinfo)
    if point.d is None:
        return Moment(at=at, precision="month", inferred=point.inferred)
    if point.h is None:
        return Moment(at=at, precision="day", inferred=point.inferred)
    at = at + timedelta(days=1) if point.h == 24 else at.replace(hour=point.h)
    return Moment(at=at.replace(minute=point.mi), precision="minute", inferred=point.inferred)


def _is_mismatch(point: Point) -> bool:
    day = day_of(point)
    return (
        day is not None
        and point.wd is not None
        and point.d is not None
        and not point.inferred
        and day.weekday() != point.wd
    )
