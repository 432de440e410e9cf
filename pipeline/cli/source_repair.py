"""``moa source repair``: new selectors for a list that changed its shape, shown before and after, written on request.

What does not live here: finding and trying them (``mending``), editing lines (``settings/yamledit``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common, is_terminal
from pipeline.cli.source import spec_of
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.mending import Proposal
    from pipeline.wiring import House

_SHOWN = 5


@click.command(help=_("모양이 바뀐 목록의 새 선택자를 찾아 고치기 전과 뒤를 보여 줍니다."))
@click.argument("source_id", metavar="ID")
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=_("저장해 둔 목록 페이지로 찾습니다")
)
@click.option("--write", is_flag=True, help=_("찾은 선택자를 설정 파일에 적습니다"))
@common
def repair(this: Common, source_id: str, page: Path | None, write: bool) -> int:
    """Print the repair as a diff with rows before and after; write it only when asked."""
    house = this.house()
    spec = spec_of(house.settings, source_id)
    if not getattr(spec.options, "rows", ""):
        raise click.BadParameter(_("선택자가 없는 소스라 고칠 것이 없습니다."), param_hint="ID")
    stored, found = _found(house, spec, page)
    if found is None:
        this.json(_json(spec, (), [], "", is_written=False)) if this.as_json else this.out(
            _("지금 설정으로 잘 읽힙니다. 고칠 것이 없습니다.")
        )
        return reports.EXIT_DONE
    body, diff = _edit(house, spec, found[0]) if found else (b"", "")
    if not this.as_json:
        _print(this, found, stored, diff)
    is_written = bool(found) and write and _agreed(this) and _write(house, spec, body)
    if this.as_json:
        this.json(_json(spec, found, stored, diff, is_written=is_written))
    elif is_written:
        this.note(_("{file}에 적었습니다. 되돌리려면 위의 - 줄로 바꾸세요.").format(file=spec.where[0]))
    return reports.EXIT_DONE if is_written else reports.EXIT_ACT


def _found(house: House, spec: p.SourceSpec, page: Path | None) -> tuple[list[p.Known], tuple[Proposal, ...] | None]:
    """Return the newest stored rows and the repairs; ``None`` where the source reads well."""
    from pipeline import mending
    from pipeline.collect import trial

    if page is not None:
        document = trial.page_of(spec, page.read_bytes(), now=house.clock())
    else:
        with house.http() as http:
            document = trial.first_page(spec, http, house.registry)
    with house.store(read_only=True) as store:
        state = store.source_states.all().get(spec.id) or p.SourceState(source_id=spec.id)
        shop = mending.Workshop(plugins=house.registry, store=store.entries, state=state, now=house.clock())
        stored = list(store.entries.recent(spec.id)[:_SHOWN])
        if mending.is_healthy(spec, document, shop):
            return stored, None
        return stored, mending.proposals(spec, document, shop)


def _edit(house: House, spec: p.SourceSpec, proposal: Proposal) -> tuple[bytes, str]:
    from pipeline import mending
    from pipeline.settings import yamledit

    before, after = mending.written(Path(house.settings.project), spec, proposal.changes)
    return after, yamledit.diff(before, after, spec.where[0])


def _agreed(this: Common) -> bool:
    if this.as_json or not is_terminal():
        return True
    return click.confirm(_("설정 파일에 적을까요?"), default=False, err=True)


def _write(house: House, spec: p.SourceSpec, body: bytes) -> bool:
    from pipeline import mending

    mending.write(Path(house.settings.project), spec, body)
    return True


def _json(
    spec: p.SourceSpec, found: Sequence[Proposal], stored: Sequence[p.Known], diff: str, *, is_written: bool
) -> p.Json:
    return {
        "source": spec.id,
        "file": spec.where[0],
        "before": [{"title": k.title, "date": _day(k.published)} for k in stored],
        "repairs": [
            {
                "confidence": one.confidence,
                "overlap": round(one.overlap, 2),
                "sure": one.is_sure,
                "changes": {name: _plain(value) for name, value in one.changes.items()},
                "items": [{"title": e.title, "url": e.url, "date": _day(e.published)} for e in one.entries],
            }
            for one in found
        ],
        "diff": diff or None,
        "written": is_written,
    }


def _plain(value: object) -> p.Json:
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return list(value) if isinstance(value, list | tuple) else value


def _day(fact: p.DateFact | None) -> str | None:
    return reports.seoul(fact.at)[:10] if fact else None


def _print(this: Common, found: Sequence[Proposal], stored: Sequence[p.Known], diff: str) -> None:
    if not found:
        this.out(_("이 페이지에서 저장된 글이 있는 목록을 찾지 못했습니다. 주소가 바뀌었는지 확인해 주세요."))
        return
    best = found[0]
    for line in diff.splitlines():
        this.out(line)
    this.out("")
    this.out(_("고치기 전 (저장된 글)"))
    for known in stored:
        this.out(f"  {_day(known.published) or '-':<10} {known.title}")
    this.out(_("고친 뒤 ({count}건)").format(count=len(best.entries)))
    for entry in best.entries[:_SHOWN]:
        this.out(f"  {_day(entry.published) or '-':<10} {entry.title}")
    this.note(
        _("확신 {confidence:.0%}, 저장된 글과 겹침 {overlap:.0%}").format(
            confidence=best.confidence, overlap=best.overlap
        )
    )
    for other in found[1:2]:
        rows = other.changes.get("rows", other.spec.options.rows)
        this.note(_("다음 후보: {rows} (확신 {confidence:.0%})").format(rows=rows, confidence=other.confidence))
