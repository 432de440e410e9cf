"""Was this run of a source healthy? Baseline, ``expect:``, and the three kinds of zero (pure).

What does not live here: what is done about it (``reconcile`` holds, ``report`` tells).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pipeline.model as p
from pipeline.collect.middle import median
from pipeline.collect.staleness import is_stale

_PROFILE_RUNS = 20
_HISTORY_RUNS = 3  # runs that make a habit
_HISTORY_ITEMS = 5  # items that make a list
_DROP = 0.5  # coverage lost in one run that no editor's day explains (extraction §5)
_ERRORS: tuple[tuple[type[p.SourceError], p.Health], ...] = (
    (p.QuotaError, p.Health.QUOTA),
    (p.GoneError, p.Health.GONE),
    (p.RefusedError, p.Health.REFUSED),
    (p.SuddenlyEmptyError, p.Health.SUDDENLY_EMPTY),
    (p.FetchError, p.Health.FETCH_FAILED),
)
HOLDING = frozenset({p.Health.DRIFTING, p.Health.SUDDENLY_EMPTY})
"""Verdicts that keep new entries out of every digest until a person looks."""


def of_error(error: p.PipelineError) -> p.Verdict:
    """Return the verdict on a run that ended in an error."""
    if isinstance(error, p.ShapeError):
        missing = error.code == p.Health.CONTAINER_MISSING.value
        return p.Verdict(health=p.Health.CONTAINER_MISSING if missing else p.Health.UNREADABLE, reason=error.message)
    for kind, health in _ERRORS:
        if isinstance(error, kind):
            return p.Verdict(health=health, reason=error.message)
    return p.Verdict(health=p.Health.PLUGIN, reason=error.message)


def coverage(entries: Sequence[p.Entry], carried: int) -> Mapping[str, float]:
    """Return the numbers of one parsed list that a profile keeps; shares are 0–1 over parsed entries."""
    count = len(entries)
    numbers = {"listed": float(count + carried), "parsed": float(count)}
    if count:
        numbers["dated"] = sum(e.published is not None for e in entries) / count
        numbers["linked"] = sum(bool(e.url_hash) for e in entries) / count
        numbers["title_chars"] = sum(len(e.title) for e in entries) / count
    return numbers


def judge(
    entries: Sequence[p.Entry], spec: p.SourceSpec, state: p.SourceState, *, carried: int = 0, now: datetime
) -> p.Verdict:
    """Return the verdict on a list that was read.

    An empty list is ``empty`` where that is plausible, ``suddenly-empty`` where history says otherwise and no declared
    cadence excuses it (OP3); a missing list never comes here: ``parse`` raised ``ShapeError``.

    Source: peers pains 1, 2; extraction §5; stories OP2, OP3.
    """
    numbers = coverage(entries, carried)
    listed = int(numbers["listed"])

    def verdict(health: p.Health, reason: str = "") -> p.Verdict:
        return p.Verdict(health=health, listed=listed, numbers=tuple(sorted(numbers.items())), reason=reason)

    if listed < spec.expect.min_items:
        return verdict(p.Health.SUDDENLY_EMPTY, f"min_items {spec.expect.min_items}, listed {listed}")
    if listed == 0:
        return verdict(*_zero(spec, state, now=now))
    missing = _missing_required(entries, spec)
    if missing:
        return verdict(p.Health.DRIFTING, missing)
    lost = _lost_coverage(numbers, state)
    if lost:
        return verdict(p.Health.DRIFTING, lost)
    return verdict(p.Health.OK)


def profile(state: p.SourceState, verdict: p.Verdict, new: int) -> tuple[Mapping[str, float], ...]:
    """Return the profile with this run added; only good runs teach."""
    if verdict.health is not p.Health.OK:
        return state.profile
    return (*state.profile, {**dict(verdict.numbers), "new": float(new)})[-_PROFILE_RUNS:]


def _zero(spec: p.SourceSpec, state: p.SourceState, *, now: datetime) -> tuple[p.Health, str]:
    recent = [run.get("listed", 0.0) for run in state.profile[-7:]]
    had_many = len(recent) >= _HISTORY_RUNS and min(recent) >= _HISTORY_ITEMS
    if had_many and (spec.expect.cadence_days is None or is_stale(spec, state, now=now)):
        return p.Health.SUDDENLY_EMPTY, f"the last {len(recent)} runs listed {min(recent):.0f} or more"
    return p.Health.EMPTY, ""


def _missing_required(entries: Sequence[p.Entry], spec: p.SourceSpec) -> str:
    for name in spec.expect.required:
        blank = sum(1 for e in entries if not _has(e, name))
        if blank:
            return f"{name}: {blank} of {len(entries)} without"
    return ""


def _has(entry: p.Entry, name: str) -> bool:
    if name == "url":
        return bool(entry.url_hash)
    value = getattr(entry, name, None)
    if value is None and entry.course is not None:
        value = getattr(entry.course, name, None)
    return bool(value)


def _lost_coverage(numbers: Mapping[str, float], state: p.SourceState) -> str:
    if numbers.get("parsed", 0) < _HISTORY_ITEMS or len(state.profile) < _HISTORY_RUNS:
        return ""
    for name in ("dated", "linked"):
        usual = [run[name] for run in state.profile if name in run]
        if usual and median(usual) - numbers.get(name, 0.0) >= _DROP:
            return f"{name}: {numbers.get(name, 0.0):.0%}, usually {median(usual):.0%}"
    return ""
