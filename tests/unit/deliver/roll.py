"""A real ledger over a real store, for transports that send to people one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pipeline.model as p
from pipeline.deliver import listing
from pipeline.deliver.people import Ledger, boot
from pipeline.store.store import Store

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
KEY = listing.Key(b"a key of the test")
DELIVERY = p.Delivery(
    id="daily/2026-11-23/newsletter/all/0",
    edition_id="daily/2026-11-23",
    channel="newsletter",
    transport="smtp",
    rendering_sha256="1" * 64,
    not_before_at=NOW,
    created_at=NOW,
)


class Roll:
    """One delivery, its store and its list; every ``ledger()`` is a new run's."""

    def __init__(self, folder: Path, *people: str, address: listing.Address = "email", column: str = "email") -> None:
        self.store = Store.open(f"sqlite:///{folder / 'moa.db'}")
        self.store.deliveries.enqueue([DELIVERY])
        self.people = list(people)
        self.address: listing.Address = address
        self.column = column
        self.check: Callable[[], None] = lambda: None
        self.bounces = 2

    def listed(self) -> list[p.Person]:
        rows: list[dict[str, Any]] = [{self.column: one, "이름": "홍길동"} for one in self.people]
        return list(listing.people(rows, self.address, KEY))

    def ledger(self) -> Ledger:
        self.store.deliveries.interrupted([DELIVERY.id], NOW, boot=boot())
        return Ledger(
            self.store,
            DELIVERY,
            iter(self.listed()),
            key_id=KEY.id,
            bounces=self.bounces,
            clock=lambda: NOW,
            check=self.check,
        )

    def states(self) -> dict[str, tuple[str, str]]:
        """State and reason by address (or hash, for who is no longer listed)."""
        names = {person.hash: person.address for person in self.listed()}
        found = self.store.deliveries.recipients_of(DELIVERY.id)
        return {names.get(who, who): (fate.state.value, fate.reason) for who, fate in found.items()}
