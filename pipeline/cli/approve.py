"""``moa approve`` and ``moa hold``: a person lets an edition go, or keeps it back.

What does not live here: sending. Approval names the rendering that was shown: a delivery carries its hash, and only those
bytes can leave (P56).
"""

from __future__ import annotations

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.i18n import _

_FREE = (p.DeliveryState.PENDING, p.DeliveryState.HELD)


@click.command(help=_("소식을 내보내기로 승인합니다."))
@click.argument("edition", metavar="EDITION")
@click.option("--sha256", metavar="HASH", help=_("본 것의 확인값. 다르면 승인하지 않습니다"))
@common
def approve(this: Common, edition: str, sha256: str | None) -> int:
    """Release the held deliveries of an edition."""
    return _move(this, edition, sha256, to_held=False)


@click.command(help=_("소식을 내보내지 않고 붙잡아 둡니다."))
@click.argument("edition", metavar="EDITION")
@common
def hold(this: Common, edition: str) -> int:
    """Hold the deliveries of an edition that have not left."""
    return _move(this, edition, None, to_held=True)


def _move(this: Common, edition: str, sha256: str | None, *, to_held: bool) -> int:
    house = this.house()
    with house.store(create=False) as store, store.lock():
        found = [d for d in store.deliveries.find(edition_id=edition) if d.state in _FREE]
        if not found:
            this.note(_("'{edition}'에는 승인이나 발송을 기다리는 것이 없습니다.").format(edition=edition))
            return reports.EXIT_USAGE
        if sha256 is not None and not any(d.rendering_sha256.startswith(sha256) for d in found):
            this.note(_("본 것과 저장된 것이 다릅니다. 다시 보고 승인해 주세요."))
            return reports.EXIT_ACT
        ids = [d.id for d in found if sha256 is None or d.rendering_sha256.startswith(sha256)]
        if to_held:
            store.deliveries.hold(ids, "person", now=house.clock())
        else:
            store.deliveries.release(ids, now=house.clock())
        after = store.deliveries.get(ids)
    for one in after:
        if this.as_json:
            this.json({**reports.delivery_json(one), "sha256": one.rendering_sha256})
        else:
            this.out(f"{one.channel}: {reports.delivery_word(one.state)}  {one.rendering_sha256[:16]}")
    return reports.EXIT_DONE
