"""Deliveries killed by SIGKILL at random moments, against carriers that take and drop: none doubled, none lost, unknowns held.

``MOA_KILLS=500`` kills so often for each transport; CI kills a few times. ``MOA_SEED`` repeats a run.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import pipeline.model as p
from pipeline.deliver.transports import nhncloud, solapi
from tests.vendors import nhncloud as nhn_fake
from tests.vendors import solapi as solapi_fake
from tests.vendors.desk import MORNING, NAME, desk, number
from tests.vendors.server import Carrier

KILLS = int(os.environ.get("MOA_KILLS", "8"))
SEED = int(os.environ.get("MOA_SEED", "20261123"))
PEOPLE = 5
AGAIN = timedelta(minutes=31)


@dataclass
class Vendor:
    """A carrier with the options that reach it."""

    name: str
    model: Any
    carrier: Callable[[], Carrier]
    options: dict[str, str]
    environment: dict[str, str]
    asks: str  # the step by which it is asked what became of something
    sends: str


VENDORS = [
    Vendor(
        "solapi",
        solapi.Options,
        solapi_fake.Solapi,
        {"api_key": "MOA_KEY", "api_secret": "MOA_SECRET", "pf_id": "KA01PF0000000000", "sender": "0310001200"},
        {"MOA_KEY": solapi_fake.KEY, "MOA_SECRET": solapi_fake.SECRET},
        "get",
        "send",
    ),
    Vendor(
        "nhncloud",
        nhncloud.Options,
        nhn_fake.NhnCloud,
        {"app_key": "MOA_APP", "secret_key": "MOA_SECRET", "sender_key": "MOA_SENDER"},
        {"MOA_APP": nhn_fake.APP_KEY, "MOA_SECRET": nhn_fake.SECRET_KEY, "MOA_SENDER": nhn_fake.SENDER_KEY},
        "list",
        "send",
    ),
]


class Runner:
    """The process that forks: one for all kills."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.killing_sends"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, **job: Any) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def run() -> Iterator[Runner]:
    made = Runner()
    try:
        yield made
    finally:
        made.close()


def tricky(chance: random.Random, share: float) -> Callable[[int], str]:
    """At so many of a step's calls it is taken and the line dropped, answered by an error, or cut before it is read."""
    return lambda _n: chance.choice(("drop", "drop", "500", "cut")) if chance.random() < share else ""


class Killer:
    """Kills the child around its nth call: before it is processed, or after, a little later perhaps."""

    def __init__(self, chance: random.Random, folder: Path) -> None:
        self.chance, self.folder = chance, folder
        self.left = 0

    def arm(self) -> None:
        """Choose the moment: a call has two."""
        self.left = self.chance.randint(1, 24)

    def __call__(self, _moment: str) -> None:
        self.left -= 1
        if self.left == 0:
            later = self.chance.choice((0.0, 0.0, self.chance.uniform(0.0, 0.02)))
            threading.Timer(later, self.kill).start() if later else self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS, ids=lambda v: v.name)
def test_a_killed_delivery_doubles_nobody_and_loses_nobody(vendor: Vendor, run: Runner, tmp_path: Path) -> None:
    """Whenever it dies and whatever the carrier does: each person was taken at most once, and the store knows about each."""
    chance = random.Random(f"{SEED} {vendor.name}")
    killed, outcomes = 0, Counter[str]()
    typical = 0.5
    for trial in itertools.count():
        if killed >= KILLS:
            break
        folder = tmp_path / f"{vendor.name}-{trial}"
        with vendor.carrier() as carrier:
            carrier.mischief = {
                vendor.sends: tricky(chance, 0.3),
                vendor.asks: tricky(chance, 0.3),
                "create": tricky(chance, 0.1),
                "fill": tricky(chance, 0.1),
            }
            given = vendor.options | {"base_url": carrier.url}

            def options(people: str, given: dict[str, str] = given) -> Any:
                return vendor.model.model_validate(
                    given | {"recipients": people}, context={"environment": vendor.environment}
                )

            with desk(folder, vendor.name, carrier.port, options, people=PEOPLE) as here:
                here.plan("TEXT")
            job = {
                "folder": str(folder),
                "transport": vendor.name,
                "port": carrier.port,
                "options": given,
                "environment": vendor.environment,
            }
            now = MORNING
            killer = carrier.watch = Killer(chance, folder)
            for _turn in range(chance.randint(1, 3)):
                by_clock = chance.random() < 0.3
                if not by_clock:
                    killer.arm()
                told = run(**job, now=now.isoformat(), kill_s=chance.uniform(0.001, typical) if by_clock else 0)
                killer.left = 0
                killed += told["status"] != 0
                if told["status"] == 0:
                    typical = told["seconds"]
                now += AGAIN
            carrier.mischief = {}
            for _turn in range(5):
                assert run(**job, now=now.isoformat(), kill_s=0)["status"] == 0
                now += AGAIN
            with desk(folder, vendor.name, carrier.port, options) as here:
                delivery = here.store.deliveries.get([NAME])[0]
                judge(carrier, dict(here.states()), delivery, outcomes)
        shutil.rmtree(folder)
    assert outcomes["sent"] > 0
    print(f"{vendor.name}: {killed} kills, {dict(outcomes)}")


def judge(carrier: Carrier, states: dict[str, str], delivery: p.Delivery, outcomes: Counter[str]) -> None:
    """Nobody twice; whoever the store calls sent was taken; whoever was taken is sent or unknown; nobody just vanished."""
    assert max(carrier.accepted.values(), default=0) <= 1, carrier.accepted
    assert set(states) == {number(n) for n in range(PEOPLE)}
    for who, state in states.items():
        if state == "sent":
            assert carrier.accepted[who] == 1
        else:
            assert state == "unknown", (who, state, delivery.reason)
        outcomes[state] += 1
    expected = p.DeliveryState.UNKNOWN if "unknown" in states.values() else p.DeliveryState.SENT
    assert delivery.state is expected
