"""What else stands in the rows of a list: for an editor who says "that is not the date" and picks by number. Pure.

What does not live here: asking (``cli/source_ask``), proof that the choice reads (``drafting``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import SelectolaxError

import pipeline.model as p
from pipeline.discover import emit
from pipeline.discover.columns import Column, Reading, read
from pipeline.discover.groups import Group
from pipeline.discover.reader import Reader
from pipeline.discover.tree import Node, Tree, tree_of
from pipeline.text import clean, select

_FILLED: Final = 0.3  # of the rows; what stands in fewer is no column
_SAMPLES: Final = 3
_MOST: Final = 12
_SAMPLE_CHARS: Final = 40
_MARK_NODES: Final = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A place in the rows: its selector, what stands there in the first rows, and its column's header where it has one."""

    selector: str
    samples: tuple[str, ...]
    head: str = ""


def texts(page: p.Document, recipe: Mapping[str, object]) -> tuple[Choice, ...]:
    """Return the texts of the rows an editor may point at, in the order of the page; empty for a list of JSON.

    Args:
        page: The list page.
        recipe: Keys of ``kind: board``; ``rows`` and ``remove`` are used.

    Cost: about 30 ms.
    """
    opened = _rows(page, recipe)
    if opened is None:
        return ()
    _tree, reader, rows = opened
    reading = read(Group(rows, rows[0].parent or rows[0]), p.limits.DISCOVER_SAMPLE)
    found: dict[str, Choice] = {}
    for column in sorted(reading.columns.values(), key=lambda one: one.first.at):
        if len(column.cells) < _FILLED * len(reading.rows) or len(found) >= _MOST:
            continue
        choice = _choice(reader, reading, column)
        if choice is not None and choice.samples not in [one.samples for one in found.values()]:
            found.setdefault(choice.selector, choice)
    return tuple(found.values())


def marks(page: p.Document, recipe: Mapping[str, object]) -> tuple[Choice, ...]:
    """Return the marks that only some rows carry: a class of the row or of an element in it, with titles of such rows."""
    opened = _rows(page, recipe)
    if opened is None:
        return ()
    _tree, reader, rows = opened
    carried: dict[str, list[Node]] = {}
    for row in rows:
        for name in dict.fromkeys(
            f"{node.tag}.{one}" for node in row.within(_MARK_NODES) for one in node.classes if _is_name(one)
        ):
            carried.setdefault(name, []).append(row)
    title = str(recipe.get("title") or "")
    some = [(name, held) for name, held in carried.items() if len(held) < len(rows)]
    return tuple(
        Choice(name, tuple(clean.one_line(reader.title(row.element, title))[:_SAMPLE_CHARS] for row in held[:_SAMPLES]))
        for name, held in sorted(some, key=lambda one: len(one[1]))[:_MOST]
    )


def links(page: p.Document, recipe: Mapping[str, object]) -> tuple[Choice, ...]:
    """Return the addresses that stand in the rows, each place with the ones of the first rows."""
    opened = _rows(page, recipe)
    if opened is None:
        return ()
    _tree, reader, rows = opened
    places: dict[str, dict[int, Node]] = {}
    for number, row in enumerate(rows[: p.limits.DISCOVER_SAMPLE]):
        seen: dict[str, int] = {}
        for node in (one for one in row.within(_MARK_NODES * 2) if _address(one)):
            path = "/".join([*(f"{one.tag}.{'.'.join(one.stable[:1])}" for one in node.above(row)), *node.stable[:1]])
            seen[path] = seen.get(path, 0) + 1
            places.setdefault(f"{path}{seen[path]}", {})[number] = node
    found: dict[str, Choice] = {}
    for held in places.values():
        pairs: list[tuple[Node, Node | None]] = [
            (row, held.get(n)) for n, row in enumerate(rows[: p.limits.DISCOVER_SAMPLE])
        ]
        wanted = [_address(node) if node is not None else "" for _row, node in pairs]
        selector, share = emit.field_selector(pairs, lambda row, css: reader.text(row, f"{css}@href"), wanted)
        if selector and share >= 0.5 and len(found) < _MOST:
            found.setdefault(selector, Choice(f"{selector}@href", tuple(one for one in wanted if one)[:_SAMPLES]))
    return tuple(found.values())


def _address(node: Node) -> str:
    href = (node.attributes.get("href") or "").strip()
    return "" if href.startswith("#") or href.lower().startswith(("javascript:", "mailto:", "tel:")) else href


def _rows(page: p.Document, recipe: Mapping[str, object]) -> tuple[Tree, Reader, list[Node]] | None:
    tree = tree_of(page)
    rows = str(recipe.get("rows") or "")
    if tree is None or not rows or rows.startswith("json:"):
        return None
    removed = recipe.get("remove")
    noise = ", ".join([select.NOISE, *(removed if isinstance(removed, list | tuple) else ())])
    try:
        nodes = [node for element in tree.html.css(rows) if (node := tree.by_id.get(element.mem_id)) is not None]
    except SelectolaxError:
        return None
    return (tree, Reader(tree, dict(recipe), noise=noise), nodes) if nodes else None


def _choice(reader: Reader, reading: Reading, column: Column) -> Choice | None:
    pairs: list[tuple[Node, Node | None]] = [(row, column.cells.get(n)) for n, row in enumerate(reading.rows)]
    wanted = [select.quiet_text(node.element, reader.noise) if node is not None else "" for _row, node in pairs]
    head = reading.heads[column.place] if 0 <= column.place < len(reading.heads) else ""
    unique = head if head and sum(head in other for other in reading.heads) == 1 else ""
    selector, share = emit.field_selector(pairs, reader.text, wanted, unique)
    said = tuple(text[:_SAMPLE_CHARS] for text in wanted if text)[:_SAMPLES]
    return Choice(selector, said, head) if selector and share >= 0.5 and said else None


def _is_name(name: str) -> bool:
    return name.replace("-", "_").isidentifier()
