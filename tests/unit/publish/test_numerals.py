"""Numbers, however they are spelled."""

from __future__ import annotations

import pytest

from pipeline.publish.numerals import Numerals, ages_agree
from tests.unit.publish.telling import WORDS

NUMERALS = Numerals(WORDS.units)


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("제1기 모집", "ordinal:기", {"1"}),
        ("iii기 모집", "ordinal:기", {"3"}),
        ("제2기분 자동차세", "ordinal:기", {"2"}),
        ("세 번째 이야기", "ordinal:번째", {"3"}),
        ("ep.2 실크로드", "ordinal:번째", {"2"}),
        ("과학강연 3 화성으로", "ordinal:번째", {"3"}),
        ("2/4분기 접수", "ordinal:분기", {"2"}),
        ("'26년 정기강좌", "year", {"2026"}),
        ("26년도 정기강좌", "year", {"2026"}),
        ("만 19세 이상 34세 이하", "age", {"19-34"}),
        ("60세 이상", "age", {"60-"}),
        ("20·30대부", "decade", {"20", "30"}),
        ("3040 여성", "decade", {"30", "40"}),
        ("오후 4시반", "hour", {"16"}),
        ("(16시)", "hour", {"16"}),
        ("14:00~16:00", "hour", {"14"}),
        ("a타임 접수", "section", {"a"}),
        ("33번 노선", "ordinal:번", {"33"}),
    ],
)
def test_numbers(text: str, dimension: str, values: set[str]) -> None:
    """One value, many spellings."""
    assert NUMERALS.read(text).get(dimension) == values


@pytest.mark.parametrize("text", ["총 8강 과정", "4회에 걸쳐 진행", "주 2회 운영", "20년 전통의 맛", "개관 25년"])
def test_counts_are_no_ordinals(text: str) -> None:
    """How many, not which one."""
    assert not [d for d in NUMERALS.read(text) if d.startswith(("ordinal", "year"))]


def test_what_one_had_to_learn_before_is_another_step() -> None:
    """``1단계를 마친 분`` is asked into the second; ``1기 수료식`` is of the first."""
    assert NUMERALS.read("1단계 끝냈다면? 2단계로").get("ordinal:단계") == {"2"}
    assert NUMERALS.read("시민기자단 1기 수료식").get("ordinal:기") == {"1"}


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ({"65-69"}, {"65"}, True),
        ({"65-"}, {"70"}, True),
        ({"65-69"}, {"70-74"}, False),
        ({"65-"}, {"65-69"}, False),
        ({"19-34"}, {"19-39"}, False),
    ],
)
def test_ages(one: set[str], other: set[str], agree: bool) -> None:
    """``올해부터 65세도`` is of the group 65~69; two groups are the same or not."""
    assert ages_agree(one, other) is agree
