"""The door of the publish room: did anything change? If so, today's editions and the website; each failure is a value.

What does not live here: how an edition or the website is made (``editions``, ``site``), any decision about content.
A night without changes passes this file only: two small reads, no renderer, no archive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pipeline
import pipeline.model as p
from pipeline import output
from pipeline.model import windows
from pipeline.store.store import Store

if TYPE_CHECKING:
    from pipeline.publish.desk import Desk, Plugins

NIGHT_MEMORY: Final = "publish"
_RENDERERS: Final = Path(pipeline.__file__).resolve().parent.parent / "renderers"


def publish(
    settings: p.Settings, store: Store, registry: Plugins, *, now: datetime, as_of: datetime, dry_run: bool = False
) -> p.PublishResult:
    """Publish what is due: one edition for each digest and Seoul date, and the website as it should look now.

    Args:
        settings: Digests, channels, institute.
        store: Open for writing, unless ``dry_run``.
        registry: Gives the renderers.
        now: Aware UTC; when deliveries are planned.
        as_of: The instant editions speak from; "today" is its Seoul date.
        dry_run: Compose and render, but write nothing anywhere.

    Returns:
        What became of every digest and of the site; errors of single channels.

    Raises:
        StoreError: The store or ``output/`` cannot be written; what was recorded until then stands, and the same command
            again does the rest.

    Cost: two rows when nothing changed since the last run of this date; else reads the live library once.
    Source: P19, P40, P56; performance §11 "Rendering".
    """
    version = store.entries.content_version()
    ground = ground_of(settings)
    inputs = f"{ground} {windows.seoul_date(as_of).isoformat()}"
    memory = store.digests.get_meta(NIGHT_MEMORY, {})
    if memory.get("inputs") == inputs and memory.get("version") == version and _stands(settings, memory):
        return p.PublishResult(editions=tuple(_remembered(memory)))
    from pipeline.publish.desk import Desk  # noqa: PLC0415 - a quiet night needs none of it

    desk = Desk(settings=settings, store=store, plugins=registry, now=now, as_of=as_of, ground=ground, is_dry=dry_run)
    result = _make(desk)
    is_still = store.entries.content_version() == version + desk.written  # nobody else wrote meanwhile
    if not dry_run and not result.errors and is_still:
        told = {"inputs": inputs, "version": version + desk.written, "editions": [_memo(e) for e in result.editions]}
        with store.transaction():
            store.digests.set_meta(NIGHT_MEMORY, told)
    return result


def _make(desk: Desk) -> p.PublishResult:
    from pipeline.publish import editions, site  # noqa: PLC0415 - as above

    runs = [editions.make(desk, spec) for spec in desk.settings.digests]
    whole = site.make(desk)
    if whole is not None:
        runs.append(whole)
    return p.PublishResult(editions=tuple(runs), errors=tuple(desk.errors))


def ground_of(settings: p.Settings) -> str:
    """Return a hash of all that decides what is published, except the store's content and the day."""
    whole = hashlib.blake2b(digest_size=16)
    for part in (pipeline.__version__, settings.config_hash, *_templates(settings)):
        whole.update(part.encode() + b"\0")
    return whole.hexdigest()


def _templates(settings: p.Settings) -> Iterator[str]:
    for folder in (_RENDERERS, Path(settings.project) / "config" / "templates"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                about = path.stat()
                yield f"{path.relative_to(folder)} {about.st_size} {about.st_mtime_ns}"


def _stands(settings: p.Settings, memory: p.Json) -> bool:
    """Whether what was made still lies in ``output/``; somebody may have emptied it."""
    return all(
        output.has_rendering(settings.output, "site", rendered["channel"])
        for edition in memory["editions"]
        if edition["id"] == "site"
        for rendered in edition["rendered"]
    )


def _memo(edition: p.EditionRun) -> p.Json:
    rendered = [{"channel": r.channel, "sha256": r.sha256} for r in edition.rendered]
    return {
        "id": edition.id,
        "digest_id": edition.digest_id,
        "stories": edition.stories,
        "rendered": rendered,
        "state": edition.state,
        "reason": edition.reason,
    }


def _remembered(memory: p.Json) -> Iterator[p.EditionRun]:
    for known in memory["editions"]:
        rendered = tuple(p.Rendered(channel=r["channel"], sha256=r["sha256"], files=0) for r in known["rendered"])
        edition = p.EditionRun(**{**known, "rendered": rendered})
        yield replace(edition, state="unchanged") if edition.state == "made" else edition
