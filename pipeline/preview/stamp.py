"""One word that changes whenever the page would: how the page is live.

What does not live here: the page (``looking``), asking for the word (``templates/live.js``).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline.publish.run import ground_of

if TYPE_CHECKING:
    from pipeline.store.store import Store
    from pipeline.wiring import House

_OPEN: Final = (p.DeliveryState.PENDING, p.DeliveryState.HELD)


def stamp_of(house: House, store: Store) -> str:
    """Return what changes when the page would: the store's content, what waits, the configuration, the templates.

    Cost: two queries; one ``stat`` for each file of ``config/`` and of the renderers.
    """
    whole = hashlib.blake2b(ground_of(house.settings).encode(), digest_size=12)
    whole.update(str(store.entries.content_version()).encode())
    for delivery in store.deliveries.list(_OPEN):
        whole.update(f"{delivery.id} {delivery.state} {delivery.rendering_sha256}".encode())
    for file in sorted((Path(house.settings.project) / "config").rglob("*")):
        about = file.stat()
        whole.update(f"{file.name} {about.st_size} {about.st_mtime_ns}".encode())
    return whole.hexdigest()
