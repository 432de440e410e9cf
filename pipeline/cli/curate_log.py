"""``moa curate log`` and ``moa curate undo``: what editors decided, when and who, and taking it back.

What does not live here: the decisions themselves (``curate``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.curate import deciding, desk_for, tell
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.store.decisions import DecisionRow


@click.command(help=_("편집자의 결정을 봅니다. 취소한 것도 남아 있습니다."))
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help=_("이 수만큼만"))
@common
def log(this: Common, limit: int | None) -> int:
    """Print the log, newest first."""
    from pipeline.publish import curating

    house = this.house()
    with house.store(read_only=True) as store:
        rows = store.digests.decisions(undone=True)[::-1][:limit]
        lines = [(row, curating.title_of(store, row), curating.detail(store, row)) for row in rows]
    for row, title, detail in lines:
        if this.as_json:
            this.json(decision_json(row) | {"title": title})
            continue
        mark = _(" (취소됨)") if row.is_undone else ""
        more = f" — {detail}" if detail else ""
        at = reports.seoul(row.at)[:16].replace("T", " ")
        this.out(f"{row.seq:>4}  {at}  {row.actor or '-':<10} {curating.word_for(row.action)}{mark}: {title}{more}")
    if not lines:
        this.note(_("아직 결정한 것이 없습니다."))
    return reports.EXIT_DONE


def decision_json(row: DecisionRow) -> dict[str, p.Json]:
    """Return one line of the log as data."""
    return {
        "seq": row.seq,
        "at": reports.seoul(row.at),
        "by": row.actor or None,
        "action": row.action,
        "subject": row.subject,
        "args": dict(row.args),
        "undoes": row.undoes,
        "undone": row.is_undone,
    }


@click.command(help=_("결정을 취소합니다. 번호가 없으면 마지막 것을 취소합니다."))
@click.argument("seq", type=click.IntRange(min=1), required=False, metavar="[N]")
@deciding
@common
def undo(this: Common, seq: int | None, by: str | None, dry_run: bool) -> int:
    """Take a decision back."""
    from pipeline.publish import curating

    house = this.house()
    with house.store(create=False) as store, store.lock():
        newest = curating.last(store)
        number = seq or (newest.seq if newest else 0)
        found = next((d for d in store.digests.decisions(undone=True) if d.seq == number), None)
        if found is None:
            this.note(_("취소할 결정이 없습니다."))
            return reports.EXIT_USAGE
        title = curating.title_of(store, found)
        desk = desk_for(house, store, is_dry=dry_run)
        try:
            outcome = curating.undo(desk, number, actor=by or house.who)
        except p.StoreError as error:
            if error.code not in ("no-decision", "undone-already"):
                raise
            this.note(str(error))
            return reports.EXIT_USAGE
    head = {"action": "undo", "subject": found.subject, "title": title, "args": {"undoes": number}}
    return tell(this, head, outcome, desk)
