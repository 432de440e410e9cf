"""``moa approve`` and ``moa hold``: a person lets an edition go, or keeps it back.

What does not live here: sending. Approval names the rendering that was shown: a delivery carries its hash, and only those
bytes can leave (P56).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.i18n import _
from pipeline.publish.approving import approve as take
from pipeline.publish.approving import hold as keep_back
from pipeline.publish.approving import may_be_approved
from pipeline.publish.difference import sentence
from pipeline.publish.remaking import VOID, since_approval

if TYPE_CHECKING:
    from pipeline.store.store import Store

_FREE = (p.DeliveryState.PENDING, p.DeliveryState.HELD)


_by = click.option("--by", metavar="NAME", help=_("기록에 남길 이름 (없으면 로그인한 이름)"))


@click.command(help=_("소식을 내보내기로 승인합니다."))
@click.argument("edition", metavar="EDITION")
@click.option("--sha256", metavar="HASH", help=_("본 것의 확인값. 다르면 승인하지 않습니다"))
@_by
@common
def approve(this: Common, edition: str, sha256: str | None, by: str | None) -> int:
    """Release the held deliveries of an edition."""
    house = this.house()
    with house.store(create=False) as store, store.lock():
        found = _waiting(this, store, edition)
        if not found:
            return reports.EXIT_USAGE
        named = [d for d in found if sha256 is None or d.rendering_sha256.startswith(sha256)]
        chosen = [d for d in named if may_be_approved(store, house.output_dir, d)]
        if not chosen:
            this.note(_("본 것과 저장된 것이 다릅니다. 다시 보고 승인해 주세요."))
            return reports.EXIT_ACT
        if sha256 is None and any(d.reason == VOID for d in chosen):
            _tell_changes(this, store, chosen)
            return reports.EXIT_ACT
        take(store, chosen, house.settings.channels, actor=by or house.who, now=house.clock())
        _tell(this, store.deliveries.get([d.id for d in chosen]))
    return reports.EXIT_DONE


@click.command(help=_("소식을 내보내지 않고 붙잡아 둡니다."))
@click.argument("edition", metavar="EDITION")
@_by
@common
def hold(this: Common, edition: str, by: str | None) -> int:
    """Hold the deliveries of an edition that have not left."""
    house = this.house()
    with house.store(create=False) as store, store.lock():
        found = _waiting(this, store, edition)
        if not found:
            return reports.EXIT_USAGE
        keep_back(store, found, actor=by or house.who, now=house.clock())
        _tell(this, store.deliveries.get([d.id for d in found]))
    return reports.EXIT_DONE


def _waiting(this: Common, store: Store, edition: str) -> list[p.Delivery]:
    found = [d for d in store.deliveries.find(edition_id=edition) if d.state in _FREE]
    if not found:
        this.note(_("'{edition}'에는 승인이나 발송을 기다리는 것이 없습니다.").format(edition=edition))
    return found


def _tell_changes(this: Common, store: Store, chosen: list[p.Delivery]) -> None:
    """The approval was voided: show item by item what changed, and ask for the hash of what stands now (CS7)."""
    row = store.digests.edition(chosen[0].edition_id)
    for change in since_approval(store, row) if row is not None else ():
        if this.as_json:
            this.json(change.json())
        else:
            this.out(sentence(change))
    this.note(_("승인한 뒤에 내용이 바뀌어 승인이 풀렸습니다. 달라진 것을 보고 다시 승인해 주세요:"))
    for one in chosen:
        this.note(f"  moa approve {one.edition_id} --sha256 {one.rendering_sha256[:16]}   ({one.channel})")


def _tell(this: Common, after: Iterable[p.Delivery]) -> None:
    for one in after:
        if this.as_json:
            this.json({**reports.delivery_json(one), "sha256": one.rendering_sha256})
        else:
            this.out(f"{one.channel}: {reports.delivery_word(one.state)}  {one.rendering_sha256[:16]}")
