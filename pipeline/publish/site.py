"""Makes what is perpetual, the website: today's edition in front, the whole live library behind it.

What does not live here: pages (``renderers/``), the public web root (the ``files`` transport), editions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pipeline.model as p
from pipeline import log, output
from pipeline.publish import compose, outgoing, perpetual, stored
from pipeline.publish.desk import Desk, is_perpetual
from pipeline.renewal import Renewed

SITE: Final = "site"
_OPEN: Final = (p.DeliveryState.PENDING, p.DeliveryState.HELD)
_log = log.get("publish")


def make(desk: Desk) -> p.EditionRun | None:
    """Render every perpetual channel, write what changed and plan its sending; ``None`` when there is no such channel.

    Raises:
        StoreError: Nothing was recorded; the next run makes it.

    Cost: reads the whole library without bodies, makes the pages that say something new (ADR-0034); only when the door
    found its inputs changed.
    """
    mine = [(channel, renderer) for channel, renderer in desk.channels.values() if is_perpetual(renderer)]
    if not mine:
        return None
    stories = desk.shelf.newest
    if not stories:
        return p.EditionRun(id=SITE, digest_id=SITE, state="skipped", reason="nothing-new")
    made = []
    for channel, renderer in mine:
        memory = _memory(desk, channel)
        try:
            renewed = perpetual.renew(desk, channel, renderer, digest_for(desk, channel.id), edition_id=SITE)
        except p.RenderError as error:
            _log.error("render failed", edition=SITE, channel=channel.id, error=error)
            desk.errors.append(error)
            continue
        if not desk.is_dry:
            with desk.store.transaction():
                _plan(desk, channel, renewed, memory)
        made.append(p.Rendered(channel=channel.id, sha256=renewed.sha256, files=renewed.written))
    state = "failed" if not made else "made" if desk.is_dry or any(r.files for r in made) else "unchanged"
    return p.EditionRun(id=SITE, digest_id=SITE, stories=len(stories), rendered=tuple(made), state=state)


def drafted(desk: Desk) -> dict[str, dict[str, p.Page]]:
    """Return the files each perpetual channel would have now, by path, none of them made.

    Cost: reads the library without bodies; about 20 µs a page.
    """
    return {
        channel.id: perpetual.drafted(desk, channel, renderer, digest_for(desk, channel.id))
        for channel, renderer in desk.channels.values()
        if is_perpetual(renderer)
    }


def digest_for(desk: Desk, channel_id: str) -> p.Digest:
    """Return what a perpetual channel may say: the newest edition of the first digest that names it, and everything else."""
    specs = [spec for spec in desk.settings.digests if channel_id in spec.channels]
    rows = [row for spec in specs for row in desk.store.digests.editions(spec.id) if row.as_of <= desk.as_of]
    rows = [desk.drafted.get(row.id, row) for row in rows]
    rows.sort(key=lambda row: (row.on, -[s.id for s in specs].index(row.digest_id)), reverse=True)
    front = next((row for row in rows if row.digest_id == specs[0].id), None)
    live = desk.shelf.of(name for row in rows for name in stored.told_in(row))
    if front is not None:
        base = stored.digest_of(front, live, desk.settings.institute)
        base = replace(base, as_of=desk.as_of, sections=compose.still_true(base.sections, live, desk.as_of))
    else:
        base = compose.empty(specs[0], desk.as_of, desk.settings.institute)
    others = [row for row in rows if row.id != base.id]
    return replace(
        base,
        left_out=(),
        library=desk.shelf.newest,
        archive=tuple(stored.ref_of(row) for row in others),
        editions={row.id: stored.sections_of(row, live) for row in others},
        sources=_sources(desk),
    )


def _sources(desk: Desk) -> tuple[p.SourceCard, ...]:
    states = desk.store.source_states.all()
    cards = []
    for spec in desk.settings.sources:
        if spec.enabled:
            state = states.get(spec.id)
            card = p.SourceCard(id=spec.id, name=spec.name, kind=spec.kind, agency=spec.agency, url=spec.url)
            if state is not None:
                card = replace(card, last_success_at=state.last_success_at, health=state.health)
            cards.append(card)
    return tuple(cards)


def _memory(desk: Desk, channel: p.ChannelSpec) -> p.Json:
    """Return what is known of the last site; a store made anew asks the disk how large the one readers see is (P41)."""
    known = desk.store.digests.get_meta(f"site/{channel.id}", {})
    return known or {"files": output.count_files(desk.settings.output, SITE, channel.id)}


def _plan(desk: Desk, channel: p.ChannelSpec, renewed: Renewed, memory: p.Json) -> None:
    """Plan the sending of these bytes and give up on older ones that did not leave; hold a site that shrank (P41)."""
    box = desk.store.deliveries
    if renewed.sha256 == memory.get("sha256"):
        return  # the last one planned: a person or the outbox decides its fate
    batch = int(memory.get("batch", 0)) + 1
    rendering = p.Rendering(digest_id=SITE, channel=channel.id, sha256=renewed.sha256, artifacts=())
    plain = f"site/{channel.id}/{rendering.sha256[:16]}"
    planned = outgoing.site_delivery(rendering, channel, batch=batch, again=bool(box.get([plain])), now=desk.now)
    good = int(memory.get("files", 0))  # of the last site that was allowed out
    if memory.get("held") and any(d.state is p.DeliveryState.SENT for d in box.get([memory["held"]])):
        good = int(memory["held_files"])
    count = renewed.pages  # pictures may be switched off
    memory = {"sha256": rendering.sha256, "batch": batch, "files": count}
    if planned is not None:
        old = [d.id for d in box.waiting(_OPEN) if d.edition_id == SITE and d.channel == channel.id]
        box.supersede(old, now=desk.now)
        if count < good * p.limits.SHRINK_SHARE:
            planned = replace(planned, state=p.DeliveryState.HELD, reason="shrunk")
            memory |= {"files": good, "held": planned.id, "held_files": count}
            _log.warning("site shrank", channel=channel.id, files=count, before=good)
        box.enqueue([planned], now=desk.now)
    desk.store.digests.set_meta(f"site/{channel.id}", memory)
