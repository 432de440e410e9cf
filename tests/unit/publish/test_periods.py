"""When one may apply, as a call says it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.periods import Period, period
from tests.unit.publish.telling import told
from tests.unit.publish.test_likeness import judge

_POSTED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("접수기간: 2026. 11. 25.(화) ~ 11. 28.(금)", (2026, 11, 25), (2026, 11, 28)),
        ("신청기간 2026-11-20 ~ 2026-12-05, 대상 시민", (2026, 11, 20), (2026, 12, 5)),
        ("(접수기간: 11.20.~12.5.)", (2026, 11, 20), (2026, 12, 5)),
        ("▶ 신청기간 12/1(월)~12/12(금)", (2026, 12, 1), (2026, 12, 12)),
        ("11월 20일(목)부터 12월 5일(금)까지 신청하실 수 있고요", (2026, 11, 20), (2026, 12, 5)),
        ("접수는 11월 3일(월)부터 11월 14일(금)까지 가능하다", (2026, 11, 3), (2026, 11, 14)),
        ("신청은 11/20(목)~12/5(금) 동안 받아요", (2026, 11, 20), (2026, 12, 5)),
        ("접수 12. 21. ~ 25.", (2026, 12, 21), (2026, 12, 25)),
        ("모집 12. 28. ~ 1. 9.", (2026, 12, 28), (2027, 1, 9)),
    ],
)
def test_a_named_period(text: str, opens: tuple[int, int, int], closes: tuple[int, int, int]) -> None:
    """A range beside the word for applying, in the years nearest to the posting."""
    assert period(text, _POSTED) == Period(date(*opens), date(*closes))


def test_an_end_alone() -> None:
    """A title's ``(~12/19)`` says until when."""
    assert period("시민기자단 6기를 모집합니다(~12/19)", _POSTED) == Period(None, date(2026, 12, 19))


@pytest.mark.parametrize(
    "text",
    ["기간: 12. 1. ~ 12. 31.", "11월 24일 22:00부터 25일 05:00까지 단수", "문의 02-555-4100", "접수 2. 30. ~ 2. 31."],
)
def test_days_that_are_no_application(text: str) -> None:
    """Of a class, of an outage, of nothing."""
    assert period(text, _POSTED) is None


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    """No text stops it."""
    assert period(text, _POSTED) == period(text, _POSTED)


def test_what_comes_after_the_end_is_other_news() -> None:
    """An album posted when nobody can apply any more is no call, in whatever words; an extension is."""
    call = told("둘레길 걷기 행사", "둘레길을 걸어요. 신청은 3/3(화)~3/6(금) 동안 받아요.")
    album = told("둘레길 걷기 행사, 그날", "둘레길을 걸은 사람들", day=9)
    again = told("[기간연장] 둘레길 걷기 행사", "둘레길을 걸어요.", day=5)
    soon = told("둘레길 걷기 행사에 오세요", "둘레길을 걸어요.", day=3)
    assert judge(call, album).veto(call, album) == judge(call, album).veto(album, call) == "period"
    assert judge(call, again).veto(call, again) == ""
    assert judge(call, soon).veto(call, soon) == ""


def test_two_calls_open_at_different_times() -> None:
    """One had closed before the other opened."""
    spring = told("토요 목공 교실", "나무를 만져요. 접수 3. 3. ~ 3. 6.")
    later = told("토요일엔 목공 교실", "나무를 만져요. 접수 4. 6. ~ 4. 10.", day=20)
    assert judge(spring, later).veto(spring, later) == "period"
