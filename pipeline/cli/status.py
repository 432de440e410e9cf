"""``moa status``: the morning view, from the store alone.

What does not live here: the report's sentences (``report.py``).
"""

from __future__ import annotations

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.source import health_word
from pipeline.i18n import _

_GOOD = (p.Health.OK, p.Health.EMPTY)
_OPEN = (
    p.DeliveryState.PENDING,
    p.DeliveryState.SENDING,
    p.DeliveryState.UNKNOWN,
    p.DeliveryState.HELD,
    p.DeliveryState.FAILED,
)


@click.command(help=_("지난 실행과 지금 상태, 누가 무엇을 해야 하는지 봅니다."))
@common
def status(this: Common) -> None:
    """Print last run, sources that need a person, open deliveries."""
    house = this.house()
    names = {spec.id: spec for spec in house.settings.sources}
    with house.store(read_only=True) as store:
        latest = next(iter(store.runs.latest(1)), None)
        states = [s for i, s in store.source_states.all().items() if i in names]
        deliveries = store.deliveries.list(states=_OPEN)
        stamp = store.stamp
        fits = store.stamp_matches()
    if this.as_json:
        this.json(
            {
                "last_run": latest.report if latest else None,
                "sources": [
                    {
                        "id": s.source_id,
                        "health": s.health.value,
                        "failures": s.failures,
                        "last_success": _at(s.last_success_at),
                    }
                    for s in states
                ],
                "deliveries": [reports.delivery_json(d) for d in deliveries],
                "stamp": stamp.id,
                "may_send": fits,
            }
        )
        return
    if latest is None:
        this.out(_("아직 한 번도 실행하지 않았습니다."))
    else:
        this.out(
            _("지난 실행: {run} (끝난 상태 {code})").format(
                run=latest.id, code=latest.exit_code if latest.finished_at else _("끝나지 못함")
            )
        )
    for state in states:
        if state.health not in _GOOD:
            spec = names[state.source_id]
            since = (
                _(" {when}부터").format(when=(_at(state.failing_since_at) or "")[:16].replace("T", " "))
                if state.failing_since_at
                else ""
            )
            this.out(f"  ! {spec.id} ({spec.name}): {health_word(state.health)}{since}")
    this.out(
        _("소스 {count}곳 중 {good}곳 정상").format(count=len(states), good=sum(s.health in _GOOD for s in states))
    )
    for delivery in deliveries:
        why = f" — {delivery.reason}" if delivery.reason else ""
        this.out(f"  {reports.delivery_word(delivery.state)}: {delivery.id}{why}")
        if delivery.state is p.DeliveryState.UNKNOWN:
            this.out(f"      moa db resolve '{delivery.id}' --sent | --resend | --abandon")
    if not fits:
        this.out(
            _(
                "이 저장소는 다른 곳에서 복사한 것이라 보내지 않습니다. 이곳에서 보내려면 'moa db adopt'를 실행해 주세요."
            )
        )


def _at(at: object) -> str | None:
    from datetime import datetime

    return reports.seoul(at) if isinstance(at, datetime) else None
