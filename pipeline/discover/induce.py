"""One saved list page, nothing configured → ranked candidates of lists with rows, fields and recipe. Pure.

``induce(page)`` is what ``moa source new`` and ``moa lab lists`` call; ``induce(page, known=rows)`` is for repairs (``repair``).
A candidate's ``recipe`` holds option keys of ``kind: board`` (all but ``url``) as plain values, ready for YAML; its ``rows`` are
what those keys read from this very page. The caller who holds the board proves it by parsing the page with the recipe
(``same_rows``) and offers nothing else.

What does not live here: addresses, fetching, YAML text (``probe`` and the commands).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pipeline.model as p
from pipeline.discover import columns, fields, groups, recipe, score
from pipeline.discover.columns import is_date
from pipeline.discover.recipe import SeenRow
from pipeline.discover.score import FLOOR, Listing
from pipeline.discover.tree import DATE, Tree, tree_of

_CANDIDATES = 3
_BIGGER = 1.15  # a list that holds another one whole and so many more rows is the list
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


def induce(page: p.Document) -> tuple[Candidate, ...]:
    """Return the lists of a page, best first; empty when there is none, or one that says it is empty.

    Args:
        page: A list page as fetched or saved; only its bytes, charset and address are used.

    Cost: 30 to 100 ms for 400 KB, bounded by ``limits.DISCOVER_*``. Source: extraction §4, ADR-0021.
    """
    tree = tree_of(page)
    if tree is None:
        return ()
    found = ranked(tree)
    candidates: list[Candidate] = []
    for listing in found[: _CANDIDATES * 2]:
        if len(candidates) < _CANDIDATES and (one := candidate(tree, listing)) is not None:
            candidates.append(one)
    return tuple(candidates)


def ranked(tree: Tree) -> list[Listing]:
    """Return the listings above the floor, best first, no two of the same rows."""
    listings: list[Listing] = []
    for group in groups.candidates(tree):
        reading = columns.read(group, p.limits.ITEMS_PER_FETCH)
        if reading.rows and (chosen := fields.choose(reading)) is not None:
            listings.append(score.listing(reading, chosen))
    listings = [one for one in listings if one.score >= FLOOR]
    listings.sort(key=lambda one: (-round(one.score, 1), -sum(row.size for row in one.reading.rows)))
    kept: list[Listing] = []
    while listings:
        best = _widest(listings)
        kept.append(best)
        listings = [one for one in listings if not _overlap(one, best)]
    return kept


def _widest(listings: Sequence[Listing]) -> Listing:
    best = listings[0]
    for other in listings[1:]:
        more = len(other.rows) >= _BIGGER * len(best.rows)
        if more and other.score >= best.score - _NEAR and _holds(other, best):
            best = other
    return best


def _holds(outer: Listing, inner: Listing) -> bool:
    """Whether nearly every title of one list stands in a row of the other, at most one in each."""
    spans = [(row.at, row.at + row.size) for _n, row in outer.rows]
    titles = [inner.fields.titles[n].at for n, _row in inner.rows]
    held = {i for at in titles for i, (start, end) in enumerate(spans) if start <= at < end}
    whole = [(row.at, row.at + row.size) for _n, row in inner.rows]
    parts = any(sum(start <= at < end for at, _end in spans) > 1 for start, end in whole)  # pieces of the other's rows
    return len(held) >= 0.9 * len(titles) and not parts


def _overlap(one: Listing, best: Listing) -> bool:
    spans = [(row.at, row.at + row.size) for _n, row in best.rows]
    mine = [(row.at, row.at + row.size) for _n, row in one.rows]
    return any(start < end2 and start2 < end for start, end in mine for start2, end2 in spans)


def candidate(tree: Tree, listing: Listing) -> Candidate | None:
    """Return a listing written down, ``None`` when no selectors read it."""
    written = recipe.write(tree, listing)
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
