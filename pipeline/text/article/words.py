"""The words that label facts on Korean pages, and the field each means: one table for pages and lists.

What does not live here: finding pairs (``facts``), typing values (``collect/course_facts``).
Source: korea §4 "Course lists", boards §2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# RawCourse field -> the labels it goes by, without blanks.
COURSE_LABELS: Final = (
    (
        "apply",
        re.compile(
            r"^(?:온라인|방문|일반|우선|추가|수강|참가|교육|1차|2차)?(?:접수|신청|모집|원서접수)(?:기간|일자|일시|일정|기한)"
        ),
    ),
    (
        "teach",
        re.compile(
            r"^(?:교육|학습|강의|강좌)(?:기간|일자|일시|일정)|^(?:운영|수업|수강|활동|진행|체험)(?:기간|일자|일시|일정)"
        ),
    ),
    ("weekdays", re.compile(r"^(?:교육|학습|강의|수업|운영|수강)?요일")),
    ("hours", re.compile(r"^(?:교육|학습|강의|수업|운영|수강)시간")),
    ("capacity", re.compile(r"^(?:모집|교육|수강)?(?:정원|인원)")),
    ("applied", re.compile(r"^(?:신청|접수)(?:인원|자수|현황)")),
    ("waiting", re.compile(r"^대기(?:인원|자수|현황)")),
    ("fee", re.compile(r"^(?:수강료|교육비|참가비|학습비|수강비|강습료|참가료|수업료)")),
    ("material_fee", re.compile(r"^(?:재료비|교재비|실습비)")),
    ("selection", re.compile(r"^(?:선발|선정|모집|접수|신청)(?:방법|방식)")),
    ("target", re.compile(r"^(?:교육|수강|모집|신청|학습|참여|참가)?(?:대상|자격)")),
    ("place", re.compile(r"^(?:교육|강의|학습|수업|강좌|행사|운영|활동)?장소|^강의실")),
    ("status", re.compile(r"^(?:접수|모집|신청|강좌)?상태")),
    ("level", re.compile(r"^(?:수준|난이도|단계)")),
    ("field", re.compile(r"^(?:강좌)?(?:분야|분류|주제)")),
    ("online", re.compile(r"^(?:교육|운영|수업|강의|학습)(?:방법|방식|형태)")),
)
_KINDS: Final = re.compile(r"^(?:온라인|방문|일반|우선|추가|1차|2차)")
WHO_POSTED: Final = "등록|작성|게시|공고|입력|기사입력|최초등록|최초입력|발행|승인|기사승인|보도|공개|올린|글쓴|쓴"
POSTED: Final = re.compile(
    rf"^(?:{WHO_POSTED})(?:일|일자|일시|날짜|시간|시각|날)?$|^(?:날짜|일자|작성된날짜)$|^(?:date|posted|published|publishedon|postedon|regdate)$",
    re.IGNORECASE,
)
MODIFIED: Final = re.compile(
    r"^(?:최종|기사|마지막)?\s?(?:수정|변경|갱신|업데이트)(?:일|일자|일시|날짜|시간|시각)?$|^(?:modified|updated|lastmodified|lastupdated)$",
    re.IGNORECASE,
)
DEPARTMENT: Final = re.compile(r"^(?:담당)?(?:부서|부서명|기관|기관명|담당과)$|^담당부서|^(?:작성|등록|게시)부서")
AUTHOR: Final = re.compile(r"^(?:작성자|글쓴이|등록자|게시자|작성인|기자)(?:명|이름)?$", re.IGNORECASE)
OFFICE: Final = re.compile(r"[가-힣]{2}(?:과|팀|실|센터|담당관|사업소|위원회|재단|학습관|도서관|보건소)$")
TITLE: Final = re.compile(r"^(?:제목|글제목|강좌명|교육명|과정명|프로그램명|행사명|공고명|사업명)$")
FILES: Final = re.compile(r"^(?:첨부|첨부파일|파일|붙임|붙임파일|첨부문서|첨부자료|다운로드)(?:목록)?\(?\d*개?\)?$")
BODY: Final = re.compile(r"^(?:내용|본문|상세내용|글내용|내용보기|상세정보)$")
COUNTED: Final = re.compile(r"^(?:조회|추천|다운로드)(?:수|횟수)?$|^(?:글)?번호$")  # moves every day, or says nothing
VIEW: Final = re.compile(
    r"^(?:작성|등록|게시)(?:자|일|일자|일시|부서)$|^(?:조회|조회수|첨부|첨부파일|담당부서|글쓴이|작성자)$"
)
NEIGHBOUR: Final = re.compile(r"^(?:이전|다음)(?:글|기사|게시물|게시글|자료|공지)?$")
_OTHERS: Final = re.compile(
    r"^(?:일시|일정|기간|장소|대상|정원|인원|비용|문의|문의처|문의전화|연락처|접수방법|신청방법|접수처|강사|강사명|강사진|주최|주관|후원|준비물"
    r"|재료비|교재비|교육시간|수업시간|운영시간|교육내용|행사내용|내용|요일|교육요일|선정방법|발표|결과발표|선발방법|신청기간|마감|접수마감|모집기간"
    r"|행사일시|행사기간|행사장소|참여방법|참가방법|제출서류|제출기한|지원내용|혜택|교육과정|과정명|프로그램|강좌명)$"
)


def is_known(label: str) -> bool:
    """Whether a label (without blanks) is one this table knows at all."""
    patterns = (POSTED, MODIFIED, DEPARTMENT, AUTHOR, TITLE, FILES)
    return is_telling(label) or any(pattern.search(label) for pattern in patterns)


def is_telling(label: str) -> bool:
    """Whether a label (without blanks) is one that notices of courses and events use."""
    return bool(_OTHERS.match(label)) or any(pattern.search(label) for _field, pattern in COURSE_LABELS)


def course(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the raw course fields that label and value pairs tell, by ``RawCourse`` field name.

    The first pair of a field counts; several application periods (일반, 우선, 추가) stand on lines of their own behind their word.
    """
    told = list(pairs)
    said = {
        name: value for name, label in COURSE_LABELS if (value := next((v for k, v in told if label.search(k)), ""))
    }
    periods = [(kind.group(), v) for k, v in told if COURSE_LABELS[0][1].search(k) and (kind := _KINDS.search(k))]
    if len(periods) > 1:
        said["apply"] = "\n".join(f"{kind} {value}" for kind, value in periods)
    return said
