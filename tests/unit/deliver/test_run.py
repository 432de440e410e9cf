"""The door of the deliver room over a real store; the carrier is a fake at its seam."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import pipeline.model as p
from pipeline import output
from pipeline.deliver.run import Round, deliver
from pipeline.store.store import Store

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
NAME = "daily/2026-11-23/mail/all/0"


@dataclass
class Carrier:
    """A service that sends to all at once; it is its own registry.

    Attributes:
        knows: What it answers when it is asked what became of a sending.
    """

    knows: p.Receipt | p.PipelineError | None
    sent: list[str] = field(default_factory=list)
    TITLE: str = "x"
    ACCEPTS: frozenset[str] = frozenset({"*/*"})
    REACHES_PEOPLE: bool = True
    REPEATABLE: bool = False
    Options: Any = None

    def transport(self, name: str) -> Any:
        return self

    def send(self, options: Any, delivery: p.Delivery, *_more: Any) -> p.Receipt:
        self.sent.append(delivery.id)
        raise p.UnknownOutcomeError("no answer")

    def lookup(self, options: Any, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
        if isinstance(self.knows, p.PipelineError):
            raise self.knows
        return self.knows


def walk(folder: Path, store: Store, carrier: Carrier) -> p.Delivery:
    channel = p.ChannelSpec(id="mail", renderer="x", transport="x")
    http: Any = SimpleNamespace(now=lambda: NOW)
    deliver(Round({"mail": channel}, store, http, carrier, folder, lambda: NOW, is_armed=True))
    return store.deliveries.get([NAME])[0]


@pytest.mark.parametrize(
    ("knows", "state"),
    [
        (p.Receipt(provider_id="7", accepted=1), p.DeliveryState.SENT),
        (None, p.DeliveryState.UNKNOWN),
        (p.DeliveryError("silent"), p.DeliveryState.UNKNOWN),
    ],
    ids=["it left", "it cannot tell", "silent"],
)
def test_a_carrier_is_asked_later_what_became_of_a_doubt(
    tmp_path: Path, knows: p.Receipt | p.PipelineError | None, state: p.DeliveryState
) -> None:
    """What nobody knew is settled by the carrier's own word at the next run, and is sent again in no case (P44)."""
    carrier = Carrier(p.DeliveryError("silent"))
    artifact = p.Artifact(path="a.eml", media_type="message/rfc822", body=b"x")
    digest = output.hash_of([artifact])
    output.write_rendering(
        tmp_path, p.Rendering(digest_id="daily/2026-11-23", channel="mail", sha256=digest, artifacts=(artifact,))
    )
    planned = p.Delivery(
        id=NAME,
        edition_id="daily/2026-11-23",
        channel="mail",
        transport="x",
        rendering_sha256=digest,
        not_before_at=NOW,
        created_at=NOW,
    )
    with Store.open(f"sqlite:///{tmp_path / 'moa.db'}") as store:
        store.deliveries.enqueue([planned])
        assert walk(tmp_path, store, carrier).state is p.DeliveryState.UNKNOWN
        carrier.knows = knows
        assert walk(tmp_path, store, carrier).state is state
    assert carrier.sent == [NAME]
