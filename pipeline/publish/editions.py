"""Makes the edition of one digest: compose, render, write, then one transaction for edition, ledger and outbox.

What does not live here: what an edition says (``compose``), its stored form (``stored``), the website (``site``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pipeline.model as p
from pipeline import log
from pipeline.model import windows
from pipeline.publish import compose, outgoing, stored
from pipeline.publish.desk import Desk, is_perpetual
from pipeline.publish.fold import Folded, story_id
from pipeline.publish.notes import Altered
from pipeline.publish.render import render
from pipeline.store.editions import EditionRow

_log = log.get("publish")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LABELS = ("new", "closing-today", "closing", "opens", "changed")


def make(desk: Desk, spec: p.DigestSpec) -> p.EditionRun:
    """Make today's edition of a digest if it is due and not made yet; an edition once made is frozen (P56).

    Raises:
        StoreError: Nothing of this edition was recorded; the next run makes it.
    """
    edition_id = f"{spec.id}/{desk.today}"
    row = desk.store.digests.edition(edition_id)
    if row is not None:
        return _again(desk, spec, row)
    if not is_due(spec, desk.as_of):
        return p.EditionRun(id=edition_id, digest_id=spec.id, state="skipped", reason="not-due")
    night = _night(desk, spec)
    made = compose.compose(spec, _of_interest(desk.folded, night), night, desk.settings.institute)
    channels = [c for c in _channels(desk, spec) if made.stories or c[0].empty == "note"]
    if not made.stories and not channels:
        return p.EditionRun(id=edition_id, digest_id=spec.id, state="skipped", reason="nothing-new")
    renderings = _render(desk, channels, made.digest)
    if channels and not renderings:
        return p.EditionRun(id=edition_id, digest_id=spec.id, stories=made.stories, state="failed")
    files = {r.channel: desk.write(r) for r in renderings}
    if not desk.is_dry:
        state = "made" if len(renderings) == len(channels) else "partial"
        with desk.store.transaction():
            desk.store.digests.save_edition(stored.row_of(made.digest, renderings, state=state, now=desk.now))
            for label in _LABELS:
                told = [story for story, said in made.ledger if said == label]
                desk.store.digests.publish(spec.id, edition_id, told, label=label, now=desk.now)
            outgoing.enqueue(desk, renderings)
    _log.info("edition", digest=spec.id, edition=edition_id, stories=made.stories)
    return p.EditionRun(id=edition_id, digest_id=spec.id, stories=made.stories, rendered=_rendered(renderings, files))


def _rendered(renderings: tuple[p.Rendering, ...], files: dict[str, int]) -> tuple[p.Rendered, ...]:
    return tuple(p.Rendered(channel=r.channel, sha256=r.sha256, files=files[r.channel]) for r in renderings)


def is_due(spec: p.DigestSpec, as_of: datetime) -> bool:
    """Whether an edition is due on the Seoul day of an instant."""
    return "daily" in spec.schedule or _DAYS[windows.seoul_date(as_of).weekday()] in spec.schedule


def _channels(desk: Desk, spec: p.DigestSpec) -> list[tuple[p.ChannelSpec, p.Renderer]]:
    mine = (desk.channels[c] for c in dict.fromkeys(spec.channels) if c in desk.channels)
    return [(channel, renderer) for channel, renderer in mine if not is_perpetual(renderer)]


def _night(desk: Desk, spec: p.DigestSpec) -> compose.Night:
    """Gather what the digest has told, and what came and changed since its last edition."""
    last = next((e for e in desk.store.digests.editions(spec.id) if e.end_at <= desk.as_of), None)
    start = last.end_at if last else desk.as_of - timedelta(days=p.limits.FIRST_EDITION_DAYS)
    end = compose.end_of(desk.as_of)
    due = frozenset(e.id for e in desk.store.entries.window(start, end, bodies=False))
    night = compose.Night(
        as_of=desk.as_of, start_at=last.end_at if last else None, due=due, altered=_altered(desk, start, end)
    )
    ids = {i for s in _of_interest(desk.folded, night).stories for i in (s.id, *(story_id(e.id) for e in s.members))}
    return replace(night, told=_told(desk, spec.id, ids))


def _altered(desk: Desk, start: datetime, end: datetime) -> dict[str, Altered]:
    altered: dict[str, Altered] = {}
    for change in desk.store.entries.material_changes(start, end):
        known = altered.get(change.entry_id)
        before = dict(zip(change.fields, change.before, strict=True))
        if known is not None:  # the value before the first change is the one readers know
            before |= dict(zip(known.fields, known.before, strict=True))
        altered[change.entry_id] = Altered(
            entry_id=change.entry_id, fields=tuple(sorted(before)), before=tuple(before[k] for k in sorted(before))
        )
    return altered


def _of_interest(folded: Folded, night: compose.Night) -> Folded:
    """Keep what this edition may speak of: new, changed, or a course one can still apply for."""
    return Folded(
        stories=tuple(s for s in folded.stories if compose.may_speak(s, night)),
        hidden=tuple(s for s in folded.hidden if compose.may_speak(s, night)),
        pinned=folded.pinned,
        notes=folded.notes,
    )


def _told(desk: Desk, digest_id: str, ids: set[str]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    known = sorted(desk.store.digests.published(digest_id, sorted(ids)))
    for label in _LABELS if known else ():
        for story in desk.store.digests.published(digest_id, known, label=label):
            told.setdefault(story, set()).add(label)
    return told


def _render(desk: Desk, channels: list[tuple[p.ChannelSpec, p.Renderer]], digest: p.Digest) -> tuple[p.Rendering, ...]:
    renderings = []
    digest = desk.bodied(digest)
    for channel, renderer in channels:
        try:
            renderings.append(render(renderer, channel, digest))
        except p.PipelineError as error:
            _log.error("render failed", edition=digest.id, channel=channel.id, error=error)
            desk.errors.append(error)
    return tuple(renderings)


def _again(desk: Desk, spec: p.DigestSpec, row: EditionRow) -> p.EditionRun:
    """An edition that stands: only a channel that failed when it was made is tried again."""
    stories = sum(len(section["cards"]) for section in row.sections)
    stand = tuple(p.Rendered(channel=c, sha256=sha, files=0) for c, sha in sorted(row.renderings.items()))
    missing = [c for c in _channels(desk, spec) if c[0].id not in row.renderings] if row.state == "partial" else []
    missing = [c for c in missing if stories or c[0].empty == "note"]
    if not missing:
        return p.EditionRun(id=row.id, digest_id=spec.id, stories=stories, rendered=stand, state="unchanged")
    renderings = _render(desk, missing, stored.digest_of(row, desk.folded.stories, desk.settings.institute))
    files = {r.channel: desk.write(r) for r in renderings}
    if renderings and not desk.is_dry:
        whole = dict(row.renderings) | {r.channel: r.sha256 for r in renderings}
        state = "made" if len(renderings) == len(missing) else "partial"
        with desk.store.transaction():
            desk.store.digests.save_edition(replace(row, renderings=whole, state=state))
            outgoing.enqueue(desk, renderings)
    made = _rendered(renderings, files)
    state = "made" if made else "unchanged"
    return p.EditionRun(id=row.id, digest_id=spec.id, stories=stories, rendered=(*stand, *made), state=state)
