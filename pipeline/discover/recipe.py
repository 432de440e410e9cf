"""A list that was found, as keys of ``kind: board``, with the rows those very keys read.

What does not live here: finding it (``score``), its fields (``facts``), proof by the board itself (``proof``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.discover import emit, facts, links, paging
from pipeline.discover.columns import Column
from pipeline.discover.facts import Writer
from pipeline.discover.score import Listing
from pipeline.discover.tree import Node, Tree
from pipeline.text import clean, list_marks, select


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


def write(tree: Tree, listing: Listing) -> tuple[dict[str, object], list[SeenRow], Writer] | None:
    """Return the recipe, the rows it reads and the writer with its warnings; ``None`` when no selector reads them."""
    writer = Writer(tree, listing)
    pairs = [(row, listing.fields.titles[n]) for n, row in listing.rows]
    removed = facts.badges(pairs)
    if removed:
        writer.noise = ", ".join([select.NOISE, *removed])
    wanted = [list_marks.title_of(node.element, writer.noise)[0] for _row, node in pairs]
    head = facts.head_of(listing, listing.fields.title)
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
    facts.write(writer)
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


def _seen(writer: Writer, row: Node, link: links.Link) -> SeenRow:
    recipe, element = writer.recipe, row.element
    title, is_cut = writer.titled(element, str(recipe["title"]))
    course = recipe.get("course")
    told = course if isinstance(course, Mapping) else {}
    said = {name: writer.text(element, str(recipe.get(name, ""))) for name in facts.NAMES}
    if told.get("status"):
        said["status"] = writer.text(element, str(told["status"]))
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
        facts=tuple((name, writer.text(element, str(selector))) for name, selector in told.items()),
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
