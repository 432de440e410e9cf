"""Invented titles, dates and names in the forms Korean boards print them.

What does not live here: markup.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

PLACES = "새솔,한빛,푸른,다온,누리,해오름,가람,아라".split(",")
THINGS = (
    "평생학습관 겨울 강좌 수강생 모집,도서관 임시 휴관 안내,마을교사 양성 과정 참여자 모집,2026년 상반기 대관 신청 안내,어르신 스마트폰 교실 운영,청소년 코딩 캠프,"
    "홈페이지 개편에 따른 서비스 일시 중단,시민 기자단 결과 발표,학습 동아리 지원 사업 공고,체육시설 이용료 변경 안내(11. 20.~12. 5.),가족과 함께하는 별자리 여행,"
    "주민자치회 위원 추가 모집,「생활 목공」 재료비 안내,R&D 인력 채용 최종 합격자 알림,제3회 책 나눔 잔치,코로나19 관련 시설 이용 안내"
).split(",")
COURSES = "스마트폰 활용,생활 영어 초급,수채화 첫걸음,우쿨렐레 중급반,엑셀 실무,요가와 명상,캘리그라피 A반,제과 제빵,한국사 이야기,바리스타 2급,AI 사진 편집,손뜨개 소품".split(
    ","
)
PEOPLE = "관리자,김하늘,이바다,평생학습과,총무팀,박누리,홍보담당관".split(",")
DEPARTMENTS = "평생학습과,도서관정책팀,교육자치과,총무과,체육진흥과".split(",")


def title(dice: Random) -> str:
    text = f"{dice.choice(PLACES)} {dice.choice(THINGS)}"
    if dice.random() < 0.25:
        text = f"[{dice.choice(['안내', '모집', '교육', '행사'])}] {text}"
    if dice.random() < 0.15:
        text += f" ({dice.randint(1, 12)}/{dice.randint(1, 28)}까지)"
    return f"{text} {dice.choice(['', '', f'제{dice.randint(1, 9)}차'])}".strip()


def titles(dice: Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[title(dice)] = None
    return list(found)


def courses(dice: Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[
            f"{dice.choice(COURSES)}{dice.choice(['', ' (야간)', ' 1기', ' - ' + dice.choice(PLACES) + '관', ' 특강'])}"
        ] = None
    return list(found)


def day(dice: Random) -> date:
    return date(2026, 11, 20) - timedelta(days=dice.randint(0, 700))


FORMS = {
    "dots": "%Y.%m.%d",
    "dots-end": "%Y.%m.%d.",
    "dashes": "%Y-%m-%d",
    "slashes": "%Y/%m/%d",
    "two": "%y.%m.%d",
    "clock": "%Y-%m-%d 14:05",
    "short": "%m-%d",
    "words": "%Y년 %m월 %d일",
}


def printed(form: str, on: date) -> str:
    return on.strftime(FORMS[form])


def period(dice: Random) -> str:
    if dice.random() < 0.15:
        return dice.choice(["상시", "예산 소진시까지", "선착순 마감시까지"])
    start = day(dice)
    end = start + timedelta(days=dice.randint(3, 30))
    return f"{start:%Y.%m.%d} ~ {end:%Y.%m.%d}"
