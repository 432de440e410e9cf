"""What a row of a course list says of its course where the editor named no place for it: by column words and labels.

What does not live here: which label means which field (``text/article/words``), typing values (``collect/course_facts``).
Counts of applications are read only where the editor asks for them: they move daily, and a row that moved is read anew.
Source: korea §4 "Course lists".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from pipeline.text import clean, select
from pipeline.text.article import words

_COUNTS: Final = frozenset(["applied", "waiting"])
_NAMES: Final = "dt, th, strong, b, em, i, span, label, p, li, dd, div"
_LABELLING: Final = ("data-label", "data-title", "data-th", "aria-label")
_INLINE: Final = re.compile(r"^\W*([가-힣]{1,3}(?:[\s·/]?[가-힣]{1,4}){0,3})\s*[:：]\s*(\S.*)$")
_LABEL_CHARS: Final = 14
_VALUE_CHARS: Final = 300
_BLANK: Final = re.compile(r"[\s:：*ㆍ]+")
_PARTS: Final = re.compile(r"[/·,()]|및")
_STATUS: Final = re.compile(
    r"(?:수강)?(?:접수|모집|신청|예약|정원)\s?(?:전|중|예정|마감|완료|종료|가능|대기)|(?:교육|운영|학습|강의|수강|진행)\s?(?:중|종료|완료)"
    r"|마감\s?임박|대기\s?(?:접수|신청|중)|추가\s?(?:접수|모집)|마감|종료|종강|폐강|상시\s?(?:접수|모집)|D\s?-\s?\d{1,3}"
)
_BADGES: Final = "span, em, strong, i, b, a, button, p, td, dd, div"


def filled(named: dict[str, str], row: LexborNode, headers: select.Headers, noise: str) -> dict[str, str]:
    """Return course fields by name: what the editor named, the rest from the row's own labels, empty ones left out."""
    found = words.course(list(_pairs(row, headers, noise)))
    if "status" not in found and not named.get("status"):
        found["status"] = _status(row, noise)
    own = {name: text for name, text in found.items() if text and name not in _COUNTS and not named.get(name)}
    return {name: text for name, text in (named | own).items() if text}


def _pairs(row: LexborNode, headers: select.Headers, noise: str) -> Iterator[tuple[str, str]]:
    """Yield labels without blanks and their values: columns first, then terms and labelled lines inside the row."""
    cells = [child for child in row.iter() if child.tag in ("td", "th")]
    names, at = select.columns(row, headers), 0
    for cell in cells:
        label = next((v for n in _LABELLING if (v := cell.attributes.get(n))), "") or (
            names[at] if at < len(names) else ""
        )
        at += _span(cell)
        yield from _split(_BLANK.sub("", label), cell, noise)
    for name in row.css(_NAMES):
        label = _BLANK.sub("", name.text(deep=True))
        if label and len(label) <= _LABEL_CHARS and _means(label):
            value = _after(name, noise)
            if value:
                yield label, value
        elif _is_innermost(name, "p, li, dd, div, dt") and (inline := _INLINE.match(select.quiet_text(name, noise))):
            label = _BLANK.sub("", inline[1])
            if _means(label):
                yield label, inline[2][:_VALUE_CHARS]


def _split(label: str, cell: LexborNode, noise: str) -> Iterator[tuple[str, str]]:
    """One column may tell two things (``접수기간/교육기간``), each on a line of its own."""
    if not label:
        return
    value = select.quiet_text(cell, noise)[:_VALUE_CHARS]
    parts = [part for part in _PARTS.split(label) if part]
    lines = [line for node in cell.iter(include_text=True) if (line := _line(node, noise))]
    if len(parts) > 1 and len(lines) == len(parts):
        yield from zip(parts, lines, strict=True)
    elif value:
        yield next((part for part in (label, *parts) if _means(part)), label), value


def _line(node: LexborNode, noise: str) -> str:
    if node.tag == "br":
        return ""
    return clean.one_line(node.text_content or "") if node.is_text_node else select.quiet_text(node, noise)


def _means(label: str) -> bool:
    return any(pattern.search(label) for _name, pattern in words.COURSE_LABELS)


def _after(name: LexborNode, noise: str) -> str:
    """What stands behind a label: the text up to the next element, else that element."""
    after, said = name.next, ""
    while after is not None and not after.is_element_node:
        said += after.text_content or "" if after.is_text_node else ""
        after = after.next
    said = clean.one_line(said).lstrip(":： ")
    if not said and after is not None and (after.tag != name.tag or after.tag == "span"):
        said = select.quiet_text(after, noise).lstrip(":： ")
    return said[:_VALUE_CHARS]


def _status(row: LexborNode, noise: str) -> str:
    """A badge that says nothing but a state; what can be done (``신청하기``) is none."""
    for badge in row.css(_BADGES):
        if _is_innermost(badge, _BADGES):
            said = select.quiet_text(badge, noise)
            if said and _STATUS.fullmatch(said.strip("[]()<>【】 ")):
                return said.strip("[]()<>【】 ")
    return ""


def _is_innermost(node: LexborNode, css: str) -> bool:
    """Whether no such element stands inside this one; lexbor's search begins with the element itself."""
    return all(found.mem_id == node.mem_id for found in node.css(css))


def _span(cell: LexborNode) -> int:
    width = cell.attributes.get("colspan") or "1"
    return min(int(width), 100) if width.isascii() and width.isdigit() and int(width) else 1
