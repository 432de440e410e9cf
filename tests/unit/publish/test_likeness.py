"""Pairs that must never be one story, and pairs that must."""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.publish.likeness import Judge, Rarity, Told
from tests.unit.publish.telling import TELLER, told

NOTICE = told(
    "2026년 봄학기 [도자기 물레반] 수강생 모집",
    "흙을 빚는 도자기 물레반에 참여할 분을 모집합니다. 접수기간 2026-03-05 ~ 2026-03-13",
    board="notices",
)
BLOG = told(
    "내 손으로 빚는 봄, 흙을 만져 볼까요?",
    "가온시 평생학습원의 봄학기 도자기 물레반 소식입니다. 3월 5일(목)부터 3월 13일(금)까지 신청하세요.",
    body="가온시 평생학습원 블로그",
)
NOISE = tuple(
    told(f"{noun} {kind} 안내", f"{noun} {kind}을(를) 엽니다. 많은 참여 바랍니다.", body=f"{noun} 모임")
    for noun in ("바둑", "탁구", "합창", "독서", "원예", "사진", "영어", "요가", "천문", "목공")
    for kind in ("교실", "동아리", "한마당")
)


def judge(*items: Told) -> Judge:
    return Judge(TELLER, Rarity([*items, *NOISE]))


def test_a_blog_that_never_repeats_the_title_is_the_same_story() -> None:
    """The notice's title is in the blog's lead, though the blog's title is in nobody's notice."""
    assert judge(NOTICE, BLOG).veto(NOTICE, BLOG) == ""
    assert judge(NOTICE, BLOG).share(NOTICE, BLOG) > p.limits.STORY_JOIN


def test_strangers_are_not_alike() -> None:
    """Two programmes that share only the words of every call are far below the doubt."""
    other = told("2026년 봄학기 [하모니카] 수강생 모집", "추억의 하모니카를 불어 봅니다.", body="다온동 주민자치회")
    assert judge(NOTICE, other).share(BLOG, other) < p.limits.STORY_DOUBT


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("엑셀 초급반 수강생 모집", "엑셀 중급반 수강생 모집", "level"),
        ("제3기 마을해설사 모집", "제4기 마을해설사 모집", "ordinal:기"),
        ("마을해설사 양성과정 모집", "마을해설사 양성과정 추가모집", "stage"),
        ("마을해설사 양성과정 모집", "마을해설사 양성과정 수료식 이모저모", "stage"),
        ("청년 월세 지원 신청", "청년 월세 지원 선정 결과 안내", "stage"),
        ("별빛도서관 겨울 독서교실 모집", "솔숲도서관 겨울 독서교실 모집", "place"),
        ("돌봄서비스 설명회 참가자 모집", "돌봄서비스 이용자 모집", "form"),
        ("새봄 문화강좌 캘리그라피 수강생 모집", "새봄 문화강좌 수채화 수강생 모집", "sibling"),
    ],
)
def test_near_misses_are_vetoed(one: str, other: str, reason: str) -> None:
    """One word apart, and another matter."""
    a, b = told(one), told(other)
    assert judge(a, b).veto(a, b) == reason
    assert judge(a, b).veto(b, a) == reason


def test_one_board_posts_one_call_once() -> None:
    """Different titles of one board are different news, unless the title says that it is posted again."""
    a, b = told("봄맞이 걷기 참가자 모집", board="n"), told("봄맞이 나무심기 걷기 참가자 모집", board="n")
    again = told("[기간연장] 봄맞이 걷기 참가자 모집", board="n")
    assert judge(a, b).veto(a, b) == "board"
    assert judge(a, again).veto(a, again) == ""


def test_generic_titles_need_one_organisation() -> None:
    """Every house writes ``설 연휴 휴관 안내``; only the same house, or the same body, makes it one story."""
    library = told("설 연휴 휴관 안내", "도서관 전 자료실을 휴관합니다.", body="가온 중앙도서관")
    gym = told("설 연휴 휴관 안내", "수영장과 헬스장을 닫습니다.", body="가온 체육센터")
    copy = told("[알림] 설 연휴 휴관 안내", "도서관 전 자료실을 휴관합니다.", body="가온시 통합예약")
    assert judge(library, gym, copy).veto(library, gym) == "generic"
    assert judge(library, gym, copy).veto(library, copy) == ""


def test_last_year_is_another_story() -> None:
    """Beyond the window nothing is one story by its words."""
    late = told("도자기 물레반 수강생 모집", day=p.limits.STORY_DAYS + 1)
    assert judge(NOTICE, late).veto(NOTICE, late) == "far"


def test_titles_without_a_word_of_the_matter_say_too_little() -> None:
    """``공지 3`` of two houses is no one story, though their bodies agree."""
    a, b = told("공지 3", "본문", body="가온 도서관"), told("공지 3", "본문", body="다온 체육관")
    assert judge(a, b).veto(a, b) == "wordless"
