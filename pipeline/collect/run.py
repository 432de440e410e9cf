"""The door of the collect room: load states, walk every source, save each in one transaction.

What does not live here: any decision (``reconcile``, ``judge``, ``normalize``), HTTP, SQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import pipeline.model as p
from pipeline import log
from pipeline.collect.fetch import Talk, drive, memory_of
from pipeline.collect.jobs import Job, Parsed
from pipeline.collect.staleness import is_stale
from pipeline.collect.workers import Workers
from pipeline.model.base import changed

if TYPE_CHECKING:
    from pipeline.store.store import Store

_log = log.get("collect")
_BREATH_S = 0.01  # how long one round waits for parsers that have work
_STILL_EMPTY = p.Verdict(health=p.Health.EMPTY)
_STILL_GOOD = p.Verdict(health=p.Health.OK)


class Plugins(Protocol):
    """What collect needs of the registry."""

    def source(self, kind: str) -> p.Source:
        """Return the plugin of a kind, or raise ``PluginError``."""


@dataclass(slots=True)
class Night:
    """What one run of this room needs and gathers.

    Attributes:
        progress: Called after each source with (done, total, its line of the report).
    """

    specs: Sequence[p.SourceSpec]
    store: Store
    http: p.Http
    plugins: Plugins
    now: datetime
    concurrency: int
    deadline_s: float
    is_dry: bool = False
    progress: Callable[[int, int, p.SourceRun], None] | None = None
    states: dict[str, p.SourceState] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    runs: dict[str, p.SourceRun] = field(default_factory=dict)
    quiet: list[str] = field(default_factory=list)


def collect(night: Night) -> tuple[p.SourceRun, ...]:
    """Collect every enabled source once and return its line of the report, in the order of the configuration.

    One source's failure never touches another: it is that source's outcome. A run over unchanged sources sends one
    request each, imports no parser, starts no process and writes one statement.

    Raises:
        StoreError: The database cannot be written; nothing of the source at hand is kept.
    """
    night.states = night.store.source_states.all()
    opened = [talk for spec in night.specs if (talk := _open(night, spec)) is not None]
    until = time.monotonic() + night.deadline_s
    with Workers() as workers:
        for talk in drive(
            opened,
            night.http,
            concurrency=night.concurrency,
            until=until,
            backlog=lambda: workers.backlog,
        ):
            if talk is not None:
                _ended(night, talk, workers)
            else:
                _drain(night, workers, timeout_s=_BREATH_S)
        while workers.backlog:
            _drain(night, workers, timeout_s=1.0)
    if night.quiet and not night.is_dry:
        with night.store.transaction():
            night.store.source_states.touch(night.quiet, night.now)
    return tuple(night.runs[spec.id] for spec in night.specs if spec.id in night.runs)


def _open(night: Night, spec: p.SourceSpec) -> Talk | None:
    state = night.states.get(spec.id) or p.SourceState(source_id=spec.id)
    try:
        plugin = night.plugins.source(spec.kind)
        state = memory_of(spec, state)
        talk = Talk(spec, state, plugin.fetch(spec.options, state.memo))
    except p.PluginError as error:
        error.subject = spec.id
        _failed(night, spec, state, error, Talk(spec, state, _silence()))
        return None
    night.talks[spec.id] = talk
    return talk


def _silence() -> p.Conversation:
    """The conversation of a source whose plugin is broken."""
    yield from ()
    return None


def _ended(night: Night, talk: Talk, workers: Workers) -> None:
    if talk.error is not None:
        _failed(night, talk.spec, talk.state, talk.error, talk)
    elif talk.fetched is None:
        _unchanged(night, talk)
    else:
        module = getattr(night.plugins.source(talk.spec.kind), "__name__", f"sources.{talk.spec.kind}")
        workers.submit(Job(talk.spec, module, talk.fetched, night.now))


def _drain(night: Night, workers: Workers, *, timeout_s: float) -> None:
    if not workers.backlog:
        return
    for parsed in workers.collect(timeout_s):
        talk = night.talks[parsed.source_id]
        if parsed.error is not None:
            _failed(night, talk.spec, talk.state, parsed.error, talk)
        else:
            _settle(night, talk, parsed)


def _unchanged(night: Night, talk: Talk) -> None:
    """Nothing new: no write of its own, unless the source was failing or its validators moved."""
    state = talk.state
    verdict = _STILL_EMPTY if state.health is p.Health.EMPTY else _STILL_GOOD
    if is_stale(talk.spec, state, now=night.now):
        verdict = p.Verdict(health=p.Health.STALE, reason="cadence")
    listed = int(state.profile[-1].get("listed", 0)) if state.profile else 0
    if state.failures or talk.is_touched or verdict.health is not state.health:
        fresh = replace(
            state,
            validators={**state.validators, **talk.validators},
            health=verdict.health,
            failures=0,
            failing_since_at=None,
            last_success_at=night.now,
        )
        _save(night, fresh)
    else:
        night.quiet.append(talk.spec.id)
    _report(night, talk, p.SourceRun(source_id=talk.spec.id, verdict=verdict, unchanged=listed))


def _failed(night: Night, spec: p.SourceSpec, state: p.SourceState, error: p.PipelineError, talk: Talk) -> None:
    """A failure keeps everything stored: memo, validators, entries; only health and streak change."""
    from pipeline.collect import judge  # noqa: PLC0415 - not on a quiet night

    verdict = judge.of_error(error)
    since = state.failing_since_at or night.now
    fresh = replace(state, health=verdict.health, failures=state.failures + 1, failing_since_at=since)
    _log.info("source failed", source=spec.id, code=error.code, why=error.message)
    if error.__cause__ is not None:
        _log.debug("cause", source=spec.id, cause=repr(error.__cause__))
    _save(night, fresh)
    run = p.SourceRun(source_id=spec.id, verdict=verdict, error=error, failing_since_at=since)
    _report(night, talk, replace(run, last_success_at=state.last_success_at))


def _settle(night: Night, talk: Talk, parsed: Parsed) -> None:
    """Reconcile and judge one parsed source, and save all of it in one transaction."""
    from pipeline.collect import former, judge  # noqa: PLC0415 - not on a quiet night
    from pipeline.collect.reconcile import reconcile  # noqa: PLC0415

    if parsed.normalized is None or talk.fetched is None:
        return
    spec, state, entries = talk.spec, talk.state, parsed.normalized.entries
    carried = talk.fetched.carried
    verdict = judge.judge(entries, spec, state, carried=carried, now=night.now)
    known = night.store.entries.known(spec.id, [e.key for e in entries], [e.url_hash for e in entries if e.url_hash])
    entries = _whole(night, entries, known, parsed.normalized.partial)
    hold = verdict.health.value if verdict.health in judge.HOLDING else ""
    told = former.former_of(spec, entries, known, night.states, night.store.entries)
    result = reconcile(entries, known, spec, state, carried=carried, hold=hold, former=told, now=night.now)
    if result.is_flood:
        verdict = replace(verdict, health=p.Health.FLOOD)
    counts = _count(result.changes)
    counts["new"] -= result.moved  # known under another name
    run = p.SourceRun(
        source_id=spec.id,
        verdict=verdict,
        unchanged=result.unchanged + result.moved,
        dropped=tuple(parsed.normalized.dropped),
        warnings=(*talk.fetched.warnings, *parsed.normalized.warnings, *former.merged(told, result.moved)),
        error=_shortfall(verdict, spec),
        failing_since_at=None if _is_good(verdict) else state.failing_since_at or night.now,
        last_success_at=state.last_success_at,
        new=counts["new"],
        revised=counts["revised"],
        gone=counts["gone"],
        quarantined=counts["quarantined"],
    )
    usual = counts["new"] if state.first_run_at else 0  # on the first run everything is new: no habit (P23)
    fresh = _next_state(night, talk, verdict, judge.profile(state, verdict, usual), counts["new"])
    if not night.is_dry:
        with night.store.transaction():
            night.store.entries.apply(spec.id, result.changes, now=night.now, present=result.present)
            night.store.source_states.save([fresh])
    night.states[spec.id] = fresh
    _report(night, talk, run)


def _whole(night: Night, entries: list[p.Entry], known: Sequence[p.Known], partial: Sequence[str]) -> list[p.Entry]:
    if not partial:
        return entries
    from pipeline.collect.partial import whole  # noqa: PLC0415 - only where article pages failed

    return whole(entries, partial, known, night.store.entries.get)


def _next_state(
    night: Night, talk: Talk, verdict: p.Verdict, profile: tuple[Mapping[str, float], ...], new: int
) -> p.SourceState:
    """Memo and validators advance only with data that was accepted; a drifting page is read again tomorrow (P15)."""
    state = changed(
        talk.state,
        options_hash=talk.spec.options_hash,
        health=verdict.health,
        first_run_at=talk.state.first_run_at or night.now,
        profile=profile,
        last_new_at=night.now if new else talk.state.last_new_at,
    )
    if not _is_good(verdict) or talk.fetched is None:
        since = talk.state.failing_since_at or night.now
        return replace(state, failures=state.failures + 1, failing_since_at=since)
    return replace(
        state,
        memo=talk.fetched.memo,
        validators=talk.validators,
        last_success_at=night.now,
        failures=0,
        failing_since_at=None,
    )


def _is_good(verdict: p.Verdict) -> bool:
    """Whether a list that was read counts as read; a flood does, its entries are held."""
    return verdict.health in (p.Health.OK, p.Health.EMPTY, p.Health.FLOOD)


def _shortfall(verdict: p.Verdict, spec: p.SourceSpec) -> p.PipelineError | None:
    """A list that was read but cannot be right is an error an editor must see."""
    from pipeline.i18n import _  # noqa: PLC0415

    if verdict.health is p.Health.SUDDENLY_EMPTY:
        return p.SuddenlyEmptyError(
            _("목록이 갑자기 비었습니다 ({reason}).").format(reason=verdict.reason), subject=spec.id
        )
    if verdict.health is p.Health.DRIFTING:
        message = _("목록의 모양이 평소와 다릅니다 ({reason}). 새 글은 보류했습니다.").format(reason=verdict.reason)
        return p.ShapeError(message, subject=spec.id, code="drifting")
    return None


def _count(changes: Sequence[p.Change]) -> dict[str, int]:
    kinds = {p.New: "new", p.Revised: "revised", p.Gone: "gone", p.Quarantined: "quarantined"}
    counts = dict.fromkeys(kinds.values(), 0)
    for change in changes:
        counts[kinds[type(change)]] += 1
    return counts


def _save(night: Night, state: p.SourceState) -> None:
    night.states[state.source_id] = state
    if not night.is_dry:
        with night.store.transaction():
            night.store.source_states.save([state])


def _report(night: Night, talk: Talk, run: p.SourceRun) -> None:
    spec = talk.spec
    line = changed(run, name=spec.name, requests=talk.requests, bytes=talk.bytes, seconds=round(talk.seconds, 3))
    relaxed = spec.policy.tls.relaxed
    if relaxed:  # shown in each report, so that nobody forgets it (P11)
        line = replace(line, warnings=(*line.warnings, ("tls-exception", relaxed)))
    night.runs[spec.id] = line
    if night.progress is not None:
        night.progress(len(night.runs), len(night.specs), line)
