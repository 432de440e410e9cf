"""A course list's own words become typed facts; what cannot be read stays open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

import pipeline.model as p
from pipeline.collect import course_facts

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
S = p.CourseStatus


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


@pytest.mark.parametrize(
    ("words", "opens", "closes", "kept"),
    [
        ("2026.11.20 ~ 11.25", "2026-11-20T00:00", "2026-11-26T00:00", False),
        ("우선 2026.11.18 ~ 11.19, 일반 2026.11.20 ~ 11.25", "2026-11-18T00:00", "2026-11-26T00:00", True),
        (
            "우선신청기간 2026.11.18 09:00 ~ 2026.11.19 18:00\n일반신청기간 2026.11.20 09:00 ~ 2026.11.25 18:00",
            "2026-11-18T09:00",
            "2026-11-25T18:00",
            True,
        ),
        ("2026.11.20~11.25 / 추첨발표: 11.27 ~ 11.28", "2026-11-20T00:00", "2026-11-26T00:00", False),
        ("추첨 접수 2026.11.20 ~ 11.25", "2026-11-20T00:00", "2026-11-26T00:00", False),
        ("~ 11.30.까지", None, "2026-12-01T00:00", False),
    ],
)
def test_several_application_periods_are_one_span(words: str, opens: str | None, closes: str, kept: bool) -> None:
    """Earliest beginning to latest end; the place's own words stay where there are several, and other dates do not count."""
    course = course_facts.course(p.RawCourse(apply=words), zone="Asia/Seoul", now=NOW)

    def local(at: datetime | None) -> str | None:
        return at.astimezone(ZoneInfo("Asia/Seoul")).isoformat()[:16] if at else None

    assert (local(course.apply_from_at), local(course.apply_until_at)) == (opens, closes)
    assert bool(course.apply_raw) is kept


def test_the_words_of_a_whole_row() -> None:
    """Days, hours, seats, fees, way, level: each from its own cell, and the level from the title."""
    raw = p.RawCourse(
        teach="2026.12.1.(화) ~ 12.22.(화)",
        weekdays="화·목 10:00~12:00",
        capacity="정원 20명 신청 3명(대기 2명)",
        fee="0",
        material_fee="10000",
        selection="선착순",
        online="대면·비대면 병행",
        level="-",
    )
    course = course_facts.course(raw, title="[초급] 마을 사진 교실", zone="Asia/Seoul", now=NOW)
    assert (course.weekdays, course.starts_time, course.ends_time) == (("TU", "TH"), "10:00", "12:00")
    assert (course.capacity, course.applied, course.waiting) == (20, 3, 2)
    assert (course.fee, course.fee_won, course.material_fee) == ("무료", 0, "10,000원")
    assert (course.mode, course.online, course.level, course.selection) == ("mixed", None, "초급", "선착순")


@pytest.mark.parametrize("unit", ["1", ",123", "3/", "월", "(재료비", "신청 ", "오후 ", "2026.11.2", "추첨", "초·"])
def test_a_cell_as_long_as_a_book_costs_no_more_than_a_long_one(unit: str) -> None:
    """What stands beyond a cell's length is not read: half a million characters end like six hundred."""
    fields = {name: unit * 100_000 for name in p.RawCourse.__slots__}
    short = {name: text[:600] for name, text in fields.items()}
    course = course_facts.course(p.RawCourse(**fields), zone="Asia/Seoul", now=NOW)
    expected = course_facts.course(p.RawCourse(**short), zone="Asia/Seoul", now=NOW)
    assert course == expected


def test_dates_never_overwrite_the_status() -> None:
    """A list that says ``접수중`` after its own deadline is quoted, with when it was read."""
    raw = p.RawCourse(apply="2026.11.1 ~ 11.10", status="접수중")
    course = course_facts.course(raw, zone="Asia/Seoul", now=NOW)
    assert (course.status, course.status_raw, course.status_as_of_at) == (S.OPEN, "접수중", NOW)


def test_a_weekday_that_is_another_days_is_told() -> None:
    """The day stands, for most slips are in the weekday; an editor hears of it."""
    raw = p.RawCourse(apply="2026.11.20.(월) ~ 2026.12.5.(토)", teach="2026-12-08 ~ 2026-12-29")
    course = course_facts.course(raw, zone="Asia/Seoul", now=NOW)
    assert course.apply_until_at == datetime(2026, 12, 5, 15, 0, tzinfo=UTC)
    assert course_facts.doubts(raw, course, zone="Asia/Seoul", now=NOW) == (raw.apply,)


def test_a_period_below_the_confidence_is_no_fact() -> None:
    """Two periods, one of them with the wrong weekday: which one is meant only the agency knows. Its words stand."""
    raw = p.RawCourse(apply="우선 2026.11.20.(월)~11.21.(화), 일반 12.1.(월)~12.5.(목)", teach="미정")
    course = course_facts.course(raw, zone="Asia/Seoul", now=NOW)
    assert (course.apply_from_at, course.apply_until_at, course.apply_raw) == (None, None, raw.apply)
    assert course_facts.doubts(raw, course, zone="Asia/Seoul", now=NOW) == (raw.apply,)
    words = p.RawCourse(apply="선착순 20명", teach="미정")
    assert course_facts.doubts(words, course, zone="Asia/Seoul", now=NOW) == ()
