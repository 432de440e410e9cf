"""Words and class names by which Korean lists tell what stands where: data, not code.

What does not live here: any site's name. Source: boards §1–2, extraction §4, korea §4 (course lists).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_BLANK: Final = re.compile(r"[\s·:：*]+")

TITLE: Final = re.compile(
    r"^(?:글|게시글|공고|공지|강좌|강의|과정|교육|교육과정|프로그램|사업|행사|강연|특강|학습|수업|과목|교과목|도서|자료|민원|채용|안건)?"
    r"(?:제목|명|이름|명칭)$|^(?:제목(?:\(\S{1,8}\))?|title|subject|강좌|프로그램|강좌명\(\S{1,8}\)|과정|사업공고명|공고명)$",
    re.IGNORECASE,
)
POSTED: Final = re.compile(
    r"^(?:작성|등록|게시|공고|공지|입력|승인|배포|발행|최초등록|글쓴|올린)\s?(?:일|날짜|일자|일시|시간|시각)$|^(?:날짜|일자|date|regdate|등록|작성)$",
    re.IGNORECASE,
)
APPLY: Final = re.compile(
    r"^(?:수강|참가|온라인|일반|우선|추가|인터넷)?\s?(?:접수|신청|모집)(?:기간|일정|일시|일자|일|시기)$"
)
TEACH: Final = re.compile(
    r"^(?:교육|학습|운영|강의|강좌|수업|수강|진행|행사|프로그램|개강|특강)\s?(?:기간|일정|일시|일자|일|날짜|시간)$|^(?:일시|기간|일정|교육기간/시간)$"
)
PERIOD: Final = re.compile(r"^(?:공고|공지|게시|게재|접수|신청|모집|행사|사업|교육|운영|이벤트)?\s?기간$")
CLOSING: Final = re.compile(
    r"(?:마감|종료|만료|시작|개시|오픈)\s?(?:일|날짜|일자|일시|시간)?$|^(?:수정|변경|발표|최종수정)\s?(?:일|일자|일시)$"
)
STATUS_HEAD: Final = re.compile(
    r"^(?:접수|진행|모집|신청|처리|강좌|수강|교육)?\s?(?:상태|현황|여부|상황)$|^(?:상태|status|신청|접수|모집|신청하기)$"
)
NUMBER: Final = re.compile(r"^(?:번호|no\.?|순번|연번|글번호|num|#)$", re.IGNORECASE)
VIEWS: Final = re.compile(r"^(?:조회|조회수|hits?|views?|읽음|방문)$", re.IGNORECASE)
DEPARTMENT: Final = re.compile(r"^(?:담당|작성|등록|소관|주관|관리|게시)?\s?(?:부서|부서명|과|기관|기관명|부처)$")
AUTHOR: Final = re.compile(
    r"^(?:작성자|글쓴이|등록자|게시자|이름|성명|writer|name|author|담당자|닉네임)$", re.IGNORECASE
)
CATEGORY: Final = re.compile(r"^(?:분류|구분|카테고리|유형|종류|분야|말머리|지원분야|category)$", re.IGNORECASE)
CAPACITY: Final = re.compile(r"^(?:모집|교육|수강)?\s?(?:정원|인원|인원수|모집인원)(?:\(명\))?$|^정원\(\S{1,8}\)$")
APPLIED: Final = re.compile(r"^(?:신청|접수|현재|등록)\s?(?:인원|자|자수|현황|수)$")
FEE: Final = re.compile(
    r"^(?:수강|교육|참가|이용|체험|강습|학습)?\s?(?:료|비|비용|금액)(?:\(원\))?$|^수강료\(\S{1,8}\)$"
)
TARGET: Final = re.compile(r"^(?:교육|수강|모집|신청|참여|참가|학습|지원|이용)?\s?(?:대상|대상자)$")
PLACE: Final = re.compile(r"^(?:교육|강의|학습|수업|행사|운영|진행)?\s?(?:장소|강의실|위치)$")
LEVEL: Final = re.compile(r"^(?:수준|난이도|등급)$")
TEACHER: Final = re.compile(r"^(?:강사|강사명|교수|교수명|담당교수|지도강사)$")
FILE: Final = re.compile(r"^(?:첨부|파일|첨부파일|다운로드|첨부문서|file)$", re.IGNORECASE)

# In this order: the first that fits names the column.
HEADS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("number", NUMBER),
    ("title", TITLE),
    ("date", POSTED),
    ("apply", APPLY),
    ("teach", TEACH),
    ("period", PERIOD),
    ("closing", CLOSING),
    ("status", STATUS_HEAD),
    ("views", VIEWS),
    ("author", AUTHOR),
    ("department", DEPARTMENT),
    ("category", CATEGORY),
    ("applied", APPLIED),
    ("capacity", CAPACITY),
    ("fee", FEE),
    ("target", TARGET),
    ("place", PLACE),
    ("level", LEVEL),
    ("teacher", TEACHER),
    ("file", FILE),
)
COURSE_FIELDS: Final = ("apply", "teach", "capacity", "applied", "fee", "target", "place", "level")
COURSE_TITLE: Final = re.compile(r"강좌|강의|과정|프로그램|교육명|특강|수업|과목")

STATUS: Final = re.compile(
    r"^\[?(?:(?:온라인|방문|인터넷|수강|강좌|특강|교육|행사|강의|설명회|상담)\s?)?"
    r"(?:접수\s?(?:중|마감|완료|종료|예정|대기|하기|전)|모집\s?(?:중|마감|완료|종료|예정|전)|신청\s?(?:중|마감|완료|종료|가능|예정|하기|불가|대기)?"
    r"|진행\s?(?:중|예정|완료)?|교육\s?(?:중|예정|종료|완료)|운영\s?(?:중|종료)|예정|대기|대기\s?(?:접수|신청|중)|마감|마감\s?임박|정원\s?마감|조기\s?마감|종료"
    r"|추가\s?(?:접수|모집)|선착순|폐강|취소|완료|상시|상시\s?모집|오늘\s?마감|답변\s?(?:완료|대기|중)|처리\s?중|d\s?-\s?\d{1,3}|d-?day)\]?$",
    re.IGNORECASE,
)
PINNED_CLASS: Final = re.compile(
    r"^(?:(?:bo|is|tr|b|row|list|item|board|top|bbs|td|li)[-_]?)?(?:notice|noti|fix|fixed|sticky|pin|pinned|top|gongji|important)(?:[-_]?(?:row|box|list|tr|item|top|on|line))?$"
    r"|^(?:b-top-box|note_box|topnotice|bg_notice|bgnotice)$",
    re.IGNORECASE,
)
BADGE_CLASS: Final = re.compile(
    r"(?:^|[-_])(?:new|ico|icon|icons|badge|blind|hidden|sr|sronly|only|cmt|comment|comments|reply|cnt|count|file|hot|secret|lock|state|status|flag|label|tag"
    r"|cate|category|ctg|cat|mark|bullet|num|skip|hide|ir|dday)(?:$|[-_\d])|^(?:bo_cate_link|ico\w+|btn\w*|icon\w*)$",
    re.IGNORECASE,
)
BADGE_WORD: Final = re.compile(
    r"^[\[(<【]?\s?(?:새\s?글|새로운\s?글|새\s?게시글|n|new|hot|h|up|공지|공지\s?사항|알림|필독|중요|일반\s?공지|전체\s?공지|첨부|첨부\s?파일(?:\s?있음)?|파일|비밀글|답글"
    r"|댓글\s?\d*|[+]?\d{1,3}|top|고정|인기|이미지|동영상)\s?[\])>】]?$",
    re.IGNORECASE,
)
TITLE_CLASS: Final = re.compile(
    r"(?:^|[-_])(?:tit|title|titl|subject|subj|sbj|sj|ttl|headline)(?:$|[-_\d])|(?:Title|Subject|Tit|Sj)$|^(?:tit|title|subject)\w{0,5}$"
)
DATE_CLASS: Final = re.compile(
    r"(?:^|[-_])(?:date|datetime|day|reg|regdate|regdt|time|wdate|ymd|timestamp)(?:$|[-_\d])|(?:Date|Rdate|Time)$|^(?:date|rdate)\w{0,5}$",
    re.IGNORECASE,
)
OTHER_CLASS: Final = re.compile(
    r"(?:^|[-_])(?:desc|summary|summ|lead|txt|text|cont|content|contents|memo|body|preview|date|datetime|time|writer|name|author|dept|cate|category|hit|hits|view|views|num|no|state|status"
    r"|label|tag|tags|place|info|etc|sub|file|btn|source|stit|thumb|img|d-?day|period|member|price)(?:$|[-_\d])",
    re.IGNORECASE,
)
BOARD_CLASS: Final = re.compile(
    r"board|bbs|brd|list|lst|notice|table|tbl|artcl|cont|news|course|lecture|edu|program|gall|card", re.IGNORECASE
)
FURNITURE: Final = re.compile(
    r"^(?:\w+[-_])?(?:nav|navi|navigation|gnb|lnb|snb|tnb|gnav|menu|menus|submenu|footer|foot|header|paging|pagination|paginate|paginator|pager|breadcrumbs?|location|sitemap"
    r"|family|familysite|quick|quickmenu|util|skip|skipnav|sns|share|lang|allmenu|login|copyright|depth\d?|tabs?|tabmenu|search|srch|aside|sidebar|related|rank|ranking)"
    r"(?:[-_]?(?:wrap|wrapper|area|box|list|inner|bar|group|layer|menu|nav|pc|mo|mobile|site|link|links|btn|form|ul|\d+))*$",
    re.IGNORECASE,
)
SLIDER: Final = re.compile(
    r"slide|swiper|slick|carousel|rolling|popup|pop[-_]|popzone|banner[-_]?zone|calendar|ui-datepicker|datepicker|modal|layer",
    re.IGNORECASE,
)
LIST_STATE: Final = re.compile(
    r"^(?:on|off|active|current|cur|first|last|odd|even|selected|sel|hover|open|opened|close|closed|over|show|hide|hidden|disabled|new|read|unread|alt|row\d+|item\d+|n\d+|no\d+|bg\d*|line\d*"
    r"|swiper-slide.*|slick-.*|ng-.*|aos-.*|animated?|fadeIn\w*|is-\w+|end|ing|finish|active\w*|clearfix|cf|left|right|center|txt_?[lcr]|tal|tac|tar|fl|fr|mt\d+|mb\d+|w\d+p?)$",
    re.IGNORECASE,
)
_HASHED: Final = re.compile(
    r"^(?:css|sc|jsx?|svelte|styled|emotion|_)[-_]?[A-Za-z0-9]{5,}$|^(?=[A-Za-z]*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]{6,}$|^\w*\d{3,}\w*$|__\w{5,}$|[^\w-]"
)


@cache
def head(text: str) -> str:
    """Return the field a column header or a label names, ``""`` when none."""
    word = _BLANK.sub("", text)
    if not word or len(word) > 16:
        return ""
    return next((name for name, fits in HEADS if fits.match(word)), "")


@cache
def is_stable(name: str) -> bool:
    """Whether a class or id is a site's word: no state (``on``, ``first``), no build hash, no running number."""
    return bool(name) and not LIST_STATE.match(name) and not _HASHED.search(name) and not PINNED_CLASS.match(name)


@cache
def stable(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the stable names among an element's classes."""
    return tuple(name for name in classes if is_stable(name))
