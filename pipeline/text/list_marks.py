"""The marks Korean lists put on their rows: badges behind titles, pinned notices, titles cut short, "there are none".

What does not live here: the rows and their fields (``sources/_board_rows``), which elements are noise (``select``).
Source: boards §2, korea §4.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from pipeline.text import clean, select

BADGES: Final = re.compile(
    r"(?:\s+(?:새\s?글|새로운\s?글|NEW|New|new|HOT|비밀글|첨부\s?파일(?:\s?있음)?|첨부)|\s*\[\d{1,3}\])+$"
)
CUT: Final = re.compile(r"\s*(?:\.{2,}|…)$")
TAIL: Final = re.compile(
    r"\s*(?:[-:|]\s*)?(?:자세히\s?보기|내용\s?보기|상세\s?보기|바로\s?가기|페이지\s?이동|새\s?창(?:\s?열림)?|글\s?읽기|보기)$"
)
PINNED_CLASSES: Final = frozenset(
    [
        "notice",
        "bo_notice",
        "is_notice",
        "notice_row",
        "note_box",
        "b-top-box",
        "sticky",
        "fixed",
        "fix",
        "top-notice",
        "notice-row",
        "tr_notice",
    ]
)
PINNED_WORDS: Final = frozenset(
    ["공지", "알림", "필독", "중요", "일반공지", "전체공지", "공지사항", "[공지]", "notice", "top"]
)
EMPTY: Final = re.compile(
    r"(?:등록|작성|검색|조회|게시|존재|해당)\S{0,6}\s?(?:된|하는|되는)?\s?(?:\S{1,8}\s?){0,4}(?:이|가|은|는)?\s?(?:없습니다|없음|없어요|존재하지\s?않습니다)"
    r"|(?:게시물|게시글|게시문|자료|데이터|결과|내용|글|강좌|강의|프로그램|소식|공지(?:사항)?)\s?(?:이|가|은|는)?\s?(?:없습니다|없음|존재하지\s?않습니다)"
    r"|no (?:data|posts?|results?|records?)\b",
    re.IGNORECASE,
)


def title_of(found: LexborNode, quiet: str) -> tuple[str, bool]:
    """Return ``(title, whether the list cut it)`` of a title element.

    Badges behind it are left out; where the text is cut, the ``title`` attribute at or beside it completes it.

    Args:
        found: The title element.
        quiet: CSS of what inside it is not the title.
    """
    text = select.quiet_text(found, quiet) or clean.one_line(found.text())
    text = BADGES.sub("", clean.unescape(text)) or text
    if not CUT.search(text):
        return text, False
    stem = CUT.sub("", text)
    above = [found.parent] if found.parent is not None else []
    for holder in (found, *found.css("[title]"), *above):
        whole = TAIL.sub("", clean.one_line(clean.unescape(holder.attributes.get("title") or "")))
        if len(whole) > len(stem) and stem[-12:] in whole:
            return whole, False
    return text, True
