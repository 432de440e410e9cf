"""``moa check``: every mistake of the configuration at once, without network.

What does not live here: finding them (``settings/``).
"""

from __future__ import annotations

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.i18n import _


@click.command(help=_("설정을 모두 살펴봅니다 (네트워크를 쓰지 않습니다)."))
@click.argument("files", nargs=-1, metavar="[FILE…]")
@common
def check(this: Common, files: tuple[str, ...]) -> int:
    """Print problems as ``file:line:column  sentence → what to write``; exit 2 when there is an error."""
    settings: p.Settings | None = None
    try:
        settings = this.house().settings
        problems = settings.problems
    except p.ConfigError as error:
        problems = error.problems or (p.Problem(file="config", line=0, column=0, code="config", message=error.message),)
    if files:
        problems = tuple(x for x in problems if any(name.endswith(x.file) or x.file.endswith(name) for name in files))
    is_bad = any(problem.severity == "error" for problem in problems)
    if this.as_json:
        this.json({"problems": [reports.problem_json(problem) for problem in problems]})
        return reports.EXIT_USAGE if is_bad else reports.EXIT_DONE
    for problem in problems:
        mark = "" if problem.severity == "error" else _("(알림) ")
        fix = f" → {problem.fix}" if problem.fix else ""
        source = _("  (소스: {id})").format(id=problem.subject) if problem.subject else ""
        this.out(f"{problem.file}:{problem.line}:{problem.column}  {mark}{problem.message}{fix}{source}")
    if is_bad:
        this.note(_("고칠 곳이 {count}곳 있습니다.").format(count=sum(x.severity == "error" for x in problems)))
        return reports.EXIT_USAGE
    if settings is not None:
        on = sum(spec.enabled for spec in settings.sources)
        this.note(
            _("설정에 잘못이 없습니다. 쓰는 소스 {on}곳, 꺼 둔 소스 {off}곳.").format(
                on=on, off=len(settings.sources) - on
            )
        )
    return reports.EXIT_DONE
