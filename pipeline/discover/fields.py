"""Which column of a list is its title, its date, its status: votes over relative paths.

What does not live here: the columns themselves (``columns``), how they are written down (``emit``).
Source: extraction §4, "fields by voting over relative paths".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pipeline.discover import words
from pipeline.discover.columns import Column, Reading, is_date, is_number, is_period
from pipeline.discover.known import Memory
from pipeline.discover.tree import DATE, Node

_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "dt", "strong", "b"])
_NOT_POSTED: Final = frozenset(["closing", "apply", "teach", "period"])
_SENTENCE: Final = re.compile(r"^[-*※▶]\s|(?:니다|어요|아요|세요|십시오|시오)[.!?]?$")
_TIME: Final = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?$")
_KNOWN: Final = 20.0  # points for a column that says all that is known: more than all else together
_MENU_TITLE: Final = 7  # titles shorter than this are menus' words more often than announcements


@dataclass(slots=True, eq=False)
class Fields:
    """The columns chosen; ``titles`` holds the title element of each row that has one."""

    title: Column
    title_score: float
    titles: dict[int, Node]
    date: Column | None = None
    more_dates: list[Column] = field(default_factory=list)
    period: Column | None = None
    named: dict[str, Column] = field(default_factory=dict)


def choose(reading: Reading, memory: Memory) -> Fields | None:
    """Return the columns of a reading, ``None`` when no column could be its title; known titles and dates tell first."""
    scored = [(title_score(reading, column), column) for column in reading.columns.values()]
    known = [_KNOWN * memory.share([*column.cells.values()]) for _score, column in scored]
    order = sorted(range(len(scored)), key=lambda i: (-scored[i][0] - known[i], i))
    if not order or scored[order[0]][0] + known[order[0]] <= 0:
        return None
    best, title = scored[order[0]]
    fields = Fields(title, best, {n: node for n, node in title.cells.items() if node.said})
    for i in order[1:6]:  # rows of another shape: pinned ones, advertisements
        score, column = scored[i]
        if score < 0.55 * best or _same_rows(column, title):
            continue
        for number, node in column.cells.items():
            if node.said:
                fields.titles.setdefault(number, node)
    fields.date, fields.more_dates = _dates(reading, fields, memory)
    fields.period = _period(reading, fields)
    for name in ("status", "number", "views", "department", "author", "category"):
        if (named := _named(reading, fields, name)) is not None:
            fields.named[name] = named
    return fields


def richness(fields: Fields, reading: Reading) -> int:
    """Return how many things the rows tell besides their titles."""
    return len(fields.named) + (fields.date is not None) + (fields.period is not None) + len(reading.labels)


def _same_rows(column: Column, title: Column) -> bool:
    both = len(column.cells.keys() & title.cells.keys())
    return both * 2 > len(column.cells)


def title_score(reading: Reading, column: Column) -> float:
    """Return how much a column looks like the titles of a list; 0 or less: not at all."""
    rows = len(reading.rows)
    said = column.sample
    node = column.first
    cover, length, variety = len(column.cells) / rows, column.length, column.variety
    if any(pattern_share(said, test) > 0.5 for test in (is_date, is_number)) or column.share(words.STATUS) > 0.5:
        return -1.0
    score = 4 * cover + min(length, 30) / 12 - (1.5 if length > 120 else 0)
    score += (variety - 0.5) * 2 if rows > 2 else 0.5
    score -= 2.5 if length < 4 else 0.8 if length < _MENU_TITLE else 0
    chain = (node, *node.above(reading.rows[0].parent))
    score += _link_score(chain)
    names = [name for one in chain[:4] for name in _names(one)]
    if any(words.TITLE_CLASS.search(name) for name in names):
        score += 2.5
    elif any(words.OTHER_CLASS.search(name) for name in _names(node)):
        score -= 2.5
    if any(one.tag in _HEADINGS for one in chain[:3]):
        score += 1.0
    if column.head == "title" and not column.label:
        score += 4
    elif column.head:
        score -= 5
    if words.head(said[0]) and column.variety < 0.3:
        score -= 6  # the labels themselves
    if column.is_mixed:
        score -= 8
    if column.share(_SENTENCE) > 0.5:
        score -= 2
    if column.share(re.compile(r"^\(?0\d{1,2}-|@\w+\.|^https?://|더\s?보기|자세히|바로가기|신청하기")) > 0.5:
        score -= 5
    return score


def _link_score(chain: tuple[Node, ...]) -> float:
    if any(one.tag == "a" for one in chain):
        return 2.0
    if any("onclick" in one.attributes for one in chain) or chain[0].links:
        return 1.5
    return 0.0


def _names(node: Node) -> list[str]:
    return [
        name
        for name in (*node.classes, node.attributes.get("id") or "", node.attributes.get("data-table") or "")
        if name
    ]


def pattern_share(said: list[str], test: object) -> float:
    """Return the share of texts a test is true for."""
    return sum(bool(test(text)) for text in said) / len(said) if said and callable(test) else 0.0


def _dates(reading: Reading, fields: Fields, memory: Memory) -> tuple[Column | None, list[Column]]:
    """Return the column of posting dates, and those that stand in for it in rows of another shape."""
    scored = [
        (date_score(c, len(reading.rows)) + _KNOWN * memory.dated(fields.titles, c.cells), c)
        for c in reading.columns.values()
        if c is not fields.title
    ]
    ranked = [column for score, column in sorted(scored, key=lambda one: -one[0]) if score > 0]
    if not ranked:
        return None, []
    dated = {n for n, node in ranked[0].cells.items() if has_date(node.said)}
    return ranked[0], [column for column in ranked[1:4] if column.cells.keys() - dated]


def has_date(text: str) -> bool:
    """Whether a date stands in a text."""
    return is_date(text) or bool(DATE.search(text))


def date_score(column: Column, rows: int) -> float:
    """Return how much a column looks like posting dates; 0: not at all."""
    said = [unlabelled(column, text) for text in column.sample]
    pure, full = pattern_share(said, is_date), pattern_share(said, DATE.search)
    other = column.head in _NOT_POSTED or bool(column.label and column.head != "date")
    if max(pure, full) < 0.4 or other or (column.head not in ("", "date") and full < 0.5):
        return 0.0
    if column.head != "date" and pattern_share(said, is_period) > 0.3:
        return 0.0
    is_named = any(
        words.DATE_CLASS.search(name) for one in (column.first, *column.first.above()[:2]) for name in _names(one)
    )
    if all(map(_TIME.match, said)) and not is_named and column.head != "date":
        return 0.0
    score = 3 * len(column.cells) / rows + 1.5 * pure + full
    if column.length > 60 or (pure < 0.5 and column.first.links):
        score -= 1.5
    if column.head == "date":
        score += 5
    elif column.head:
        score -= 2
    return score + is_named + (0.3 if column.first.tag == "time" else 0)


def unlabelled(column: Column, text: str) -> str:
    """Return a text without its column's label in front and without brackets around."""
    if column.label and text.replace(" ", "").startswith(column.label.replace(" ", "")):
        return text[len(column.label) :].lstrip(" :：|)]")
    return text.strip("()[] ")


def _period(reading: Reading, fields: Fields) -> Column | None:
    for head in ("apply", "period", "teach"):
        for column in reading.named(head):
            if column is not fields.title and column is not fields.date:
                return column
    for column in reading.columns.values():
        if column is fields.title or column is fields.date:
            continue
        said = column.sample
        if pattern_share(said, is_period) > 0.5 and column.length < 60:
            return column
    return None


def _named(reading: Reading, fields: Fields, name: str) -> Column | None:
    taken = (fields.title, fields.date, fields.period)
    found = [column for column in reading.named(name) if column not in taken]
    if name == "status":
        free = [c for c in reading.columns.values() if c not in taken and c.head in ("", "status")]
        by_words = [c for c in free if c.share(words.STATUS) > 0.5]
        return next(iter(by_words or found), None)
    if found:
        return found[0]
    if name == "number":
        first = [c for c in reading.columns.values() if c.place == 0 and c not in taken and c.path.startswith("/td0")]
        if first and pattern_share(first[0].sample, lambda t: is_number(t) or words.BADGE_WORD.match(t)) > 0.6:
            return first[0]
    return None
