"""Was this run of a source healthy? Baseline, ``expect:``, and the three kinds of zero (pure).

What does not live here: what is done about it (``reconcile`` holds, ``report`` tells).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.collect.identity import bare
from pipeline.collect.profile import measure, per_day, restarted, usual
from pipeline.collect.staleness import is_stale
from pipeline.i18n import _

_HISTORY_RUNS = 3  # runs that make a habit
_HISTORY_ITEMS = 5  # items that make a list
_DROP = 0.5  # coverage lost in one run that no editor's day explains (extraction §5)
_MOST = 0.8  # of the known articles: nobody edits so many in one night
_STRANGERS = 10  # rows of which not one is known
_SLOW_PER_DAY = 3.0  # new entries; a faster board may turn over in a night
_SOFT_RUNS = 5  # runs before the latest three that make a band
_BANDS: Final[Mapping[str, tuple[float, float]]] = {"listed": (0.5, 2.0), "title_chars": (0.5, 2.0)}
_DAY_S = 86400.0
_ERRORS: tuple[tuple[type[p.SourceError], p.Health], ...] = (
    (p.QuotaError, p.Health.QUOTA),
    (p.GoneError, p.Health.GONE),
    (p.RefusedError, p.Health.REFUSED),
    (p.SuddenlyEmptyError, p.Health.SUDDENLY_EMPTY),
    (p.FetchError, p.Health.FETCH_FAILED),
)
_SHAPES: Final[Mapping[str, p.Health]] = {
    "container-missing": p.Health.CONTAINER_MISSING,
    "title-missing": p.Health.DRIFTING,
    "drifting": p.Health.DRIFTING,
}
HOLDING = frozenset({p.Health.DRIFTING, p.Health.SUDDENLY_EMPTY})
"""Verdicts on a list that was read, but cannot be right: nothing of such a run is kept."""


def of_error(error: p.PipelineError) -> p.Verdict:
    """Return the verdict on a run that ended in an error."""
    if isinstance(error, p.ShapeError):
        return p.Verdict(health=_SHAPES.get(error.code, p.Health.UNREADABLE), reason=error.message)
    for kind, health in _ERRORS:
        if isinstance(error, kind):
            return p.Verdict(health=health, reason=error.message)
    return p.Verdict(health=p.Health.PLUGIN, reason=error.message)


def advice(spec: p.SourceSpec) -> str:
    """Return the command that helps with a changed page: a repair where the source has selectors, else a look at it."""
    command = "repair" if getattr(spec.options, "rows", "") else "test"
    text = {
        "repair": _("'moa source repair {id}'로 새 선택자를 찾아 보세요."),
        "test": _("'moa source test {id}'로 지금 무엇이 오는지 확인해 주세요."),
    }[command]
    return text.format(id=spec.id)


def judge(
    entries: Sequence[p.Entry],
    spec: p.SourceSpec,
    state: p.SourceState,
    *,
    carried: int = 0,
    found: Mapping[str, p.Known] | None = None,
    now: datetime,
) -> p.Verdict:
    """Return the verdict on a list that was read.

    An empty list is ``empty`` where that is plausible, ``suddenly-empty`` where history says otherwise and no declared
    cadence excuses it (OP3); a missing list never comes here: ``parse`` raised ``ShapeError``. ``drifting`` is a list that
    cannot be what it was: fields gone, nearly all titles or dates of known articles changed, or no article known.

    Args:
        entries: Parsed, in list order.
        spec: The configured place.
        state: Its profile of good runs.
        carried: Items known byte for byte that were not parsed again; they count as known.
        found: The stored entry of each known one by key (``identity.matches``); ``None`` when nobody looked.
        now: Aware UTC.

    Source: peers pains 1, 2; extraction §5; stories OP2, OP3.
    """
    numbers = measure(entries, state, carried=carried, found=found, now=now)
    listed = len(entries) + carried

    def verdict(health: p.Health, reason: str = "") -> p.Verdict:
        return p.Verdict(health=health, listed=listed, numbers=tuple(sorted(numbers.items())), reason=reason)

    if listed < spec.expect.min_items:
        return verdict(p.Health.SUDDENLY_EMPTY, f"min_items {spec.expect.min_items}, listed {listed}")
    if listed == 0:
        return verdict(*_zero(spec, state, now=now))
    past = restarted(state, spec)
    hard = _missing_required(entries, spec) or _lost_coverage(numbers, past)
    if not hard and found is not None:
        hard = _rewritten(entries, found) or _strangers(entries, state, past, carried=carried, found=found, now=now)
    return verdict(p.Health.DRIFTING, hard) if hard else verdict(p.Health.OK)


def suspicion(profile: Sequence[Mapping[str, float]]) -> str:
    """Return which number has been out of its band for three runs running, ``""`` when none has.

    Nothing is held for it: a page may change its length. ``profile`` ends with the run at hand.
    """
    past, latest = profile[:-_HISTORY_RUNS], profile[-_HISTORY_RUNS:]
    for name, (low, high) in _BANDS.items():
        usually = usual(past, name, least=_SOFT_RUNS)
        held = [run[name] for run in latest if name in run]
        if usually is None or len(held) < _HISTORY_RUNS:
            continue
        if all(n < usually * low for n in held) or all(n > usually * high for n in held):
            return f"{name} {held[-1]:.0f}, usually {usually:.0f}"
    return ""


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


def _lost_coverage(numbers: Mapping[str, float], past: Sequence[Mapping[str, float]]) -> str:
    if numbers.get("parsed", 0) < _HISTORY_ITEMS:
        return ""
    for name in ("dated", "linked"):
        usually = usual(past, name, least=_HISTORY_RUNS)
        if usually is not None and usually - numbers.get(name, 0.0) >= _DROP:
            return f"{name}: {numbers.get(name, 0.0):.0%}, usually {usually:.0%}"
    return ""


def _rewritten(entries: Sequence[p.Entry], found: Mapping[str, p.Known]) -> str:
    """Known articles that nearly all say something else: a selector now hits another column or a button's words."""
    pairs = [(e, found[e.key]) for e in entries if e.key in found]
    if len(pairs) < _HISTORY_ITEMS:
        return ""
    titles = sum(_is_another(bare(e.title), bare(k.title)) for e, k in pairs)
    if titles >= _MOST * len(pairs):
        return f"titles: {titles} of {len(pairs)} changed"
    said = [(e.published, k.published) for e, k in pairs if k.published is not None and not k.published.inferred]
    told = [(new, old) for new, old in said if new is not None and (not new.inferred or new.method == "clamped")]
    moved = sum(new.inferred or abs((new.at - old.at).total_seconds()) > _DAY_S for new, old in told)
    if len(told) >= _HISTORY_ITEMS and moved >= _MOST * len(told):
        return f"dates: {moved} of {len(told)} changed"
    return ""


def _is_another(new: str, old: str) -> bool:
    """Whether one title is no part of the other; a cut title or one with a department before it is the same."""
    return bool(old) and (not new or (new not in old and old not in new))


def _strangers(
    entries: Sequence[p.Entry],
    state: p.SourceState,
    past: Sequence[Mapping[str, float]],
    *,
    carried: int,
    found: Mapping[str, p.Known],
    now: datetime,
) -> str:
    """Ten rows, none of them known, on a board that moves slowly: another list, unless every row is dated after our last look."""
    if carried or found or len(entries) < _STRANGERS or len(past) < _HISTORY_RUNS or state.last_success_at is None:
        return ""
    away_days = max((now - state.last_success_at).total_seconds() / _DAY_S, 1.0)
    pace = per_day(past)
    if pace >= _SLOW_PER_DAY or pace * away_days * 2 >= len(entries):
        return ""
    since = state.last_success_at - timedelta(days=p.limits.LATE_DAYS)
    flow = [e for e in entries if not e.is_pinned] or entries
    if all(e.published is not None and not e.published.inferred and e.published.at >= since for e in flow):
        return ""  # so much news at once is a flood, which the novelty guard holds
    return f"known: 0 of {len(entries)}"
