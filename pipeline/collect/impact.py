"""What a configuration would do to what is stored: the answer an editor wants before an edit is saved (pure).

What does not live here: the trial itself (``trial``), the decisions (``reconcile``): the very ones of the night are asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pipeline.model as p
from pipeline.collect.identity import bare, matches
from pipeline.collect.reconcile import reconcile
from pipeline.model.windows import SEOUL


@dataclass(frozen=True, slots=True)
class Impact:
    """Counts of articles, if tonight ran with this configuration.

    Attributes:
        added: New to the store and announced.
        quiet: New to the store, stored without being announced (older than our first look).
        held: New to the store and held by the novelty guard.
        dropped: Stored, within the range of the list, and no longer found in it; they stay stored.
        resent: Of the added ones, those whose title is stored already: they would be told again.
        unchanged: Known, whether edited or not.
    """

    added: int
    quiet: int
    held: int
    dropped: int
    resent: int
    unchanged: int


def impact(
    entries: Sequence[p.Entry],
    spec: p.SourceSpec,
    state: p.SourceState,
    *,
    known: Sequence[p.Known],
    recent: Sequence[p.Known],
    now: datetime,
) -> Impact:
    """Return what a whole list would change.

    Args:
        entries: As the configuration at hand reads them.
        spec: That configuration.
        state: Of the last run, with whatever configuration.
        known: Stored entries with one of their keys or URL hashes.
        recent: The newest stored entries.
        now: Aware UTC.
    """
    found = matches(entries, known, recent)
    result = reconcile(entries, known, spec, state, recent=recent, now=now)
    new = [c.entry for c in result.changes if isinstance(c, p.New)]
    loud = [entry for entry in new if not entry.is_quiet]
    return Impact(
        added=len(loud),
        quiet=len(new) - len(loud),
        held=sum(isinstance(c, p.Quarantined) for c in result.changes),
        dropped=_dropped(entries, {k.id for k in found.values()}, state, recent),
        resent=_resent(loud, recent),
        unchanged=len(found),
    )


def _dropped(entries: Sequence[p.Entry], found: set[str], state: p.SourceState, recent: Sequence[p.Known]) -> int:
    """By date where the list has dates; else by how many rows the last run had."""
    days = [e.published.at for e in entries if e.published is not None and not e.is_pinned]
    if len(days) * 2 > len(entries):
        since = min(days)
        there = [k for k in recent if k.published is not None and k.published.at >= since and k.gone_at is None]
        return sum(k.id not in found for k in there)
    listed = int(state.profile[-1].get("listed", 0)) if state.profile else 0
    return max(min(listed, len(recent)) - len(found), 0)


def _resent(loud: Sequence[p.Entry], recent: Sequence[p.Known]) -> int:
    stored: defaultdict[str, list[date | None]] = defaultdict(list)
    for item in recent:
        stored[bare(item.title)].append(_day(item.published))
    return sum(any(day is None or on is None or day == on for day in stored.get(bare(entry.title), ()))
               for entry in loud for on in [_day(entry.published)])  # fmt: skip


def _day(fact: p.DateFact | None) -> date | None:
    return None if fact is None else fact.at.astimezone(SEOUL).date()
