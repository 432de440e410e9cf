"""What editors decided, as the fold reads it.

What does not live here: obeying it (``editing``), keeping it (``store/decisions``), taking it from a person (``curating``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pipeline.model as p
from pipeline.publish.editing import Decision
from pipeline.store.decisions import DecisionRow


def decisions_of(rows: tuple[DecisionRow, ...]) -> Iterator[Decision]:
    """Yield the decisions in force as the fold reads them; a join of several is one decision for each."""
    for row in rows:
        if row.action == "move":
            args = {name: str(row.args.get(name) or "") for name in ("edition", "section", "before")}
            before = args.pop("before")
            yield Decision(verb="move", subject=row.subject, other=before, **args)
            continue
        words = tuple(_words(row.args))
        for other in words if row.action == "join" else words[:1] or ("",):
            yield Decision(verb=row.action, subject=row.subject, other=other)


def _words(args: Mapping[str, p.Json]) -> Iterator[str]:
    for value in args.values():
        yield from (value,) if isinstance(value, str) else (v for v in value if isinstance(v, str))


def named(rows: Iterable[DecisionRow]) -> frozenset[str]:
    """Return every word that may be the id of an entry or a story a decision is about."""
    return frozenset(word for row in rows for word in (row.subject, *_words(row.args)) if word and " " not in word)
