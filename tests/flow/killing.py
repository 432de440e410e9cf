"""A night that is killed before its Nth write, run again, and looked at: the inside of ``test_killed.py``.

Run as a program of its own, so that a real SIGKILL ends a real process: it imports everything once, then forks a child for
each night. What does not live here: what must be true (``test_killed.py``).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pipeline import nightly
from pipeline.store.engine import Database
from pipeline.store.store import Store
from pipeline.wiring import ARM_NAME, open_house


class Counter:
    """Counts the moments before and after every COMMIT; kills at moment number ``at``.

    Nothing is written outside a transaction, and a transaction is whole or not at all: so these are all the states a
    SIGKILL can leave (``MOA_KILL_EVERYWHERE=1`` also kills before each single statement, to prove just that).
    """

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.count = 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        everywhere = "MOA_KILL_EVERYWHERE" in os.environ
        for name in ("run", "execute", "say"):
            self._wrap(name, everywhere)

    def _wrap(self, name: str, everywhere: bool) -> None:
        original = getattr(Database, name)
        counter = self

        def counted(database: Database, statement: object, *args: object) -> object:
            is_commit = statement == "COMMIT" if isinstance(statement, str) else False
            if is_commit or (everywhere and database.is_in_transaction):
                counter.step()
            result = original(database, statement, *args)
            if is_commit:
                counter.step()
            return result

        setattr(Database, name, counted)


def night(project: Path, now: datetime, arm: str, only: tuple[str, ...], kill_at: int | None) -> int:
    """Run one night in a child process; return the writes it counted, or -1 when it was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            counter = Counter(kill_at)
            counter.install()
            house = open_house(
                project,
                str(project),
                environment={ARM_NAME: arm, "MOA_YOUTUBE_KEY": "practice-key"},
                clock=lambda: now,
            )
            nightly.run(house, nightly.Plan(only=only))
            os.write(write, str(counter.count).encode())
        except BaseException as error:  # the parent must hear of it
            os.write(write, f"! {type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(write)
    _pid, status = os.waitpid(child, 0)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    if os.WIFSIGNALED(status):
        return -1
    if said.startswith("!"):
        raise SystemExit(f"night failed at {kill_at}: {said}")
    return int(said)


def seen(project: Path, url: str) -> dict[str, object]:
    """Return everything a user could tell two nights apart by."""
    with Store.open(url, read_only=True) as store:
        entries = sorted((e.id, e.title, e.is_quiet, e.quarantined) for e in store.entries.live())
        editions = sorted((e.id, e.state) for e in store.digests.editions())
        deliveries = sorted((d.channel, d.state.value) for d in store.deliveries.list() if d.state.value != "abandoned")
        stories = sorted((s.id, s.members) for s in store.digests.all_stories())
        wrong = store.admin.check()
    output = project / "output"
    files = {
        str(f.relative_to(output)): sha256(f.read_bytes()).hexdigest()[:12]
        for folder in ("website", "copykit")
        for f in sorted((output / folder).rglob("*"))
        if f.is_file()
    }
    return {
        "entries": entries,
        "editions": editions,
        "deliveries": deliveries,
        "stories": stories,
        "wrong": wrong,
        "files": files,
    }


def main() -> None:
    """Read one JSON job on standard input; print one JSON line for each kill."""
    job = json.load(sys.stdin)
    project, now, only = Path(job["project"]), datetime.fromisoformat(job["now"]), tuple(job["only"])
    url = f"sqlite:///{project / 'output/moa.db'}"
    people = project / "people.csv"

    def fresh(tag: str) -> str:
        shutil.rmtree(project / "output", ignore_errors=True)
        (project / "output").mkdir()
        people.write_text(f"email\none+{tag}@example.com\ntwo+{tag}@example.com\n")
        with Store.open(url, now=now) as store:
            return store.stamp.id

    arm = fresh("whole")
    writes = night(project, now, arm, only, None)
    print(json.dumps({"kill": 0, "writes": writes, "seen": seen(project, url)}), flush=True)
    for at in range(1, writes + 1):
        arm = fresh(str(at))
        died = night(project, now, arm, only, at)
        night(project, now, arm, only, None)
        print(json.dumps({"kill": at, "died": died == -1, "seen": seen(project, url)}), flush=True)


if __name__ == "__main__":
    main()
