"""How much a group of rows looks like the list a page is there for.

What does not live here: making groups (``groups``), the fields themselves (``fields``).
Source: extraction §4, "what matters, in order".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, log2

from pipeline.discover import words
from pipeline.discover.columns import Reading, is_date
from pipeline.discover.fields import Fields, pattern_share
from pipeline.discover.groups import may_stand_alone
from pipeline.discover.known import Memory
from pipeline.discover.tree import DATE, Node

FLOOR = 8.5  # below it a group is no list
_COURSE_HEADS = 2
_KNOWN = 20.0  # points for a list that holds all rows that are known


@dataclass(eq=False)
class Listing:
    """A reading with its fields and its score."""

    reading: Reading
    fields: Fields
    score: float
    is_course: bool

    @cached_property
    def rows(self) -> list[tuple[int, Node]]:
        """The rows that have a title, with their number in the reading."""
        return [(n, row) for n, row in enumerate(self.reading.rows) if n in self.fields.titles]

    @property
    def confidence(self) -> float:
        """0 to 1; 0.5 is the floor."""
        return round(1 / (1 + exp(-(self.score - FLOOR) / 2.0)), 3)


def listing(reading: Reading, fields: Fields, memory: Memory) -> Listing:
    """Return the reading with its score; below ``FLOOR`` it is no list."""
    rows = len(reading.rows)
    titled = (len(fields.titles) + len(fields.title.cells)) / 2 / rows  # titles of another shape count half
    heads = {name for word in reading.heads if (name := words.head(word))} | set(reading.labels)
    course = _is_course(reading, heads)
    links, dates, board = _links(reading, fields), _dates(reading), _container(reading)
    score = 0.5 * min(fields.title_score, 12.0) * titled
    score += 2.5 * dates + 2 * links + 0.7 * min(log2(rows), 4)
    score += 2.0 * ("title" in heads) + 0.7 * min(len(heads - {"title"}), 4)
    score += 1.5 * course + board - reading.group.furniture - 5 * (1 - titled)
    score -= 0.4 * max(0.0, sum(row.links for row in reading.rows) / rows - 4)
    score -= _bulk(reading) + 4 * _uneven(reading)
    if len(fields.titles) == 1 and not may_stand_alone(reading.rows[0]):
        score -= 4
    if rows == 1:
        score -= 1 if heads or (dates and board) else 5
    if fields.title.length < 7 and not dates and not heads:
        score -= 3
    if fields.title.variety < 0.5 and rows > 2:
        score -= 3
    if _unfolds(reading, fields):
        score += 2
    elif not heads and not dates and (links < 0.5 or rows < 3):
        score -= 4
    score += _KNOWN * memory.share([*fields.titles.values()])
    return Listing(reading, fields, score, course)


def _uneven(reading: Reading) -> float:
    """Return the share of rows that lack what others have: a link, where most have one, and a date."""
    rows = len(reading.rows)
    shares = [sum(row.links > 0 for row in reading.rows) / rows, sum(row.dates > 0 for row in reading.rows) / rows]
    return 1 - best if (best := max(shares)) >= 0.5 else 0.0


def _bulk(reading: Reading) -> float:
    """Return how much the rows are parts of a page rather than lines of a list: large, with tables or lists of rows inside."""
    rows = len(reading.rows)
    size = sum(row.size for row in reading.rows) / rows
    chars = sum(row.chars for row in reading.rows) / rows
    bulk = max(0.0, size - 60) / 60 + max(0.0, chars - 500) / 500
    if rows <= 4:
        inside = [node for row in reading.rows for node in row.within()[1:]]
        bulk += 4 * any(node.tag == "form" for node in inside if reading.rows[0].tag != "tr")
        bulk += 3 * any(sum(map(_is_line, node.kids)) > 1 for node in inside)
    return min(bulk, 8.0)


def _is_line(node: Node) -> bool:
    return node.links > 0 and node.chars > 14 and node.tag in ("li", "tr", "dl", "div", "article")


def _unfolds(reading: Reading, fields: Fields) -> bool:
    """Whether the rows open in place: questions with answers, notices without pages of their own."""
    if len(reading.rows) < 3 or not _container(reading):
        return False
    row = reading.rows[0]
    return (row.tag == "dl" and fields.title.first.tag == "dt") or any(
        "aria-expanded" in node.attributes or node.tag == "summary" for node in row.within(30)
    )


def _is_course(reading: Reading, heads: set[str]) -> bool:
    marks = len(heads & {*words.COURSE_FIELDS, "teacher"})
    titled = any(words.head(word) == "title" and words.COURSE_TITLE.search(word) for word in reading.heads)
    return marks >= _COURSE_HEADS or (titled and marks >= 1)


def _links(reading: Reading, fields: Fields) -> float:
    """Return the share of rows with a link of their own."""
    seen: set[str] = set()
    held = 0
    for number, node in fields.titles.items():
        holder = link_holder(node, reading.rows[number])
        if holder is not None:
            held += 1
            seen.add((holder.attributes.get("href") or "") + (holder.attributes.get("onclick") or "") + _data(holder))
    return max(len(seen), 0.6 * held) / len(fields.titles) if fields.titles else 0.0


def _data(node: Node) -> str:
    return "".join(value or "" for name, value in node.attributes.items() if name.startswith("data-"))


def link_holder(title: Node, row: Node) -> Node | None:
    """Return the link at, inside or around a title, else the first of its row, as ``kind: board`` finds it."""
    for node in (title, *(n for n in title.within(40) if n.tag == "a")):
        if node.tag in ("a", "area", "button") or "onclick" in node.attributes:
            return node
    for node in title.above():
        if node.tag in ("body", "table", "ul", "tbody"):
            break
        if node.tag == "a":
            return node
    return next((node for node in row.within() if node.tag == "a"), None)


def _dates(reading: Reading) -> float:
    """Return the share of rows in which a date stands."""
    dated: set[int] = set()
    for column in reading.columns.values():
        if pattern_share(column.sample, lambda t: is_date(t) or DATE.search(t)) > 0.4:
            dated |= column.cells.keys()
    return len(dated) / len(reading.rows)


def _container(reading: Reading) -> float:
    score, group = 0.0, reading.group
    for node in (group.container, *group.container.above()[:2], reading.rows[0]):
        names = (*node.classes, node.attributes.get("id") or "")
        if any(words.BOARD_CLASS.search(name) for name in names):
            score = 1.0
    return score
