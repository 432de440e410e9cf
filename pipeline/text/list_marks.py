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
    r"(?:\s+(?:새\s?글|새로운\s?글|NEW|New|new|HOT|비밀글|첨부\s?파일(?:\s?있음)?|첨부)|\s*\[\d{1,3}\])+$|(?<=[가-힣)\]])NEW$"
)
LEAD: Final = re.compile(
    r"^\[\s+(?:일반|전체|중요|필독)?\s?공지(?:사항)?\s+\]\s*"
)  # blanks: a template wrote it, no author
CUT: Final = re.compile(r"\s*(?:\.{2,}|…)$")
TAIL: Final = re.compile(
    r"\s*(?:[-:|]\s*)?(?:자세히\s?보기|내용\s?보기|상세\s?보기|바로\s?가기|페이지\s?이동|새\s?창(?:\s?열림)?|글\s?읽기|보기)$"
)
PINNED_CLASSES: Final = frozenset(
    "notice bo_notice bo-notice is_notice is-notice notice_row notice-row noticeRow note_box b-top-box sticky fixed fix noti pin pinned "  # noqa: SIM905 - a list of words
    "top-notice top_notice tr_notice tr-notice notice_tr notice-tr row_notice list_notice important fixed-notice".split()
)
PINNED_WORDS: Final = frozenset(
    "공지 알림 필독 중요 긴급 고정 일반공지 전체공지 상단공지 중요공지 필독공지 공지사항 공지글 notice top".split()  # noqa: SIM905 - as above
)
_ROUND: Final = re.compile(r"[\s\[\]()<>【】〔〕「」:!]+")
_NUMBERED: Final = re.compile(r"번호|^(?:no|num|순번|연번)\.?$", re.IGNORECASE)
_SORTED: Final = re.compile(
    r"분류|구분|종류|유형|카테고리|상태"
)  # a word there says what the article is, not where it stands
_BADGE: Final = re.compile(
    r"새로?운?글|new|n|hot|h|up|update|비밀글?|잠금|잠긴글|첨부|첨부파일(?:있음)?|파일(?:첨부)?|인기글?|추천글?|댓글\d*|답변|덧글\d*"
    r"|[\[(+]\d{1,3}[\])]?",
    re.IGNORECASE,
)
_TRIAL: Final = re.compile(
    r"[\W_]*(?:테스트|test|연습|시험용)(?:용|중|글|입니다|게시글|게시물|공지|강좌|[\W_\d])*"
    r"|\s*[\[(<](?:테스트|test|연습|시험용)(?:용|강좌)?[\])>].*|.*[\[(]테스트[\])]\s*",
    re.IGNORECASE,
)
_MARKING: Final = "span, em, i, b, strong, small, font, sup, mark, label, img"
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
    text = select.quiet_text(found, quiet, _badges(found)) or clean.one_line(found.text())
    text = LEAD.sub("", BADGES.sub("", clean.unescape(text))) or text
    if not CUT.search(text):
        return text, False
    stem = CUT.sub("", text)
    above = [found.parent] if found.parent is not None else []
    for holder in (found, *found.css("[title]"), *above):
        whole = TAIL.sub("", clean.one_line(clean.unescape(holder.attributes.get("title") or "")))
        if len(whole) > len(stem) and stem[-12:] in whole:
            return whole, False
    return text, True


def _badges(found: LexborNode) -> frozenset[int]:
    """Return the elements in a title that are a badge and nothing else, whatever their class."""
    marks = set()
    first = found.first_child
    if first is None or (first.is_text_node and first.next is None):
        return frozenset()
    for mark in found.css(_MARKING):
        said = clean.one_line(mark.text())
        word = "".join(said.split())
        if word and (_BADGE.fullmatch(word) or is_pinned_word(word)):
            marks.add(mark.mem_id)
    return frozenset(marks - {found.mem_id})


def is_pinned_word(said: str) -> bool:
    """Whether a cell says that its row is pinned: ``공지``, ``[ 필독 ]``, ``NOTICE``."""
    return _ROUND.sub("", said).casefold() in PINNED_WORDS


def is_trial(title: str) -> bool:
    """Whether somebody tried a live board out with this row (korea §4): ``TEST``, ``(연습) …``; not ``체력 테스트 안내``."""
    return _TRIAL.fullmatch(title) is not None


def pinned_by(row: LexborNode, headers: select.Headers) -> str:
    """Return how a row says that it is pinned: ``word`` in its number cell, ``class``, or ``""``.

    A class that every row of a list has says nothing about one of them; a word does.
    """
    if any(is_pinned_word(said) for said in _first_said(row, headers)):
        return "word"
    return "class" if PINNED_CLASSES & set((row.attributes.get("class") or "").split()) else ""


def _first_said(row: LexborNode, headers: select.Headers) -> list[str]:
    """Return what stands where a row has its number: words, or the hidden words of an icon."""
    cells = [child for child in row.iter() if child.tag in ("td", "th")]
    if not cells:
        return [said for said in _leading(row) if said]
    names = select.columns(row, headers)
    at = next((i for i, name in enumerate(names) if _NUMBERED.search(name)), 0)
    if at >= len(cells) or (at < len(names) and _SORTED.search(names[at])):
        return []
    cell = cells[at]
    alts = [image.attributes.get("alt") or "" for image in cell.css("img[alt]")]
    return [clean.one_line(cell.text()), *alts]


def _leading(row: LexborNode) -> list[str]:
    """Return the first words of a row that is no table row, when they stand in an element of their own."""
    node = row
    while True:
        inner = next(
            (child for child in node.iter(include_text=True) if child.tag != "-text" or child.text().strip()), None
        )
        if inner is None:
            return []
        if inner.is_text_node:
            return [clean.one_line(node.text())] if node.mem_id != row.mem_id else []
        if inner.tag == "img":
            return [inner.attributes.get("alt") or ""]
        node = inner
