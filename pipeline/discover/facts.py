"""The fields of one list written down: for each a selector that reads what was seen, or none.

What does not live here: rows and title, which come first (``recipe``), single selectors (``emit``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.discover import emit, words
from pipeline.discover.columns import Column, is_date
from pipeline.discover.fields import has_date, unlabelled
from pipeline.discover.known import Memory
from pipeline.discover.reader import NAMES, Reader
from pipeline.discover.score import Listing
from pipeline.discover.tree import DATE, Node
from pipeline.text import clean, list_marks, select

_DATE_PATTERN = r"((?:(?:19|20)\d{2}|\d{2})\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2})"


@dataclass(slots=True)
class Writer(Reader):
    """A recipe being written for one listing."""

    listing: Listing | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)

    @property
    def found(self) -> Listing:
        """The listing; a writer always has one."""
        assert self.listing is not None
        return self.listing


def head_of(listing: Listing, column: Column | None) -> str:
    """Return the header word over a column when it names this column alone."""
    heads = listing.reading.heads
    if column is None or listing.rows[0][1].tag != "tr" or not 0 <= column.place < len(heads):
        return ""
    word = heads[column.place]
    return word if word and sum(word in other for other in heads) == 1 and len(word) < 16 else ""


def badges(pairs: list[tuple[Node, Node]], memory: Memory) -> list[str]:
    """Return selectors of what stands in titles and is none of them: categories, marks, counts."""
    found: dict[str, list[bool]] = {}
    for _row, title in pairs:
        whole = title.said
        is_known = memory.knows(title.own) and not memory.knows(whole)  # then what else it holds is not the title
        if memory.rows and not (memory.knows(title.own) or memory.knows(whole)):
            continue  # a new article: what is known of the others decides
        for node in title.within(40)[1:]:
            if node.is_noise or (not node.said and node.tag != "img"):
                continue
            name = next(
                (n for n in node.classes if n.replace("-", "_").isidentifier() and words.BADGE_CLASS.search(n)), ""
            )
            is_badge = (
                len(node.said) <= 12 and len(whole) - len(node.said) > 1 and not words.TITLE_CLASS.search(name or "-")
            )
            if name and is_badge:
                found.setdefault(f"{node.tag}.{name}", []).append(True)
            elif node.tag in ("span", "em", "i", "strong", "b", "small", "label", "font") and not node.kids:
                own = next((f"{node.tag}.{n}" for n in node.classes if n.replace("-", "_").isidentifier()), node.tag)
                found.setdefault(own, []).append(is_known or (is_badge and bool(words.BADGE_WORD.match(node.said))))
    return [selector for selector, said in found.items() if all(said)]


def write(writer: Writer) -> None:
    """Add date, pins, facts and course fields to the recipe."""
    fields = writer.found.fields
    _date(writer, _whole_date(fields.date, fields.more_dates))
    for name in NAMES:
        column = fields.named.get(name)
        if column is not None and (name != "category" or column.place != fields.title.place):
            _put(writer, name, column)
    _pinned(writer)
    if writer.found.is_course:
        _course(writer)


def _put(writer: Writer, name: str, column: Column, into: dict[str, object] | None = None) -> str:
    target = writer.recipe if into is None else into
    selector = _selector(writer, column)
    if selector:
        target[name] = selector
    return selector


def _selector(writer: Writer, column: Column) -> str:
    """Return the selector of a column, ``""`` when none reads it: a label that reads the same, CSS, else the label as it is."""
    pairs: list[tuple[Node, Node | None]] = [(row, column.cells.get(n)) for n, row in writer.found.rows]
    wanted = [select.quiet_text(node.element, writer.noise) if node is not None else "" for _row, node in pairs]
    label, filled = f"label:{column.label.replace(' ', '')}" if column.label else "", 0.0
    if label:
        said = [writer.text(row.element, label) for row, _node in pairs]
        bare = [unlabelled(column, text) for text in wanted]
        if sum(a == b for a, b in zip(said, bare, strict=True)) >= 0.8 * len(said):
            return label
        filled = sum(map(bool, said)) / len(said)
    selector, share = emit.field_selector(pairs, writer.text, wanted, head_of(writer.found, column))
    if share >= 0.8:
        return selector
    return label if filled >= 0.8 else ""


def _whole_date(date: Column | None, more: list[Column]) -> Column | None:
    """Return the date column with the cells of rows that are shaped otherwise."""
    if date is None or not more or date.label:
        return date
    cells: dict[int, Node] = {}
    for column in (date, *more):
        cells = {**{n: node for n, node in column.cells.items() if has_date(node.said)}, **cells}
    return Column(date.path, date.place, dict(sorted(cells.items())), date.head)


def _date(writer: Writer, column: Column | None) -> None:
    if column is None or not _put(writer, "date", column):
        return
    said = [writer.text(row.element, str(writer.recipe["date"])) for _n, row in writer.found.rows]
    loose = [text for text in said if text and not is_date(text)]
    if (
        loose
        and all(DATE.search(text) for text in loose)
        and any(len(DATE.findall(t)) > 1 or len(t) > 30 for t in loose)
    ):
        writer.recipe["date_pattern"] = _DATE_PATTERN


def _pinned(writer: Writer) -> None:
    """Pinned: a class at the row or in it that only some rows have; a word in the number cell ``number`` tells already."""
    rows = [row for _n, row in writer.found.rows]
    counts: dict[str, int] = {}
    for row in rows:
        for selector in {one for node in row.within(30) for one in _pins(node, is_row=node is row)}:
            counts[selector] = counts.get(selector, 0) + 1
    own = {one for row in rows for one in _pins(row, is_row=True)}
    some = [selector for selector, count in counts.items() if count < len(rows)]
    if some:
        writer.recipe["pinned"] = max(some, key=lambda one: (one in own, counts[one]))


def _pins(node: Node, *, is_row: bool) -> list[str]:
    names = [name for name in node.classes if name.replace("-", "_").isidentifier()]
    if is_row or node.tag in ("li", "tr", "div"):
        return [f"{node.tag}.{name}" for name in names if words.PINNED_CLASS.match(name)]
    if node.tag == "img" and (said := node.attributes.get("alt") or "") in list_marks.PINNED_WORDS:
        return [f'img[alt="{said}"]']
    if clean.one_line(node.element.text()).casefold() in list_marks.PINNED_WORDS:
        return [f"{node.tag}.{name}" for name in names if "noti" in name.lower() or words.PINNED_CLASS.match(name)]
    return []


def _course(writer: Writer) -> None:
    found: dict[str, object] = {}
    reading = writer.found.reading
    for name in words.COURSE_FIELDS:
        named = [c for c in reading.named(name) if c is not writer.found.fields.title]
        column = min(named, key=lambda c: (-len(c.cells), c.length), default=None)
        selector = _put(writer, name, column, found) if column is not None else ""
        if not selector and (word := reading.labels.get(name)):
            selector = f"label:{word.replace(' ', '')}"
            said = [writer.text(row.element, selector) for _n, row in writer.found.rows]
            if sum(map(bool, said)) * 2 >= len(said):
                found[name] = selector
    if status := writer.recipe.pop("status", ""):
        found["status"] = status
    if found:
        writer.recipe["course"] = found
