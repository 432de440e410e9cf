"""``moa db``: keep the store well: upgrade, check, backup, restore, adopt, release, resolve.

What does not live here: SQL (``store/``).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

import pipeline.model as p
from pipeline import report as reports
from pipeline.cli.common import Common, common
from pipeline.cli.db_media import media
from pipeline.cli.source import spec_of
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.store.store import Store

_SETTLES = {
    "sent": (p.DeliveryState.UNKNOWN,),
    "resend": (p.DeliveryState.UNKNOWN, p.DeliveryState.FAILED, p.DeliveryState.HELD),
    "abandon": (p.DeliveryState.UNKNOWN, p.DeliveryState.FAILED, p.DeliveryState.HELD),
}


@click.group(help=_("저장소를 돌봅니다."))
def db() -> None:
    """Group of store commands."""


db.add_command(media)


@db.command(help=_("저장소를 지금 쓰는 moa에 맞게 고칩니다."))
@common
def upgrade(this: Common) -> None:
    """Bring the schema to the newest revision."""
    from pipeline.store.admin import upgrade as upgrade_store

    revision = upgrade_store(this.house().settings.store_url)
    this.json({"revision": revision}) if this.as_json else this.note(
        _("저장소 버전: {revision}").format(revision=revision)
    )


@db.command(help=_("저장소가 온전한지 살펴봅니다."))
@common
def check(this: Common) -> int:
    """Print what is wrong; exit 3 when something is."""
    house = this.house()
    with house.store(read_only=True) as store:
        found = store.admin.check()
        told = {
            "problems": list(found),
            "revision": store.admin.revision(),
            "stamp": store.stamp.id,
            "may_send": store.stamp_matches(),
        }
    if this.as_json:
        this.json(told)
    else:
        for line in found:
            this.out(line)
        this.out(_("이 저장소의 식별값: {stamp}").format(stamp=told["stamp"]))
        this.note(_("저장소에 잘못이 없습니다.") if not found else _("저장소가 상했습니다. 백업에서 되살려 주세요."))
    return reports.EXIT_ACT if found else reports.EXIT_DONE


@db.command(help=_("저장소를 통째로 한 파일에 옮겨 둡니다."))
@click.argument("to", type=click.Path(path_type=Path))
@common
def backup(this: Common, to: Path) -> None:
    """Write a whole copy while the store is in use."""
    with this.house().store(create=False) as store:
        written = store.admin.backup(to.absolute())
    this.json({"file": str(written)}) if this.as_json else this.note(_("백업했습니다: {file}").format(file=written))


@db.command(help=_("백업에서 되살립니다. 있던 파일은 옆에 남겨 둡니다."))
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@common
def restore(this: Common, copy: Path) -> None:
    """Put a backup in the place of the store; deliveries that were waiting become held."""
    from pipeline.store.admin import restore as restore_store

    house = this.house()
    aside = restore_store(house.settings.store_url, copy, now=house.clock())
    if this.as_json:
        this.json({"aside": str(aside) if aside else None})
        return
    if aside is not None:
        this.note(_("있던 저장소는 {file}(으)로 옮겼습니다.").format(file=aside))
    this.note(_("되살렸습니다. 보내려던 것은 모두 보류했습니다."))


@db.command(help=_("상한 저장소 파일을 옆으로 옮깁니다. 지우지 않습니다."))
@common
def aside(this: Common) -> None:
    """Move a damaged file away under a telling name."""
    from pipeline.store.admin import set_aside

    house = this.house()
    moved = set_aside(house.settings.store_url, now=house.clock())
    this.json({"aside": str(moved)}) if this.as_json else this.note(_("옮겼습니다: {file}").format(file=moved))


@db.command(help=_("복사해 온 저장소를 이곳의 것으로 삼습니다. 그 뒤에는 보낼 수 있습니다."))
@common
def adopt(this: Common) -> None:
    """Stamp the store as living here."""
    with this.house().store(create=False) as store, store.lock():
        stamp = store.adopt()
    this.json({"stamp": stamp.id}) if this.as_json else this.out(
        _("이 저장소의 식별값: {stamp}").format(stamp=stamp.id)
    )


@db.command(help=_("보류한 새 글을 풀어 다음 소식에 싣습니다."))
@click.argument("source_id", metavar="SOURCE")
@common
def release(this: Common, source_id: str) -> None:
    """Release the quarantined entries of one source."""
    house = this.house()
    with house.store(create=False) as store, store.lock():
        if not store.entries.count(source=source_id):
            spec_of(house.settings, source_id, hint="SOURCE")
        count = store.entries.release(source_id=source_id, now=house.clock())
    this.json({"released": count}) if this.as_json else this.out(_("{count}건을 풀었습니다.").format(count=count))


@db.command(help=_("보냈는지 알 수 없는 것을 사람이 정합니다."))
@click.argument("delivery", metavar="DELIVERY")
@click.option("--sent", "as_", flag_value="sent", help=_("받은 것을 확인했습니다"))
@click.option("--resend", "as_", flag_value="resend", help=_("받지 않았으니 다시 보냅니다"))
@click.option("--abandon", "as_", flag_value="abandon", help=_("보내지 않기로 합니다"))
@common
def resolve(this: Common, delivery: str, as_: Literal["sent", "resend", "abandon"] | None) -> None:
    """Settle an unknown delivery by a person's word."""
    if as_ is None:
        raise click.UsageError(_("--sent, --resend, --abandon 가운데 하나를 골라 주세요."))
    house = this.house()
    with house.store(create=False) as store, store.lock():
        _unsettled(store, delivery, _SETTLES[as_])
        store.deliveries.resolve(delivery, as_, now=house.clock())
        found = store.deliveries.get([delivery])
    for one in found:
        this.json(reports.delivery_json(one)) if this.as_json else this.out(
            f"{one.id}: {reports.delivery_word(one.state)}"
        )


def _unsettled(store: Store, delivery: str, states: Collection[p.DeliveryState]) -> None:
    """Refuse what is not waiting for a person's word."""
    found = store.deliveries.get([delivery])
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(delivery, [d.id for d in store.deliveries.list(states=states)], n=1)
        meant = _(" '{near}'를 뜻했나요?").format(near=near[0]) if near else ""
        raise click.BadParameter(_("'{id}' 발송은 없습니다.").format(id=delivery) + meant, param_hint="DELIVERY")
    if found[0].state not in states:
        why = _("이 발송은 지금 그렇게 정할 수 없습니다. 지금 상태: {state}")
        raise click.BadParameter(why.format(state=reports.delivery_word(found[0].state)), param_hint="DELIVERY")
