"""``moa status``: the morning view, from the store alone.

What does not live here: the report's sentences (``report.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.source import health_word
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.store.runs import RunRow

_RUNS = 200  # runs looked back over for the last night; deliveries between are runs too
_GOOD = (p.Health.OK, p.Health.EMPTY)
_OPEN = (
    p.DeliveryState.PENDING,
    p.DeliveryState.SENDING,
    p.DeliveryState.UNKNOWN,
    p.DeliveryState.HELD,
    p.DeliveryState.FAILED,
)


@dataclass(frozen=True, slots=True)
class _Morning:
    """What the store says this morning."""

    night: RunRow | None
    states: tuple[p.SourceState, ...]
    deliveries: tuple[p.Delivery, ...]
    stamp: str
    may_send: bool


@click.command(help=_("지난 실행과 지금 상태, 누가 무엇을 해야 하는지 봅니다."))
@common
def status(this: Common) -> None:
    """Print last night, sources that need a person, open deliveries."""
    house = this.house()
    specs = {spec.id: spec for spec in house.settings.sources}
    with house.store(read_only=True) as store:
        known = store.source_states.all()
        morning = _Morning(
            night=next((r for r in store.runs.latest(_RUNS) if r.report is None or r.report.get("sources")), None),
            states=tuple(known[i] for i in specs if i in known),  # as configured: a database has no order of its own
            deliveries=store.deliveries.list(states=_OPEN),
            stamp=store.stamp.id,
            may_send=store.stamp_matches(),
        )
    if this.as_json:
        this.json(_json(morning))
        return
    for line in (*_night_lines(morning, specs), *_delivery_lines(morning)):
        this.out(line)


def _json(morning: _Morning) -> p.Json:
    return {
        "last_run": morning.night.report if morning.night else None,
        "sources": [
            {
                "id": s.source_id,
                "health": s.health.value,
                "failures": s.failures,
                "last_success": _at(s.last_success_at),
            }
            for s in morning.states
        ],
        "deliveries": [reports.delivery_json(d) for d in morning.deliveries],
        "stamp": morning.stamp,
        "may_send": morning.may_send,
    }


def _night_lines(morning: _Morning, specs: Mapping[str, p.SourceSpec]) -> Iterator[str]:
    night = morning.night
    if night is None:
        yield _("아직 한 번도 실행하지 않았습니다.")
    else:
        when = (_at(night.started_at) or "")[:16].replace("T", " ")
        yield _("지난 실행: {when}, {how}").format(when=when, how=_ended(night))
    for state in morning.states:
        if state.health not in _GOOD:
            spec = specs[state.source_id]
            at = _at(state.failing_since_at)
            since = _(" {when}부터").format(when=at[:16].replace("T", " ")) if at else ""
            yield f"  ! {spec.id} ({spec.name}): {health_word(state.health)}{since}"
    good = sum(s.health in _GOOD for s in morning.states)
    yield _("소스 {count}곳 중 {good}곳이 정상입니다.").format(count=len(morning.states), good=good)


def _ended(night: RunRow) -> str:
    if night.finished_at is None:
        return _("끝나지 못함. 다시 실행해 주세요.")
    if night.exit_code == reports.EXIT_DONE:
        return _("모두 끝났습니다.")
    if night.exit_code == reports.EXIT_NOTHING:
        return _("아무것도 펴내지 못했습니다.")
    return _("확인할 일이 있습니다. output/reports/latest.txt를 봐 주세요.")


def _delivery_lines(morning: _Morning) -> Iterator[str]:
    for delivery in morning.deliveries:
        why = f" — {delivery.reason}" if delivery.reason else ""
        yield f"  {reports.delivery_word(delivery.state)}: {delivery.id}{why}"
        if delivery.state is p.DeliveryState.UNKNOWN:
            yield f"      moa db resolve '{delivery.id}' --sent | --resend | --abandon"
    if not morning.may_send:
        yield _(
            "이 저장소는 다른 곳에서 복사한 것이라 보내지 않습니다. 이곳에서 보내려면 'moa db adopt'를 실행해 주세요."
        )


def _at(at: object) -> str | None:
    from datetime import datetime

    return reports.seoul(at) if isinstance(at, datetime) else None
