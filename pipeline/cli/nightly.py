"""``moa run | collect | publish | deliver``: the night and its rooms.

What does not live here: their order and work (``pipeline/nightly.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

import click

import pipeline.model as p
from pipeline import nightly
from pipeline import report as reports
from pipeline.cli.common import Common, When, common, is_terminal
from pipeline.i18n import _
from pipeline.log import redact

Progress = Callable[[int, int, p.SourceRun], None]


def _execute(
    this: Common,
    rooms: Collection[str],
    *,
    as_of: datetime | None,
    dry_run: bool,
    only: tuple[str, ...] = (),
    send: bool = False,
) -> int:
    house = this.house(as_of=as_of)
    _known_only(house.settings, only)
    for problem in house.settings.problems:
        if problem.severity == "error":
            this.note(f"{problem.file}:{problem.line}:{problem.column}  {problem.message}")
    with progress_of(this) as progress:
        report = nightly.run(house, _plan(rooms, only, dry_run=dry_run, send=send, progress=progress))
    if this.as_json:
        this.json(reports.to_json(report))
    elif not this.quiet or reports.exit_code(report):  # quiet under cron: no mail when nobody must act
        for line in reports.lines(report):
            this.out(line)
        if dry_run:
            this.note(_("연습 실행이라 아무것도 남기거나 보내지 않았습니다."))
    return reports.exit_code(report)


def _plan(
    rooms: Collection[str], only: tuple[str, ...], *, dry_run: bool, send: bool, progress: Progress | None
) -> nightly.Plan:
    """Under cron an armed environment sends; a person at a terminal has to say so (P51)."""
    may_send = send or not is_terminal()
    return nightly.Plan(
        rooms=rooms,
        only=only,
        is_dry=dry_run,
        may_send=may_send,
        progress=progress,
        pictures=getattr(progress, "pictured", None),
    )


def _known_only(settings: p.Settings, only: tuple[str, ...]) -> None:
    known = [spec.id for spec in settings.sources]
    for name in only:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, n=1)
            hint = _(" '{near}'를 뜻했나요?").format(near=near[0]) if near else ""
            raise click.BadParameter(_("'{name}' 소스는 없습니다.").format(name=name) + hint, param_hint="--only")


def progress_of(this: Common) -> AbstractContextManager[Progress | None]:
    """Return a bar on a terminal, plain lines under cron, nothing where only an answer is wanted."""
    if this.quiet or this.as_json:
        return nullcontext(None)
    if is_terminal():
        from pipeline.cli.progress import bar

        return bar()
    return nullcontext(lambda done, total, run: _plain(this, done, total, run))


def _plain(this: Common, done: int, total: int, run: p.SourceRun) -> None:
    """One line for each source that has something to say; a quiet night of a thousand sources stays short."""
    if run.error is not None or run.new or run.revised or run.quarantined:
        from pipeline.cli.source import health_word

        why = f" — {redact(run.error.message)}" if run.error else ""
        counts = _("새 글 {new}건, 바뀐 글 {revised}건").format(new=run.new, revised=run.revised)
        this.note(f"[{done}/{total}] {run.source_id}: {health_word(run.verdict.health)}, {counts}{why}")


_as_of = click.option("--as-of", type=When(), help=_("이 때라고 치고 실행합니다 (사람에게는 보내지 않습니다)"))
_dry = click.option("--dry-run", is_flag=True, help=_("연습: 아무것도 남기거나 보내지 않습니다"))
_send = click.option("--send", is_flag=True, help=_("터미널에서도 사람에게 정말 보냅니다 (MOA_ARM 이 있어야 합니다)"))
_only = click.option("--only", metavar="SOURCE", multiple=True, help=_("이 소스만 (여러 번 쓸 수 있습니다)"))


@click.command(help=_("밤 작업: 모으고, 펴내고, 때가 된 것을 보냅니다."))
@_as_of
@_dry
@_send
@_only
@common
def run(this: Common, as_of: datetime | None, dry_run: bool, send: bool, only: tuple[str, ...]) -> int:
    """Walk the whole night."""
    return _execute(this, nightly.ROOMS, as_of=as_of, dry_run=dry_run, only=only, send=send)


@click.command(help=_("모으기만 합니다."))
@_as_of
@_dry
@_only
@common
def collect(this: Common, as_of: datetime | None, dry_run: bool, only: tuple[str, ...]) -> int:
    """Collect only."""
    return _execute(this, ("collect",), as_of=as_of, dry_run=dry_run, only=only)


@click.command(help=_("펴내기만 합니다."))
@_as_of
@_dry
@common
def publish(this: Common, as_of: datetime | None, dry_run: bool) -> int:
    """Publish only."""
    return _execute(this, ("publish",), as_of=as_of, dry_run=dry_run, only=())


@click.command(help=_("때가 된 것을 보내기만 합니다."))
@_as_of
@_dry
@_send
@common
def deliver(this: Common, as_of: datetime | None, dry_run: bool, send: bool) -> int:
    """Deliver only."""
    return _execute(this, ("deliver",), as_of=as_of, dry_run=dry_run, send=send)
