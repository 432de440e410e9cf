"""What one parsed source leaves behind: changes, its next state, its line of the report (nothing is written here).

What does not live here: the walk and the transaction (``run``), health (``judge``), changes (``reconcile``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import pipeline.model as p
from pipeline.collect.former import former_of, merged
from pipeline.collect.identity import matches
from pipeline.collect.judge import HOLDING, advice, judge, suspicion
from pipeline.collect.profile import learned, restarted
from pipeline.collect.reconcile import Reconciled, reconcile
from pipeline.i18n import _
from pipeline.model.base import changed

if TYPE_CHECKING:
    from pipeline.collect.fetch import Talk
    from pipeline.collect.jobs import Normalized

_GOOD = (p.Health.OK, p.Health.EMPTY, p.Health.FLOOD)  # a flood was read; its entries are held
_COUNTS = {p.New: "new", p.Revised: "revised", p.Gone: "gone", p.Quarantined: "quarantined"}


class Remembering(Protocol):
    """What is asked of the stored entries of a source."""

    def known(self, source_id: str, keys: Sequence[str], url_hashes: Sequence[str]) -> tuple[p.Known, ...]:
        """Return those with one of these keys or URL hashes."""

    def recent(self, source_id: str) -> tuple[p.Known, ...]:
        """Return the newest."""

    def of_sources(self, source_ids: Sequence[str]) -> tuple[p.Known, ...]:
        """Return all of these sources."""

    def get(self, ids: Sequence[str]) -> tuple[p.Entry, ...]:
        """Return these with their bodies."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What one run of a source comes to, before anything of it is kept."""

    line: p.SourceRun
    state: p.SourceState
    result: Reconciled


def settle(
    talk: Talk,
    got: Normalized,
    store: Remembering,
    states: Mapping[str, p.SourceState],
    *,
    now: datetime,
) -> Settled:
    """Judge one list that was read and say what it changes.

    Cost: one query; one more for a list that was read whole and holds unknown articles; one where article pages failed.
    """
    spec, state, entries = talk.spec, talk.state, got.entries
    carried = talk.fetched.carried if talk.fetched else 0
    known, recent = remembered(store, entries, state, carried=carried)
    verdict = judge(entries, spec, state, carried=carried, found=matches(entries, known, recent), now=now)
    if got.partial:
        from pipeline.collect.partial import whole  # noqa: PLC0415 - only where article pages failed

        entries = whole(entries, got.partial, known, store.get)
    is_held = verdict.health in HOLDING
    told = former_of(spec, entries, known, states, store)
    result = reconcile(entries, known, spec, state, carried=carried, recent=recent, hold=is_held, former=told, now=now)
    if result.is_flood:
        verdict = replace(verdict, health=p.Health.FLOOD)
    if got.withdrawn and verdict.health in _GOOD:
        gone = withdrawn(store.known(spec.id, got.withdrawn, []), listed=verdict.listed)
        result = replace(result, changes=(*result.changes, *gone))
    fresh = next_state(talk, verdict, result, now=now)
    run = line(talk, got, verdict, result, fresh)
    return Settled(replace(run, warnings=(*run.warnings, *merged(told, result.moved))), fresh, result)


def remembered(
    store: Remembering, entries: Sequence[p.Entry], state: p.SourceState, *, carried: int
) -> tuple[tuple[p.Known, ...], tuple[p.Known, ...]]:
    """Return ``(known by key or address, newest stored)``; the second only where titles may have to tell (P24).

    Cost: one query, and one more for a list that was read whole and holds unknown articles.
    """
    if not entries:
        return (), ()
    source_id = entries[0].source_id
    known = store.known(source_id, [e.key for e in entries], [e.url_hash for e in entries if e.url_hash])
    is_whole = not carried and state.first_run_at is not None
    if is_whole and len(matches(entries, known)) < len(entries):
        return known, store.recent(source_id)
    return known, ()


def withdrawn(known: Sequence[p.Known], *, listed: int) -> tuple[p.Gone, ...]:
    """Return what the place withdrew of what is stored; none where it is so much that a mistake is likelier (pain 16)."""
    gone = tuple(p.Gone(entry_id=k.id) for k in known if k.gone_at is None)
    return gone if len(gone) <= max(p.limits.WITHDRAWN_FREE, p.limits.WITHDRAWN_SHARE * listed) else ()


def next_state(talk: Talk, verdict: p.Verdict, result: Reconciled, *, now: datetime) -> p.SourceState:
    """Memo and validators advance only with data that was accepted; a drifting page is read again tomorrow (P15)."""
    state = talk.state
    new = sum(isinstance(change, p.New) for change in result.changes) - result.backlog - result.moved
    if verdict.health not in _GOOD or talk.fetched is None:
        since = state.failing_since_at or now
        return changed(state, health=verdict.health, failures=state.failures + 1, failing_since_at=since)
    habit = new if state.first_run_at else 0  # on the first run everything is new: no habit (P23)
    taught = replace(state, profile=restarted(state, talk.spec))
    return changed(
        state,
        options_hash=talk.spec.options_hash,
        health=verdict.health,
        first_run_at=state.first_run_at or now,
        profile=learned(taught, verdict, habit),
        last_new_at=now if new else state.last_new_at,
        memo=talk.fetched.memo,
        validators=talk.validators,
        last_success_at=now,
        failures=0,
        failing_since_at=None,
    )


def line(talk: Talk, got: Normalized, verdict: p.Verdict, result: Reconciled, fresh: p.SourceState) -> p.SourceRun:
    """Return the source's line of the report."""
    counts = dict.fromkeys(_COUNTS.values(), 0)
    for change in result.changes:
        counts[_COUNTS[type(change)]] += 1
    warnings = [*(talk.fetched.warnings if talk.fetched else ()), *got.warnings]
    odd = suspicion(fresh.profile) if verdict.health is p.Health.OK else ""
    if odd:
        warnings.append(("unusual", odd))
    if result.backlog:
        warnings.append(("backlog", str(result.backlog)))
    return p.SourceRun(
        source_id=talk.spec.id,
        verdict=verdict,
        unchanged=result.unchanged + result.moved,  # known under another name
        dropped=tuple(got.dropped),
        warnings=tuple(warnings),
        error=_shortfall(verdict, result, talk.spec),
        failing_since_at=fresh.failing_since_at,
        last_success_at=talk.state.last_success_at,
        new=counts["new"] - result.moved,
        revised=counts["revised"],
        gone=counts["gone"],
        quarantined=counts["quarantined"] + result.held,
    )


def _shortfall(verdict: p.Verdict, result: Reconciled, spec: p.SourceSpec) -> p.PipelineError | None:
    """A list that was read but cannot be right is an error an editor must see."""
    if verdict.health not in HOLDING:
        return None
    if verdict.health is p.Health.SUDDENLY_EMPTY:
        message = _("목록이 갑자기 비었습니다 ({reason}).").format(reason=verdict.reason)
        hint = _("'moa source test {id}'로 지금 무엇이 오는지 확인해 주세요.").format(id=spec.id)
        return p.SuddenlyEmptyError(message, subject=spec.id, hint=hint)
    text = _("목록의 모양이 평소와 다릅니다 ({reason}). 새 글 {count}건을 보류했습니다. 저장된 글은 그대로입니다.")
    message = text.format(reason=verdict.reason, count=result.held)
    return p.ShapeError(message, subject=spec.id, code="drifting", hint=advice(spec))
