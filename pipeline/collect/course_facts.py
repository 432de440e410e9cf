"""Raw course words → typed course facts (pure): the periods, and the course as a whole.

What does not live here: date grammar (``text/dates``), single words (``course_words``), finding them (``sources/``).
Source: korea §4 "Course lists"; the source's word is always kept beside the normal form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.collect import course_words
from pipeline.text import clean, dates

_NOT_APPLYING: Final = re.compile(
    r"(?:발표|추첨|결제|입금|납부|환불|개강|교육|학습)(?!\s*(?:접수|신청|모집))[^,/|\n]*"
)  # 접수 11.20~11.25 / 발표 11.27: what comes after is no time to apply
_RAW_CHARS: Final = 200
_SURE: Final = 0.5  # below it a person looks before a date is a fact (text/dates): often the agency's own slip
_DAY_WORDS: Final = re.compile(r"\d\s*(?:[./-]|월)\s*\d")
_CELL_CHARS: Final = 600  # a cell that says more is no cell, and patterns must not be made to walk it


@dataclass(frozen=True, slots=True)
class _Period:
    start: dates.Moment | None = None
    end: dates.Moment | None = None
    count: int = 0
    is_doubtful: bool = False


def course(raw: p.RawCourse, *, title: str = "", zone: str, now: datetime) -> p.Course:
    """Return typed facts; what cannot be read stays ``None``, never guessed.

    Args:
        raw: The place's own words.
        title: The course's title, which may name its level.
        zone: IANA zone of its dates.
        now: Aware UTC; the reference of year-less dates and the as-of time of the status.
    """
    raw = _clipped(raw)
    apply, teach = _applying(raw.apply, zone=zone, now=now), _period(raw.teach, zone=zone, now=now)
    status_raw = clean.one_line(raw.status) or None
    capacity, applied, waiting = course_words.seats(raw.capacity, raw.applied, raw.waiting)
    fee, fee_won = course_words.fee(raw.fee)
    mode = course_words.mode(f"{raw.online} {raw.place}")
    starts_time, ends_time = _hours(raw)
    return p.Course(
        apply_from_at=apply.start.at.astimezone(UTC) if apply.start else None,
        apply_from_has_time=bool(apply.start and apply.start.precision == "minute"),
        apply_until_at=_end_of(apply.end),
        apply_until_has_time=bool(apply.end and apply.end.precision == "minute"),
        apply_raw=_one_of_several(raw.apply) if apply.count > 1 or apply.is_doubtful else None,
        starts_on=_day(teach.start),
        ends_on=_day(teach.end or teach.start),
        weekdays=course_words.weekdays(f"{raw.weekdays} {raw.hours}", is_sure=True)
        or course_words.weekdays(raw.teach, is_sure=False),
        starts_time=starts_time,
        ends_time=ends_time,
        status=course_words.status(status_raw or ""),
        status_raw=status_raw,
        status_as_of_at=now if status_raw else None,
        capacity=capacity,
        applied=applied,
        waiting=waiting,
        fee=fee,
        fee_won=fee_won,
        material_fee=course_words.materials(raw.material_fee),
        selection=course_words.words(raw.selection),
        level=course_words.level(raw.level, title),
        field=course_words.words(raw.field),
        place=course_words.words(raw.place),
        online=None if mode in (None, "mixed") else mode == "online",
        mode=mode,
        target=course_words.words(raw.target),
    )


def doubts(raw: p.RawCourse, found: p.Course, *, zone: str, now: datetime) -> tuple[str, ...]:
    """Return the source's words of periods an editor should look at: no fact came of them, or the weekday is another's."""
    periods = ((raw.apply, found.apply_from_at or found.apply_until_at), (raw.teach, found.starts_on))
    return tuple(
        clean.one_line(words)[:_RAW_CHARS]
        for words, fact in periods
        if _DAY_WORDS.search(words) and (not fact or _is_mismatched(words, zone=zone, now=now))
    )


def _is_mismatched(text: str, *, zone: str, now: datetime) -> bool:
    readings = (dates.read(line, field="period", ref=now, zone=zone) for line in text[:_CELL_CHARS].splitlines())
    return any("weekday_mismatch" in reading.flags for reading in readings)


def _clipped(raw: p.RawCourse) -> p.RawCourse:
    long = {f.name: text[:_CELL_CHARS] for f in fields(raw) if len(text := getattr(raw, f.name)) > _CELL_CHARS}
    return replace(raw, **long) if long else raw


def _applying(text: str, *, zone: str, now: datetime) -> _Period:
    """The time to apply: of several periods (일반, 우선, 추가) the earliest beginning and the latest end."""
    found = _period(_NOT_APPLYING.sub(" ", text), zone=zone, now=now)
    return found if found.count or found.is_doubtful else _period(text, zone=zone, now=now)


def _period(text: str, *, zone: str, now: datetime) -> _Period:
    if not text.strip():
        return _Period()
    parts: list[tuple[dates.Moment | None, dates.Moment | None]] = []
    readings = [dates.read(line, field="period", ref=now, zone=zone) for line in text.splitlines()]
    if any(reading.kind != "none" and reading.confidence < _SURE for reading in readings):
        return _Period(is_doubtful=True)
    for reading in readings:
        parts += reading.parts or ((reading.start, reading.end),)
    days = [tuple(m if m and m.precision != "month" else None for m in part) for part in parts]
    starts = [m for m, _end in days if m is not None]
    ends = [m for _start, m in days if m is not None]
    whole = [part for part in days if None not in part]
    return _Period(
        start=min(starts, key=lambda m: m.at, default=None),
        end=max(ends, key=_until, default=None),
        count=max(len(whole), int(bool(starts or ends))),
    )


def _one_of_several(text: str) -> str:
    return " / ".join(filter(None, map(clean.one_line, text.splitlines())))[:_RAW_CHARS]


def _hours(raw: p.RawCourse) -> tuple[str | None, str | None]:
    for text in (raw.hours, raw.weekdays):
        found = course_words.hours(text)
        if found[0]:
            return found
    return None, None


def _until(moment: dates.Moment) -> datetime:
    """A deadline without a time is the end of that day (24:00, exclusive)."""
    return moment.at if moment.precision == "minute" else moment.at.replace(hour=0, minute=0) + timedelta(days=1)


def _end_of(moment: dates.Moment | None) -> datetime | None:
    return _until(moment).astimezone(UTC) if moment else None


def _day(moment: dates.Moment | None) -> date | None:
    return moment.at.date() if moment else None
