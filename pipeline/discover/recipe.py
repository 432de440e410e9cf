"""A list that was found, as keys of ``kind: board``, with the rows those very keys read.

What does not live here: finding it (``score``), its fields (``facts``), reading (``reader``), proof by the board (``proof``).
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.discover import emit, facts, links, paging
from pipeline.discover.columns import Column
from pipeline.discover.facts import Writer
from pipeline.discover.known import Memory
from pipeline.discover.reader import SeenRow
from pipeline.discover.score import Listing
from pipeline.discover.tree import Tree
from pipeline.text import list_marks, select


def write(tree: Tree, listing: Listing, memory: Memory) -> tuple[dict[str, object], list[SeenRow], Writer] | None:
    """Return the recipe, the rows it reads and the writer with its warnings; ``None`` when no selector reads them."""
    writer = Writer(tree, listing=listing)
    pairs = [(row, listing.fields.titles[n]) for n, row in listing.rows]
    removed = facts.badges(pairs, memory)
    if removed:
        writer.noise = ", ".join([select.NOISE, *removed])
    wanted = [list_marks.title_of(node.element, writer.noise)[0] for _row, node in pairs]
    head = facts.head_of(listing, listing.fields.title)
    title, share = emit.field_selector([*pairs], writer.title, wanted, head)
    if share < 0.5:
        return None
    rows, exact = emit.rows_selector(tree, pairs, lambda e: bool(writer.title(e, title)))
    if not rows:
        return None
    if not exact or share < 1:
        writer.warnings.append(("rows-inexact" if not exact else "title-partly", title))
    writer.recipe |= {"rows": rows, "title": title}
    if removed:
        writer.recipe["remove"] = removed
    facts.write(writer)
    nodes = [row for row, _node in pairs]
    held = [writer.link(row) for row in nodes]
    made = links.route(tree, held)
    if made is not None:
        writer.recipe |= made.keys
        if made.is_guess:
            writer.unverified.append("link_template")
    elif held and not any(link.is_plain for link in held):
        writer.warnings.append(("no-addresses", title))
    if pages := paging.paging(tree):
        writer.recipe["paging"] = pages
    return writer.recipe, _seen(writer, listing), writer


def _seen(writer: Writer, listing: Listing) -> list[SeenRow]:
    fields, read = listing.fields, writer.rows([row for _n, row in listing.rows])
    return [
        replace(row, period=_said(fields.period, n), views=_said(fields.named.get("views"), n))
        for row, (n, _node) in zip(read, listing.rows, strict=True)
    ]


def _said(column: Column | None, number: int) -> str:
    node = column.cells.get(number) if column is not None else None
    if column is None or node is None:
        return ""
    text = node.said
    if column.label and text.replace(" ", "").startswith(column.label.replace(" ", "")):
        return text[len(column.label) :].lstrip(" :：|")
    return text
