"""Pictures of new and changed entries: asked for once, drawn anew in a worker, kept under ``output/media/``.

What does not live here: drawing (``imaging``), the files' folder (``pipeline/media``), the rows (``store/pictures``).
A picture never costs its entry or the night: whatever happens to it is a reason code in its row. What is wanted is written
down before it is asked for, so a run that dies, or runs out of its time, goes on the next night. An address is asked for
once; a night without new pictures asks for none and reads one row.
Source: ADR-0029; korea.md rules 17 and 24; reliability P1, P8, P14.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline import log
from pipeline import media as shelf
from pipeline.collect.jobs import Redrawn, Sketch
from pipeline.collect.workers import Workers
from pipeline.model.base import changed

if TYPE_CHECKING:
    from pipeline.store.store import Store

DUE: Final = "pictures"  # small fact: when the next picture is due, absent when none waits
WAITING: Final = "waiting"
_AGAIN: Final = timedelta(hours=12)  # the next night, not the next run of this one
_POLL_S: Final = 0.2
_GLANCE_S: Final = 0.01
_SAVE: Final = 32  # pictures a transaction keeps
_WHOLE: Final = ("kogl-3", "kogl-4")
_ACCEPT: Final = "image/webp,image/png,image/jpeg,image/gif;q=0.9,image/*;q=0.5"
_log = log.get("media")


class Illustrated(Protocol):
    """A change that brings an entry."""

    entry: p.Entry


@dataclass(slots=True)
class Hanging:
    """What one run of this room needs and gathers.

    Attributes:
        uses: Called once there is something to draw: what files the channels want.
        deadline_s: Of the whole run of this room.
        progress: Called after each picture with (done, total).
        told: By source: reason codes of tonight's pictures, ``""`` for those that were made.
        kept: Rows not written yet.
        done: Pictures settled tonight.
    """

    specs: Mapping[str, p.SourceSpec]
    store: Store
    http: p.Http
    output_dir: str
    uses: Callable[[], frozenset[p.Use]]
    now: datetime
    deadline_s: float = p.limits.IMAGES_S
    progress: Callable[[int, int], None] | None = None
    told: dict[str, list[str]] = field(default_factory=dict)
    kept: list[p.KnownPicture] = field(default_factory=list)
    done: int = 0


def must_not_be_cut(licence: str) -> bool:
    """Whether a licence forbids changing a work: KOGL 3 and 4, and Creative Commons' ND (korea.md §6)."""
    code = licence.lower()
    return code in _WHOLE or "-nd" in code


def wishes(spec: p.SourceSpec, changes: Iterable[p.Change]) -> tuple[p.KnownPicture, ...]:
    """Return the pictures that tonight's changes of a source bring; none where its pictures are not to be fetched."""
    if not spec.policy.images:
        return ()
    entries = (change.entry for change in changes if isinstance(change, p.New | p.Revised))
    return tuple(
        p.KnownPicture(
            url=entry.image.url,
            source_id=spec.id,
            referer=entry.url,
            picture=p.Picture(is_whole=must_not_be_cut(entry.licence), problem=WAITING),
        )
        for entry in entries
        if entry.image is not None and urlsplit(entry.image.url).scheme in ("http", "https")
    )


def wish(store: Store, spec: p.SourceSpec, changes: Iterable[p.Change], *, now: datetime) -> tuple[p.KnownPicture, ...]:
    """Return tonight's wishes of a source, the unknown ones written down with the changes that bring them.

    In the source's own transaction: a night that dies before it fetches pictures leaves them to the next run (P28).
    """
    found = wishes(spec, changes)
    if found:
        known = store.pictures.get(row.url for row in found)
        fresh: dict[str, p.KnownPicture] = {}
        for row in found:
            if row.url not in known:
                is_whole = row.picture.is_whole or fresh.get(row.url, row).picture.is_whole
                fresh[row.url] = replace(row, picture=replace(row.picture, is_whole=is_whole), again_at=now)
        if fresh:
            store.pictures.save(list(fresh.values()))
            store.digests.set_meta(DUE, now.isoformat())
    return found


def is_due(store: Store, now: datetime) -> bool:
    """Whether pictures of earlier nights wait. Cost: one row."""
    due = store.digests.get_meta(DUE)
    return due is not None and datetime.fromisoformat(due) <= now


def told(line: p.SourceRun, codes: Sequence[str]) -> p.SourceRun:
    """Return a source's line of the report with what became of its pictures tonight."""
    counts = {code: codes.count(code) for code in sorted(set(codes))}
    failed = ", ".join(f"{code} {count}" for code, count in counts.items() if code)
    line = changed(line, pictures=counts.get("", 0))
    return changed(line, warnings=(*line.warnings, ("pictures", failed))) if failed else line


def hang(run: Hanging, wanted: Sequence[p.KnownPicture]) -> None:
    """Fetch, draw and keep the pictures that are wanted tonight and those left over from earlier nights.

    Raises:
        StoreError: The store or ``output/`` cannot be written; what waits is asked for by the next run.

    Cost: one row on a night without pictures; else one request a picture, paced by host, and a worker process.
    """
    if not wanted and not is_due(run.store, run.now):
        return
    fresh = _unknown(run, wanted)
    with run.store.transaction():
        run.store.pictures.save(fresh)
    waiting = run.store.pictures.due(run.now, p.limits.IMAGES_PER_NIGHT)
    rows = {row.url: row for row in waiting if row.source_id in run.specs}
    if rows:
        _drive(run, rows)
    with run.store.transaction():
        run.store.pictures.save(run.kept)
        if gone := [row.url for row in waiting if row.url not in rows]:  # their source is not configured any more
            run.store.pictures.forget(gone)
        at = run.store.pictures.next_at()
        run.store.digests.set_meta(DUE, None if at is None else at.isoformat())
    run.kept.clear()
    _log.info("pictures", asked=run.done, made=sum(not code for codes in run.told.values() for code in codes))


def _unknown(run: Hanging, wanted: Sequence[p.KnownPicture]) -> list[p.KnownPicture]:
    """Those not known yet, known under a laxer licence, or whose files somebody deleted; to be asked for now."""
    known = run.store.pictures.get(row.url for row in wanted)
    fresh: dict[str, p.KnownPicture] = {}
    for row in wanted:
        before = known.get(row.url)
        is_whole = row.picture.is_whole or (before is not None and before.picture.is_whole)
        is_done = before is not None and (
            before.picture.problem
            or (before.picture.is_whole == is_whole and shelf.is_there(run.output_dir, before.picture))
        )
        if not is_done:
            picture = replace(row.picture, is_whole=is_whole or fresh.get(row.url, row).picture.is_whole)
            fresh[row.url] = replace(row, picture=picture, again_at=run.now)
    return list(fresh.values())


def _drive(run: Hanging, rows: Mapping[str, p.KnownPicture]) -> None:
    """Ask for every picture and draw those that come, until all are settled or the time is up."""
    until = time.monotonic() + run.deadline_s
    uses = run.uses()
    open_ = set(rows)
    for url, row in rows.items():
        run.http.submit(_request(run.specs[row.source_id], row), url)
    with Workers[Redrawn]() as workers:
        while (open_ or workers.backlog) and time.monotonic() < until:
            for tag, answer in run.http.poll(_GLANCE_S if workers.backlog else _POLL_S) if open_ else ():
                row = rows[str(tag)]
                open_.discard(row.url)
                if isinstance(answer, p.SourceError):
                    _settle(run, len(rows), _refused(row, answer, run.now))
                else:
                    workers.submit(
                        Sketch(
                            url=row.url,
                            source_id=row.source_id,
                            body=answer.body,
                            uses=uses,
                            is_whole=row.picture.is_whole,
                        )
                    )
            for drawn in workers.collect(_GLANCE_S if open_ else _POLL_S) if workers.backlog else ():
                _settle(run, len(rows), _stored(run, rows[drawn.url], drawn))
    for url in open_:
        run.http.cancel(url)


def _request(spec: p.SourceSpec, row: p.KnownPicture) -> p.Request:
    """Ask as a browser showing the entry's page would (hosts of blogs check that); a source's own headers stay at home."""
    is_home = urlsplit(row.url).netloc == urlsplit(spec.url).netloc
    policy = changed(
        spec.policy,
        headers=spec.policy.headers if is_home else (),
        max_bytes=min(spec.policy.max_bytes, p.limits.IMAGE_BYTES),
    )
    headers = (("Accept", _ACCEPT), ("Referer", row.referer)) if row.referer.isascii() else (("Accept", _ACCEPT),)
    return p.Request(url=row.url, headers=headers, conditional=False, policy=policy)


def _refused(row: p.KnownPicture, error: p.SourceError, now: datetime) -> p.KnownPicture:
    """What may go away by itself is tried again on a few more nights."""
    tries = row.tries + 1
    again = isinstance(error, p.FetchError) and error.code not in _LASTING and tries < p.limits.IMAGE_TRIES
    picture = replace(row.picture, problem=error.code or "fetch", files=())
    return replace(row, picture=picture, tries=tries, tried_at=now, again_at=now + _AGAIN if again else None)


_LASTING: Final = ("too-large", "bad-redirect", "too-many-redirects", "http-400", "http-404", "http-410")


def _stored(run: Hanging, row: p.KnownPicture, drawn: Redrawn) -> p.KnownPicture:
    for file, body in drawn.files:
        shelf.put(run.output_dir, file, body)
    picture = replace(row.picture, files=tuple(file for file, _body in drawn.files), problem=drawn.problem)
    return replace(row, picture=picture, tries=row.tries + 1, tried_at=run.now, again_at=None)


def _settle(run: Hanging, total: int, row: p.KnownPicture) -> None:
    run.done += 1
    run.told.setdefault(row.source_id, []).append(row.picture.problem)
    run.kept.append(row)
    if len(run.kept) >= _SAVE:
        with run.store.transaction():
            run.store.pictures.save(run.kept)
        run.kept.clear()
    if run.progress is not None:
        run.progress(run.done, total)
