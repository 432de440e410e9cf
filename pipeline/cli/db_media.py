"""``moa db media``: our own copies of pictures: how many, why some are missing, and tidying up.

What does not live here: fetching and drawing (``collect/media``), the folder (``pipeline/media``), SQL (``store/pictures``).
No night deletes a picture: it may stand in an edition somebody reads again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

import pipeline.model as p
from pipeline.cli.common import Common, common
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.store.store import Store
    from pipeline.wiring import House


@click.command(help=_("받아 둔 그림을 살펴보고 정리합니다."))
@click.option("--forget", is_flag=True, help=_("어느 글도 쓰지 않는 지 오래된 그림을 지웁니다"))
@click.option("--again", is_flag=True, help=_("쓰지 못했거나 없어진 그림을 다음 실행에 다시 받습니다"))
@common
def media(this: Common, forget: bool, again: bool) -> None:
    """Print what there is; ``--forget`` deletes what no entry has used for long, ``--again`` asks anew for what is missing."""
    house = this.house()
    told: dict[str, p.Json] = {}
    if forget or again:
        with house.store(create=False) as store, store.lock():
            if forget:
                told["forgotten"], told["freed_bytes"] = _forget(house, store)
            if again:
                told["again"] = _again(house, store)
    with house.store(read_only=True) as store:
        rows = store.pictures.all()
    told |= _counts(rows)
    if this.as_json:
        this.json(told)
        return
    if forget:
        freed = told["freed_bytes"] / 1_000_000
        this.out(_("그림 파일 {count}개를 지웠습니다 ({size:.1f}MB).").format(count=told["forgotten"], size=freed))
    if again:
        this.out(_("그림 {count}장을 다음 실행에 다시 받습니다.").format(count=told["again"]))
    size = told["bytes"] / 1_000_000
    this.out(
        _("그림 {pictures}장, 파일 {files}개, {size:.1f}MB").format(
            pictures=told["pictures"], files=told["files"], size=size
        )
    )
    for code, count in told["problems"].items():
        this.out(f"    {code}: {count}")


def _counts(rows: Sequence[p.KnownPicture]) -> dict[str, p.Json]:
    files = {file.path: file.bytes for row in rows for file in row.picture.files}
    problems = Counter(row.picture.problem for row in rows if row.picture.problem)
    return {
        "pictures": sum(bool(row.picture.files) for row in rows),
        "files": len(files),
        "bytes": sum(files.values()),
        "problems": dict(sorted(problems.items())),
    }


def _forget(house: House, store: Store) -> tuple[int, int]:
    """Forget rows no live entry names and that were last asked for long ago, then files no row names."""
    from pipeline import media as shelf

    before = house.clock() - timedelta(days=p.limits.IMAGE_KEEP_DAYS)
    named = {entry.image.url for entry in store.entries.live(bodies=False) if entry.image}
    rows = store.pictures.all()
    stale = [r.url for r in rows if r.url not in named and r.again_at is None and (r.tried_at or before) <= before]
    store.pictures.forget(stale)
    used = {file.path for row in rows if row.url not in stale for file in row.picture.files}
    gone = tuple(shelf.unused(house.output_dir, used, before))
    return len(gone), shelf.forget(gone)


def _again(house: House, store: Store) -> int:
    """Ask anew for every picture that was refused or whose files are gone."""
    from pipeline import media as shelf
    from pipeline.collect.media import DUE, WAITING

    now = house.clock()
    fresh = [
        replace(row, picture=replace(row.picture, files=(), problem=WAITING), tries=0, again_at=now)
        for row in store.pictures.all()
        if row.picture.problem or not shelf.is_there(house.output_dir, row.picture)
    ]
    with store.transaction():
        store.pictures.save(fresh)
        if fresh:
            store.digests.set_meta(DUE, now.isoformat())
    return len(fresh)
