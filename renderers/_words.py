"""Finished Korean words for citizens: dates, kinds, states, sizes, licences.

What does not live here: choosing what is said (``_views``). Times are shown in Asia/Seoul.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _, language

SEOUL = ZoneInfo("Asia/Seoul")
# Controls, bidi marks, zero-width (not ZWJ, which emoji need), lone surrogates, non-characters: never printed (P36, P39).
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[^\S ]|  |^ | $")


def plain(text: str) -> str:
    """Return the text without characters that no page, feed or message may carry, on one line."""
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":  # most texts are clean
        text = _cleaned(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _cleaned(text: str) -> str:
    if _UNPRINTABLE.search(text):
        text = _UNPRINTABLE.sub("", text)
    if _BLANKS.search(text):
        text = " ".join(text.split())
    return text


@lru_cache(maxsize=4096)
def seoul(at: datetime) -> datetime:
    """The instant on Seoul's clock."""
    return at.astimezone(SEOUL)


def weekday(on: date) -> str:
    """``월`` … ``일``."""
    return _weekdays(language())[on.weekday()]


@cache
def _weekdays(_language: str) -> tuple[str, ...]:
    return (_("월"), _("화"), _("수"), _("목"), _("금"), _("토"), _("일"))


def day(on: date, *, year: bool = False) -> str:
    """``11월 25일(수)``, with ``2026년`` in front when asked."""
    return _day(language(), on, year)


@lru_cache(maxsize=4096)
def _day(_language: str, on: date, year: bool) -> str:
    words = _("{month}월 {day}일({weekday})").format(month=on.month, day=on.day, weekday=weekday(on))
    return _("{year}년 {rest}").format(year=on.year, rest=words) if year else words


def moment(at: datetime, *, year: bool = False, has_time: bool = True) -> str:
    """``11월 25일(수) 18:00``."""
    local = seoul(at)
    words = day(local.date(), year=year)
    return f"{words} {local.hour:02}:{local.minute:02}" if has_time else words


def ending(at: datetime, *, year: bool = False, has_time: bool) -> str:
    """The last moment before an exclusive end: midnight is ``24:00`` of the day before, or that day alone."""
    local = seoul(at)
    if local.hour or local.minute:
        return moment(at, year=year, has_time=has_time)
    words = day(last_day(at), year=year)
    return f"{words} 24:00" if has_time else words


def clock(end: datetime) -> str:
    """The hour of an exclusive end: ``18:00``, midnight as ``24:00`` of the day before."""
    local = seoul(end)
    return f"{local:%H:%M}" if local.hour or local.minute else "24:00"


def last_day(at: datetime) -> date:
    """The last Seoul date before an exclusive end."""
    return (seoul(at) - timedelta(microseconds=1)).date()


def instant(at: datetime) -> str:
    """``2026-11-25T18:00:00+09:00`` for ``datetime=`` attributes and scripts."""
    return seoul(at).isoformat(timespec="seconds")


def period(start: date | None, end: date | None) -> str:
    """``2026년 12월 1일(화) ~ 12월 22일(화)``; one date when both are equal; ``""`` when neither is known."""
    if start and end and start != end:
        return f"{day(start, year=True)} ~ {day(end, year=end.year != start.year)}"
    one = start or end
    if not one:
        return ""
    if start:
        return day(one, year=True)
    return _("{day}까지").format(day=day(one, year=True))


def kind(value: p.Kind) -> str:
    """What a citizen calls this kind."""
    return _kinds(language())[value]


@cache
def _kinds(_language: str) -> dict[p.Kind, str]:
    return {
        p.Kind.NOTICE: _("공지"),
        p.Kind.COURSE: _("강좌"),
        p.Kind.VIDEO: _("영상"),
        p.Kind.POST: _("글"),
        p.Kind.EVENT: _("행사"),
        p.Kind.NEWS: _("뉴스"),
    }


def label(value: str) -> str:
    """Why a card is here now; ``""`` for plain news."""
    return {
        "closing": _("마감 임박"),
        "opens": _("접수 시작"),
        "changed": _("바뀐 소식"),
        "late": _("늦게 올라온 소식"),
    }.get(value, "")


def status(value: p.CourseStatus) -> str:
    """A course's state; ``""`` when unknown."""
    return _states(language()).get(value, "")


@cache
def _states(_language: str) -> dict[p.CourseStatus, str]:
    return {
        p.CourseStatus.SCHEDULED: _("접수 예정"),
        p.CourseStatus.OPEN: _("접수 중"),
        p.CourseStatus.WAITLIST: _("대기 접수"),
        p.CourseStatus.CLOSED: _("접수 마감"),
        p.CourseStatus.ENDED: _("교육 종료"),
        p.CourseStatus.CANCELLED: _("취소"),
    }


def states() -> list[tuple[str, str]]:
    """What readers can ask of a course, as (value in addresses, words); the dates are compared when it is read."""
    return [("open", _("지금 신청할 수 있음")), ("soon", _("접수 예정")), ("closed", _("접수 마감"))]


def sessions(course: p.Course) -> str:
    """``화·목 10:00~12:00``: the days and hours of teaching; ``""`` when neither is known."""
    names = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), _weekdays(language()), strict=True))
    days = "·".join(names[day] for day in course.weekdays if day in names)
    times = "~".join(filter(None, (course.starts_time, course.ends_time)))
    return f"{days} {times}".strip()


def way(course: p.Course) -> str:
    """How a course is held; ``""`` when not said."""
    mode = course.mode or ("" if course.online is None else "online" if course.online else "offline")
    return {"online": _("온라인"), "offline": _("대면"), "mixed": _("온라인·대면 병행")}.get(mode, "")


def duration(seconds: int | None) -> str:
    """``1시간 2분``, ``4분 30초``; ``""`` when unknown."""
    if not seconds or seconds < 0:
        return ""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        _("{n}시간").format(n=hours) if hours else "",
        _("{n}분").format(n=minutes) if minutes else "",
        _("{n}초").format(n=left) if left and not hours else "",
    ]
    return " ".join(part for part in parts if part)


def size(amount: int | None) -> str:
    """``240 KB``, ``1.2 MB``; ``""`` when unknown."""
    if not amount or amount < 0:
        return ""
    return f"{amount / 1_000_000:.1f} MB" if amount >= 1_000_000 else f"{max(1, round(amount / 1000))} KB"


def licence(code: str) -> str:
    """The mark's words: ``공공누리 제1유형(출처표시)``; a code we do not know is shown as it is."""
    return _licences(language()).get(code.lower()) or plain(code)


@cache
def _licences(_language: str) -> dict[str, str]:
    return {
        "kogl-0": _("공공누리 제0유형(자유이용)"),
        "kogl-1": _("공공누리 제1유형(출처표시)"),
        "kogl-2": _("공공누리 제2유형(출처표시, 상업적 이용금지)"),
        "kogl-3": _("공공누리 제3유형(출처표시, 변경금지)"),
        "kogl-4": _("공공누리 제4유형(출처표시, 상업적 이용금지, 변경금지)"),
    }


def fresh(source: p.SourceCard) -> str:
    """When a source was last read, as one sentence."""
    if source.last_success_at is None:
        return _("아직 읽지 못했습니다.")
    at = moment(source.last_success_at)
    if source.health in (p.Health.OK, p.Health.EMPTY, p.Health.STALE, p.Health.DRIFTING, p.Health.FLOOD):
        return _("{at} 확인").format(at=at)
    return _("{at}까지 확인. 지금은 읽지 못하고 있습니다.").format(at=at)


def is_current(source: p.SourceCard) -> bool:
    """Whether citizens may rely on what we know of this source."""
    well = (p.Health.OK, p.Health.EMPTY, p.Health.STALE, p.Health.DRIFTING, p.Health.FLOOD)
    return source.last_success_at is not None and source.health in well
