"""Raw course words → typed course facts (pure): periods, status, numbers.

What does not live here: date grammar (``text/dates``), finding the words on a page (``sources/``).
Source: korea §4 "Course lists"; the source's word is always kept beside the normal form.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pipeline.model as p
from pipeline.text import clean, dates

_STATUS: tuple[tuple[str, p.CourseStatus], ...] = (
    (r"폐강|취소", p.CourseStatus.CANCELLED),
    (r"대기\s*(접수|신청|자)|대기중", p.CourseStatus.WAITLIST),
    (r"(접수|모집|신청)?\s*(예정|대기|전$)|준비\s*중|오픈\s*예정", p.CourseStatus.SCHEDULED),
    (
        r"마감\s*임박|추가\s*(접수|모집)|접수\s*중|모집\s*중|신청\s*(중|가능)|수강\s*신청|접수\s*가능|D\s*-\s*\d+|상시",
        p.CourseStatus.OPEN,
    ),
    (r"(접수|모집|신청|정원)?\s*(마감|완료|종료)(?!\s*임박)|정원\s*초과", p.CourseStatus.CLOSED),
    (r"(교육|학습|강의|수업|운영)\s*(종료|완료)|종강|^종료$|수료", p.CourseStatus.ENDED),
    (r"(교육|학습|수업|강의|운영|진행)\s*중|개강", p.CourseStatus.CLOSED),
)
_ENDED_FIRST = re.compile(r"(교육|학습|강의|수업|운영|행사)\s*(종료|완료)|^\s*종료\s*$|종강")
_NUMBER = re.compile(r"\d[\d,]*")
_ONLINE = re.compile(r"온라인|비대면|원격|줌|zoom|화상|online", re.IGNORECASE)
_OFFLINE = re.compile(r"오프라인|대면|집합|방문|offline", re.IGNORECASE)


def course(raw: p.RawCourse, *, zone: str, now: datetime) -> p.Course:
    """Return typed facts; what cannot be read stays ``None``, never guessed.

    Args:
        raw: The place's own words.
        zone: IANA zone of its dates.
        now: Aware UTC; the reference of year-less dates and the as-of time of the status.
    """
    apply_from, apply_until = _period(raw.apply, zone=zone, now=now)
    starts, ends = _period(raw.teach, zone=zone, now=now)
    status_raw = clean.one_line(raw.status) or None
    return p.Course(
        apply_from_at=apply_from.at.astimezone(UTC) if apply_from else None,
        apply_from_has_time=bool(apply_from and apply_from.precision == "minute"),
        apply_until_at=_end_of(apply_until),
        apply_until_has_time=bool(apply_until and apply_until.precision == "minute"),
        starts_on=_day(starts),
        ends_on=_day(ends or starts),
        status=status(status_raw or ""),
        status_raw=status_raw,
        status_as_of_at=now if status_raw else None,
        capacity=_number(raw.capacity),
        applied=_number(raw.applied),
        fee=clean.one_line(raw.fee) or None,
        level=clean.one_line(raw.level) or None,
        field=clean.one_line(raw.field) or None,
        place=clean.one_line(raw.place) or None,
        online=_online(raw.online or raw.place),
        target=clean.one_line(raw.target) or None,
    )


def status(word: str) -> p.CourseStatus:
    """Return the normal form of a status word; ``unknown`` for a word nobody taught us."""
    text = clean.one_line(word)
    if not text:
        return p.CourseStatus.UNKNOWN
    if _ENDED_FIRST.search(text):
        return p.CourseStatus.ENDED
    for pattern, normal in _STATUS:
        if re.search(pattern, text, re.IGNORECASE):
            return normal
    return p.CourseStatus.UNKNOWN


def _period(text: str, *, zone: str, now: datetime) -> tuple[dates.Moment | None, dates.Moment | None]:
    if not text.strip():
        return None, None
    reading = dates.read(text, field="period", ref=now, zone=zone)
    usable = [m if m is not None and m.precision != "month" else None for m in (reading.start, reading.end)]
    return usable[0], usable[1]


def _end_of(moment: dates.Moment | None) -> datetime | None:
    """A deadline without a time is the end of that day (24:00, exclusive)."""
    if moment is None:
        return None
    at = moment.at if moment.precision == "minute" else moment.at.replace(hour=0, minute=0) + timedelta(days=1)
    return at.astimezone(UTC)


def _day(moment: dates.Moment | None) -> date | None:
    return moment.at.date() if moment else None


def _number(text: str) -> int | None:
    found = _NUMBER.search(text or "")
    return int(found[0].replace(",", "")) if found else None


def _online(text: str) -> bool | None:
    is_online, is_offline = bool(_ONLINE.search(text or "")), bool(_OFFLINE.search(text or ""))
    if is_online and not is_offline:
        return True
    return False if is_offline and not is_online else None
