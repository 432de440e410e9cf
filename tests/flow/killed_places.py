"""What a killed delivery of files goes to, and what readers may see of it meanwhile and must see afterwards.

What does not live here: carriers of messages (``killed_trials.py``), killing (``killing_sends.py``, the test). Each trial shows one
rendering first; the killed delivery replaces it by another, which changes, adds and removes files.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import pipeline.model as p
from pipeline.model import DeliveryState as S
from pipeline.store.store import Store
from tests.flow.killed_trials import Case, Trial, Trials, job_of, plan
from tests.vendors import bucket, sshd
from tests.vendors.desk import MORNING

Shown = Mapping[str, bytes]
KILLS = 8  # at most of one delivery: doing it again is safe
OURS = (".moa", ".moa.json")  # what a place keeps for itself


def files_of(name: str) -> dict[str, bytes]:
    """Return the files of a rendering: the two share some, change some, and have some of their own."""
    chance = random.Random(name)
    made = {f"s/{n}.html": f"<p>{n}</p>".encode() * 400 for n in range(3)}
    made |= {f"s/{n}.html": f"<p>{name} {n}</p>".encode() * chance.randint(200, 900) for n in range(3, 9)}
    made |= {f"s/{name}-{n}.html": f"<p>{name} only {n}</p>".encode() * 300 for n in range(2)}
    for n in range(2):
        body = b"\xff\xd8\xff" + f"{name} {n}".encode() * 2000
        made[f"media/{sha256(body).hexdigest()[:32]}.jpg"] = body
    return made | {"style.css": f"/* {name} */".encode(), "index.html": f"<h1>{name}</h1>".encode() * 500}


def artifacts(files: Shown) -> list[p.Artifact]:
    """Return files as a renderer gives them."""
    kinds = {"html": "text/html", "css": "text/css", "jpg": "image/jpeg"}
    return [p.Artifact(path=path, media_type=kinds[path.rpartition(".")[2]], body=body) for path, body in files.items()]


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


class Relay:
    """A line to a server that breaks now and then, mostly after the server has answered.

    Attributes:
        share: Of the server's answers, how many are lost with the line.
        breaks: How often the line may still break: three refusals would be the end of a delivery, and rightly so.
        watch: Told ``asked`` when something is said to the server and ``done`` when it has answered.
    """

    def __init__(self, port: int, chance: random.Random, share: float) -> None:
        self.target, self.chance, self.share = port, chance, share
        self.breaks = 2
        self.watch: Callable[[str], None] = lambda _moment: None
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _where = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                for of, to in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(of, to, of is far), daemon=True).start()

    def _pump(self, of: socket.socket, to: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while told := of.recv(65536):
                self.watch("done" if is_answer else "asked")
                if is_answer and self.breaks and self.chance.random() < self.share:
                    self.breaks -= 1
                    break
                to.sendall(told)
        for end in (of, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass
class Put:
    """A place to which the second rendering goes.

    Attributes:
        shown: What a reader finds there now.
        is_switched: Readers see one rendering or the other, never a mixture.
        relay: The line to it, if there is one.
    """

    job: dict[str, Any]
    name: str
    before: Shown
    after: Shown
    shown: Callable[[], Shown]
    is_switched: bool = False
    relay: Relay | None = None

    def watched(self, hook: Callable[[str], None]) -> bool:
        if self.relay is not None:
            self.relay.watch = hook
        return self.relay is not None

    def calm(self) -> None:
        if self.relay is not None:
            self.relay.share = 0.0

    def seen(self) -> None:
        now = self._visible()
        if self.is_switched:
            assert now in (self.before, self.after), sorted(now)
        for path, body in now.items():
            assert body in (self.before.get(path), self.after.get(path)), path
        assert self.before.keys() & self.after.keys() <= now.keys()

    def judge(self, store: Store) -> Counter[str]:
        delivery = store.deliveries.get([self.name])[0]
        assert delivery.state is S.SENT, (delivery.state, delivery.reason)
        left = {path: body for path, body in self.shown().items() if path not in OURS}
        assert left == self.after, sorted(left.keys() ^ self.after.keys())
        return Counter([delivery.state.value])

    def _visible(self) -> Shown:
        """What links lead to: names that begin with a dot are half-written files and our own memory."""
        return {path: body for path, body in self.shown().items() if "/." not in f"/{path}"}


def put(folder: Path, run: Any, job: dict[str, Any], shown: Callable[[], Shown], **more: Any) -> Put:
    """Show the first rendering, and plan the second."""
    before, after = files_of("one"), files_of("two")
    plan(folder, job, artifacts(before), "site/1")
    share, more_relay = 0.0, more.get("relay")
    if more_relay is not None:
        share, more_relay.share = more_relay.share, 0.0
    assert run(**job, now=MORNING.isoformat(), kill_s=0)["status"] == 0
    if more_relay is not None:
        more_relay.share = share
    made = Put(job, plan(folder, job, artifacts(after), "site/2"), before, after, shown, **more)
    made.seen()
    return made


def folder_case(mode: str) -> Case:
    """A folder of this machine."""

    @contextmanager
    def trial(folder: Path, chance: random.Random, run: Any) -> Iterator[Trial]:
        del chance
        www = folder / "srv/www"
        job = job_of(folder, "files", {"folder": str(www), "mode": mode})
        yield put(folder, run, job, lambda: tree(www), is_switched=mode == "switch")

    return Case(f"files-{mode}", Trials(trial), KILLS)


class Kit(Put):
    """A folder for a person: it is whole when its guide stands there, which names what to check it by."""

    def seen(self) -> None:
        now = self.shown()
        guides = [path for path in now if path.endswith(".txt") and "/." not in f"/{path}"]
        if guides:
            assert {path: now[path] for path in self.after} == self.after

    def judge(self, store: Store) -> Counter[str]:
        self.seen()
        delivery = store.deliveries.get([self.name])[0]
        assert delivery.state is S.SENT
        assert len(self.shown()) == len(self.after) + 1
        return Counter([delivery.state.value])


@contextmanager
def kit(folder: Path, chance: random.Random, run: Any) -> Iterator[Trial]:
    """The kit to copy from."""
    del chance, run
    job = job_of(folder, "copykit", {"folder": str(folder / "kit")})
    files = files_of("two")
    name = plan(folder, job, artifacts(files), "site/2")
    yield Kit(job, name, {}, files, lambda: tree(folder / "kit/site/2/way"))


@contextmanager
def buckets() -> Iterator[Any]:
    """A bucket of an S3-compatible store behind a line that breaks."""
    pytest.importorskip("moto", reason="moto[server] is not installed")
    with bucket.serving() as server:

        @contextmanager
        def trial(folder: Path, chance: random.Random, run: Any) -> Iterator[Trial]:
            name = folder.name
            server.make(name)
            relay = Relay(int(server.url.rpartition(":")[2]), chance, 0.03)

            def shown() -> Shown:
                return {path: server.get(f"{name}/{path}")[0] for path in server.names(name)}

            options = {"bucket": name, "access_key": "MOA_A", "secret_key": "MOA_S"}
            options["base_url"] = f"http://127.0.0.1:{relay.port}"
            job = job_of(folder, "s3", options, environment={"MOA_A": "a-key", "MOA_S": "s-key"})
            try:
                yield put(folder, run, job, shown, relay=relay)
            finally:
                relay.close()

        yield trial


def upload_case(mode: str) -> Case:
    """A real sshd behind a line that breaks."""

    @contextmanager
    def opened() -> Iterator[Any]:
        if sshd.MISSING:
            pytest.skip(f"not installed: {', '.join(sshd.MISSING)}")
        with TemporaryDirectory(prefix="sshd-") as keys, sshd.serving(Path(keys)) as login:

            @contextmanager
            def trial(folder: Path, chance: random.Random, run: Any) -> Iterator[Trial]:
                www = folder / "srv/www"
                www.parent.mkdir()
                relay = Relay(login.port, chance, 0.01)
                known = folder / "known"
                known.write_text(login.known_hosts.read_text().replace(f":{login.port} ", f":{relay.port} "))
                options = login.options().model_dump()
                options |= {"port": relay.port, "folder": str(www), "mode": mode, "known_hosts": str(known)}
                job = job_of(folder, "rsync", options)
                try:
                    yield put(folder, run, job, lambda: tree(www), is_switched=mode == "switch", relay=relay)
                finally:
                    relay.close()

            yield trial

    return Case(f"rsync-{mode}", opened, 5 * KILLS, usual=4)


PLACES = [
    folder_case("switch"),
    folder_case("plain"),
    Case("copykit", Trials(kit), KILLS),
    Case("s3", buckets, KILLS, usual=4),
    upload_case("switch"),
    upload_case("plain"),
]
