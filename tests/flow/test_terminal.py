"""A person at a terminal reaches nobody by accident (P51)."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline import demo
from pipeline.store.store import Store

CHANNEL = """
channels:
  - id: newsletter
    renderer: newsletter
    transport: smtp
    window: always
    send:
      host: 127.0.0.1
      port: {port}
      security: none
      sender: news@example.go.kr
      recipients: people.csv
"""


class Sink:
    """Remembers who was written to."""

    def __init__(self) -> None:
        self.people: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.people += envelope.rcpt_tos
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


def at_a_terminal(arguments: list[str], environment: dict[str, str]) -> int:
    """Run moa with a terminal as its standard error, as a person does."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        os.close(theirs)
        try:
            while os.read(ours, 65536):
                pass
        except OSError:
            pass  # the terminal is closed when the program ends
        return process.wait()
    finally:
        os.close(ours)


def test_at_a_terminal_people_are_reached_only_with_send(tmp_path: Path, sink: tuple[Sink, int]) -> None:
    """An armed environment at a terminal is a practice, until ``--send`` says otherwise; then each is written to once."""
    handler, port = sink
    now = datetime.now(UTC)
    with demo.serve(now) as city:
        demo.project(tmp_path, city.url, now)
        config = tmp_path / "config/moa.yaml"
        config.write_text(config.read_text() + CHANNEL.format(port=port))
        (tmp_path / "people.csv").write_text("email\none@example.com\n")
        (tmp_path / "output").mkdir()
        with Store.open(f"sqlite:///{tmp_path / 'output/moa.db'}", now=now) as store:
            arm = {"MOA_ARM": store.stamp.id, "MOA_YOUTUBE_KEY": "practice"}
        assert at_a_terminal(["run", "--project", str(tmp_path)], arm) == 3
        assert handler.people == []
        assert at_a_terminal(["deliver", "--send", "--project", str(tmp_path)], {**arm, "MOA_ARM": "another"}) == 3
        assert handler.people == []
        assert at_a_terminal(["deliver", "--send", "--project", str(tmp_path)], arm) == 0
        assert at_a_terminal(["deliver", "--send", "--project", str(tmp_path)], arm) == 0
        assert handler.people == ["one@example.com"]
