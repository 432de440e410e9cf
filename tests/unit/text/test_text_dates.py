"""Korean date expressions: a table of forms, what may never happen, and how a missing year is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import dates
from pipeline.text.date_normal import normal

_ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("date_expressions.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
_PIECES = (
    "2026 11 20 12 5 31 0 99 00 . - / ~ : ( ) 월 일 년 시 분 오전 오후 까지 부터 마감 매주 다음 주 달 말 전 D- Jan Nov 2026-11-20 11.20 10:00 "
    "T Z +09:00 제 호 , ' 금 (금) 오늘 내일 이번 지난 → ; 9999.12.31 0001.1.1 1~2월 29~31일 2.29 하루 한 정오 24:00 자정 선착순 상시 올해 2.30"
).split()
_texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*_PIECES, " ", "\n"]), max_size=14).map("".join))
_fields = st.sampled_from(["posted", "period", "event", "title", "text"])
_instants = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))


def _iso(moment: dates.Moment | None) -> str:
    return moment.iso if moment else ""


def _written(reading: dates.Reading) -> str:
    if reading.kind in ("none", "always"):
        return reading.kind
    pairs = reading.parts or ((reading.start, reading.end),)
    starts = ";".join(_iso(start) for start, _ in pairs)
    ends = ";".join(_iso(end) for _, end in pairs)
    return f"{reading.kind} {starts or '-'} {ends or '-'}"


@pytest.mark.parametrize(("field", "ref", "text", "want", "flags"), _ROWS)
def test_expressions_mean_what_people_mean(field, ref, text, want, flags):
    """Every form in the table is read with its kind, its ends at the stated precision, and its flags."""
    reading = dates.read(text, field=field, ref=datetime.fromisoformat(f"{ref}T15:00+09:00"))
    assert _written(reading).rstrip(" -;") == want.rstrip(" -;")
    assert ",".join(sorted(reading.flags)) == flags


@settings(max_examples=1500, deadline=None)
@given(_texts, _fields, _instants)
def test_no_text_breaks_the_reader(text, field, ref):
    """Any Unicode gives a reading whose moments are aware, and whose kind agrees with what it holds."""
    reading = dates.read(text, field=field, ref=ref)
    for start, end in reading.parts or ((reading.start, reading.end),):
        for moment in (start, end):
            assert moment is None or moment.at.utcoffset() is not None
            assert moment is None or 1901 <= moment.at.year <= 2900
    has = (reading.start is not None, reading.end is not None)
    wanted = {"instant": (True, False), "from": (True, False), "range": (True, True), "deadline": (False, True)}
    assert has == wanted.get(reading.kind, has)
    if reading.kind in ("none", "always"):
        assert has == (False, False)
    assert 0.0 <= reading.confidence <= 1.0


@settings(max_examples=500, deadline=None)
@given(_texts)
def test_the_normal_form_is_normal(text):
    """Normalising twice changes nothing, so spans point into one text."""
    assert normal(normal(text)) == normal(text)


@settings(max_examples=500, deadline=None)
@given(_texts, st.sampled_from(["Asia/Seoul", "UTC"]))
def test_no_text_breaks_the_reader_of_stamps(text, zone):
    """Any Unicode is a fact or none; a fact is an instant in UTC that can be."""
    fact = dates.machine(text, zone=zone)
    assert fact is None or (fact.at.utcoffset() == timedelta() and 1901 <= fact.at.year <= 2900)


@settings(max_examples=300, deadline=None)
@given(st.dates(min_value=datetime(1990, 1, 1).date(), max_value=datetime(2090, 12, 31).date()), _fields, _instants)
def test_a_complete_date_is_never_changed(day, field, ref):
    """Year, month and day as written come back, whatever the day of reading."""
    for text in (f"{day.year}. {day.month}. {day.day}.", f"{day.year}년 {day.month}월 {day.day}일", day.isoformat()):
        reading = dates.read(text, field=field, ref=ref)
        assert (reading.kind, _iso(reading.start)) == ("instant", day.isoformat())
        assert not reading.start.inferred


@settings(max_examples=300, deadline=None)
@given(st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2080, 12, 31).date()), st.integers(-300, 1))
def test_posting_dates_without_a_year_look_back(day, offset):
    """A posting date without a year is the latest such day up to the day after reading."""
    ref = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    posted = datetime.fromordinal(day.toordinal() + offset).date()
    reading = dates.read(f"{posted.month:02}-{posted.day:02}", field="posted", ref=ref)
    if (posted.month, posted.day) != (2, 29):
        assert _iso(reading.start) == posted.isoformat()
        assert reading.start.inferred


def test_a_wrong_weekday_is_shown_and_costs_confidence():
    """A complete date whose weekday does not fit keeps its date, with a flag and little confidence."""
    reading = dates.read("2026.11.28.(금)", field="event", ref=datetime(2026, 11, 20, tzinfo=UTC))
    assert reading.flags == {"weekday_mismatch"}
    assert reading.confidence < 0.6


def test_spans_point_at_the_dates():
    """Spans name where the dates stand in the normalised text."""
    text = "신청은 12월 4일까지"
    reading = dates.read(text, field="text", ref=datetime(2026, 11, 20, tzinfo=UTC))
    assert [text[a:b].strip() for a, b in reading.spans] == ["12월 4일"]


def test_today_is_a_day_in_the_zone():
    """``오늘`` at 23:00 UTC is tomorrow's date in Seoul."""
    reading = dates.read("오늘", field="posted", ref=datetime(2026, 11, 20, 23, tzinfo=UTC))
    assert _iso(reading.start) == "2026-11-21"


@pytest.mark.parametrize("text", ["1" * 200_000, "11.20~" * 40_000, "(" * 200_000, "오후 " * 100_000, "12월 " * 80_000])
def test_long_texts_are_cut_before_they_are_read(text):
    """Only the first characters are looked at, so size alone cannot cost time."""
    dates.read(text, field="text", ref=datetime(2026, 11, 20, tzinfo=UTC))
