"""What a trial is: one planned delivery with another side that takes and drops; it is run, killed, run again, and judged.

What does not live here: carriers of messages (``killed_carriers.py``), places for files (``killed_places.py``), killing
(``killing_sends.py``, ``test_killed_sends.py``).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pipeline.model as p
from pipeline import output
from pipeline.store.store import Store
from tests.vendors.desk import MORNING


class Trial(Protocol):
    """One delivery and where it goes."""

    job: dict[str, Any]

    def watched(self, hook: Callable[[str], None]) -> bool:
        """Let the hook be told of every moment of every call; ``False`` when there are none to be told of."""

    def calm(self) -> None:
        """From now on nothing goes wrong."""

    def seen(self) -> None:
        """Assert what must hold at any moment, whatever was killed."""

    def judge(self, store: Store) -> Counter[str]:
        """Assert what must hold at the end, and return how many came to what."""


@dataclass(frozen=True)
class Case:
    """A transport; ``opened`` starts what all its trials share and yields what begins one.

    A trial begins with its folder, a source of chance and the runner; it is a context manager.

    Attributes:
        kills: How often one delivery is killed at most.
        usual: Kills of the whole case when nobody asks for more.
    """

    name: str
    opened: Callable[[], Any]
    kills: int = 3
    usual: int = 8


@dataclass(frozen=True)
class Trials:
    """``Case.opened`` of a transport whose trials share nothing."""

    trial: Callable[[Path, random.Random, Any], Any]

    @contextmanager
    def __call__(self) -> Iterator[Callable[[Path, random.Random, Any], Any]]:
        yield self.trial


def plan(
    folder: Path, job: Mapping[str, Any], artifacts: Sequence[p.Artifact], edition: str = "daily/2026-11-23"
) -> str:
    """Store a rendering, plan its sending, and return its name."""
    digest = output.hash_of(artifacts)
    output.write_rendering(
        folder,
        p.Rendering(digest_id=edition, channel=job["channel"], sha256=digest, artifacts=tuple(artifacts)),
    )
    name = f"{edition}/{job['channel']}/all/0"
    planned = p.Delivery(
        id=name,
        edition_id=edition,
        channel=job["channel"],
        transport=job["transport"],
        rendering_sha256=digest,
        idempotency_key=sha256(name.encode()).hexdigest()[:32],
        not_before_at=MORNING,
        created_at=MORNING,
    )
    with Store.open(f"sqlite:///{folder / 'moa.db'}", now=MORNING) as store:
        store.deliveries.enqueue([planned])
    return name


def job_of(folder: Path, transport: str, options: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return what a run needs to know."""
    base = {"folder": str(folder), "transport": transport, "options": dict(options), "environment": {}, "hosts": []}
    return {**base, "channel": "way", "hours": {}, "limits": {}, **more}
