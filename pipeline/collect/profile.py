"""The numbers of a source's good runs: rows, shares of fields, known rows, pace; what is usual follows from them (pure).

What does not live here: the verdict (``judge``), where they are kept (``SourceState.profile``).
Source: extraction §5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, TypeAlias

import pipeline.model as p
from pipeline.collect.middle import median

Numbers: TypeAlias = Mapping[str, float]
RUNS: Final = 20
_SHARES: Final = ("dated", "linked", "pinned", "title_chars", "monotone")
_DAY_S: Final = 86400.0


def measure(
    entries: Sequence[p.Entry],
    state: p.SourceState,
    *,
    carried: int,
    found: Mapping[str, p.Known] | None = None,
    now: datetime,
) -> dict[str, float]:
    """Return the numbers of one list that was read.

    Items known byte for byte (``carried``) were not parsed: they count as known, and their fields as what the last run
    said of them. Pinned rows are left out of the shares of dates and links: many boards give them none.

    Args:
        entries: Parsed, in list order.
        state: Its profile tells of the carried ones.
        carried: How many those are.
        found: The stored entry of each known one by key; ``None`` when nobody looked.
        now: Aware UTC.

    Returns:
        ``listed`` and ``parsed`` (rows), ``known`` (0-1 of listed), ``at`` (days since 1970), and where rows were parsed
        ``dated``, ``linked``, ``pinned``, ``monotone`` (0-1) and ``title_chars`` (mean).
    """
    count, listed = len(entries), len(entries) + carried
    numbers = {"listed": float(listed), "parsed": float(count), "at": now.timestamp() / _DAY_S}
    if found is not None and listed:
        numbers["known"] = (carried + len(found)) / listed
    last = state.profile[-1] if state.profile else {}
    if not count:
        return numbers | {name: last[name] for name in _SHARES if carried and name in last}
    for name, share in _shares(entries).items():
        before = last.get(name, share)
        numbers[name] = (count * share + carried * before) / listed
    return numbers


def _shares(entries: Sequence[p.Entry]) -> dict[str, float]:
    flow = [e for e in entries if not e.is_pinned] or entries
    shares = {
        "dated": sum(e.published is not None for e in flow) / len(flow),
        "linked": sum(bool(e.url_hash) for e in flow) / len(flow),
        "pinned": sum(e.is_pinned for e in entries) / len(entries),
        "title_chars": sum(len(e.title) for e in entries) / len(entries),
    }
    days = [e.published.at for e in flow if e.published is not None and not e.published.inferred]
    if len(days) > 1:
        shares["monotone"] = sum(a >= b for a, b in pairwise(days)) / (len(days) - 1)
    return shares


def learned(state: p.SourceState, verdict: p.Verdict, new: int) -> Sequence[Numbers]:
    """Return the profile with this run added; only good runs teach."""
    if verdict.health is not p.Health.OK:
        return state.profile
    return (*state.profile, {**dict(verdict.numbers), "new": float(new)})[-RUNS:]


def restarted(state: p.SourceState, spec: p.SourceSpec) -> Sequence[Numbers]:
    """Return the profile as far as it still speaks of this configuration: other selectors may find other fields.

    How many rows and how much news a place has stays true whatever its selectors are.
    """
    if not state.options_hash or state.options_hash == spec.options_hash:
        return state.profile
    kept = ("listed", "new", "at")
    return tuple({name: run[name] for name in kept if name in run} for run in state.profile)


def usual(profile: Sequence[Numbers], name: str, *, least: int) -> float | None:
    """Return the median of a number over the runs that have it; ``None`` when fewer than ``least`` do."""
    held = [run[name] for run in profile if name in run]
    return median(held) if len(held) >= least else None


def per_day(profile: Sequence[Numbers]) -> float:
    """Return how many new entries a day a place has, nights without news included; 0.0 without a history."""
    timed = [run for run in profile if "at" in run]
    if len(timed) > 1 and timed[-1]["at"] - timed[0]["at"] >= 1:
        return sum(run.get("new", 0.0) for run in timed[1:]) / (timed[-1]["at"] - timed[0]["at"])
    return usual(profile, "new", least=1) or 0.0
