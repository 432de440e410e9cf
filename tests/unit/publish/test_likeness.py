"""Pairs that must never be one story, and pairs that must."""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.publish.likeness import UNNAMED, Judge, Rarity
from pipeline.publish.told import Told
from tests.unit.publish.telling import told

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
    return Judge(Rarity([*items, *NOISE]))


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
        ("마을해설사 양성과정 모집", "마을해설사 양성과정 추가모집", "call"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("달빛 걷기 참가자 모집", "달빛 걷기 자원봉사자 모집"),
        ("숲 해설사 양성과정 교육생 모집", "숲 해설사 18명 배출"),
        ("면접사진 촬영 지원 이용 안내", "면접사진 촬영 지원 수행기관 모집"),
        ("창고 사용허가 입찰 공고", "창고 사용허가 입찰 공고(2차)"),
        ("초등부 바둑대회 참가 접수", "유아 바둑대회 참가 접수"),
        ("주민참여예산 제안 공모", "주민참여예산 시민투표 실시"),
        ("골목 사진 공모전 개최", "골목 사진 공모전 최우수에 '새벽 두부 가게'"),
        ("마을밴드 활동지원 공모", "가온재단, 마을밴드 12곳 지원 대상 선정"),
        ("세대공감 라디오 참가팀 모집", "세대공감 라디오 방청 신청"),
    ],
)
def test_more_near_misses_are_vetoed(one: str, other: str) -> None:
    """Roles, rounds, stages and targets, whichever way round they are met."""
    a, b = told(one), told(other)
    assert judge(a, b).veto(a, b)
    assert judge(a, b).veto(b, a) == judge(a, b).veto(a, b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("꿈길 해설사 모집 공고(2차)", "[관광과] 꿈길 해설사 2차 모집 알림"),
        ("기억 산책 음악회 개최 안내", "🎶8/8(토) 저녁 7시 산책 음악회"),
        ("터널 보수공사에 따른 차량 통제 안내", "느티터널 야간통제(6/8~6/12)"),
        ("2026년 장애인 이용권(바우처) 신청 안내", "장애인 이용권 35만 원 받는 법"),
        ("가온시민학교 9기 신입생 모집", "가온시민학교 9기 원서접수 시작"),
        ("호우경보 발효에 따른 출입 통제 안내", "호우경보 발효, 외출 자제"),
    ],
)
def test_other_words_of_one_matter_pass(one: str, other: str) -> None:
    """Two tellings of one matter are not told apart by the words they happen to choose."""
    a, b = told(one), told(other)
    assert judge(a, b).veto(a, b) == ""


def test_a_copy_on_one_board_is_no_second_call() -> None:
    """The same title, labelled or cut, is one call twice; one with other numbers or another label is not."""
    a = told("5월 문화가 있는 날 「정원 음악산책」 안내", board="n")
    cut = told("[안내] 5월 문화가 있는 날 「정원...", board="n")
    third = told("[별님도서관] 정원 음악산책 참가 안내", board="n")
    fourth = told("[달님도서관] 정원 음악산책 참가 안내", board="n")
    assert judge(a, cut).veto(a, cut) == ""
    assert judge(third, fourth).veto(third, fourth) != ""
    other = told("정원 음악산책 안내(5.9.)", board="n"), told("정원 음악산책 안내(5.16.)", board="n")
    assert judge(*other).veto(*other) == "day"


def test_two_institutions_with_one_title() -> None:
    """Two houses that do not name each other tell of two things; a copy of the lead or a label makes it one."""
    one = told("여름 독서캠프 참가자 모집", "초등학생과 책 속으로 떠나요.", body="가온시립 별마루도서관")
    other = told("여름 독서캠프 참가자 모집", "숲에서 하룻밤을 보냅니다.", body="가온 숲속작은도서관")
    repost = told("[별마루도서관] 여름 독서캠프 참가자 모집", "", body="다온초등학생돌봄센터")
    assert judge(one, other).veto(one, other) == "body"
    assert judge(one, repost).veto(one, repost) == ""


def test_days_are_reckoned_from_the_day_of_the_press() -> None:
    """``오는 16일`` and ``내달 8일`` are days as good as 3.16. and 4.8."""
    press = told("가온시, 내달 8일 해변 음악회", "가온시는 오는 16일까지 신청을 받는다. 4월 9일에도 연다.")
    assert press.days == {(4, 8), (3, 16), (4, 9)}
    assert told("가온시, 3일간 축제", "20일간 열린 축제", day=1).days == frozenset()


@pytest.mark.parametrize("word", ["홍보영상", "대상포진", "운영위원회", "신청사"])
def test_words_that_only_begin_like_fillers_say_something(word: str) -> None:
    """``홍보`` is a filler, ``홍보영상`` a job."""
    assert word in told(f"{word} 안내").content
    assert told("모집안내 신청하세요 참여자").content == ()


def test_a_portal_with_a_title_of_everybody_says_nothing() -> None:
    """A portal's copy of ``설 연휴 휴관 안내`` neither joins nor parts; two houses that say so are two."""
    gym = told("설 연휴 휴관 안내", "수영장과 헬스장을 닫습니다.", body="가온 체육센터")
    library = told("설 연휴 휴관 안내", "자료실을 닫습니다.", body="다온 도서관")
    portal = told("설 연휴 휴관 안내", "이용에 참고 바랍니다.", body="가온시 통합예약")
    assert judge(gym, library).veto(gym, library) == "generic"
    assert judge(gym, portal).veto(gym, portal) == UNNAMED


def test_the_second_session_is_no_second_call() -> None:
    """``교육 2차 참여자`` is of a session; ``교육생 2차 모집`` is a call of its own."""
    one = told("5월 시민안전교육(2차) 참가 안내", "안전교육 2차 참여자를 아래와 같이 모집합니다.")
    other = told("소화기 쓰는 법, 안전교육", "시민안전교육 2차 5월 30일 토요일")
    assert judge(one, other).veto(one, other) == ""
    assert judge(one, other).veto(told("시민안전교육 교육생 2차 모집"), other) == "call"
