"""The door of the collect room: load states, walk every source, save each in one transaction.

What does not live here: any decision (``reconcile``, ``judge``, ``normalize``), HTTP, SQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import pipeline.model as p
from pipeline import log
from pipeline.collect.fetch import Talk, drive, memory_of
from pipeline.collect.jobs import Job, Parsed
from pipeline.collect.staleness import is_stale
from pipeline.collect.workers import Workers
from pipeline.model.base import changed, record

if TYPE_CHECKING:
    from pipeline.store.store import Store

_log = log.get("collect")
_BREATH_S = 0.01  # how long one round waits for parsers that have work
_STILL_EMPTY = p.Verdict(health=p.Health.EMPTY)
_STILL_GOOD = p.Verdict(health=p.Health.OK)
_REPAIRABLE = (p.Health.CONTAINER_MISSING, p.Health.DRIFTING)


class Plugins(Protocol):
    """What collect needs of the registry."""

    def source(self, kind: str) -> p.Source:
        """Return the plugin of a kind, or raise ``PluginError``."""


@record
class Night:
    """What one run of this room needs and gathers.

    Attributes:
        progress: Called after each source with (done, total, its line of the report).
        pictures: What new and changed entries would be shown with; ``media`` fetches them when the sources are done.
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
    pictures: list[p.KnownPicture] = field(default_factory=list)


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
    with Workers[Parsed]() as workers:
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


def _ended(night: Night, talk: Talk, workers: Workers[Parsed]) -> None:
    if talk.error is not None:
        _failed(night, talk.spec, talk.state, talk.error, talk)
    elif talk.fetched is None:
        _unchanged(night, talk)
    else:
        module = getattr(night.plugins.source(talk.spec.kind), "__name__", f"sources.{talk.spec.kind}")
        workers.submit(Job(spec=talk.spec, module=module, fetched=talk.fetched, now=night.now))


def _drain(night: Night, workers: Workers[Parsed], *, timeout_s: float) -> None:
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
    if verdict.health in _REPAIRABLE and not error.hint:
        error.hint = judge.advice(spec)
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
    from pipeline.collect.settling import settle  # noqa: PLC0415 - not on a quiet night

    if parsed.normalized is None or talk.fetched is None:
        return
    settled = settle(talk, parsed.normalized, night.store.entries, night.states, now=night.now)
    if not night.is_dry:
        with night.store.transaction():
            result = settled.result
            night.store.entries.apply(talk.spec.id, result.changes, now=night.now, present=result.present)
            night.store.source_states.save([settled.state])
            if talk.spec.policy.images:
                from pipeline.collect.media import wish  # noqa: PLC0415 - only where pictures are fetched

                night.pictures.extend(wish(night.store, talk.spec, result.changes, now=night.now))
    night.states[talk.spec.id] = settled.state
    _report(night, talk, settled.line)


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
    if talk.is_moved_again:  # seen once it may be a slip of the server; YAML is people's, never rewritten (P10)
        line = replace(line, warnings=(*line.warnings, ("moved", talk.moved_to)))
    night.runs[spec.id] = line
    if night.progress is not None:
        night.progress(len(night.runs), len(night.specs), line)
