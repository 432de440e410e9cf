"""The one sentence a card may say to its reader: until when, since when, what changed; Korean, pure.

What does not live here: which card says what (``compose``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model import windows

_MIDNIGHT: Final = "00:00"
_SEATS: Final = re.compile(r"정원|만석|대기")  # status words that name the reason
_LIQUID: Final = 8  # index of the final consonant ㄹ
_HANGUL: Final = range(0xAC00, 0xD7A4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A material change of one entry since the last edition.

    Attributes:
        entry_id: The entry.
        fields: Names of the material fields: ``apply_from | apply_until | starts | place | cancelled | full``.
        before: Their values before the first change, as in the fingerprint; ``""`` when there was none.
    """

    entry_id: str
    fields: tuple[str, ...]
    before: tuple[str, ...]


def day(on: date) -> str:
    """``11월 30일(월)``."""
    name = (_("월"), _("화"), _("수"), _("목"), _("금"), _("토"), _("일"))[on.weekday()]
    return _("{month}월 {day}일({name})").format(month=on.month, day=on.day, name=name)


def instant(at: datetime) -> str:
    """``11월 30일(월) 18시``, ``… 18시 30분``; a bare day at Seoul midnight."""
    local = at.astimezone(windows.SEOUL)
    return day(local.date()) if f"{local:%H:%M}" == _MIDNIGHT else f"{day(local.date())} {_hour(local)}"


def _hour(local: datetime) -> str:
    if local.minute:
        return _("{hour}시 {minute}분").format(hour=local.hour, minute=local.minute)
    return _("{hour}시").format(hour=local.hour)


def until(at: datetime) -> str:
    """A deadline: an exclusive Seoul midnight is the day before it."""
    local = at.astimezone(windows.SEOUL)
    return day(local.date() - timedelta(days=1)) if f"{local:%H:%M}" == _MIDNIGHT else instant(at)


def closing(course: p.Course, as_of: datetime) -> str:
    """``오늘 18시에 접수를 마감합니다.``, ``11월 26일(목)까지 접수합니다.``; ``""`` without a deadline."""
    at = course.apply_until_at
    if at is None:
        return ""
    local = at.astimezone(windows.SEOUL)
    if f"{local:%H:%M}" == _MIDNIGHT:
        last = local.date() - timedelta(days=1)
        return _("{day}까지 접수합니다.").format(day=_or_today(last, as_of))
    when = f"{_or_today(local.date(), as_of)} {_hour(local)}"
    return _("{when}에 접수를 마감합니다.").format(when=when)


def opens(course: p.Course, as_of: datetime) -> str:
    """``오늘 10시부터 접수합니다.``; ``""`` without a beginning."""
    if course.apply_from_at is None:
        return ""
    local = course.apply_from_at.astimezone(windows.SEOUL)
    when = _or_today(local.date(), as_of)
    if course.apply_from_has_time and f"{local:%H:%M}" != _MIDNIGHT:
        when = f"{when} {_hour(local)}"
    return _("{when}부터 접수합니다.").format(when=when)


def late(stated_at: datetime) -> str:
    """``11월 20일(금)에 올라온 소식입니다.``."""
    return _("{day}에 올라온 소식입니다.").format(day=day(windows.seoul_date(stated_at)))


def _or_today(on: date, as_of: datetime) -> str:
    return _("오늘") if on == windows.seoul_date(as_of) else day(on)


def changed(altered: Altered, entry: p.Entry) -> str:
    """Say what changed, old and new; ``""`` when it is again what it was.

    A field this version does not know is left out: better no sentence than a wrong one.
    """
    said = []
    for name, before in zip(altered.fields, altered.before, strict=True):
        if name == "full":
            said.append(_full(before, entry))
        if name not in _TOLD:
            continue
        label, now, show = _TOLD[name]
        old, new = _shown(before, show), show(now(entry) or "")
        if old != new:
            said.append(_sentence(name, label(), old, new))
    return " ".join(filter(None, said))


def between(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Say what differs between two fingerprints, for staff; ``""`` when nothing does."""
    said = []
    for name, (label, _now, show) in _TOLD.items():
        old, new = _shown(before.get(name, ""), show), _shown(after.get(name, ""), show)
        if old != new:
            said.append(_sentence(name, label(), old, new))
    if before.get("full", "") != after.get("full", "") and not said:
        said.append(_("접수 상태가 바뀌었습니다."))
    return " ".join(said)


def _full(before: str, entry: p.Entry) -> str:
    """Say that no seat is left, or that there is one again; ``""`` where the application period simply ended."""
    course = entry.course
    if course is None or course.status.value == before:
        return ""
    if course.status is p.CourseStatus.WAITLIST:
        return _("정원이 차서 대기 접수를 받습니다.")
    if course.status is p.CourseStatus.OPEN and before:
        return _("다시 접수합니다.")
    if course.status is not p.CourseStatus.CLOSED or not _is_early(course):
        return ""
    return _("정원이 차서 접수를 마감했습니다.") if _is_full(course) else _("접수를 일찍 마감했습니다.")


def _is_full(course: p.Course) -> bool:
    has_no_seat = course.capacity is not None and course.applied is not None and course.applied >= course.capacity > 0
    return has_no_seat or bool(_SEATS.search(course.status_raw or ""))


def _is_early(course: p.Course) -> bool:
    """Whether it closed before its deadline; without one, only where the seats are the reason and teaching is ahead."""
    at = course.status_as_of_at
    if course.apply_until_at is not None:
        return at is not None and at < course.apply_until_at
    is_ahead = course.starts_on is None or at is None or windows.seoul_date(at) < course.starts_on
    return is_ahead and _is_full(course)


def _sentence(name: str, label: str, old: str, new: str) -> str:
    if name == "cancelled":
        return _("취소되었습니다.") if new else _("취소했다가 다시 엽니다.")
    if not new:
        return _("{label}({old}) 안내가 빠졌습니다.").format(label=label, old=old)
    if not old:
        return _("{label}{subject} {new}{to} 정해졌습니다.").format(
            label=label, subject=_iga(label), new=new, to=_ro(new)
        )
    return _("{label}{subject} {old}에서 {new}{to} 바뀌었습니다.").format(
        label=label, subject=_iga(label), old=old, new=new, to=_ro(new)
    )


def _shown(text: str, show: Callable[[str], str]) -> str:
    try:
        return show(text)
    except ValueError:
        return text  # an older version wrote it for people already


def _as_instant(text: str) -> str:
    if not text:
        return ""
    return day(date.fromisoformat(text)) if len(text) == len("2026-11-23") else instant(_read(text))


def _as_deadline(text: str) -> str:
    return until(_read(text)) if text else ""


def _read(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _iso(at: datetime | date | None) -> str:
    return at.isoformat() if at else ""


def _starts(entry: p.Entry) -> str:
    if entry.video is not None and entry.video.starts_at is not None:
        return _iso(entry.video.starts_at)
    return _iso(entry.course.starts_on) if entry.course else ""


def _is_cancelled(entry: p.Entry) -> str:
    return "yes" if entry.course and entry.course.status is p.CourseStatus.CANCELLED else ""


_TOLD: Final[Mapping[str, tuple[Callable[[], str], Callable[[p.Entry], str | None], Callable[[str], str]]]] = {
    "cancelled": (lambda: "", _is_cancelled, str),
    "apply_from": (
        lambda: _("접수 시작"),
        lambda e: _iso(e.course.apply_from_at) if e.course else "",
        _as_instant,
    ),
    "apply_until": (
        lambda: _("접수 마감"),
        lambda e: _iso(e.course.apply_until_at) if e.course else "",
        _as_deadline,
    ),
    "starts": (lambda: _("시작일"), _starts, _as_instant),
    "place": (lambda: _("장소"), lambda e: e.course.place if e.course else "", str),
}


def _final(text: str) -> int | None:
    """Index of the final consonant of the last spoken syllable, 0 for none; ``None`` when it is not Hangul."""
    spoken = re.sub(r"\s*\([^()]*\)\s*$", "", text).rstrip(" .,'\"”’」』")
    last = ord(spoken[-1]) if spoken else 0
    return (last - _HANGUL.start) % 28 if last in _HANGUL else None


def _iga(word: str) -> str:
    final = _final(word)
    return "이(가)" if final is None else ("이" if final else "가")


def _ro(word: str) -> str:
    final = _final(word)
    return "(으)로" if final is None else ("로" if final in (0, _LIQUID) else "으로")
