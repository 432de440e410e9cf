"""Which elements of a page could be the rows of a list: repeated siblings, and cousins of one shape, best first by cheap counts.

What does not live here: what stands in the rows (``columns``), the choice (``score``).
Source: extraction §4 (1): children of one parent by tag and class without state classes, by tag alone, and same-path cousins.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log2
from statistics import median

import pipeline.model as p
from pipeline.discover import words
from pipeline.discover.tree import Node, Tree

_ROW_TAGS = frozenset(
    ["tr", "li", "div", "dl", "a", "article", "section", "dt", "ul", "ol", "p", "td", "table", "form", "figure"]
)
_ONE_ROW = frozenset(["tr", "li", "dl", "article", "a"])  # elements that may be the only row of a list
_ITEM = re.compile(r"(?:^|[-_])(?:item|card|row)s?(?:$|[-_\d])", re.IGNORECASE)
_ROW_SIZE = 150  # elements; larger ones are parts of a page, not lines of a list
_CELL_CHARS = 7
_ROW_CHARS = 2000
_WHOLE = 0.9  # an element around nearly all text is the page, whatever its name


@dataclass(slots=True, eq=False)
class Group:
    """Rows that may be a list, in document order, and the element around them all."""

    rows: list[Node]
    container: Node
    furniture: float = 0.0
    cheap: float = 0.0


def candidates(tree: Tree, hits: Mapping[int, str] | None = None) -> list[Group]:
    """Return at most ``limits.DISCOVER_GROUPS`` groups, likeliest first. Cost: one pass over the elements.

    Args:
        tree: The page.
        hits: Place → known title of elements that say one: groups with most of them come first.
    """
    if not tree.nodes:
        return []
    furniture = _furniture(tree)
    places = sorted(hits or ())
    found: dict[tuple[int, int, int], Group] = {}
    for rows in _all(tree):
        if (group := _group(rows, furniture)) is not None:
            group.cheap += 12 * _known(rows, places, hits or {})
            found.setdefault((len(rows), rows[0].at, rows[-1].at), group)
    return sorted(found.values(), key=lambda g: -g.cheap)[: p.limits.DISCOVER_GROUPS]


def may_stand_alone(row: Node) -> bool:
    """Whether an element may be the only row of a list: a line by its tag or its name, not a part of the page."""
    return row.tag in _ONE_ROW or any(map(_ITEM.search, row.classes))


def _all(tree: Tree) -> Iterator[list[Node]]:
    tables: dict[int, list[Node]] = defaultdict(list)
    cousins: dict[tuple[object, ...], list[Node]] = defaultdict(list)
    for node in tree.nodes:
        above = node.parent
        if node.tag in _ROW_TAGS and above is not None:
            for name in node.stable:
                cousins[node.tag, name].append(node)
            if above.stable and node.tag != "tr":
                cousins[above.tag, above.stable, node.tag].append(node)
        if node.tag == "tr" and (table := _table(node)) is not None:
            tables[table.at].append(node)
        elif node.kids:
            yield from _siblings(node)
    for rows in tables.values():
        yield rows
        yield from _by_class(rows)
        yield from _cells(rows)
    twins: dict[tuple[object, ...], list[Node]] = defaultdict(list)
    for rows in tables.values():
        table = _table(rows[0])
        if table is not None and table.stable:
            twins[table.stable].extend(rows)
    for rows in (*cousins.values(), *twins.values()):
        if len(rows) > 1 and any(row.parent is not rows[0].parent for row in rows) and not _nested(rows):
            yield rows


def _cells(rows: list[Node]) -> Iterator[list[Node]]:
    """Yield the cells of a table that is a grid of pictures: several cells of each row lead somewhere and say something."""
    cells = [[kid for kid in row.kids if kid.tag == "td" and kid.links and kid.chars > _CELL_CHARS] for row in rows]
    if len(rows) > 1 and sum(len(one) > 1 for one in cells) * 2 >= len(rows):
        yield [cell for one in cells for cell in one]


def _nested(rows: list[Node]) -> bool:
    return any(after.at < row.at + row.size for row, after in itertools.pairwise(rows))


def _siblings(node: Node) -> Iterator[list[Node]]:
    by_tag: dict[str, list[Node]] = defaultdict(list)
    for kid in node.kids:
        if kid.tag in _ROW_TAGS and kid.tag != "tr":
            by_tag[kid.tag].append(kid)
    for rows in by_tag.values():
        yield rows
        yield from _by_class(rows)


def _by_class(rows: list[Node]) -> Iterator[list[Node]]:
    by_class: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for row in rows:
        by_class[row.stable].append(row)
    if 1 < len(by_class) <= len(rows) // 2 + 2:
        yield from by_class.values()


def _table(row: Node) -> Node | None:
    """Return the table of a body row; ``None`` for rows of a table's head."""
    node = row.parent
    while node is not None and node.tag in ("tbody", "tfoot", "form"):
        node = node.parent
    return node if node is not None and node.tag == "table" else None


def _group(rows: list[Node], furniture: dict[int, float]) -> Group | None:
    rows = [row for row in rows if row.chars > 1]
    if not rows:
        return None
    count = len(rows)
    if count == 1 and not may_stand_alone(rows[0]):
        return None
    if sum(row.size for row in rows) > _ROW_SIZE * count or sum(row.chars for row in rows) > _ROW_CHARS * count:
        return None
    links, dates = sum(r.links > 0 for r in rows) / count, sum(r.dates > 0 for r in rows) / count
    is_table = rows[0].tag == "tr"
    if max(links, dates) < 0.3 and not is_table and rows[0].tag not in ("dl", "dt", "li"):
        return None
    chars = median(r.chars for r in rows)
    container = _around(rows)
    penalty = furniture.get(rows[0].at, 0.0)
    cheap = 2 * dates + links + min(1.0, chars / 40) + 0.35 * log2(count) + is_table - penalty
    cheap -= 0.2 * max(0.0, sum(r.links for r in rows) / count - 4) + (chars > 1500) + (count == 1) + (chars < 8)
    return Group(rows, container, penalty, cheap)


def _around(rows: list[Node]) -> Node:
    first = rows[0]
    above = first.above() or [first]
    if all(row.parent is first.parent for row in rows):
        return above[0]
    others = {id(node) for node in rows[-1].above()}
    return next((node for node in above if id(node) in others), above[-1])


def _known(rows: list[Node], places: list[int], hits: Mapping[int, str]) -> float:
    """Return the share of known titles that stand in rows, each row counted for one."""
    if not places:
        return 0.0
    told = set()
    for row in rows:
        i = bisect_left(places, row.at)
        if i < len(places) and places[i] < row.at + row.size:
            told.add(hits[places[i]])
    return len(told) / len(set(hits.values()))


def _furniture(tree: Tree) -> dict[int, float]:
    """Return for each element how much of it is menus, footers, tabs, sliders: 0 for the page's own matter."""
    weight: dict[int, float] = {}
    total = tree.nodes[0].chars or 1
    for node in tree.nodes:
        inherited = weight[node.parent.at] if node.parent is not None else 0.0
        weight[node.at] = inherited
        if node.tag in ("body", "html") or inherited >= 3 or node.chars > _WHOLE * total:
            continue
        names = (*node.classes, node.attributes.get("id") or "")
        if node.tag in ("nav", "footer") or any(words.FURNITURE.match(name) for name in names if name):
            weight[node.at] = 3.0
        elif node.tag in ("aside", "header") or any(words.SLIDER.search(name) for name in names if name):
            weight[node.at] = max(inherited, 1.5)
    return weight
