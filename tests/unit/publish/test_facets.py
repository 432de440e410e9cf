"""Facets: what an item states, from its title, else from the head of its lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.publish.facets import FacetReader
from tests.unit.publish.telling import WORDS

READER = FacetReader(WORDS)


@pytest.mark.parametrize(
    ("title", "dimension", "values"),
    [
        ("스마트폰 활용 초급반 모집", "level", {"초급"}),
        ("제12기 시민기자단 모집", "ordinal:기", {"12"}),
        ("②회 별빛 음악 산책", "ordinal:회", {"2"}),
        ("2026년 상반기 정기강좌", "half", {"상반기"}),
        ("2026년 상반기 정기강좌", "year", {"2026"}),
        ("5월 가족 요리교실", "month", {"5"}),
        ("65~69세 어르신 예방접종", "age", {"65-69"}),
        ("집단상담 B반 참여자 모집", "section", {"b"}),
        ("최대 2,000만원 창업 지원", "money", {"2000만"}),
        ("주말 반 요가", "slot", set()),
        ("화요일반 서예 교실", "weekday", {"화"}),
    ],
)
def test_a_title_states(title: str, dimension: str, values: set[str]) -> None:
    """Ordinals, years, months, ages, levels, times of day and the like, each in its dimension."""
    assert READER.read(title, "").apart.get(dimension, frozenset()) == values


@pytest.mark.parametrize(
    "title", ["11월 5일 개강", "3.1절 기념식", "오전 10시 개강", "031-555-1212로 문의", "제2026-31호", "1기관 1동아리"]
)
def test_numbers_that_are_no_facets(title: str) -> None:
    """Days, hours, phones and file numbers say nothing that two tellings would have to share."""
    apart = READER.read(title, "").apart
    assert {d: v for d, v in apart.items() if d.startswith(("ordinal:기", "month", "section", "age"))} == {}


def test_the_lead_speaks_where_the_title_is_silent() -> None:
    """A cut title hides the level; the lead's first sentence names it, its last does not count."""
    assert READER.read("2026년 시민정보화교육…", "엑셀 중급반에 참여할 분을 모집합니다.").apart["level"] == {"중급"}
    assert "level" not in READER.read("시민정보화교육", "가" * 400 + " 중급반").apart
    assert READER.read("엑셀 초급반", "중급반은 다음 달에 엽니다.").apart["level"] == {"초급"}


def test_a_call_that_promises_its_results_is_still_a_call() -> None:
    """``결과 발표 12월 5일`` in the lead of an open call does not make it a list of results."""
    assert READER.read("사진 공모전 작품 접수", "심사 결과 발표는 12월 5일입니다.").stages == frozenset()
    assert READER.read("사진 공모전 대상에 '새벽 물안개'", "심사 결과 42점이 입상했다.").stages == {"결과"}


def test_editors_add_words() -> None:
    """A word of the project's own file is a facet like ours."""
    reader = FacetReader(p.FacetWords(apart={"level": {"초급": ("씨앗 반",)}}))
    assert reader.read("씨앗반 모집", "").apart == {"level": {"초급"}}


@given(st.text(max_size=80), st.text(max_size=300))
def test_any_text_is_read(title: str, lead: str) -> None:
    """No text stops it, and the same text states the same."""
    assert READER.read(title, lead) == READER.read(title, lead)


@pytest.mark.parametrize(
    ("title", "dimension", "values"),
    [
        ("2026년 한국어교육 '나'반 수강생", "section", {"나"}),
        ("필라테스 소도구 (19시) 회원 접수", "hour", {"19"}),
        ("필라테스 7시반 모집", "hour", {"7"}),
        ("HSK Ⅱ 대비반", "part", {"2"}),
        ("파이썬코딩3 수강생 모집", "part", {"3"}),
        ("도예교실 (수요일) 수강생", "weekday", {"수"}),
        ("초등학생 여름 캠프", "target", {"저학년", "고학년"}),
        ("초등 저학년 여름 캠프", "target", {"저학년"}),
        ("중고등학생 진로 특강", "target", {"중학생", "고등학생"}),
        ("둘레길 걷기 자원봉사자 모집", "role", {"봉사"}),
    ],
)
def test_a_title_states_more(title: str, dimension: str, values: set[str]) -> None:
    """Hours, parts and weekdays; a wider word means every value it may stand for."""
    assert READER.read(title, "").apart.get(dimension, frozenset()) == values


def test_days_of_a_lead_are_no_facets() -> None:
    """``매주 월요일 휴관`` beside an open class says nothing of the class."""
    assert "weekday" not in READER.read("도예교실 수강생 모집", "매주 월요일은 쉽니다.").apart


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("마을기자 추가 모집", {"추가모집"}),
        ("마을기자 3차 모집 공고", {"3차"}),
        ("마을기자 모집 공고(2차)", {"2차"}),
        ("매점 사용허가 입찰 재공고", {"재공고"}),
        ("마을기자 교육(2차) 신청 안내", set()),
        ("마을기자 1차 모집", set()),
        ("매점 운영 위탁기관 공모", {"위탁"}),
    ],
)
def test_which_call_it_is(title: str, wanted: set[str]) -> None:
    """A later call and a call for workers are calls of their own; the second session of a class is no second call."""
    assert READER.read(title, "").wanted == wanted


def test_a_lead_may_say_which_call_it_is() -> None:
    """Of an open call the lead's round is known but not demanded of others; of a bare title it is demanded."""
    call = READER.read("마을기자 모집", "이번 추가모집은 세 명입니다.")
    assert (call.wanted, call.said) == (frozenset(), {"추가모집"})
    assert READER.read("마을기자가 기다립니다", "이번 추가모집은 세 명입니다.").wanted == {"추가모집"}


def test_headlines_tell_reviews_from_calls() -> None:
    """``현장을`` and ``배출`` make a title a review; in a lead they may mean anything."""
    assert READER.read("해설사 20명 배출", "").stages == {"후기"}
    assert READER.read("해설사 양성과정", "전문 해설사 배출을 위한 과정입니다.").stages == frozenset()


@pytest.mark.parametrize(
    ("name", "speaks"), [("가온시립 별마루도서관", True), ("가온시청 교육청소년과", False), ("시정소식", False)]
)
def test_institutions_speak_for_themselves(name: str, speaks: bool) -> None:
    """A library tells its own news; a department or a town's page hands on that of others."""
    assert READER.is_institution(name) is speaks
