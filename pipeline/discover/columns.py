"""What stands where in the rows of one group: texts by relative path, with the words that name them.

What does not live here: which column is the title or the date (``fields``), selectors (``emit``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import pipeline.model as p
from pipeline.discover import words
from pipeline.discover.groups import Group
from pipeline.discover.rows import is_empty, is_header, span, taken
from pipeline.discover.tree import BLANK, DATE, Node

_HOLDERS: Final = 60  # texts of one row that are looked at
_NAMES: Final = ("aria-label", "data-label", "data-title", "data-th", "data-name")
_LETTER: Final = re.compile(r"\w")
_LABELLED: Final = re.compile(
    r"^[\[(<·ㆍ•\-*]?\s*([가-힣][가-힣 ]{0,9}?)\s*[\])>]?\s*(?:[:：|]\s*(?=\S)|\s(?=\d)|(?=\d{2,4}[-.년]))"
)
_TRAILING: Final = re.compile(r"([가-힣][가-힣 ]{0,9}?)\s*[:：]\s*$")
_COLON: Final = re.compile(r"[:：]")
_INLINE: Final = re.compile(r"(?:^|[\s|/·,])([가-힣][가-힣 ]{0,9}?)\s*[:：]\s*\S")
_CLOCK: Final = r"(?:\s*[T(]?\s*(?:[월화수목금토일]\)?\s*)?(?:오전|오후|AM|PM|am|pm)?\s*\d{1,2}[:시]\s?\d{0,2}(?::\d{2})?(?:\.\d+)?분?(?:Z|[+-]\d{2}:?\d{2})?)?"
_IS_DATE: Final = re.compile(
    rf"^(?:{DATE.pattern})\.?\s*(?:\([월화수목금토일]\))?{_CLOCK}$"
    rf"|^(?:0?[1-9]|1[0-2])\s?[-./]\s?(?:[0-2]?\d|3[01])\.?{_CLOCK}$|^\d{{1,2}}월\s?\d{{1,2}}일{_CLOCK}$|^\d{{1,2}}:\d{{2}}(?::\d{{2}})?$"
    r"|^(?:방금|오늘|어제|그제|(?:약\s?)?\d{1,3}\s?(?:초|분|시간|일|주|개월|달|년)\s?전)$"
    r"|^[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}$|^\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})$|^\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}$"
)
_NUMBER: Final = re.compile(r"^[\d,.\s]+[kK만천]?$")
_PERIOD: Final = re.compile(r"\d\s*\S{0,8}\s*[~∼～〜]\s*\S{0,2}\d|[~∼～〜]\s*\d|소진\s?시|^상시|^수시|\d\S{0,4}\s?까지")


@dataclass(slots=True, eq=False)
class Column:
    """One relative path over the rows.

    Attributes:
        cells: Row number → element. Rows without it have none.
        head: Field named by the column's header, its own label attribute, or a label in front of its text.
        label: The word of that label where it stands in the rows themselves.
        is_mixed: Several labels with their values stand in one text.
        place: Number of the row's child it stands in, columns spanned counted.
    """

    path: str
    place: int
    cells: dict[int, Node] = field(default_factory=dict)
    head: str = ""
    label: str = ""
    is_mixed: bool = False
    _sample: list[str] | None = None

    @property
    def sample(self) -> list[str]:
        """Texts of the first rows; read once the column is whole."""
        if self._sample is None:
            nodes = itertools.islice(self.cells.values(), p.limits.DISCOVER_SAMPLE)
            self._sample = [node.said for node in nodes]
        return self._sample

    def share(self, fits: re.Pattern[str]) -> float:
        """Return the share of texts in which a pattern is found."""
        said = self.sample
        return sum(bool(fits.search(text)) for text in said) / len(said) if said else 0.0

    @property
    def length(self) -> float:
        """Median length of the texts."""
        return median(len(text) for text in self.sample) if self.cells else 0.0

    @property
    def variety(self) -> float:
        """Share of texts that are different."""
        said = self.sample
        return len(set(said)) / len(said) if said else 0.0

    @property
    def first(self) -> Node:
        """The element of the first row that has it."""
        return next(iter(self.cells.values()))


@dataclass(slots=True, eq=False)
class Reading:
    """The rows of a group and their columns; ``heads`` are the words of a header, one for each column of a table."""

    group: Group
    rows: list[Node]
    columns: dict[str, Column]
    heads: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    empties: int = 0

    def named(self, head: str) -> list[Column]:
        """Return the columns a header or a label gives this name."""
        return [column for column in self.columns.values() if column.head == head]


def read(group: Group, limit: int) -> Reading:
    """Read the rows of a group: header rows and rows that say there are none are no rows."""
    heads = _header(group)
    rows: list[Node] = []
    empties = 0
    for row in group.rows:
        if is_empty(row):
            empties += 1
        elif not is_header(row):
            rows.append(row)
        elif not heads:
            heads = _heads(row)
    reading = Reading(group, rows[:limit], {}, heads, empties=empties)
    reached = taken(reading.rows)
    for number, row in enumerate(reading.rows):
        for path, place, node in holders(row, reached.get(number, frozenset())):
            column = reading.columns.get(path)
            if column is None:
                column = reading.columns[path] = Column(path, place)
            column.cells.setdefault(number, node)
    _name(reading)
    return reading


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    return bool(_IS_DATE.match(text))


def is_number(text: str) -> bool:
    """Whether a text is a count."""
    return bool(_NUMBER.match(text))


def is_period(text: str) -> bool:
    """Whether a text tells a span of time or a deadline."""
    return bool(_PERIOD.search(text))


def holders(row: Node, reached: frozenset[int] = frozenset()) -> Iterator[tuple[str, int, Node]]:
    """Yield ``(path, place, element)`` of each element of a row that holds text of its own."""
    count, waiting = 0, [(row, "", -1)]
    while waiting and count < _HOLDERS:
        node, path, place = waiting.pop()
        if node.is_noise and node is not row:
            continue
        if _LETTER.search(node.own) or (node.tag == "img" and node.attributes.get("alt")):
            count += 1
            yield path or ".", place, node
        seen: dict[str, int] = {}
        inner, column = [], 0
        for at, kid in enumerate(node.kids):
            while node is row and column in reached:
                column += 1
            if kid.tag in ("td", "th") and node.tag == "tr":
                step = f"td{column}"
            else:
                name = f"{kid.tag}.{'.'.join(kid.stable[:2])}" if kid.stable else kid.tag
                seen[name] = seen.get(name, 0) + 1
                step = name if seen[name] == 1 else f"{name}{seen[name]}"
            inner.append((kid, f"{path}/{step}", (column if node.tag == "tr" else at) if node is row else place))
            column += span(kid)
        waiting.extend(reversed(inner))


def _header(group: Group) -> list[str]:
    """Return the words of the header of a table, as ``th:`` will find them."""
    if group.rows[0].tag != "tr":
        return []
    table = next((node for node in group.rows[0].above() if node.tag == "table"), None)
    if table is None:
        return []
    lines = [node for node in table.within(600) if node.tag == "tr"]
    in_head = [line for line in lines if line.parent is not None and line.parent.tag == "thead"]
    for line in in_head[:1] or lines[:1]:
        if in_head or is_header(line):
            return _heads(line)
    return []


def _heads(row: Node) -> list[str]:
    return [BLANK.sub("", kid.said) for kid in row.kids for _ in range(span(kid))]


def _name(reading: Reading) -> None:
    for column in reading.columns.values():
        if 0 <= column.place < len(reading.heads):
            column.head = words.head(reading.heads[column.place])
        if not column.head:
            holder = column.first
            for node in (holder, *holder.above(reading.rows[0])[:3]):
                said = next((node.attributes[name] or "" for name in _NAMES if node.attributes.get(name)), "")
                column.head = column.head or words.head(said)
        _label(reading, column)


def _label(reading: Reading, column: Column) -> None:
    """Name a column by the word in front of its values: in the same element, or in the one before it."""
    said = column.sample
    column.is_mixed = sum(len(_inline_labels(text)) > 1 for text in said) * 2 > len(said)
    found = (
        []
        if column.is_mixed
        else [match.group(1) for text in said if (match := _LABELLED.match(text)) and words.head(match.group(1))]
    )
    if len(found) * 2 > len(said):
        column.label = max(set(found), key=found.count)
        column.head = words.head(column.label)
    else:
        before = [word for node in list(column.cells.values())[:8] if (word := _word_before(node))]
        if before and len(before) * 2 > min(len(column.cells), 8):
            column.label = max(set(before), key=before.count)
            column.head = words.head(column.label)
    if column.head == "status" and sum(map(is_period, said)) * 2 > len(said):
        column.head = "apply"  # a bare "접수"
    if column.label and column.head:
        reading.labels.setdefault(column.head, column.label)
    for text in said[:6]:
        for word in _inline_labels(text):
            reading.labels.setdefault(words.head(word), word)


def _inline_labels(text: str) -> list[str]:
    found = [match.group(1) for match in _INLINE.finditer(text[:400])]
    return [word for word in found if words.head(word) not in ("", "title")]


def _word_before(node: Node, *, inner: bool = False) -> str:
    above = node.parent
    if above is None or node.tag == "a":
        return ""
    if node.tag == "td":
        at = above.kids.index(node)
        said = above.kids[at - 1].said if at and above.kids[at - 1].tag == "th" else ""
        return said.rstrip(" :：") if words.head(said) else ""
    text = ""
    for part in above.parts:
        if part is node:
            break
        text = part if isinstance(part, str) else ""
    if (match := _TRAILING.search(text)) and words.head(match.group(1)):
        return match.group(1).strip()
    at = above.kids.index(node)
    if not at:
        return (
            _word_before(above, inner=True)
            if not inner and node.tag in ("em", "span", "b", "strong") and len(above.kids) == 1
            else ""
        )
    text = above.kids[at - 1].said.rstrip(" :：")
    return text if len(text) <= 12 and not _COLON.search(text) and words.head(text) else ""
