"""Entries whose own page could not be read tonight keep what it said before (P22).

What does not live here: when such a page is asked for again (``sources/``), what changed (``reconcile``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

import pipeline.model as p
from pipeline.collect.fingerprints import content_hash, fingerprint

_OF_THE_PAGE: Final = (
    "department",
    "lead",
    "text",
    "body_html",
    "author",
    "image",
    "links",
    "attachments",
    "published",
)
_NOTHING: Final = (None, "", (), p.CourseStatus.UNKNOWN)


def whole(
    entries: Sequence[p.Entry],
    partial: Collection[str],
    known: Iterable[p.Known],
    load: Callable[[list[str]], Iterable[p.Entry]],
) -> list[p.Entry]:
    """Return the entries, the partial ones among them completed from the store; new ones stay as they are.

    Args:
        entries: As normalised.
        partial: Keys of those to complete.
        known: Stored entries of these keys.
        load: Gives stored entries by id, with bodies.

    Cost: one query, only for nights with failed article pages.
    """
    wanted = {k.key: k.id for k in known if k.key in set(partial)}
    stored = {entry.id: entry for entry in load(list(wanted.values()))} if wanted else {}
    return [_completed(e, stored.get(wanted.get(e.key, ""))) for e in entries]


def _completed(entry: p.Entry, before: p.Entry | None) -> p.Entry:
    if before is None:
        return entry
    kept: dict[str, Any] = _missing(entry, before, _OF_THE_PAGE)
    if entry.course is not None and before.course is not None:
        names = [field.name for field in fields(entry.course)]
        kept["course"] = replace(entry.course, **_missing(entry.course, before.course, names))
    made = replace(entry, **kept)
    return replace(made, fingerprint=fingerprint(made), content_hash=content_hash(made))


def _missing(new: object, old: object, names: Iterable[str]) -> dict[str, Any]:
    """What the new one does not say and the old one does."""
    return {n: getattr(old, n) for n in names if getattr(new, n) in _NOTHING and getattr(old, n) not in _NOTHING}
