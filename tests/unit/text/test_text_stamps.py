"""Machine date stamps: never wrong by hours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import dates

_GOOD = [
    ("Wed, 18 Nov 2026 14:35:07 +0900", "2026-11-18T05:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 +09:00", "2026-11-18T05:35:07", "rfc822"),
    ("18 Nov 2026 14:35 KST", "2026-11-18T05:35:00", "rfc822"),
    ("Wed, 18 Nov 26 14:35:07 EST", "2026-11-18T19:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 PDT", "2026-11-18T21:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 GMT", "2026-11-18T14:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 UT", "2026-11-18T14:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 Z", "2026-11-18T14:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 A", "2026-11-18T14:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 -0000", "2026-11-18T14:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 GMT+9", "2026-11-18T05:35:07", "rfc822"),
    ("Wed, 18 Nov 2026 14:35:07 +0900 (KST)", "2026-11-18T05:35:07", "rfc822"),
    ("Wed,18 Nov 2026 14:35:60 +0000", "2026-11-18T14:35:59", "rfc822"),
    ("Wed, 18 Nov 98 14:35:07 GMT", "1998-11-18T14:35:07", "rfc822"),
    ("수, 18 11월 2026 14:35:07 +0900", "2026-11-18T05:35:07", "rfc822"),
    ("18-Nov-2026 14:35:07 GMT", "2026-11-18T14:35:07", "rfc822"),
    ("Wed Nov 18 14:35:07 KST 2026", "2026-11-18T05:35:07", "rfc822"),
    ("Wed Nov 18 14:35:07 2026", "2026-11-18T05:35:07", "rfc822"),
    ("November 18, 2026 2:35 PM", "2026-11-18T05:35:00", "rfc822"),
    ("2026-11-18T14:35:07+09:00", "2026-11-18T05:35:07", "w3c"),
    ("2026-11-18T14:35:07.123456+09:00", "2026-11-18T05:35:07", "w3c"),
    ("2026-11-18T14:35:07,5Z", "2026-11-18T14:35:07", "w3c"),
    ("2026-11-18T14:35Z", "2026-11-18T14:35:00", "w3c"),
    ("2026-11-18T05:35:07-0800", "2026-11-18T13:35:07", "w3c"),
    ("2026-11-18 14:35:07 +0900", "2026-11-18T05:35:07", "w3c"),
    ("2026-11-18 14:35:07", "2026-11-18T05:35:07", "w3c"),
    ("2026-11-18t14:35:07z", "2026-11-18T14:35:07", "w3c"),
    ("2026-11-18 14:35:07 KST", "2026-11-18T05:35:07", "w3c"),
    ("2026-11-18T14:35:07 Asia/Seoul", "2026-11-18T05:35:07", "w3c"),
    ("20261118T143507Z", "2026-11-18T14:35:07", "w3c"),
    ("2026-W47-3T00:00:00Z", "2026-11-18T00:00:00", "w3c"),
    ("2026-322T00:00Z", "2026-11-18T00:00:00", "w3c"),
    ("2026-11-18T24:00:00Z", "2026-11-19T00:00:00", "w3c"),
    ("2026/11/18 14:35", "2026-11-18T05:35:00", "iso8601"),
    ("2026.11.18 14:35", "2026-11-18T05:35:00", "iso8601"),
    ("20261118143507", "2026-11-18T05:35:07", "iso8601"),
    ("202611181435", "2026-11-18T05:35:00", "iso8601"),
    ("1795012507", "2026-11-18T14:35:07", "unix"),
    ("1795012507123", "2026-11-18T14:35:07", "unix"),
    ("1795012507.25", "2026-11-18T14:35:07", "unix"),
    ("2026. 11. 18. 오후 2:35", "2026-11-18T05:35:00", "korean"),
    ("2026년 11월 18일 오전 10:30", "2026-11-18T01:30:00", "korean"),
]
_BAD = [
    "", " ", "soon", "오늘", "11-18", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0", "1",
    "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T09:00:00+09:00", "1900-01-01", "9999-12-31T23:59:59Z", "2026-02-30",
    "2026-13-01", "Wed, 31 Nov 2026 00:00:00 GMT", "2026-11-18T25:00:00Z", "2026-11-18T10:61:00Z", "1" * 400,
    "Wed, 18 Nov 2026 14:35:07 XQZ", "Wed, 18 Nov 2026 14:35:07 +3000", "2026-366", "2026-W54-1", "2026.11.31 오후 2:00",
    "Wed, 18 Foo 2026 14:35:07 GMT", "2026-11-18T13:00:00 PM Z extra",
]  # fmt: skip


@pytest.mark.parametrize(("text", "utc", "method"), _GOOD)
def test_stamps_are_right_to_the_second(text, utc, method):
    """Each form is the instant it names; without a zone it is wall-clock time in Seoul."""
    fact = dates.machine(text)
    assert (fact.at.isoformat()[:19], fact.method, fact.has_time, fact.raw) == (utc, method, True, text)
    assert fact.at.tzinfo is UTC or fact.at.utcoffset().total_seconds() == 0


@pytest.mark.parametrize("text", _BAD)
def test_garbage_and_sentinels_are_no_date(text):
    """Impossible, unknown or "none" stamps give ``None``, never an exception or a guess."""
    assert dates.machine(text) is None


def test_a_date_alone_is_midnight_of_the_zone():
    """A date without a time is kept as the day's midnight in the source's zone, and says so."""
    fact = dates.machine("2026-11-18")
    assert (fact.at.isoformat(), fact.has_time, fact.zone, fact.inferred) == (
        "2026-11-17T15:00:00+00:00", False, "Asia/Seoul", False,
    )  # fmt: skip
    assert dates.machine("2026-11").inferred
    assert dates.machine("2026-11-18 12:00", zone="America/New_York").at.hour == 17
    assert dates.machine("2026-11-18T12:00Z", zone="America/New_York").zone == ""


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_stamp_reader(text):
    """Any Unicode gives a fact in UTC or ``None``."""
    fact = dates.machine(text)
    assert fact is None or fact.at.utcoffset().total_seconds() == 0


@settings(max_examples=300, deadline=None)
@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2800, 1, 1)), st.integers(-14 * 4, 14 * 4))
def test_offsets_of_any_quarter_hour_are_kept(moment, quarters):
    """ISO and RFC 822 forms of one instant agree at every offset."""
    from datetime import timedelta, timezone
    from email.utils import format_datetime

    at = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert dates.machine(at.isoformat()).at == at
    assert dates.machine(format_datetime(at)).at == at
