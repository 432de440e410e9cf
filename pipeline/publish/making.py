"""What an edition is made of, and by what: its night out of the store, its channels, its renderings, its ledger.

What does not live here: what it says (``compose``), whether one is due (``editions``), whether it is made anew (``remaking``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline import log
from pipeline.publish import compose
from pipeline.publish.desk import Desk, is_perpetual
from pipeline.publish.editing import story_id
from pipeline.publish.fold import Folded
from pipeline.publish.notes import Altered
from pipeline.publish.render import render

_log = log.get("publish")
_LABELS: Final = ("new", "closing-today", "closing", "opens", "changed")


def composed(desk: Desk, spec: p.DigestSpec, as_of: datetime, *, again: str = "") -> compose.Composed:
    """Compose the edition of a digest as of an instant.

    Args:
        desk: Gives the library and the ledger.
        spec: Which digest.
        as_of: The instant it speaks from.
        again: The id of the same edition, when it was made before: what only it told was not told yet.

    Cost: the live library once for each run; a few indexed queries.
    """
    night, folded = _night(desk, spec, as_of, again)
    return compose.compose(spec, folded, night, desk.settings.institute)


def channels_of(desk: Desk, spec: p.DigestSpec) -> list[tuple[p.ChannelSpec, p.Renderer]]:
    """Return the channels that make one thing for each edition, in the digest's order."""
    mine = (desk.channels[c] for c in dict.fromkeys(spec.channels) if c in desk.channels)
    return [(channel, renderer) for channel, renderer in mine if not is_perpetual(renderer)]


def rendered(
    desk: Desk, channels: Iterable[tuple[p.ChannelSpec, p.Renderer]], digest: p.Digest
) -> tuple[p.Rendering, ...]:
    """Render for every channel; what fails is an error of the desk and costs only itself."""
    renderings = []
    digest = desk.bodied(digest)
    for channel, renderer in channels:
        try:
            renderings.append(render(renderer, channel, digest))
        except p.PipelineError as error:
            _log.error("render failed", edition=digest.id, channel=channel.id, error=error)
            desk.errors.append(error)
    return tuple(renderings)


def enter(desk: Desk, digest_id: str, edition_id: str, ledger: Iterable[tuple[str, str]]) -> None:
    """Enter what an edition tells into the ledger, within the caller's transaction."""
    rows = tuple(ledger)
    for label in _LABELS:
        told = [story for story, said in rows if said == label]
        desk.store.digests.publish(digest_id, edition_id, told, label=label, now=desk.now)


def _night(desk: Desk, spec: p.DigestSpec, as_of: datetime, again: str) -> tuple[compose.Night, Folded]:
    """Gather what the digest has told, what came and changed since its last edition, and the stories it may speak of."""
    last = next((e for e in desk.store.digests.editions(spec.id) if e.end_at <= as_of and e.id != again), None)
    start = last.end_at if last else as_of - timedelta(days=p.limits.FIRST_EDITION_DAYS)
    end = compose.end_of(as_of)
    due = desk.store.entries.due_ids(start, end)
    night = compose.Night(
        as_of=as_of, start_at=last.end_at if last else None, due=due, altered=_altered(desk, start, end)
    )
    folded = _of_interest(desk.shelf.speaking({*due, *night.altered}, as_of), night)
    ids = {i for s in folded.stories for i in (s.id, *(story_id(e.id) for e in s.members))}
    told, told_by = _told(desk, spec.id, ids, again), _told_by(desk, spec.id, night, again)
    return replace(night, told=told, told_by=told_by), folded


def _told_by(desk: Desk, digest_id: str, night: compose.Night, again: str) -> dict[str, str]:
    """Return the last edition that showed a story, where something changed: what a correction corrects.

    By the editions themselves: the ledger keeps only the first telling under each label.
    """
    found: dict[str, str] = {}
    rows = desk.store.digests.editions(digest_id, limit=p.limits.CURATED_EDITIONS) if night.altered else ()
    for row in rows:  # newest first
        if row.id != again and row.end_at <= night.as_of:
            for section in row.sections:
                for card in section["cards"]:
                    found.setdefault(card["story"], row.id)
    return found


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
    return replace(
        folded,
        stories=tuple(s for s in folded.stories if compose.may_speak(s, night)),
        hidden=tuple(s for s in folded.hidden if compose.may_speak(s, night)),
    )


def _told(desk: Desk, digest_id: str, ids: set[str], again: str) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    known = sorted(desk.store.digests.published(digest_id, sorted(ids)))
    for label in _LABELS if known else ():
        for story, edition in desk.store.digests.published(digest_id, known, label=label).items():
            if edition != again:
                told.setdefault(story, set()).add(label)
    return told
