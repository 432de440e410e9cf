"""``moa send-test``: the stored bytes to one staff address, marked as a test; changes no state.

What does not live here: the sending itself (``deliver/trial``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import output
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.i18n import _
from pipeline.text.addresses import masked

if TYPE_CHECKING:
    from pipeline.store.editions import EditionRow
    from pipeline.wiring import House


@click.command("send-test", help=_("저장된 소식을 담당자 한 사람에게 시험으로 보냅니다. 제목에 [시험]이 붙습니다."))
@click.option("--channel", metavar="CHANNEL", required=True, help=_("채널 id"))
@click.option("--to", metavar="ADDRESS", required=True, help=_("받을 주소 하나"))
@click.option("--edition", metavar="EDITION", default="", help=_("어느 소식을 (없으면 가장 새 소식)"))
@common
def send_test(this: Common, channel: str, to: str, edition: str) -> int:
    """Send one edition to one address."""
    from pipeline.deliver import trial

    house = this.house()
    spec = next((c for c in house.settings.channels if c.id == channel), None)
    transport = house.registry.transport(spec.transport) if spec is not None and spec.transport else None
    if spec is None or transport is None or not trial.may_test(transport):
        this.note(_("'{channel}'은(는) 시험으로 보낼 수 있는 메일 채널이 아닙니다.").format(channel=channel))
        return reports.EXIT_USAGE
    row = _row(house, channel, edition)
    if row is None:
        this.note(_("그 채널로 만든 소식이 없습니다."))
        return reports.EXIT_USAGE
    rendering = output.read_rendering(house.output_dir, row.id, channel, sha256=row.renderings[channel])
    try:
        with house.http() as http:
            trial.send_test(spec, transport, rendering, to, http, now=house.clock())
    except p.DeliveryError as error:
        this.note(str(error))
        return reports.EXIT_USAGE if error.code == "address" else reports.EXIT_ACT
    if this.as_json:
        this.json({"edition": row.id, "channel": channel, "sha256": rendering.sha256, "to": masked(to)})
    else:
        this.out(_("시험으로 보냈습니다: {edition} → {to}").format(edition=row.id, to=masked(to)))
    return reports.EXIT_DONE


def _row(house: House, channel: str, edition: str) -> EditionRow | None:
    with house.store(read_only=True) as store:
        rows = store.digests.editions(limit=p.limits.PREVIEW_EDITIONS)
    return next((r for r in rows if edition in ("", r.id) and channel in r.renderings), None)
