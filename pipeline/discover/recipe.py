"""A list that was found, as keys of ``kind: board``, with the rows those very keys read.

What does not live here: finding it (``score``), single selectors (``emit``), proof by the board itself (``reproduces`` in ``induce``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode, SelectolaxError

from pipeline.discover import emit, links, paging, words
from pipeline.discover.columns import Column, is_date
from pipeline.discover.fields import has_date
from pipeline.discover.score import Listing
from pipeline.discover.tree import DATE, Node, Tree
from pipeline.text import clean, list_marks, select

_FACTS = ("status", "number", "department", "author", "category")
_DATE_PATTERN = r"((?:(?:19|20)\d{2}|\d{2})\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One row as the recipe reads it; texts as the page says them, ``""`` where it says nothing.

    Attributes:
        href: Address as written in the page, not made absolute; may be ``#`` or a script.
        call: ``onclick`` or the call in a ``javascript:`` address.
        date: The posting date's text; the full date alone where other words stand beside it.
        facts: Course fields by name of ``course:``.
    """

    title: str
    is_cut: bool = False
    href: str = ""
    call: str = ""
    date: str = ""
    is_pinned: bool = False
    period: str = ""
    status: str = ""
    number: str = ""
    views: str = ""
    department: str = ""
    author: str = ""
    category: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Writer:
    """One listing being written down."""

    tree: Tree
    listing: Listing
    recipe: dict[str, object] = field(default_factory=dict)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    headers: select.Headers = field(default_factory=select.Headers)
    noise: str = select.NOISE

    def text(self, element: LexborNode, selector: str) -> str:
        """Read a fact of a row."""
        return emit.text_of(element, selector, self.headers, self.noise) if selector else ""

    def title(self, element: LexborNode, selector: str) -> str:
        """Read a row's title as ``kind: board`` does."""
        return self.titled(element, selector)[0]

    def titled(self, element: LexborNode, selector: str) -> tuple[str, bool]:
        """Read a row's title and whether the list cut it."""
        try:
            found = select.node(element, selector, self.headers)
        except SelectolaxError:
            return "", False
        return list_marks.title_of(found, self.noise) if found is not None else ("", False)


def write(tree: Tree, listing: Listing) -> tuple[dict[str, object], list[SeenRow], Writer] | None:
    """Return the recipe, the rows it reads and the writer with its warnings; ``None`` when no selector reads them."""
    writer = Writer(tree, listing)
    pairs = [(row, listing.fields.titles[n]) for n, row in listing.rows]
    removed = _badges(pairs)
    if removed:
        writer.noise = ", ".join([select.NOISE, *removed])
    wanted = [list_marks.title_of(node.element, writer.noise)[0] for _row, node in pairs]
    head = _head(listing, listing.fields.title)
    title, share = emit.field_selector([*pairs], writer.title, wanted, head)
    if share < 0.5:
        return None
    rows, exact = emit.rows_selector(tree, [row for row, _n in pairs], lambda e: bool(writer.title(e, title)))
    if not rows:
        return None
    if not exact or share < 1:
        writer.warnings.append(("rows-inexact" if not exact else "title-partly", title))
    writer.recipe |= {"rows": rows, "title": title}
    if removed:
        writer.recipe["remove"] = removed
    _facts(writer)
    nodes = [row for row, _node in pairs]
    held = [_link(writer, row, title) for row in nodes]
    made = links.route(tree, held)
    if made is not None:
        writer.recipe |= made.keys
        if made.is_guess:
            writer.unverified.append("link_template")
    elif held and not any(link.is_plain for link in held):
        writer.warnings.append(("no-addresses", title))
    if pages := paging.paging(tree):
        writer.recipe["paging"] = pages
    return writer.recipe, [_seen(writer, row, link) for row, link in zip(nodes, held, strict=True)], writer


def _link(writer: Writer, row: Node, title: str) -> links.Link:
    found = select.node(row.element, title, writer.headers)
    node = writer.tree.by_id.get(found.mem_id) if found is not None else None
    return links.link_of(node or row, row)


def _head(listing: Listing, column: Column | None) -> str:
    """Return the header word over a column when it names this column alone."""
    heads = listing.reading.heads
    if column is None or listing.rows[0][1].tag != "tr" or not 0 <= column.place < len(heads):
        return ""
    word = heads[column.place]
    return word if word and sum(word in other for other in heads) == 1 and len(word) < 16 else ""


def _badges(pairs: list[tuple[Node, Node]]) -> list[str]:
    """Return selectors of what stands in titles and is none of them: categories, marks, counts."""
    found: dict[str, list[bool]] = {}
    for _row, title in pairs:
        whole = title.said
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
                found.setdefault(own, []).append(is_badge and bool(words.BADGE_WORD.match(node.said)))
    return [selector for selector, said in found.items() if all(said)]


def _facts(writer: Writer) -> None:
    fields = writer.listing.fields
    _date(writer, _whole_date(fields.date, fields.more_dates))
    for name in _FACTS:
        column = fields.named.get(name)
        if column is not None and (name != "category" or column.place != fields.title.place):
            _put(writer, name, column)
    _pinned(writer)
    if writer.listing.is_course:
        _course(writer)


def _put(writer: Writer, name: str, column: Column, into: dict[str, object] | None = None) -> str:
    target = writer.recipe if into is None else into
    selector = _selector(writer, column)
    if selector:
        target[name] = selector
    return selector


def _selector(writer: Writer, column: Column) -> str:
    pairs: list[tuple[Node, Node | None]] = [(row, column.cells.get(n)) for n, row in writer.listing.rows]
    if column.label:
        selector = f"label:{column.label.replace(' ', '')}"
        said = [writer.text(row.element, selector) for row, node in pairs if node is not None]
        if said and sum(bool(text) for text in said) >= 0.8 * len(said):
            return selector
    wanted = [select.quiet_text(node.element, writer.noise) if node is not None else "" for _row, node in pairs]
    selector, share = emit.field_selector(pairs, writer.text, wanted, _head(writer.listing, column))
    return selector if share >= 0.8 else ""


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
    said = [writer.text(row.element, str(writer.recipe["date"])) for _n, row in writer.listing.rows]
    loose = [text for text in said if text and not is_date(text)]
    if (
        loose
        and all(DATE.search(text) for text in loose)
        and any(len(DATE.findall(t)) > 1 or len(t) > 30 for t in loose)
    ):
        writer.recipe["date_pattern"] = _DATE_PATTERN


def _pinned(writer: Writer) -> None:
    """Pinned: a class at the row or in it that only some rows have; a word in the number cell ``number`` tells already."""
    rows = [row for _n, row in writer.listing.rows]
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
    reading = writer.listing.reading
    for name in words.COURSE_FIELDS:
        column = next((c for c in reading.named(name) if c is not writer.listing.fields.title), None)
        selector = _put(writer, name, column, found) if column is not None else ""
        if not selector and (word := reading.labels.get(name)):
            selector = f"label:{word.replace(' ', '')}"
            said = [writer.text(row.element, selector) for _n, row in writer.listing.rows]
            if sum(map(bool, said)) * 2 >= len(said):
                found[name] = selector
    if status := writer.recipe.pop("status", ""):
        found["status"] = status
    if found:
        writer.recipe["course"] = found


def _seen(writer: Writer, row: Node, link: links.Link) -> SeenRow:
    recipe, element = writer.recipe, row.element
    title, is_cut = writer.titled(element, str(recipe["title"]))
    course = recipe.get("course")
    facts = course if isinstance(course, Mapping) else {}
    said = {name: writer.text(element, str(recipe.get(name, ""))) for name in _FACTS}
    if facts.get("status"):
        said["status"] = writer.text(element, str(facts["status"]))
    date = writer.text(element, str(recipe.get("date", "")))
    if date and (pattern := recipe.get("date_pattern")):
        match = re.search(str(pattern), date)
        date = match.group(1) if match else ""
    return SeenRow(
        title=title,
        is_cut=is_cut,
        href=link.href,
        call=link.call,
        date=date,
        is_pinned=_is_pinned(recipe, row, said["number"]),
        period=_of_column(writer, writer.listing.fields.period, row),
        views=_of_column(writer, writer.listing.fields.named.get("views"), row),
        facts=tuple((name, writer.text(element, str(selector))) for name, selector in facts.items()),
        **said,
    )


def _of_column(writer: Writer, column: Column | None, row: Node) -> str:
    if column is None:
        return ""
    at = writer.listing.reading.rows.index(row)
    node = column.cells.get(at)
    text = node.said if node is not None else ""
    if column.label and text.replace(" ", "").startswith(column.label.replace(" ", "")):
        return text[len(column.label) :].lstrip(" :：|")
    return text


def _is_pinned(recipe: Mapping[str, object], row: Node, number: str) -> bool:
    """As ``kind: board`` decides it."""
    if number and number.casefold() in list_marks.PINNED_WORDS:
        return True
    if pinned := recipe.get("pinned"):
        return row.element.css_first(str(pinned)) is not None
    if row.tag == "tr" and list_marks.PINNED_CLASSES & set(row.classes):
        return True
    first = row.element.css_first("td")
    return first is not None and clean.one_line(first.text()).casefold() in list_marks.PINNED_WORDS
