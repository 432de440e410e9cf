"""The words of Korean course lists: each has one meaning, and what nobody taught us stays open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.collect import course_words as w

S = p.CourseStatus


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((x, S.SCHEDULED) for x in ("접수예정", "모집예정", "신청 예정", "접수전")),
        *((x, S.OPEN) for x in ("접수중", "모집중", "신청가능", "마감임박", "추가접수", "추가모집", "상시", "D-3")),
        *((x, S.WAITLIST) for x in ("대기접수", "대기신청", "대기자 접수", "마감(대기가능)")),
        *((x, S.CLOSED) for x in ("접수마감", "마감", "정원마감", "모집완료", "교육중", "진행중", "추첨중")),
        *((x, S.ENDED) for x in ("교육종료", "종료", "종강", "강의 완료")),
        *((x, S.CANCELLED) for x in ("폐강", "취소", "강좌취소")),
        *((x, S.UNKNOWN) for x in ("", "문의", "???")),
    ],
)
def test_status_words_have_one_meaning(word: str, status: p.CourseStatus) -> None:
    """The words of Korean course lists (접수중, 마감임박, 폐강 …) are normalised; a word nobody taught us stays unknown."""
    assert w.status(word) is status


@pytest.mark.parametrize(
    ("words", "capacity", "applied", "waiting"),
    [
        ("3/20명", 20, 3, None),
        ("20/3", 20, 3, None),
        ("0/20", 20, 0, None),
        ("정원 20명 신청 3명", 20, 3, None),
        ("신청 3 / 정원 20", 20, 3, None),
        ("정원:20명 / 신청:3명 / 대기:2명", 20, 3, 2),
        ("20명(대기 2명)", 20, None, 2),
        ("선착순 20명", 20, None, None),
        ("총 1,200명", 1200, None, None),
        ("20명 내외", 20, None, None),
        ("대기 2", None, None, 2),
        ("제한없음", None, None, None),
        ("", None, None, None),
    ],
)
def test_seats(words: str, capacity: int | None, applied: int | None, waiting: int | None) -> None:
    """One cell may tell of seats, applications and the waiting list, in either order."""
    assert w.seats(words, "", "") == (capacity, applied, waiting)


def test_each_cell_tells_of_its_own_first() -> None:
    """A bare number is what its column is about; other columns only fill in."""
    assert w.seats("20명", "대기 2", "") == (20, None, 2)
    assert w.seats("20명", "3/25", "1") == (20, 3, 1)


@pytest.mark.parametrize(
    ("words", "shown", "won"),
    [
        ("무료", "무료", 0),
        ("0", "무료", 0),
        ("0원", "0원", 0),
        ("10000", "10,000원", 10_000),
        ("30,000(재료비 별도)", "30,000(재료비 별도)", 30_000),
        ("무료(재료비 30,000원)", "무료(재료비 30,000원)", 0),
        ("20,000원 / 재료비 10,000원", "20,000원 / 재료비 10,000원", 20_000),
        ("3만원", "3만원", 30_000),
        ("1만5천원", "1만5천원", 15_000),
        ("성인 20,000원, 청소년 10,000원", "성인 20,000원, 청소년 10,000원", None),
        ("유료", "유료", None),
        ("-", None, None),
        ("", None, None),
    ],
)
def test_fees(words: str, shown: str | None, won: int | None) -> None:
    """The source's words are kept; a number is only told where there is one price, and materials are not the fee."""
    assert w.fee(words) == (shown, won)


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        *((x, "online") for x in ("온라인", "비대면", "비대면(zoom)", "실시간 화상", "줌 강의")),
        *((x, "offline") for x in ("오프라인", "대면", "집합교육", "방문")),
        *((x, "mixed") for x in ("혼합", "온·오프라인", "온/오프라인 병행", "대면·비대면 병행")),
        *((x, None) for x in ("줌바댄스실", "정왕평생학습관 201호", "")),
    ],
)
def test_ways(words: str, mode: str | None) -> None:
    """``비대면`` is not ``대면``, and Zumba is not Zoom."""
    assert w.mode(words) == mode


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("왕초보 영어회화", "왕초보"),
        ("[초급] 수채화", "초급"),
        ("생활영어(중급)", "중급"),
        ("초·중급 우쿨렐레", "초·중급"),
        ("초중급 우쿨렐레", "초·중급"),
        ("엑셀 기초반", "기초"),
        ("기초생활수급자 지원", None),
        ("최고급 와인 이야기", None),
    ],
)
def test_levels_in_titles(title: str, level: str | None) -> None:
    """A level stands as a word of its own; a stated one wins."""
    assert w.level("", title) == level
    assert w.level("고급", title) == "고급"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("화", ("TU",)),
        ("월,수", ("MO", "WE")),
        ("금·월", ("MO", "FR")),
        ("월수금", ("MO", "WE", "FR")),
        ("월~금", ("MO", "TU", "WE", "TH", "FR")),
        ("매주 화요일 10:00", ("TU",)),
        ("평일", ("MO", "TU", "WE", "TH", "FR")),
        ("주말", ("SA", "SU")),
        ("토/일", ("SA", "SU")),
        ("3월 2일", ()),
        ("2026.12.1.(화) ~ 12.22.(화)", ()),
    ],
)
def test_days(words: str, days: tuple[str, ...]) -> None:
    """Codes in the week's order; the day beside a date is the date's."""
    assert w.weekdays(words, is_sure=True) == days


def test_days_in_free_text_must_be_said_in_full() -> None:
    """``화, 목요일`` counts anywhere; a lone letter only in a cell about days."""
    assert w.weekdays("12.1.(화) ~ 12.22.(화) 매주 화, 목요일", is_sure=False) == ("TU", "TH")
    assert w.weekdays("화 목", is_sure=False) == ()


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("10:00~12:00", "10:00", "12:00"),
        ("14:00 ~ 16:00(2시간)", "14:00", "16:00"),
        ("오후 2시~4시", "14:00", "16:00"),
        ("오전 10시~1시", "10:00", "13:00"),
        ("19시30분 ~ 21시", "19:30", "21:00"),
        ("저녁 7시", "19:00", None),
        ("2026.12.01 10:00-12:00", "10:00", "12:00"),
        ("2:00~4:00", None, None),
        ("2시간", None, None),
        ("추후 공지", None, None),
    ],
)
def test_hours(words: str, start: str | None, end: str | None) -> None:
    """Twenty-four hours; two o'clock without its half of the day is not guessed."""
    assert w.hours(words) == (start, end)


@given(st.text(alphabet="월화수목금토일요 0123456789:~명원만천/,().-무료대기정원신청오전후시분", max_size=60))
def test_no_words_are_too_strange(text: str) -> None:
    """Whatever a cell holds, nothing raises; clocks are clocks and days are days."""
    assert set(w.weekdays(text, is_sure=True)) <= {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
    assert all(at is None or (len(at) == 5 and at <= "24:59") for at in w.hours(text))
    assert all(number is None or number >= 0 for number in (*w.seats(text, text, text), w.fee(text)[1]))
    assert isinstance(w.status(text), p.CourseStatus)
