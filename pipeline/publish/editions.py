"""Makes the edition of one digest: compose, render, write, then one transaction for edition, ledger and outbox.

What does not live here: what an edition says (``compose``), what it is composed of (``making``), its stored form (``stored``),
making one that stands anew (``remaking``), the website (``site``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pipeline.model as p
from pipeline import log
from pipeline.model import windows
from pipeline.publish import making, outgoing, remaking, stored
from pipeline.publish.desk import Desk
from pipeline.store.editions import EditionRow

_log = log.get("publish")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    made = making.composed(desk, spec, desk.as_of)
    channels = [c for c in making.channels_of(desk, spec) if made.stories or c[0].empty == "note"]
    if not made.stories and not channels:
        return p.EditionRun(id=edition_id, digest_id=spec.id, state="skipped", reason="nothing-new")
    renderings = making.rendered(desk, channels, made.digest)
    if channels and not renderings:
        return p.EditionRun(id=edition_id, digest_id=spec.id, stories=made.stories, state="failed")
    files = {r.channel: desk.write(r) for r in renderings}
    if not desk.is_dry:
        state = "made" if len(renderings) == len(channels) else "partial"
        with desk.store.transaction():
            desk.store.digests.save_edition(stored.row_of(made.digest, renderings, state=state, now=desk.now))
            making.enter(desk, spec.id, edition_id, made.ledger)
            outgoing.enqueue(desk, renderings)
    _log.info("edition", digest=spec.id, edition=edition_id, stories=made.stories)
    return p.EditionRun(id=edition_id, digest_id=spec.id, stories=made.stories, rendered=_rendered(renderings, files))


def _rendered(renderings: tuple[p.Rendering, ...], files: dict[str, int]) -> tuple[p.Rendered, ...]:
    return tuple(p.Rendered(channel=r.channel, sha256=r.sha256, files=files[r.channel]) for r in renderings)


def is_due(spec: p.DigestSpec, as_of: datetime) -> bool:
    """Whether an edition is due on the Seoul day of an instant."""
    return "daily" in spec.schedule or _DAYS[windows.seoul_date(as_of).weekday()] in spec.schedule


def _again(desk: Desk, spec: p.DigestSpec, row: EditionRow) -> p.EditionRun:
    """An edition that stands: what waits follows its items; a channel that failed when it was made is tried again."""
    remade = remaking.remake(desk, row, by_hand=False)
    if remade is not None:
        return p.EditionRun(
            id=row.id, digest_id=spec.id, stories=remade.stories, rendered=remade.rendered, reason="remade"
        )
    stories = sum(len(section["cards"]) for section in row.sections)
    stand = tuple(p.Rendered(channel=c, sha256=sha, files=0) for c, sha in sorted(row.renderings.items()))
    missing = (
        [c for c in making.channels_of(desk, spec) if c[0].id not in row.renderings] if row.state == "partial" else []
    )
    missing = [c for c in missing if stories or c[0].empty == "note"]
    if not missing:
        return p.EditionRun(id=row.id, digest_id=spec.id, stories=stories, rendered=stand, state="unchanged")
    renderings = making.rendered(
        desk, missing, stored.digest_of(row, desk.shelf.of(stored.told_in(row)), desk.settings.institute)
    )
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
