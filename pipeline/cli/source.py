"""``moa source list | show | test``: sources at a glance, and what one would give now.

What does not live here: fetching and judging (``collect/``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.entry_json import entry_json, entry_line
from pipeline.i18n import _
from pipeline.log import redact

if TYPE_CHECKING:
    from pipeline.collect.trial import Trial
    from pipeline.wiring import House


@click.group(help=_("소스를 보고 시험합니다."))
def source() -> None:
    """Group of source commands."""


def health_word(health: p.Health) -> str:
    """Return a verdict in words for people."""
    return {
        p.Health.OK: _("정상"),
        p.Health.EMPTY: _("비어 있음"),
        p.Health.SUDDENLY_EMPTY: _("갑자기 빔"),
        p.Health.CONTAINER_MISSING: _("목록을 찾지 못함"),
        p.Health.FETCH_FAILED: _("읽지 못함"),
        p.Health.REFUSED: _("거절됨"),
        p.Health.GONE: _("주소가 없어짐"),
        p.Health.UNREADABLE: _("알 수 없는 문서"),
        p.Health.QUOTA: _("사용량 다 씀"),
        p.Health.STALE: _("오래 새 글 없음"),
        p.Health.DRIFTING: _("모양이 바뀜"),
        p.Health.FLOOD: _("한꺼번에 많음(보류)"),
        p.Health.PLUGIN: _("프로그램 결함"),
        p.Health.DISABLED: _("꺼 둠"),
    }[health]


def _states(house: House) -> dict[str, p.SourceState]:
    try:
        with house.store(read_only=True) as store:
            return store.source_states.all()
    except p.StoreError:
        return {}  # nothing has run yet; the list is still worth seeing


@source.command("list", help=_("모든 소스의 상태를 한눈에 봅니다."))
@common
def list_sources(this: Common) -> None:
    """Print every configured source with its health."""
    house = this.house()
    states = _states(house)
    for spec in house.settings.sources:
        state = states.get(spec.id)
        if this.as_json:
            this.json(_source_json(spec, state))
            continue
        word = _("꺼 둠") if not spec.enabled else health_word(state.health) if state else _("아직 안 읽음")
        last = reports.seoul(state.last_success_at)[:16].replace("T", " ") if state and state.last_success_at else "-"
        this.out(f"{spec.id:<24} {spec.kind:<8} {_wide(word, 18)} {last:<17} {spec.agency} {spec.name}")


def _wide(text: str, width: int) -> str:
    """Pad to a width in columns of a terminal, where a Korean letter takes two."""
    return text + " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))


@source.command(help=_("소스 하나를 자세히 봅니다."))
@click.argument("source_id", metavar="ID")
@common
def show(this: Common, source_id: str) -> None:
    """Print one source: where it is configured, its state, its last runs."""
    house = this.house()
    spec = spec_of(house.settings, source_id)
    state = _states(house).get(spec.id)
    told = _source_json(spec, state)
    if this.as_json:
        this.json(told)
        return
    for line in _source_lines(spec, state):
        this.out(line)


@source.command(help=_("소스가 지금 무엇을 주는지 시험합니다. 아무것도 바꾸지 않습니다."))
@click.argument("source_id", metavar="ID")
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("저장해 둔 목록 페이지로 시험합니다")
)
@common
def test(this: Common, source_id: str, page: Path | None) -> int:
    """Print items, dropped rows with reasons, warnings and the verdict."""
    from pipeline.collect import trial

    house = this.house()
    spec = spec_of(house.settings, source_id)
    if page is not None:
        result = trial.saved(spec, page.read_bytes(), house.registry, now=house.clock())
    else:
        with house.http() as http:
            result = trial.live(spec, http, house.registry, now=house.clock())
    if this.as_json:
        this.json(_trial_json(result))
    else:
        _print_trial(this, result)
    return reports.EXIT_DONE if result.error is None else reports.EXIT_ACT


def spec_of(settings: p.Settings, source_id: str, *, hint: str = "ID") -> p.SourceSpec:
    """Return a configured source; an unknown name is refused with the nearest one, a broken one with its mistakes."""
    for spec in settings.sources:
        if spec.id == source_id:
            return spec
    broken = tuple(x for x in settings.problems if x.subject == source_id and x.severity == "error")
    if broken:
        raise p.ConfigError(broken)
    from difflib import get_close_matches

    lost = tuple(x for x in settings.problems if x.severity == "error" and not x.subject)
    near = get_close_matches(source_id, [s.id for s in settings.sources], n=1)
    if lost and not near:  # the name may stand in a file that could not be read
        raise p.ConfigError(lost)
    meant = _(" '{near}'를 뜻했나요?").format(near=near[0]) if near else ""
    raise click.BadParameter(_("'{name}' 소스는 없습니다.").format(name=source_id) + meant, param_hint=hint)


def _source_json(spec: p.SourceSpec, state: p.SourceState | None) -> dict[str, p.Json]:
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
        "failing_since": reports.seoul(state.failing_since_at) if state and state.failing_since_at else None,
        "last_success": reports.seoul(state.last_success_at) if state and state.last_success_at else None,
        "last_new": reports.seoul(state.last_new_at) if state and state.last_new_at else None,
    }


def _source_lines(spec: p.SourceSpec, state: p.SourceState | None) -> Iterator[str]:
    def plain(at: datetime | None) -> str:
        return reports.seoul(at)[:16].replace("T", " ") if at else "-"

    yield f"{spec.id} ({spec.kind}): {spec.agency} {spec.name}"
    if spec.url:
        yield _("주소: {url}").format(url=spec.url)
    yield _("적힌 곳: {file}:{line}").format(file=spec.where[0], line=spec.where[1])
    if not spec.enabled:
        yield _("꺼 둔 소스입니다.")
    if state is None:
        yield _("아직 한 번도 읽지 않았습니다.")
        return
    since = _(" ({when}부터)").format(when=plain(state.failing_since_at)) if state.failing_since_at else ""
    yield _("상태: {health}{since}").format(health=health_word(state.health), since=since)
    yield _("마지막으로 잘 읽은 때: {when}").format(when=plain(state.last_success_at))
    yield _("마지막으로 새 글이 있던 때: {when}").format(when=plain(state.last_new_at))


def _trial_json(result: Trial) -> p.Json:
    return {
        "items": [entry_json(entry) for entry in result.entries],
        "dropped": [{"row": d.row, "reason": d.reason, "text": d.text} for d in result.dropped],
        "warnings": [{"code": code, "message": message} for code, message in result.warnings],
        "verdict": result.verdict.health.value,
        "error": reports.error_json(result.error) if result.error else None,
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
    }


def _print_trial(this: Common, result: Trial) -> None:
    for entry in result.entries:
        this.out(entry_line(entry))
    for dropped in result.dropped:
        this.note(_("뺀 줄 {row}: {reason} {text}").format(row=dropped.row, reason=dropped.reason, text=dropped.text))
    for code, message in result.warnings:
        this.note(f"! {code}: {message}")
    if result.error is not None:
        this.note(f"{health_word(result.verdict.health)}: {redact(result.error.message)}")
    this.note(
        _("{count}건. 판정: {verdict}. 요청 {requests}번, {seconds:.1f}초").format(
            count=len(result.entries),
            verdict=health_word(result.verdict.health),
            requests=result.requests,
            seconds=result.seconds,
        )
    )
