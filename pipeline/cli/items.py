"""``moa items`` and ``moa stories``: what the store holds. Reads only.

What does not live here: SQL (``store/``), the JSON's shape (``entry_json``).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline.cli.common import Common, When, common
from pipeline.cli.entry_json import entry_json, entry_line, story_json
from pipeline.cli.source import spec_of
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.store.store import Store
    from pipeline.wiring import House

_since = click.option("--since", type=When(), help=_("이때부터 처음 본 것만"))
_limit = click.option("--limit", type=click.IntRange(min=1), metavar="N", help=_("이 수만큼만"))
_count = click.option("--count", is_flag=True, help=_("개수만 보여 줍니다"))
_source = click.option("--source", metavar="ID", help=_("이 소스만"))
_kind = click.option("--kind", type=click.Choice([k.value for k in p.Kind]), metavar="KIND", help=_("이 종류만"))


@click.command(help=_("저장된 글을 봅니다."))
@_since
@_source
@_kind
@_limit
@_count
@common
def items(
    this: Common, since: datetime | None, source: str | None, kind: str | None, limit: int | None, count: bool
) -> None:
    """Print entries, newest first."""
    house = this.house()
    chosen = p.Kind(kind) if kind else None
    with house.store(read_only=True) as store:
        _known(house.settings, store, source)
        if count:
            this.out(str(store.entries.count(since=since, source=source, kind=chosen)))
            return
        found = store.entries.search(since=since, source=source, kind=chosen, limit=limit)
        if this.as_json:
            stories = store.digests.assignments([e.id for e in found])
            this.rows(entry_json(entry, stories.get(entry.id)) for entry in found)
            return
        for entry in found:
            this.out(entry_line(entry))
        if not found:
            this.note(_nothing(store))


def _nothing(store: Store) -> str:
    if store.entries.count():
        return _("조건에 맞는 글이 없습니다.")
    return _("저장된 글이 없습니다. 먼저 'moa run'을 실행해 주세요.")


def _known(settings: p.Settings, store: Store, source: str | None) -> None:
    """Refuse a name that neither the configuration nor the store knows."""
    if source is not None and not store.entries.count(source=source):
        spec_of(settings, source, hint="--source")


@click.command(help=_("하나로 묶인 이야기를 봅니다."))
@_since
@_source
@_kind
@_limit
@_count
@click.option("--doubtful", is_flag=True, help=_("하나로 묶을지 사람이 정해야 할 것만"))
@common
def stories(
    this: Common,
    since: datetime | None,
    source: str | None,
    kind: str | None,
    limit: int | None,
    count: bool,
    doubtful: bool,
) -> None:
    """Print stories, newest first, with why their members belong together."""
    from pipeline.publish.library import stories_of

    house = this.house()
    if doubtful:
        _print_doubts(this, house, limit, count)
        return
    with house.store(read_only=True) as store:
        _known(house.settings, store, source)
        found = [
            s
            for s in stories_of(store, house.settings.facets)
            if (since is None or s.first_seen_at >= since)
            and (source is None or any(m.source_id == source for m in s.members))
            and (kind is None or s.primary.kind.value == kind)
        ]
    if count:
        this.out(str(len(found)))
        return
    for story in found[:limit]:
        if this.as_json:
            this.json(story_json(story))
            continue
        this.out(f"{story.id}  {story.primary.title}")
        for member in story.members:
            this.out(f"    {member.source_id:<16} {member.title}")


def _print_doubts(this: Common, house: House, limit: int | None, count: bool) -> None:
    from pipeline.publish.library import doubts_of

    with house.store(read_only=True) as store:
        found = doubts_of(store, house.settings.facets)
    if count:
        this.out(str(len(found)))
        return
    for pair, one, other in found[:limit]:
        if this.as_json:
            this.json({"a": pair.a, "b": pair.b, "share": pair.share, "stories": [one.id, other.id]})
            continue
        this.out(f"{pair.share:.2f}  {one.id}  {one.primary.title}")
        this.out(f"      {other.id}  {other.primary.title}")
    if not found:
        this.note(_("사람이 정해야 할 것이 없습니다."))
