"""Deliveries killed by SIGKILL at random moments, through every transport, against carriers and places that take and drop.

``MOA_KILLS=500`` kills so often for each transport; CI kills a few times. ``MOA_SEED`` repeats a run. Newsletters by SMTP, whose
lists are longer, have ``test_killed_mailing.py``. Results: docs/reference/promises.md.
"""

from __future__ import annotations

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
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.store import Store
from tests.flow.killed_carriers import CARRIERS
from tests.flow.killed_places import PLACES
from tests.flow.killed_trials import Case
from tests.vendors.desk import MORNING

KILLS = int(os.environ.get("MOA_KILLS", "0"))
SEED = int(os.environ.get("MOA_SEED", "20261123"))
AGAIN = timedelta(minutes=31)
OPEN = {"pending", "sending"}
WAITS = OPEN | {"unknown"}
ROOT = Path(__file__).parents[2]


class Runner:
    """The process that forks: one for all kills."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.killing_sends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(folder)},  # whoever is killed leaves what it staged
        )

    def __call__(self, **job: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path)
    try:
        yield made
    finally:
        made.close()


class Killer:
    """Kills the child around its nth call (before it is processed, or after, a little later perhaps), or by the clock.

    Attributes:
        folder: Of the trial, where the child's number stands.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.folder = chance, Path()
        self.left = self.heard = 0
        self.calls, self.spans = [6], [0.1]  # moments of calls, and seconds, of whole runs
        self.later: list[threading.Timer] = []

    def arm(self, *, has_calls: bool) -> float:
        """Choose the moment; return the seconds after which the runner shall kill, 0 when a call decides."""
        if has_calls and self.chance.random() < 0.7:
            self.left = self.chance.randint(1, self.chance.choice(self.calls))
            return 0.0
        return self.chance.uniform(0.001, self.chance.choice(self.spans))

    def rest(self, *, whole: float = 0.0) -> None:
        """The child has ended: nobody else is to be killed in its place. ``whole``: how long a whole run took."""
        if whole:
            self.spans = [*self.spans[-19:], whole]
            self.calls = [*self.calls[-19:], self.heard] if self.heard else self.calls
        self.left = self.heard = 0
        for timer in self.later:
            timer.cancel()
            timer.join()
        self.later = []

    def __call__(self, _moment: str) -> None:
        self.left -= 1
        self.heard += 1
        if self.left == 0:
            with suppress(FileNotFoundError):  # what a dead child started may go on talking between two runs
                self.soon(int((self.folder / "pid").read_text()))

    def soon(self, child: int) -> None:
        """Kill this child now, or a little later."""
        wait = self.chance.choice((0.0, 0.0, self.chance.uniform(0.0, 0.02)))
        if not wait:
            kill(child)
            return
        self.later.append(threading.Timer(wait, kill, [child]))
        self.later[-1].start()


def kill(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.parametrize("case", [*CARRIERS, *PLACES], ids=lambda case: case.name)
def test_a_killed_delivery_doubles_nothing_and_loses_nothing(case: Case, run: Runner, tmp_path: Path) -> None:
    """Whenever it dies and whatever the other side does: a message leaves at most once and the store knows about each
    receiver; a place never shows half a file, and shows the whole rendering when the runs are over (P43-P45)."""
    chance = random.Random(f"{SEED} {case.name}")
    killed, runs, outcomes = 0, 0, Counter[str]()
    killer, numbers = Killer(chance), itertools.count()
    with case.opened() as begun:
        while killed < (KILLS or case.usual):
            folder = killer.folder = tmp_path / f"trial-{next(numbers)}"
            folder.mkdir()
            with begun(folder, chance, run) as trial:
                told = {"states": [*OPEN]}
                has_calls = trial.watched(killer)
                moments = itertools.count()
                for _turn in range(chance.randint(1, case.kills)):
                    if not OPEN & {*told["states"]}:
                        break  # nothing is left to be killed
                    told = run(**trial.job, now=at(next(moments)), kill_s=killer.arm(has_calls=has_calls))
                    killer.rest(whole=0.0 if told["status"] else told["seconds"])
                    assert told["status"] in (0, signal.SIGKILL)
                    killed += told["status"] == signal.SIGKILL
                    trial.seen()
                trial.calm()
                for turn in range(6):
                    told = run(**trial.job, now=at(next(moments)), kill_s=0)
                    killer.rest(whole=told["seconds"])
                    assert told["status"] == 0
                    trial.seen()
                    if not WAITS & {*told["states"]} or (turn >= 2 and not OPEN & {*told["states"]}):
                        break  # a carrier may tell later what became of a doubt, so it is asked some times
                runs += next(moments)
                with Store.open(f"sqlite:///{folder / 'moa.db'}") as store:
                    outcomes += trial.judge(store)
            shutil.rmtree(folder)
    assert outcomes["sent"] > 0 or killed < 50  # a few kills may all fall where nobody can tell
    print(f"{case.name}: {killed} kills, {runs} runs, {dict(outcomes)}")


def at(turn: int) -> str:
    """Return when the nth run is: after whatever the last one put off."""
    return (MORNING + turn * AGAIN).isoformat()
