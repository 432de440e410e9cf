"""One saved list page, nothing configured → ranked candidates of lists with rows, fields and recipe. Pure.

``induce(page)`` is what ``moa source new`` and ``moa lab lists`` call; ``induce(page, known=rows)`` is for repairs (``repair``).
A candidate's ``recipe`` holds option keys of ``kind: board`` (all but ``url``) as plain values, ready for YAML; its ``rows`` are
what those keys read from this very page. The caller who holds the board proves it by parsing the page with the recipe
(``same_rows``) and offers nothing else.

What does not live here: addresses, fetching, YAML text (``probe`` and the commands).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pipeline.model as p
from pipeline.discover import columns, fields, groups, recipe, score
from pipeline.discover.columns import is_date
from pipeline.discover.known import KnownRow, Memory
from pipeline.discover.reader import SeenRow
from pipeline.discover.rows import is_empty_board
from pipeline.discover.score import FLOOR, Listing
from pipeline.discover.tree import DATE, Tree, tree_of

_CANDIDATES = 3
_BIGGER = 1.15  # a list that holds another one whole and so many more rows is the list
_MANY = 60  # rows
_NEAR = 4.0  # points it may be behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A list found in a page.

    Attributes:
        kind: ``course`` when the rows are courses, else ``board``.
        confidence: 0 to 1; below 0.7 a person should look.
        rows: As the recipe reads them, in page order, repeated ones kept.
        recipe: Keys of ``kind: board``: ``rows``, ``title``, ``date``, …, ``course``, ``paging``.
        coverage: Share of rows with a value, for ``title``, ``link``, ``date`` and each field of the recipe.
        warnings: ``(code, what)``: ``rows-inexact``, ``title-partly``, ``no-addresses``, ``page-cut``.
        unverified: Keys that were guessed from the page and wait for a detail page to prove them: ``link_template``.
    """

    kind: str
    confidence: float
    rows: tuple[SeenRow, ...]
    recipe: dict[str, object]
    coverage: dict[str, float]
    warnings: tuple[tuple[str, str], ...] = ()
    unverified: tuple[str, ...] = ()


def induce(page: p.Document, *, known: Sequence[KnownRow] = ()) -> tuple[Candidate, ...]:
    """Return the lists of a page, best first; empty when there is none, or one that says it is empty.

    Args:
        page: A list page as fetched or saved; only its bytes, charset and address are used.
        known: Rows of the last good run: the list that holds most of them is the best, whatever it looks like.

    Cost: 30 to 100 ms for 400 KB, bounded by ``limits.DISCOVER_*``. Source: extraction §4, ADR-0021.
    """
    tree = tree_of(page)
    if tree is None:
        return ()
    return induce_from(tree, Memory(known))


def induce_from(tree: Tree, memory: Memory) -> tuple[Candidate, ...]:
    """Return the lists of a tree, as ``induce``."""
    candidates: list[Candidate] = []
    for listing in ranked(tree, memory)[: _CANDIDATES * 2]:
        if len(candidates) < _CANDIDATES and (one := candidate(tree, listing, memory)) is not None:
            candidates.append(one)
    return tuple(candidates)


def ranked(tree: Tree, memory: Memory) -> list[Listing]:
    """Return the listings above the floor, best first, no two of the same rows."""
    listings: list[Listing] = []
    for group in groups.candidates(tree, memory.hits(tree)):
        if (
            len(group.rows) > _MANY and not memory.rows
        ):  # menus of a thousand words are not read whole to see that they are menus
            some = _listing(_sampled(group), memory)
            if some is None or some.score < FLOOR - _NEAR:
                continue
        if (one := _listing(group, memory)) is not None and one.score >= FLOOR:
            listings.append(one)
    listings.sort(key=lambda one: (-round(one.score, 1), -sum(row.size for row in one.reading.rows)))
    if not memory.rows and any(node.tag == "table" and is_empty_board(node) for node in tree.nodes):
        listings = [one for one in listings if one.reading.heads]  # what else stands there is not the page's list
    kept: list[Listing] = []
    while listings:
        best = _fullest(_widest(listings), listings)
        kept.append(best)
        listings = [one for one in listings if not _overlap(one, best)]
    return kept


def _sampled(group: groups.Group) -> groups.Group:
    return replace(group, rows=group.rows[:: len(group.rows) // p.limits.DISCOVER_SAMPLE])


def _listing(group: groups.Group, memory: Memory) -> Listing | None:
    reading = columns.read(group, p.limits.ITEMS_PER_FETCH)
    chosen = fields.choose(reading, memory) if reading.rows else None
    return score.listing(reading, chosen, memory) if chosen is not None else None


def _widest(listings: Sequence[Listing]) -> Listing:
    best = listings[0]
    for other in listings[1:]:
        more = len(other.rows) >= _BIGGER * len(best.rows)
        if more and other.score >= best.score - _NEAR and _holds(other, best):
            best = other
    return best


def _fullest(best: Listing, listings: Sequence[Listing]) -> Listing:
    """Return the elements around the same rows that tell more: the button or the state may stand outside of the inner ones."""
    for other in listings:
        is_around = len(other.rows) == len(best.rows) and other.score >= best.score - _NEAR / 2 and _holds(other, best)
        if is_around and fields.richness(other.fields, other.reading) > fields.richness(best.fields, best.reading):
            best = other
    return best


def _holds(outer: Listing, inner: Listing) -> bool:
    """Whether nearly every title of one list stands in a row of the other, at most one in each."""
    starts = [row.at for _n, row in outer.rows]
    ends = [row.at + row.size for _n, row in outer.rows]
    held = set()
    for n, _row in inner.rows:
        at = inner.fields.titles[n].at
        i = bisect_right(starts, at) - 1
        if i >= 0 and at < ends[i]:
            held.add(i)
    pieces = any(
        bisect_right(starts, row.at + row.size - 1) - bisect_right(starts, row.at - 1) > 1 for _n, row in inner.rows
    )
    return len(held) >= 0.9 * len(inner.rows) and not pieces


def _overlap(one: Listing, best: Listing) -> bool:
    """Whether two lists share ground; rows are in document order and never nested."""
    starts = [row.at for _n, row in best.rows]
    for _n, row in one.rows:
        i = bisect_right(starts, row.at + row.size - 1) - 1
        if i >= 0 and best.rows[i][1].at + best.rows[i][1].size > row.at:
            return True
    return False


def candidate(tree: Tree, listing: Listing, memory: Memory) -> Candidate | None:
    """Return a listing written down, ``None`` when no selectors read it."""
    written = recipe.write(tree, listing, memory)
    if written is None:
        return None
    keys, rows, writer = written
    coverage = _coverage(rows, keys)
    warnings = [*writer.warnings, *([("page-cut", str(p.limits.DISCOVER_NODES))] if tree.is_cut else [])]
    return Candidate(
        kind="course" if "course" in keys else "board",
        confidence=listing.confidence,
        rows=tuple(rows),
        recipe=keys,
        coverage=coverage,
        warnings=tuple(warnings),
        unverified=tuple(writer.unverified),
    )


def _coverage(rows: Sequence[SeenRow], keys: dict[str, object]) -> dict[str, float]:
    def share(said: Sequence[object]) -> float:
        return round(sum(map(bool, said)) / len(said), 3) if said else 0.0

    found = {"title": share([row.title for row in rows]), "link": share([row.href or row.call for row in rows])}
    for name in ("date", "status", "number", "department", "author", "category"):
        if name in keys:
            found[name] = share([getattr(row, name) for row in rows])
    facts = [dict(row.facts) for row in rows]
    return found | {f"course.{name}": share([one.get(name) for one in facts]) for name in (facts[0] if facts else {})}


def printed_date(text: str) -> str:
    """Return the full date in a text alone, the text itself where it is a date of another form."""
    match = DATE.search(text)
    if match is None or is_date(text):
        return text
    return match.group()
