"""Last good rows × today's page → new selectors, with rows before and after, confidence and runner-up. Pure.

``repair(page, known, recipe)`` is what ``moa source repair`` shows and what the night may propose. ``recipe`` holds the source's
own keys of ``kind: board`` (all but ``url``); keys that still read what they should are kept as the editor wrote them.

What does not live here: telling that a page has drifted (``collect/judge``), writing YAML (the command), proof by the board
(``proof.same_rows``), which the caller owes as for every candidate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pipeline.model as p
from pipeline.discover.fields import has_date
from pipeline.discover.induce import Candidate, induce_from
from pipeline.discover.known import KnownRow, Memory, plain, same_day
from pipeline.discover.reader import SeenRow, reread
from pipeline.discover.tree import Tree, tree_of
from pipeline.text import select

SURE = 0.6
"""Share of known rows from which a repair may be applied without a person, where the editor allowed it (extraction §5)."""

_SURVIVORS = 2  # known rows that must be on the page: one may be a coincidence
_FIELDS = ("date", "pinned", "number", "status", "department", "author", "category")
_LINKS = ("link", "link_pattern", "link_template")
_STILL = 0.8  # share of rows or known values a key must read to be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A proposal.

    Attributes:
        recipe: The whole new recipe: the old keys, and the new ones where the old read nothing.
        changed: Keys that differ, ``(old, new)``; ``None`` where there was or will be none.
        before: Rows the old recipe reads from this page; empty when it reads nothing.
        after: Rows the new one reads.
        overlap: Share of the known rows that are among ``after``.
        confidence: 0 to 1: overlap, and whether every field the source had is read again.
        lost: Fields the source had and the new recipe cannot read.
        runner_up: The next best list of the page, for the person who decides.
        unverified: Guessed keys, as of a ``Candidate``.
    """

    recipe: dict[str, object]
    changed: dict[str, tuple[object | None, object | None]]
    before: tuple[SeenRow, ...]
    after: tuple[SeenRow, ...]
    overlap: float
    confidence: float
    lost: tuple[str, ...] = ()
    runner_up: Candidate | None = None
    unverified: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it may be applied without a person, if two fetches agree and the editor allowed it."""
        return self.overlap >= SURE and not self.lost and not self.unverified


def repair(page: p.Document, known: Sequence[KnownRow], recipe: Mapping[str, object]) -> Repair | None:
    """Return a proposal, ``None`` when the recipe still reads the page as well as any, or nothing known is on it.

    Args:
        page: Today's list page.
        known: Rows of the last good run, newest first; 10 to 50 are enough.
        recipe: The source's keys of ``kind: board``.

    Cost: as ``induce``. Source: extraction §5, ADR-0021.
    """
    tree, memory = tree_of(page), Memory(known)
    if tree is None or not memory.rows:
        return None
    before = reread(tree, recipe)
    found = induce_from(tree, memory)
    if not found:
        return None
    best = found[0]
    overlap = _overlap(best.rows, memory)
    if overlap * len(memory.rows) < min(_SURVIVORS, len(memory.rows)) or _is_good(before, best.rows, memory):
        return None
    merged, lost = _merged(tree, recipe, best, memory)
    after = reread(tree, merged)
    changed = {
        key: (recipe.get(key), merged.get(key)) for key in {*recipe, *merged} if recipe.get(key) != merged.get(key)
    }
    return Repair(
        recipe=merged,
        changed=dict(sorted(changed.items())),
        before=tuple(before),
        after=tuple(after),
        overlap=round(_overlap(after, memory), 3),
        confidence=round(overlap * (1 - 0.15 * len(lost)) * (0.5 + 0.5 * best.confidence), 3),
        lost=tuple(lost),
        runner_up=found[1] if len(found) > 1 else None,
        unverified=tuple(key for key in best.unverified if key in merged and merged.get(key) != recipe.get(key)),
    )


def _overlap(rows: Sequence[SeenRow], memory: Memory) -> float:
    return len({plain(row.title) for row in rows} & memory.rows.keys()) / len(memory.rows)


def _is_good(before: Sequence[SeenRow], after: Sequence[SeenRow], memory: Memory) -> bool:
    """Whether the old recipe reads the list already: the known rows, no others than the new one reads, and their dates."""
    if not before or _overlap(before, memory) < _overlap(after, memory):
        return False
    old, new = {plain(row.title) for row in before}, {plain(row.title) for row in after}
    return len(old & new) >= _STILL * len(new) and _dated(before, memory) >= _dated(after, memory) - 0.2


def _dated(rows: Sequence[SeenRow], memory: Memory) -> float:
    """Return the share of rows with the date that is known of them; where none is known, with any date."""
    pairs = [(row.date, known.date) for row in rows if (known := memory.rows.get(plain(row.title))) and known.date]
    if pairs:
        return sum(same_day(mine, theirs) for mine, theirs in pairs) / len(pairs)
    return sum(has_date(row.date) for row in rows) / len(rows) if rows else 0.0


def _merged(
    tree: Tree, recipe: Mapping[str, object], best: Candidate, memory: Memory
) -> tuple[dict[str, object], list[str]]:
    """Return the old recipe with new keys where the old read nothing, and the fields that are lost."""
    merged = {**recipe, "rows": best.recipe["rows"], "title": best.recipe["title"]}
    for key in ("remove", "container", "empty"):
        merged.pop(key, None)
    if "remove" in best.recipe:
        merged["remove"] = best.recipe["remove"]
    lost: list[str] = []
    rows = reread(tree, merged)
    for key in _FIELDS:
        if key not in recipe or _still(key, rows, memory):
            continue
        merged.pop(key)
        if key == "date":
            merged.pop("date_pattern", None)
        if key in best.recipe:
            merged[key] = best.recipe[key]
        else:
            lost.append(key)
    if "date" in best.recipe and merged.get("date") == best.recipe["date"] and "date_pattern" in best.recipe:
        merged["date_pattern"] = best.recipe["date_pattern"]
    if isinstance(course := recipe.get("course"), Mapping):
        merged["course"] = _course(tree, merged, course, best, lost)
    _links(tree, merged, best)
    return merged, [key for key in lost if key != "pinned"]


def _still(key: str, rows: Sequence[SeenRow], memory: Memory) -> bool:
    """Whether an old key reads a field of the rows found anew: values, and for dates the known ones."""
    if not rows:
        return False
    if key == "pinned":
        return 0 < sum(row.is_pinned for row in rows) < len(rows)
    values = [getattr(row, key) for row in rows]
    if key != "date":
        return sum(map(bool, values)) >= _STILL * len(rows)
    return _dated(rows, memory) >= _STILL


def _course(
    tree: Tree, merged: Mapping[str, object], course: Mapping[str, object], best: Candidate, lost: list[str]
) -> dict[str, object]:
    new = best.recipe.get("course")
    found = dict(new) if isinstance(new, Mapping) else {}
    kept: dict[str, object] = {}
    rows = [dict(row.facts) for row in reread(tree, {**merged, "course": dict(course)})]
    for name, selector in course.items():
        if sum(bool(row.get(name)) for row in rows) >= _STILL * len(rows):
            kept[name] = selector
        elif name in found:
            kept[name] = found[name]
        else:
            lost.append(f"course.{name}")
    return kept


def _links(tree: Tree, merged: dict[str, object], best: Candidate) -> None:
    """Keep how addresses are made where the page still says so: a script call outlives a redesign."""
    rows = tree.html.css(str(merged["rows"]))
    selector = str(merged.get("link", ""))
    attribute = selector.rpartition("@")[2] if "@" in selector else ""
    if selector and not any(select.node(row, selector, select.Headers()) is not None for row in rows):
        merged.pop("link")
        if attribute:
            merged["link"] = f"a@{attribute}"
    pattern = str(merged.get("link_pattern", ""))
    said = [row.call or row.href for row in best.rows]
    if pattern and not any(re.search(pattern, text) for text in said):
        for key in _LINKS:
            merged.pop(key, None)
        merged.update({key: best.recipe[key] for key in _LINKS if key in best.recipe})
    elif "link_template" not in merged:
        merged.update({key: best.recipe[key] for key in _LINKS if key in best.recipe})
