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
