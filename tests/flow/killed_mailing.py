"""A mailing that is killed at chance moments until everybody is settled: the inside of ``test_killed_mailing.py``.

Run as a program of its own: it imports everything once, then forks a child for each run of deliver and kills it. What does
not live here: what must be true (``test_killed_mailing.py``).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pipeline.model as p
from pipeline import output
from pipeline.deliver.run import Round, deliver
from pipeline.deliver.transports import smtp
from pipeline.store.store import Store
from renderers import _mail  # noqa: F401 - as warm as a run that renders

START = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
PEOPLE = 150
LINE = len("m10-100@example.com\n")
SECURITY = os.environ.get("MOA_TEST_SECURITY", "none")
BODY = (
    b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + b"0123456789abcdef" * 200
    + b"\r\n%%MOA_UNSUBSCRIBE_URL%%\r\n"
)


class Plugins:
    """Says through a pipe when sending begins: most kills are aimed at that time, the others fall anywhere."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe
        for name in ("TITLE", "ACCEPTS", "ADDRESS", "REACHES_PEOPLE", "REPEATABLE", "Options", "lookup"):
            setattr(self, name, getattr(smtp, name))

    def transport(self, name: str) -> Plugins:
        return self

    def send(self, *args: object) -> p.Receipt:
        os.write(self.pipe, b".")
        return smtp.send(*args)  # type: ignore[arg-type]


def plan(folder: Path, number: int) -> None:
    edition = f"daily/{number}"
    artifact = p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=BODY)
    sha256 = output.hash_of([artifact])
    rendering = p.Rendering(digest_id=edition, channel="mail", sha256=sha256, artifacts=(artifact,))
    output.write_rendering(folder, rendering)
    one = p.Delivery(
        id=f"{edition}/mail/all/0",
        edition_id=edition,
        channel="mail",
        transport="smtp",
        rendering_sha256=sha256,
        not_before_at=START,
        created_at=START,
    )
    with Store.open(f"sqlite:///{folder / 'moa.db'}") as store:
        store.deliveries.enqueue([one])


def once(folder: Path, port: int, number: int, turn: int, pipe: int) -> None:
    """One run of deliver; the list of this mailing is its own, so that the sink's log tells mailings apart."""
    options = smtp.Options(
        host="127.0.0.1",
        port=port,
        security=SECURITY,
        sender="n@example.go.kr",
        recipients=str(folder / f"{number}.csv"),
        connections=3,
    )
    channel = p.ChannelSpec(id="mail", renderer="newsletter", transport="smtp", transport_options=options)
    now = START + timedelta(hours=turn)
    with Store.open(f"sqlite:///{folder / 'moa.db'}") as store, store.lock():
        deliver(
            Round(
                {"mail": channel},
                store,
                SimpleNamespace(now=lambda: now),
                Plugins(pipe),
                folder,
                lambda: now,
                is_armed=True,
            )
        )


def is_over(folder: Path, number: int) -> bool:
    with Store.open(f"sqlite:///{folder / 'moa.db'}") as store:
        (one,) = store.deliveries.find(edition_id=f"daily/{number}")
        return one.state not in (p.DeliveryState.PENDING, p.DeliveryState.SENDING)


def kill(child: int, reader: int, log: Path, chance: random.Random) -> None:
    """Kill most runs when the server has taken so many more (no clock knows how long that takes), the others anywhere."""
    wait = 0.1
    if chance.random() < 0.8:
        wait = 0.003
        os.read(reader, 1)  # sending begins, or the run is over
        wanted = log.stat().st_size + chance.randint(0, 40) * LINE
        while log.stat().st_size < wanted and not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            time.sleep(0.0002)
    time.sleep(chance.uniform(0.0, wait))
    os.kill(child, signal.SIGKILL)


def main(folder: Path, port: int, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    killed = number = turn = 0
    while killed < kills:
        number += 1
        people = "".join(f"m{number}-{n}@example.com\n" for n in range(PEOPLE))
        (folder / f"{number}.csv").write_text("email\n" + people, encoding="utf-8")
        plan(folder, number)
        while not is_over(folder, number):
            turn += 1
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                with suppress(BaseException):
                    once(folder, port, number, turn, writer)
                os._exit(0)
            os.close(writer)
            if killed < kills:
                kill(child, reader, folder / "log", chance)
            _pid, status = os.waitpid(child, 0)
            os.close(reader)
            killed += os.WIFSIGNALED(status)
    told = {}
    with Store.open(f"sqlite:///{folder / 'moa.db'}") as store:
        for one in store.deliveries.list():
            told[one.edition_id] = {
                "state": one.state.value,
                "people": {h: f.state.value for h, f in store.deliveries.recipients_of(one.id).items()},
            }
        options = smtp.Options(host="h", sender="n@example.go.kr", recipients="x.csv")
        from pipeline.deliver.people import key_of

        key = key_of(options, store)
    print(json.dumps({"killed": killed, "mailings": told, "key": key.value.decode(), "runs": turn}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
