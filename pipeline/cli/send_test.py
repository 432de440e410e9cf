"""``moa send-test``: the stored bytes to one member of staff, marked as a test; changes no state.

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
from pipeline.text.addresses import masked, mobile_number

if TYPE_CHECKING:
    from pipeline.store.editions import EditionRow
    from pipeline.wiring import House


@click.command("send-test", help=_("저장된 소식을 담당자 한 사람에게 시험으로 보냅니다. 앞에 [시험]이 붙습니다."))
@click.option("--channel", metavar="CHANNEL", required=True, help=_("채널 id"))
@click.option(
    "--to",
    metavar="ADDRESS",
    required=True,
    help=_("받을 메일 주소나 휴대전화 번호 하나. me 는 담당자의 카카오톡(나에게 보내기)"),
)
@click.option("--edition", metavar="EDITION", default="", help=_("어느 소식을 (없으면 가장 새 소식)"))
@common
def send_test(this: Common, channel: str, to: str, edition: str) -> int:
    """Send one edition to one address."""
    from pipeline.deliver import trial

    house = this.house()
    spec = next((c for c in house.settings.channels if c.id == channel), None)
    way = _way(house, spec, to) if spec is not None else None
    if way is None:
        words = _("'{channel}'은(는) 시험으로 보낼 수 있는 채널이 아닙니다. 메일이나 카카오톡 채널을 적어 주세요.")
        this.note(words.format(channel=channel))
        return reports.EXIT_USAGE
    row = _row(house, channel, edition)
    if row is None:
        this.note(_("그 채널로 만든 소식이 없습니다."))
        return reports.EXIT_USAGE
    rendering = output.read_rendering(house.output_dir, row.id, channel, sha256=row.renderings[channel])
    try:
        with house.http() as http:
            trial.send_test(*way, rendering, to, http, now=house.clock())
    except p.DeliveryError as error:
        this.note(str(error))
        return reports.EXIT_USAGE if error.code == "address" else reports.EXIT_ACT
    shown = to if to == trial.ME else masked(mobile_number(to) or to)
    waits = _waits(house, row.id, channel)
    if this.as_json:
        told = {"edition": row.id, "channel": channel, "sha256": rendering.sha256, "to": shown, "approved": not waits}
        this.json(told)
    else:
        this.out(_("시험으로 보냈습니다: {edition} → {to}").format(edition=row.id, to=shown))
        if waits:
            again = f"moa approve {row.id} --sha256 {rendering.sha256[:16]}"
            this.note(_("아직 승인하지 않은 소식입니다. 이대로 좋으면: {command}").format(command=again))
    return reports.EXIT_DONE


def _way(house: House, spec: p.ChannelSpec, to: str) -> tuple[p.ChannelSpec, p.Transport] | None:
    """Return the channel's own way out if it can carry a test; for ``me`` the way of the morning report, else."""
    from pipeline.deliver import trial

    made = house.registry.renderer(spec.renderer).PRODUCES
    ways = (spec, house.settings.report) if to == trial.ME else (spec,)
    for way in ways:
        if way is not None and way.transport:
            transport = house.registry.transport(way.transport)
            if trial.may_test(transport) and made & transport.ACCEPTS and (to != trial.ME or trial.is_own(transport)):
                return way, transport
    return None


def _waits(house: House, edition: str, channel: str) -> bool:
    """Whether what is stored still waits for a person's yes."""
    with house.store(read_only=True) as store:
        found = store.deliveries.find(edition_id=edition)
    return any(d.channel == channel and d.state is p.DeliveryState.HELD for d in found)


def _row(house: House, channel: str, edition: str) -> EditionRow | None:
    with house.store(read_only=True) as store:
        rows = store.digests.editions(limit=p.limits.PREVIEW_EDITIONS)
    return next((r for r in rows if edition in ("", r.id) and channel in r.renderings), None)
