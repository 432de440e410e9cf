"""Names by their shape."""

from __future__ import annotations

import pytest

from pipeline.publish.naming import Names, is_office, town
from tests.unit.publish.telling import WORDS, told
from tests.unit.publish.test_likeness import judge

NAMES = Names(WORDS.places, WORDS.lookalikes)


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("남산동 일부지역 단수 안내", {"남산동"}),
        ("수지구 찾아가는 상담", {"수지구"}),
        ("달빛분관에서 만나요", {"달빛분관"}),
        ("신체활동 프로그램 참가자 모집", set()),
        ("어린이 축구 교실", set()),
        ("친구 관계가 고민이라면? 집단상담", set()),
        ("1인가구 소셜다이닝", set()),
        ("공공도서관 대출 확대", set()),
        ("서울시립도서관 대출 확대", {"서울시립도서관"}),
    ],
)
def test_places(title: str, places: set[str]) -> None:
    """A name before 동, 구 or 도서관; 활동 and 친구 are no places."""
    assert NAMES.places(title) == places


@pytest.mark.parametrize(
    ("title", "speakers"),
    [
        ("정다온 작가와의 만남", {"정다온"}),
        ("작가 윤서린, 밤의 문장", {"윤서린"}),
        ("외부 전문가 강사 모집", set()),
        ("그림책 작가 되기", set()),
    ],
)
def test_speakers(title: str, speakers: set[str]) -> None:
    """Three syllables with a surname beside a profession."""
    assert NAMES.speakers(title) == speakers


@pytest.mark.parametrize(
    ("body", "name", "office"),
    [
        ("하늘시 가족센터", "하늘", False),
        ("한빛시청 교통정책과", "한빛", True),
        ("가온시립도서관", "가온", False),
        ("교육청소년과", "", False),
        ("시정소식", "", False),
    ],
)
def test_towns(body: str, name: str, office: bool) -> None:
    """The town an organisation's name begins with; a bare department is anybody's."""
    assert (town(body), is_office(body)) == (name, office)


def test_each_town_has_its_family_centre() -> None:
    """Two towns' houses of one name tell two things, unless one names the other."""
    one = told("한국어교실 학습자 모집", "한국어를 배워요.", body="하늘시 가족센터")
    other = told("한국어교실 학습자 모집", "가족센터에서 만나요.", body="가온시 가족센터")
    named = told("하늘시 가족센터 한국어교실 학습자 모집", "함께 배워요.", body="시정소식")
    assert judge(one, other).veto(one, other) == "body"
    assert judge(one, named).veto(one, named) == ""


def test_two_quoted_names_are_two_things() -> None:
    """One house, two plays; a title that quotes the frame and one that quotes the play are one."""
    hare = told("주말 인형극 「토끼의 재판」 관람 신청", body="해오름도서관")
    tiger = told("팥죽 할멈이 왔어요, 주말 인형극 「호랑이 잔치」", body="해오름도서관")
    frame = told("「주말 인형극」 토끼의 재판 관람", body="해오름도서관")
    assert judge(hare, tiger).veto(hare, tiger) == "work"
    assert judge(hare, frame).veto(hare, frame) == ""
