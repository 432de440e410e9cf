"""``moa source rename``: a source's new id takes over what is stored under the old one.

What does not live here: SQL (``store/source_states``), several sources that became one (``formerly:``, ADR-0026).
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import samples
from pipeline.cli.common import Common, common
from pipeline.cli.source import spec_of
from pipeline.i18n import _


@click.command(help=_("설정에서 바꾼 소스 id에 맞게 저장된 글을 옮깁니다. 다시 알리지 않습니다."))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@common
def rename(this: Common, old: str, new: str) -> None:
    """Move state and entries from an id that is no longer configured to one that is."""
    house = this.house()
    spec_of(house.settings, new, hint="NEW")
    if any(spec.id == old for spec in house.settings.sources):
        raise click.BadParameter(_("'{id}' 소스가 아직 설정에 있습니다.").format(id=old), param_hint="OLD")
    with house.store(create=False) as store, store.lock():
        known = old in store.source_states.all() or store.entries.count(source=old)
        if not known:
            raise click.BadParameter(_("'{name}' 소스는 없습니다.").format(name=old), param_hint="OLD")
        moved = store.source_states.rename(old, new)
    samples.rename(Path(house.settings.project), old, new)
    this.json({"moved": moved}) if this.as_json else this.out(_("{count}건을 옮겼습니다.").format(count=moved))
