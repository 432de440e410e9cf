"""A list without any name to hold on to, found by the articles known of it and written down by its place.

What does not live here: lists that have names (``induce``, ``repair``). Such selectors break first; they are better than no list,
for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence

import pipeline.model as p
from pipeline.discover.induce import Candidate, candidate, ranked
from pipeline.discover.known import KnownRow, Memory
from pipeline.discover.score import Listing
from pipeline.discover.tree import Node, tree_of

CONFIDENCE = 0.4
_LISTS = 3


def placed(page: p.Document, known: Sequence[KnownRow]) -> tuple[Candidate, ...]:
    """Return the lists that know these rows, but that no short selector reads, as paths that count places.

    Cost: as ``induce``.
    """
    tree, memory = tree_of(page), Memory(known)
    if tree is None or not memory.rows:
        return ()
    made = (_by_place(one) for one in ranked(tree, memory)[:_LISTS] if candidate(tree, one, memory) is None)
    return tuple(one for one in made if one is not None)


def _by_place(listing: Listing) -> Candidate | None:
    rows = [row for _number, row in listing.rows]
    above = rows[0].parent
    if above is None or any(row.parent is not above for row in rows):
        return None
    steps = [above, *above.above()]
    ends = (n for n, node in enumerate(steps) if node.tag == "body" or node.attributes.get("id"))
    root = next(ends, len(steps) - 1)
    name = steps[root].attributes.get("id") or ""
    outer = f"#{name}" if name.replace("-", "_").isidentifier() else steps[root].tag
    inner = [_step(node) for node in reversed(steps[:root])]
    recipe: dict[str, object] = {"rows": " > ".join([outer, *inner, rows[0].tag])}
    for key, column in (("title", listing.fields.title), ("date", listing.fields.date)):
        if column is None:
            continue
        number, node = next(iter(column.cells.items()))
        row = listing.reading.rows[number]
        path = [_step(one) for one in reversed([node, *node.above(row)]) if one is not row]
        recipe[key] = " > ".join(path) or node.tag
    coverage = {"title": len(listing.fields.titles) / len(listing.reading.rows)}
    return Candidate(kind="board", confidence=CONFIDENCE, rows=(), recipe=recipe, coverage=coverage)


def _step(node: Node) -> str:
    if node.parent is None:
        return node.tag
    before = node.parent.kids[: node.parent.kids.index(node)]
    return f"{node.tag}:nth-of-type({1 + sum(kid.tag == node.tag for kid in before)})"
