"""``moa source test``: what a source gives now, and what its configuration would do to what is stored.

What does not live here: fetching, judging (``collect/trial``), counting (``collect/impact``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.entry_json import entry_json, entry_line
from pipeline.cli.source import health_word, spec_of
from pipeline.i18n import _
from pipeline.log import redact

if TYPE_CHECKING:
    from pipeline.collect.impact import Impact
    from pipeline.collect.trial import Trial
    from pipeline.wiring import House


@click.command(help=_("소스가 지금 무엇을 주는지 시험합니다. 아무것도 바꾸지 않습니다."))
@click.argument("source_id", metavar="ID", default="")
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("저장해 둔 목록 페이지로 시험합니다")
)
@click.option(
    "--saved", is_flag=True, help=_("소스를 만들 때 남긴 쪽으로 시험합니다. 접속하지 않습니다. ID가 없으면 모두")
)
@common
def test(this: Common, source_id: str, page: Path | None, saved: bool) -> int:
    """Print items, dropped rows with reasons, warnings, the verdict and the impact on the store."""
    from pipeline.collect import trial

    house = this.house()
    if saved:
        return _saved(this, house, source_id)
    if not source_id:
        raise click.BadParameter(_("소스 id를 적어 주세요. --saved와 함께면 적지 않아도 됩니다."), param_hint="ID")
    spec = spec_of(house.settings, source_id)
    if page is not None:
        result = trial.saved(spec, page.read_bytes(), house.registry, now=house.clock())
    else:
        with house.http() as http:
            result = trial.live(spec, http, house.registry, now=house.clock())
    counted = impact_of(house, spec, result)
    if this.as_json:
        this.json(_json(result, counted))
    else:
        _print(this, result, counted)
    return reports.EXIT_DONE if result.error is None else reports.EXIT_ACT


def _saved(this: Common, house: House, source_id: str) -> int:
    """Read what was recorded when the sources were made; every difference is told."""
    from pipeline import samples

    project = Path(house.settings.project)
    ids = (source_id,) if source_id else samples.names(project)
    lost = [each for each in ids if not _again(this, house, each)]
    if not ids:
        this.note(_("남겨 둔 쪽이 없습니다. moa source new 주소 --write로 만든 소스에 있습니다."))
    return reports.EXIT_ACT if lost else reports.EXIT_DONE


def _again(this: Common, house: House, source_id: str) -> bool:
    from pipeline import samples
    from pipeline.collect import trial

    spec = spec_of(house.settings, source_id)
    sample = samples.load(Path(house.settings.project), source_id)
    if sample is None:
        text = _("'{id}' 소스에는 남겨 둔 쪽이 없습니다(samples/{id}).")
        raise click.BadParameter(text.format(id=source_id), param_hint="ID")
    result = trial.again(spec, sample.documents, house.registry, now=sample.at)
    told = samples.differences(sample, result.entries)
    if this.as_json:
        this.json(
            {**_json(result, None), "source": source_id, "at": reports.seoul(sample.at), "differences": list(told)}
        )
    else:
        _print(this, result, None)
        for line in told:
            this.note(f"! {line}")
        text = (
            _("{id}: {day}에 남긴 것과 같습니다.") if not told else _("{id}: {day}에 남긴 것과 {count}곳이 다릅니다.")
        )
        this.note(text.format(id=source_id, day=reports.seoul(sample.at)[:10], count=len(told)))
    return not told and result.error is None


def impact_of(house: House, spec: p.SourceSpec, result: Trial) -> Impact | None:
    """Return what a trial would change in the store, read only; ``None`` where nothing is stored of the source yet."""
    from pipeline.collect.impact import impact

    if result.error is not None:
        return None
    entries = result.entries
    try:
        with house.store(read_only=True) as store:
            state = store.source_states.all().get(spec.id)
            if state is None or state.first_run_at is None:
                return None
            hashes = [e.url_hash for e in entries if e.url_hash]
            known = store.entries.known(spec.id, [e.key for e in entries], hashes)
            recent = store.entries.recent(spec.id)
    except p.StoreError:
        return None
    return impact(entries, spec, state, known=known, recent=recent, now=house.clock())


def impact_json(counted: Impact | None) -> p.Json:
    """Return the impact as data."""
    if counted is None:
        return None
    names = ("added", "dropped", "resent", "quiet", "held", "unchanged")
    return {name: getattr(counted, name) for name in names}


def impact_line(counted: Impact) -> str:
    """Return the impact in one sentence for an editor."""
    line = _("이 설정이면 새 글 {added}개, 빠지는 글 {dropped}개, 다시 알림 {resent}개").format(
        added=counted.added, dropped=counted.dropped, resent=counted.resent
    )
    if counted.quiet:
        line += _(", 알리지 않고 저장 {count}개").format(count=counted.quiet)
    if counted.held:
        line += _(", 보류 {count}개").format(count=counted.held)
    return line


def _json(result: Trial, counted: Impact | None) -> dict[str, p.Json]:
    return {
        "items": [entry_json(entry) for entry in result.entries],
        "dropped": [{"row": d.row, "reason": d.reason, "text": d.text} for d in result.dropped],
        "warnings": [{"code": code, "message": message} for code, message in result.warnings],
        "verdict": result.verdict.health.value,
        "error": reports.error_json(result.error) if result.error else None,
        "requests": result.requests,
        "seconds": round(result.seconds, 3),
        "impact": impact_json(counted),
    }


def _print(this: Common, result: Trial, counted: Impact | None) -> None:
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
    if counted is not None:
        this.note(impact_line(counted))
