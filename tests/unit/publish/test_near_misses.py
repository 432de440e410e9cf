"""One template, one facet exchanged: never one story. One facet, spelled in another way: nothing speaks against one."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from pipeline.publish.likeness import Judge, Rarity
from tests.unit.publish.telling import told

_JUDGE = Judge(Rarity([]))

# By kind: titles with a gap, and of every value the ways to spell it.
_FAMILIES: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "generation": (
        ("솔바람 시민기자단 {} 모집", "{} 솔바람 시민기자단을 찾습니다"),
        (("1기", "제1기", "제 1 기", "1기수", "Ⅰ기"), ("2기", "제2기", "Ⅱ기"), ("12기", "제12기")),
    ),
    "edition": (
        ("{} 누리벌 마라톤 참가자 모집", "누리벌 마라톤 {} 대회 신청"),
        (("제8회", "8회", "제 8회"), ("제9회", "9회"), ("제18회",)),
    ),
    "lecture": (
        ("골목 인문학 산책 {} 시장의 풍경",),
        (("1강", "제1강", "첫 번째", "1회차", "①", "(1)", "#1"), ("2강", "두 번째", "2회차", "②", "EP.2"), ("3강", "세번째", "3편")),
    ),
    "session": (("생활법률 특강 {} 수강 신청",), (("1차시", "1회", "1회차"), ("2차시", "2회", "2회차"), ("3차시", "3회차"))),
    "term": (("{} 구민대학 수강생 모집",), (("1학기", "제1학기"), ("2학기", "제2학기"))),
    "quarter": (("{} 가람체육관 신규회원 접수",), (("1분기", "제1분기", "1/4분기"), ("2분기",), ("4분기",))),
    "half": (("{} 마을세무사 상담 안내",), (("상반기", "전반기"), ("하반기", "후반기"))),
    "season": (("{} 책숲 독서교실 참가자 모집",), (("여름방학", "하계"), ("겨울방학", "동계"))),
    "year": (
        ("{} 온솔 농부장터 참가자 모집",),
        (("2025년", "2025", "'25년", "25년도"), ("2026년", "2026", "’26년", "26년도")),
    ),
    "month": (("{} 새빛 인형극 관람 신청", "새빛 인형극({}) 예약"), (("5월", "5월의"), ("6월", "6월의"), ("10월",), ("12월",))),
    "level": (
        ("영어회화 {} 수강생 모집", "글로벌센터 영어회화 {} 안내"),
        (
            ("초급반", "기초반", "입문반", "왕초보반", "(초급)", "[기초]", "초급 과정"),
            ("중급반", "(중급)", "중급 과정"),
            ("고급반", "심화반", "상급반", "(심화)"),
        ),
    ),
    "grade": (("전산회계 {} 자격증 과정 모집", "전산회계({}) 대비반"), (("1급",), ("2급",), ("3급",))),
    "step": (("이음터 한국어교육 {} 모집",), (("1단계", "제1단계"), ("2단계",), ("3단계", "제3단계"))),
    "part": (("이음터 한국어교실 {} 학습자 모집",), (("초급1", "초급1반", "초급 1반"), ("초급2", "초급2반", "초급 2반"))),
    "section": (
        ("청소년 웹툰교실 {} 참가자 모집", "웹툰교실({}) 접수"),
        (("A반", "a반", "'A'반", "A 반"), ("B반", "'B'반", "B 반"), ("가반", "'가'반"), ("나반",)),
    ),
    "slot": (
        ("라인댄스 {} 수강생 모집",),
        (("오전반", "아침반", "(오전)"), ("오후반", "(오후)"), ("저녁반", "야간반", "(야간)")),
    ),
    "week": (("드론 자격 과정 {} 교육생 모집",), (("주중반", "평일반", "(평일)"), ("주말반", "토요반", "(주말)"))),
    "weekday": (
        ("통기타 교실 {} 수강생 모집",),
        (("화요반", "화요일반", "(화요일)"), ("목요반", "목요일반", "(목요일)"), ("토요일", "(토요일)")),
    ),
    "days": (("아쿠아로빅 {} 접수",), (("월수금", "월·수·금", "(월,수,금)"), ("화목반", "화·목"))),
    "hour": (("어린이 체조교실 {} 모집",), (("(16시)", "16시반", "오후 4시반"), ("(17시)", "오후 5시반"), ("(19시)",))),
    "span": (("생존수영 특강 {} 접수",), (("09:00~10:30", "(09:00~10:30)"), ("11:00~12:30", "(11:00~12:30)"))),
    "age": (
        ("행복이음 저축통장 {} 모집",),
        (
            ("만 19~34세", "19~34세", "만 19세~34세", "만19~34세", "만 19세 이상 34세 이하"),
            ("만 35~39세", "35세~39세"),
            ("만 40~64세", "40~64세"),
        ),
    ),
    "elders": (("대상포진 예방접종 {} 안내",), (("65~69세",), ("70~74세",), ("75세 이상", "만 75세 이상"))),
    "decade": (("시장기 배드민턴대회 {} 참가 신청",), (("20·30대", "2030대부", "20~30대"), ("50·60대", "50~60대"), ("40대",))),
    "pupils": (
        ("겨울방학 코딩캠프 {} 참가자 모집",),
        (
            ("초등 저학년", "초등 1~3학년", "초1~3", "초등학생 저학년"),
            ("초등 고학년", "초등 4~6학년", "초4~6"),
            ("중학생", "중등부", "(중등)"),
            ("고등학생", "고등부"),
        ),
    ),
    "people": (
        ("마음이음 집단상담 {} 참여자 모집",),
        (("청년",), ("중장년", "신중년"), ("어르신", "65세 이상", "노인", "시니어"), ("대학생",), ("청소년 학부모", "학부모")),
    ),
    "lot": (
        ("전세자금 이자지원 {} 신청 안내",),
        (("신혼부부",), ("다자녀가구", "다자녀가정"), ("한부모가정", "한부모"), ("장애인",), ("1인가구", "1인 가구")),
    ),
    "branch": (
        ("{} 그림책 놀이터 수강생 모집",),
        (("달빛분관", "[달빛분관]", "달빛분관에서"), ("샛강분관", "[샛강분관]"), ("솔숲도서관", "솔숲도서관의"), ("한울문화의집",)),
    ),
    "district": (
        ("{} 찾아가는 건강상담 안내",),
        (("수지구", "수지구의"), ("기흥구",), ("중구",), ("동구",), ("남산동",), ("북산동", "북산동에서"), ("가람읍",), ("나루면",)),
    ),
    "site": (
        ("{} 차로 정비공사 알림",),
        (("솔밭사거리",), ("장승교차로",), ("미르대교",), ("가람지구",), ("나루지구",)),
    ),
    "lot number": (("도시철도 {} 공사 안내",), (("2공구", "제2공구"), ("4공구",))),
    "line": (("시내버스 {} 노선 변경 안내",), (("10번",), ("33번",), ("101번",))),
    "mode": (("부모교육 특강 {} 신청",), (("(온라인)", "[온라인]", "비대면 과정"), ("(대면)", "대면 과정", "집합교육"))),
    "speaker": (
        ("북토크 {} 만나는 저녁",),
        (("정다온 작가와", "정다온 작가를", "작가 정다온"), ("윤서린 작가와", "윤서린 작가를"), ("한도윤 교수와",)),
    ),
    "day": (
        ("{} 응급처치 교육 신청하세요",),
        (("8/22(토)", "8월 22일", "8.22.(토)"), ("8/29(토)", "8월 29일"), ("9/5(토)",)),
    ),
    "weather": (("{} 발효에 따른 행동요령",), (("호우주의보",), ("호우경보",), ("폭염경보",), ("한파주의보",))),
    "money": (("예비창업 사업화 자금 {} 지원",), (("최대 2,000만원", "최대 2000만 원"), ("최대 4,000만원",), ("최대 1억원",))),
}  # fmt: skip

_TEMPLATES = [(kind, template) for kind, (templates, _) in _FAMILIES.items() for template in templates]


@pytest.mark.parametrize(("kind", "template"), _TEMPLATES)
def test_another_value_is_another_story(kind: str, template: str) -> None:
    """Whichever way either value is spelled, and whichever item comes first."""
    by_chance = ("", "sibling")  # two titles of one template are apart anyway; a blog's would not be
    merged = [
        (one, other)
        for mine, theirs in combinations(_FAMILIES[kind][1], 2)
        for one, other in product(mine, theirs)
        if _veto(template, one, other) in by_chance or _veto(template, other, one) in by_chance
    ]
    assert not merged


@pytest.mark.parametrize(("kind", "template"), _TEMPLATES)
def test_another_spelling_is_the_same_story(kind: str, template: str) -> None:
    """A copy in another department's words is not torn from its notice."""
    torn = [
        (one, other, _veto(template, one, other))
        for value in _FAMILIES[kind][1]
        for one, other in combinations(value, 2)
        if _veto(template, one, other)
    ]
    assert not torn


# Of one matter, by the moment in its life or whom it calls; no two of them are one story.
_LIVES: dict[str, tuple[str, ...]] = {
    "class": (
        "숲해설사 양성과정 교육생 모집",
        "숲해설사 양성과정 교육생 추가모집",
        "숲해설사 양성과정 교육생 2차 모집 공고",
        "숲해설사 양성과정 합격자 발표",
        "숲해설사 양성과정 강사 모집",
        "숲해설사 양성과정 사전 설명회 개최",
        "숲해설사 양성과정 폐강 안내",
        "숲해설사 양성과정 수료식 현장 스케치",
    ),
    "tender": (
        "청사 구내식당 위탁운영 사업자 선정 입찰공고",
        "청사 구내식당 위탁운영 사업자 선정 재입찰공고",
        "청사 구내식당 위탁운영 낙찰자 결정 공고",
    ),
    "festival": (
        "달오름 등불축제 개최 안내",
        "달오름 등불축제 자원봉사자 모집",
        "달오름 등불축제 푸드트럭 운영자 모집",
        "달오름 등불축제 교통통제 안내",
        "달오름 등불축제 취소 알림",
        "달오름 등불축제 현장, 사진으로 만나요",
    ),
    "contest": (
        "꿈바다 사진 공모전 작품 접수",
        "꿈바다 사진 공모전 수상작 발표",
        "꿈바다 사진 공모전 수상작 전시회",
        "꿈바다 사진 공모전 시민투표 실시",
        "꿈바다 사진 공모전 설명회",
    ),
    "job": (
        "산불감시원 기간제근로자 채용 공고",
        "산불감시원 기간제근로자 채용 재공고",
        "산불감시원 최종합격자 발표",
    ),
}


@pytest.mark.parametrize("life", _LIVES)
def test_each_moment_is_a_story_of_its_own(life: str) -> None:
    """The call, its second round, its list of names, its review: all different news."""
    titles = _LIVES[life]
    merged = [
        (one, other)
        for one, other in combinations(titles, 2)
        if not _JUDGE.veto(told(one, board="x"), told(other, board="y"))
        and {one, other} != {"달오름 등불축제 개최 안내", "달오름 등불축제 자원봉사자 모집"}  # by linkage only
    ]
    assert not merged


def _veto(template: str, one: str, other: str) -> str:
    return _JUDGE.veto(told(template.format(one), board="x"), told(template.format(other), board="y"))
