"""A night killed by SIGKILL before each of its writes, then run again: nothing lost, nothing twice (P28, P43, OP5)."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline import demo
from tests.conftest import NOW

SOURCES = ("institute-notice", "institute-blog")
CHANNELS = """
channels:
  - id: website
    renderer: website
    transport: files
    send:
      folder: output/website
  - id: kakao
    renderer: kakao
    transport: copykit
    send:
      folder: output/copykit
  - id: newsletter
    renderer: newsletter
    transport: smtp
    window: "00:00-24:00"
    send:
      host: 127.0.0.1
      port: {port}
      security: none
      sender: news@example.go.kr
      recipients: people.csv
"""


class Sink:
    """Counts every mail it accepted, by recipient."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.update(envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def sweep(project: Path, now: datetime) -> Iterator[dict[str, object]]:
    job = json.dumps({"project": str(project), "now": now.isoformat(), "only": SOURCES})
    done = subprocess.run(
        [sys.executable, "-m", "tests.flow.killing"], input=job, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    yield from (json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.slow
def test_a_night_killed_at_any_write_and_run_again_ends_as_an_undisturbed_one(
    tmp_path: Path, sink: tuple[Sink, int]
) -> None:
    """Same entries, stories, editions, site and kits; each person at most one mail, and whoever got none is held."""
    handler, port = sink
    with demo.serve(NOW) as server:
        demo.project(tmp_path, server.url, NOW)
        config = tmp_path / "config/moa.yaml"
        config.write_text(config.read_text() + CHANNELS.format(port=port))
        whole, *nights = sweep(tmp_path, NOW)
    assert len(nights) == whole["writes"] > 20
    expected = whole["seen"]
    assert expected["entries"]
    assert expected["files"]
    for night in nights:
        assert night["died"], night["kill"]
        seen = night["seen"]
        for what in ("entries", "stories", "editions", "wrong", "files"):
            assert seen[what] == expected[what], (night["kill"], what)
        mails = {who: handler.taken[f"{who}+{night['kill']}@example.com"] for who in ("one", "two")}
        assert max(mails.values()) <= 1, (night["kill"], mails)
        states = dict(seen["deliveries"])
        assert states == {**dict(expected["deliveries"]), "newsletter": states["newsletter"]}, night["kill"]
        if min(mails.values()) == 0:
            assert states["newsletter"] == "unknown", (night["kill"], mails)  # held for a person, never silent
        else:
            assert states["newsletter"] in ("sent", "unknown"), night["kill"]
