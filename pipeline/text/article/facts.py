"""Label and value pairs of a page: meta tables, definition lists, labelled lines of a notice.

For a course the table is the content (접수기간, 교육기간, 대상, 장소 …), so it is never lost. What does not live here: which
pair is the posting date (``stamps``) or a course's field (``words``).
Source: extraction §3, boards §2, korea §4 "Course lists".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text import clean, select
from pipeline.text.article import names, words

_CHARS: Final = 300
_LEAVES: Final = "li, td, span, dd, p, div, em"
_LEAVES_MOST: Final = 2000
_LEAF_CHARS: Final = 200
_BAR: Final = re.compile(r"\s[|ㅣ│/]\s")
_MOST: Final = 120
_FURNITURE: Final = frozenset("nav footer aside header".split())  # noqa: SIM905 - a list of words
_NAMES: Final = "th, dt, li > strong, li > em, li > b, li > span, p > strong, div > strong, td > strong, span > strong, .label, .sound_only"
_VALUES: Final = frozenset("td dd span em p div b strong".split())  # noqa: SIM905
_LABEL: Final = re.compile(r"[^\W\d_][^.!?。\[\]<>]{1,19}")
_COLON: Final = re.compile(r"^\s*[:：]\s*")
_BLANK: Final = re.compile(r"[\s:：*·ㆍ]+")
_LINE: Final = re.compile(
    r"^[\s\d.)가-하①-⑳○●◎◇◆□■▪▫▶▷►☞✔✅•·ㆍ*※-]{0,8}?\s*[\[【<(]?\s*(?P<label>[가-힣](?:\s?[가-힣·/]){1,9})\s*[\]】>)]?\s*[:：]\s*(?P<value>\S.*)$"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label without blanks, its value on one line, and where its label stands (``mem_id``)."""

    label: str
    value: str
    place: int = 0


def pairs(tree: LexborHTMLParser) -> list[Pair]:
    """Return the pairs of a page in its order, menus left out; at most 120. Cost: about 3 ms for a page of 100 KB."""
    found: list[Pair] = []
    for name in tree.css(_NAMES)[: 8 * _MOST]:
        pair = _pair(name)
        if pair is not None and not _is_furniture(name):
            found.append(pair)
            if len(found) >= _MOST:
                break
    return [*found, *_inline(tree)]


def lines(text: str) -> Iterator[Pair]:
    """Yield labelled lines of a notice (``○ 접수기간: 11. 24. ~ 12. 5.``), those with a label that courses use."""
    for line in text.splitlines()[:400]:
        found = _LINE.match(line[:_CHARS])
        if found and words.is_telling(label := _BLANK.sub("", found["label"])):
            yield Pair(label, clean.one_line(found["value"]))


def _pair(name: LexborNode) -> Pair | None:
    label = _BLANK.sub("", name.text())
    if not _LABEL.fullmatch(label) or name.css_first("a") is not None:
        return None
    after, between = name.next, ""
    while after is not None and not after.is_element_node:
        between += after.text_content or "" if after.is_text_node else ""
        after = after.next
    value = clean.one_line(between)
    if not value and after is not None and after.tag in _VALUES:
        if name.tag in ("th", "dt") and after.tag not in ("td", "dd"):
            return None
        if name.tag == "span" and after.tag != "span" and not words.is_known(label):
            return None
        value = select.quiet_text(after, "script, style")
    if name.tag not in ("th", "dt") and not (words.is_known(label) or _is_row(name, between)):
        return None
    value = _COLON.sub("", value)[:_CHARS]
    return Pair(label, value, name.mem_id) if value and _BLANK.sub("", value) != label else None


def _is_row(name: LexborNode, between: str) -> bool:
    """Whether a bold word is the label of a list's row: the row begins with it, and its value is an element."""
    parent = name.parent
    return name.tag == "strong" and not between.strip() and parent is not None and parent.tag == "li"


def _is_furniture(node: LexborNode) -> bool:
    around = node.parent
    while around is not None:
        attributes = around.attributes
        if around.tag in _FURNITURE or any(
            names.is_menu(w) for w in (*(attributes.get("class") or "").split()[:8], attributes.get("id") or "")
        ):
            return True
        around = around.parent
    return False


def _inline(tree: LexborHTMLParser) -> Iterator[Pair]:
    """Yield labelled words of short lines (``작성자 : 도로과 | 조회 : 12``), those with a label of our table."""
    for node in tree.css(_LEAVES)[:_LEAVES_MOST]:
        first = node.first_child
        if first is None or not first.is_text_node or first.next is not None:
            continue
        said = first.text_content or ""
        if len(said) > _LEAF_CHARS or not (":" in said or "：" in said):
            continue
        for part in _BAR.split(clean.one_line(said)):
            label, colon, value = part.partition(":") if ":" in part else part.partition("：")
            label = _BLANK.sub("", label)
            if (
                colon
                and label
                and value.strip()
                and "가" <= label[0] <= "힣"
                and words.is_known(label)
                and not words.is_telling(label)
            ):
                yield Pair(label, value.strip(), node.mem_id)
