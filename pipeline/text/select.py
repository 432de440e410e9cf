"""The short language in which an editor says where a field of a row stands.

Spoken by ``kind: board``, which reads rows with it, and by ``discover``, which writes it for an editor.
What does not live here: what the fields mean (``sources/_board_rows``), which marks a row carries (``list_marks``).

===================  ==============================================================================================
``td.subject a``     text of the first element inside the row that fits (the row itself counts)
``a@data-id``        an attribute of that element; ``@href`` alone is the row's own
``th:작성일``          the cell under the column header with this word (or the cell that names itself so)
``th:작성일|등록일``    the same with other words, the first that is there
``a || th:제목``       the first of several that is there
``+ dd``             the element right after the row, if it fits
``label:등록일``       what follows this word inside the row: ``<span>등록일 2026-01-02</span>``, ``<dt>등록일</dt><dd>…``
===================  ==============================================================================================

One CSS engine reads all of it: lexbor (ADR-0015).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.text import clean

# What stands inside a title or a cell but is not it: hidden words for screen readers, badges, counts, icons.
HIDDEN: Final = (
    ".blind, .sr-only, .sr_only, .sound_only, .skip, .hidden, .hide, .screen-out, .screen_out, .screen-reader-text, "
    ".visually-hidden, .a11y-hidden, .text_hidden, .txt_hide, .hid, .ir, .ir_su, .ir_pm, [hidden], "
    '[style*="display:none"], [style*="display: none"]'
)
NOISE: Final = (
    f"{HIDDEN}, .new, .ico, .icon, .ico_new, .new_icon, .icon_new, .cnt_cmt, .cmt, .comment_count, .cnt, "
    "script, style, noscript, template, svg"
)
_ATTRIBUTE: Final = re.compile(r"^(.*?)@([A-Za-z_][\w:.-]*)$", re.DOTALL)
_WORDS: Final = re.compile(r"^(th|label):\s*(\S.*)$", re.DOTALL)
_BLANK: Final = re.compile(r"\s+")
_NAMES: Final = ("aria-label", "data-label", "data-title", "data-th", "data-name")
_ROW_CHARS: Final = 4000
BLOCK_TAGS: Final = frozenset("br p div li ul ol dl dt dd td th tr table h1 h2 h3 h4 h5 h6 section article".split())  # noqa: SIM905 - a list of words
_BLOCKS: Final = ", ".join(sorted(BLOCK_TAGS))


@dataclass(frozen=True, slots=True)
class Pick:
    """One selector, taken apart."""

    css: str = ""
    attribute: str = ""
    column: str = ""
    label: str = ""


@dataclass(slots=True)
class Headers:
    """Column words of the tables of one page, read once for each table."""

    tables: dict[int, list[str]] = field(default_factory=dict)


@cache
def pick(selector: str) -> Pick:
    """Take a selector apart; an empty one picks nothing."""
    words = _WORDS.match(selector)
    if words:
        word = _BLANK.sub("", words.group(2))
        return Pick(column=word) if words.group(1) == "th" else Pick(label=word)
    attribute = _ATTRIBUTE.match(selector)
    if attribute:
        return Pick(css=attribute.group(1).strip(), attribute=attribute.group(2).lower())
    return Pick(css=selector)


def is_valid(selector: str) -> bool:
    """Whether lexbor understands the CSS of a selector. Cost: about 20 µs."""
    if "||" in selector:
        return all(map(is_valid, alternatives(selector)))
    css = pick(selector).css
    css = css.lstrip("+ ")
    if not css:
        return True
    try:
        LexborHTMLParser("<p>").css(css)
    except SelectolaxError:
        return False
    return True


def alternatives(selector: str) -> list[str]:
    """Return the selectors that ``||`` parts."""
    return [part.strip() for part in selector.split("||")]


def chosen(row: LexborNode, selector: str, headers: Headers) -> str:
    """Return the first alternative of a selector that says something of a row; the last when none does."""
    if "||" not in selector:
        return selector
    parts = alternatives(selector)
    return next((part for part in parts if text(row, part, headers)), parts[-1])


def node(row: LexborNode, selector: str, headers: Headers) -> LexborNode | None:
    """Return the element a selector means in a row, or ``None``."""
    want = pick(chosen(row, selector, headers))
    if want.column:
        return _cell(row, want.column, headers)
    if want.label:
        return row
    if want.css.startswith("+"):
        after = _next_element(row)
        return after if after is not None and after.css_matches(want.css.lstrip("+ ")) else None
    return row.css_first(want.css) if want.css else row


def text(row: LexborNode, selector: str, headers: Headers, noise: str = NOISE) -> str:
    """Return what a selector says of a row, one clean line; ``""`` when it is not there."""
    if not selector:
        return ""
    selector = chosen(row, selector, headers)
    want = pick(selector)
    if want.label:
        return next((said for word in want.label.split("|") if (said := _labelled(row, word, noise))), "")
    found = node(row, selector, headers)
    if found is None:
        return ""
    if want.attribute:
        return clean.one_line(found.attributes.get(want.attribute) or "")
    if found.tag == "time" and found.attributes.get("datetime"):
        return clean.one_line(found.attributes["datetime"] or "")
    return quiet_text(found, noise)


def quiet_text(found: LexborNode, noise: str = NOISE, also: frozenset[int] = frozenset()) -> str:
    """Return an element's text without the noise inside it, one clean line; blocks and breaks are spaces.

    Args:
        found: The element.
        noise: CSS of what is left out.
        also: ``mem_id`` of further elements that are left out.
    """
    if found.tag == "input":
        return clean.one_line(found.attributes.get("value") or "")
    first = found.first_child
    if first is None or (first.is_text_node and first.next is None):
        return clean.one_line(found.text())
    loud = also | ({n.mem_id for n in found.css(noise)} - {found.mem_id} if noise else set())
    if not loud and found.css_first(_BLOCKS) is None:
        return clean.one_line(found.text())
    parts: list[str] = []
    _gather(found, loud, parts)
    return clean.one_line("".join(parts))


def _gather(found: LexborNode, loud: frozenset[int], parts: list[str]) -> None:
    """Nesting is bounded before any tree is made (``limits.NESTING``)."""
    for child in found.iter(include_text=True):
        if child.is_text_node:
            parts.append(child.text_content or "")
        elif child.mem_id in loud:
            parts.append(" ")
        elif child.tag in BLOCK_TAGS:
            parts.append(" ")
            _gather(child, loud, parts)
            parts.append(" ")
        else:
            _gather(child, loud, parts)


def _cell(row: LexborNode, word: str, headers: Headers) -> LexborNode | None:
    if "|" in word:
        return next((cell for each in word.split("|") if (cell := _cell(row, each, headers)) is not None), None)
    cells = [child for child in row.iter() if child.tag in ("td", "th")]
    names = columns(row, headers)
    if cells and names:
        at = next((i for i, name in enumerate(names) if name == word), None)
        if at is None:
            at = next((i for i, name in enumerate(names) if word in name), None)
        if at is not None:
            return _at(cells, at)
    for name in _NAMES:
        for found in row.css(f"[{name}]"):
            if word in _BLANK.sub("", found.attributes.get(name) or ""):
                return found
    return None


def _at(cells: list[LexborNode], column: int) -> LexborNode | None:
    reached = 0
    for cell in cells:
        reached += _span(cell)
        if column < reached:
            return cell
    return None


def _span(cell: LexborNode) -> int:
    width = cell.attributes.get("colspan") or "1"
    return min(int(width), 100) if width.isascii() and width.isdigit() and int(width) else 1


def columns(row: LexborNode, headers: Headers) -> list[str]:
    """Return the words of the columns of a row's table, one for each column; empty when it has no header row."""
    table = row.parent
    while table is not None and table.tag != "table":
        table = table.parent
    if table is None:
        return []
    if table.mem_id not in headers.tables:
        headers.tables[table.mem_id] = _header(table)
    return headers.tables[table.mem_id]


def _header(table: LexborNode) -> list[str]:
    """Return the words of the header row, one for each column, spans written out."""
    lines = [line for line in table.css("thead tr") or table.css("tr")[:1] if line.css_first("th, td") is not None]
    if not lines:
        return []
    cells = [c for c in lines[0].iter() if c.tag in ("td", "th")]
    return [word for c in cells for word in [_BLANK.sub("", quiet_text(c, "script, style"))] * _span(c)]


def _labelled(row: LexborNode, word: str, noise: str) -> str:
    """Return what follows a word: in the element after it, in the same element, or in a line of several labels.

    The smallest element that begins with the word, else the smallest that holds it with a colon, wins.
    """
    spaced = r"\s*".join(map(re.escape, word))
    begins = re.compile(rf"{spaced}(?:\s*[:：]\s*|\s+|(?=\d))")
    holds = re.compile(rf"(?<!\w){spaced}\s*[:：]\s*(.+?)(?=\s+[가-힣]{{2,8}}\s*[:：]|$)")
    best, around = "", ""
    for found in row.css("*"):
        if word not in _BLANK.sub("", found.text()):
            continue
        said = quiet_text(found, noise)[:_ROW_CHARS]
        if _BLANK.sub("", said).rstrip(":：") == word:
            after = _next_element(found)
            if after is not None:
                return quiet_text(after, noise).lstrip(":： ")
        elif begins.match(said):
            best = said if not best or len(said) < len(best) else best
        elif holds.search(said):
            around = said if not around or len(said) < len(around) else around
    if best:
        rest = holds.match(best)
        return rest.group(1) if rest else begins.sub("", best, count=1)
    inline = holds.search(around)
    return inline.group(1) if inline else ""


def _next_element(found: LexborNode) -> LexborNode | None:
    after = found.next
    while after is not None and not after.is_element_node:
        after = after.next
    return after
