"""Whether what waits was made of what stands now: the items, the settings, the templates; and what to do where it was not.

What does not live here: making an edition anew (``remaking``), a night's own memory (``run``), the draft that staff see
(``preview/drafts``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pipeline.model as p
from pipeline import i18n
from pipeline.publish import remaking
from pipeline.publish.desk import Desk, Plugins
from pipeline.publish.run import NIGHT_MEMORY, ground_of
from pipeline.store.editions import EditionRow
from pipeline.store.store import Store

_DESK: Final = "in-step/desk"
_APPROVED: Final = "in-step/approved"


def is_in_step(settings: p.Settings, store: Store) -> bool:
    """Whether nothing that decides what waits moved since a night or a person made it. Cost: three rows, one ``stat`` a template."""
    return _is(store, _DESK, ground_of(settings))


def mark(desk: Desk) -> None:
    """Remember that what waits was made of what stands now; not where something could not be rendered."""
    if not desk.is_dry and not desk.errors:
        _mark(desk.store, _DESK, desk.ground)


def bring_approved(
    settings: p.Settings, store: Store, plugins: Plugins, *, now: datetime
) -> tuple[p.PipelineError, ...]:
    """Make anew the editions a person approved where anything moved since, before they leave: other bytes wait again (CS7).

    A night does so by itself; this is for a delivery on its own, after items were collected or a file was edited.

    Returns:
        Channels that could not be rendered; their sendings are held.

    Raises:
        StoreError: Nothing was recorded.

    Cost: one query where nothing was approved; three rows more where nothing moved; else as ``remaking.remake``.
    """
    rows = _approved(settings, store)
    ground = ground_of(settings) if rows else ""
    if not rows or _is(store, _DESK, ground) or _is(store, _APPROVED, ground):
        return ()
    desk = Desk(settings=settings, store=store, plugins=plugins, now=now, as_of=now, ground=ground)
    with i18n.speaking(settings.institute.language):
        for row in rows:
            remaking.remake(desk, row, by_hand=False)
    _mark(store, _APPROVED, ground)
    return tuple(desk.errors)


def _approved(settings: p.Settings, store: Store) -> list[EditionRow]:
    asked = {channel.id for channel in settings.channels if channel.approval == "manual"}
    pending = store.deliveries.list((p.DeliveryState.PENDING,)) if asked else ()
    ids = sorted({d.edition_id for d in pending if d.channel in asked and d.reason == "" and d.attempts == 0})
    found = (store.digests.edition(edition_id) for edition_id in ids)
    return [row for row in found if row is not None]


def _is(store: Store, key: str, ground: str) -> bool:
    version = store.entries.content_version()
    night = store.digests.get_meta(NIGHT_MEMORY, {})
    if night.get("version") == version and str(night.get("inputs", "")).startswith(f"{ground} "):
        return True
    return bool(store.digests.get_meta(key) == f"{ground} {version}")


def _mark(store: Store, key: str, ground: str) -> None:
    with store.transaction():
        store.digests.set_meta(key, f"{ground} {store.entries.content_version()}")
