"""``moa source list | show``: sources at a glance: how they are, since when, their last runs, what to do next and who.

What does not live here: what they give now (``source_test``), the morning report (``report``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.source import health_word, spec_of
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.wiring import House

_BARS = "▁▂▃▄▅▆▇█"
_RUNS = 10


@click.command("list", help=_("모든 소스의 상태를 한눈에 봅니다."))
@common
def list_sources(this: Common) -> None:
    """Print every configured source with its health."""
    house = this.house()
    states = _states(house)
    for spec in house.settings.sources:
        state = states.get(spec.id)
        if this.as_json:
            this.json(_json(spec, state))
            continue
        word = _("꺼 둠") if not spec.enabled else health_word(state.health) if state else _("아직 안 읽음")
        last = _day(state.last_success_at) if state else "-"
        new = _day(state.last_new_at) if state else "-"
        bars = _wide(sparkline(state.profile) if state else "", _RUNS + 4)
        this.out(
            f"{spec.id:<24} {spec.kind:<8} {_wide(word, 18)} {last:<11} {new:<11} {bars} {spec.agency} {spec.name}"
        )
        if spec.enabled and state and (advice := next_step(spec, state)):
            since = _(" ({when}부터)").format(when=_day(state.failing_since_at)) if state.failing_since_at else ""
            this.out(f"    → [{who(advice[0])}]{since} {advice[1]}")


@click.command(help=_("소스 하나를 자세히 봅니다."))
@click.argument("source_id", metavar="ID")
@common
def show(this: Common, source_id: str) -> None:
    """Print one source: where it is configured, its state, its last runs, what to do next."""
    house = this.house()
    spec = spec_of(house.settings, source_id)
    state = _states(house).get(spec.id)
    if this.as_json:
        this.json(_json(spec, state))
        return
    for line in _lines(spec, state):
        this.out(line)


def _states(house: House) -> dict[str, p.SourceState]:
    try:
        with house.store(read_only=True) as store:
            return store.source_states.all()
    except p.StoreError:
        return {}  # nothing has run yet; the list is still worth seeing


def sparkline(profile: Sequence[Mapping[str, float]]) -> str:
    """Return the rows of the last good runs as small bars, and the newest number: ``▇▇▇▂ 4``; ``""`` without any."""
    rows = [run["listed"] for run in profile if "listed" in run][-_RUNS:]
    if not rows:
        return ""
    most = max(*rows, 1.0)
    bars = "".join(_BARS[round(count / most * (len(_BARS) - 1))] for count in rows)
    return f"{bars} {rows[-1]:.0f}"


def next_step(spec: p.SourceSpec, state: p.SourceState) -> tuple[p.Remedy, str] | None:
    """Return who must act on a source and with which command; ``None`` when nobody must."""
    test = _("'moa source test {id}'로 지금 무엇이 오는지 확인해 주세요.")
    fix = _("'moa source repair {id}'로 새 선택자를 찾아 보세요.") if getattr(spec.options, "rows", "") else test
    steps = {
        p.Health.SUDDENLY_EMPTY: (p.Remedy.EDITOR, test),
        p.Health.CONTAINER_MISSING: (p.Remedy.EDITOR, fix),
        p.Health.DRIFTING: (p.Remedy.EDITOR, fix),
        p.Health.GONE: (p.Remedy.EDITOR, _("주소가 바뀌었는지 확인하고 설정의 url을 고쳐 주세요.")),
        p.Health.STALE: (p.Remedy.EDITOR, _("원래 누리집에 새 글이 있는지 확인해 주세요.")),
        p.Health.FLOOD: (p.Remedy.EDITOR, _("살펴본 뒤 괜찮으면 'moa db release {id}'로 풀어 주세요.")),
        p.Health.FETCH_FAILED: (p.Remedy.NOBODY, _("다음 실행에 다시 읽습니다.")),
        p.Health.REFUSED: (p.Remedy.OPERATOR, test),
        p.Health.QUOTA: (p.Remedy.OPERATOR, _("사용량이 다시 차기를 기다리거나 한도를 늘려 주세요.")),
        p.Health.UNREADABLE: (p.Remedy.OPERATOR, test),
        p.Health.PLUGIN: (p.Remedy.DEVELOPER, test),
    }
    step = steps.get(state.health)
    return (step[0], step[1].format(id=spec.id)) if step else None


def who(remedy: p.Remedy) -> str:
    """Return a remedy as the person it means."""
    return {
        p.Remedy.NOBODY: _("저절로"),
        p.Remedy.EDITOR: _("편집 담당자"),
        p.Remedy.OPERATOR: _("운영 담당자"),
        p.Remedy.DEVELOPER: _("개발 담당자"),
    }[remedy]


def _wide(text: str, width: int) -> str:
    """Pad to a width in columns of a terminal, where a Korean letter takes two."""
    return text + " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))


def _day(at: datetime | None) -> str:
    return reports.seoul(at)[:10] if at else "-"


def _minute(at: datetime | None) -> str:
    return reports.seoul(at)[:16].replace("T", " ") if at else "-"


def _json(spec: p.SourceSpec, state: p.SourceState | None) -> dict[str, p.Json]:
    def when(at: datetime | None) -> str | None:
        return reports.seoul(at) if at else None

    step = next_step(spec, state) if state and spec.enabled else None
    return {
        "id": spec.id,
        "name": spec.name,
        "kind": spec.kind,
        "url": spec.url or None,
        "agency": spec.agency or None,
        "enabled": spec.enabled,
        "file": spec.where[0] or None,
        "line": spec.where[1] or None,
        "robots": spec.policy.robots.value,
        "health": state.health.value if state else None,
        "failures": state.failures if state else 0,
        "failing_since": when(state.failing_since_at) if state else None,
        "first_run": when(state.first_run_at) if state else None,
        "last_success": when(state.last_success_at) if state else None,
        "last_new": when(state.last_new_at) if state else None,
        "rows": [int(run["listed"]) for run in state.profile if "listed" in run] if state else [],
        "next": {"who": step[0].value, "what": step[1]} if step else None,
    }


def _lines(spec: p.SourceSpec, state: p.SourceState | None) -> Iterator[str]:
    yield f"{spec.id} ({spec.kind}): {spec.agency} {spec.name}"
    if spec.url:
        yield _("주소: {url}").format(url=spec.url)
    yield _("적힌 곳: {file}:{line}").format(file=spec.where[0], line=spec.where[1])
    if not spec.enabled:
        yield _("꺼 둔 소스입니다.")
    if state is None:
        yield _("아직 한 번도 읽지 않았습니다.")
        return
    since = _(" ({when}부터)").format(when=_minute(state.failing_since_at)) if state.failing_since_at else ""
    yield _("상태: {health}{since}").format(health=health_word(state.health), since=since)
    yield _("처음 읽은 때: {when}").format(when=_minute(state.first_run_at))
    yield _("마지막으로 잘 읽은 때: {when}").format(when=_minute(state.last_success_at))
    yield _("마지막으로 새 글이 있던 때: {when}").format(when=_minute(state.last_new_at))
    if bars := sparkline(state.profile):
        yield _("지난 실행의 줄 수: {bars}").format(bars=bars)
    if spec.enabled and (step := next_step(spec, state)):
        yield _("할 일: [{who}] {what}").format(who=who(step[0]), what=step[1])
