"""A course list's own words become typed facts; what cannot be read stays open."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import pipeline.model as p
from pipeline.collect import course_facts

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
S = p.CourseStatus


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((w, S.SCHEDULED) for w in ("접수예정", "모집예정", "신청 예정", "접수전")),
        *((w, S.OPEN) for w in ("접수중", "모집중", "신청가능", "마감임박", "추가접수", "상시", "D-3")),
        *((w, S.WAITLIST) for w in ("대기접수", "대기신청", "대기자 접수")),
        *((w, S.CLOSED) for w in ("접수마감", "마감", "정원마감", "모집완료", "교육중", "진행중")),
        *((w, S.ENDED) for w in ("교육종료", "종료", "종강", "강의 완료")),
        *((w, S.CANCELLED) for w in ("폐강", "취소", "강좌취소")),
        *((w, S.UNKNOWN) for w in ("", "문의", "???")),
    ],
)
def test_status_words_have_one_meaning(word: str, status: p.CourseStatus) -> None:
    """The words of Korean course lists (접수중, 마감임박, 폐강 …) are normalised; a word nobody taught us stays unknown."""
    assert course_facts.status(word) is status


def test_a_row_becomes_typed_facts() -> None:
    """Periods, numbers and place are read; a deadline without a time is the end of that day."""
    raw = p.RawCourse(
        apply="2026.11.20.(금) 10:00 ~ 12.5.(토)",
        teach="2026-12-08 ~ 2026-12-29",
        status="접수중",
        capacity="20명",
        applied="1,007명",
        fee="10,000원(재료비 별도)",
        place="정왕평생학습관 201호",
    )
    course = course_facts.course(raw, zone="Asia/Seoul", now=NOW)
    assert course.apply_from_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert course.apply_until_at == datetime(2026, 12, 5, 15, 0, tzinfo=UTC)
    assert (course.apply_from_has_time, course.apply_until_has_time) == (True, False)
    assert (course.starts_on, course.ends_on) == (date(2026, 12, 8), date(2026, 12, 29))
    assert (course.capacity, course.applied, course.status) == (20, 1007, S.OPEN)
    assert (course.fee, course.status_raw, course.status_as_of_at) == ("10,000원(재료비 별도)", "접수중", NOW)


def test_words_without_dates_invent_none() -> None:
    """``추후 공지`` is no period, and an empty cell no number."""
    course = course_facts.course(p.RawCourse(apply="추후 공지", teach="미정"), zone="Asia/Seoul", now=NOW)
    assert (course.apply_from_at, course.apply_until_at, course.starts_on, course.capacity) == (None, None, None, None)
