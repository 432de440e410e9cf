"""What holds for every test: no network but loopback, no secrets from outside, a fixed clock.

What does not live here: builders of values (``factories.py``), servers (``misbehave.py``, the practice city).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""03:00 on Monday 23 November 2026 in Seoul: a night run."""

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_real_connect = socket.socket.connect
if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # a shell's background jobs; programs we start and stop inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _loopback_only(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])
        if not (host.startswith("127.") or host in ("::1", "localhost")):
            raise AssertionError(f"a test tried to reach {host}")
    return _real_connect(self, address)


@pytest.fixture(autouse=True)
def _closed_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond loopback, and none depends on the machine's environment."""
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)
    for name in list(os.environ):
        if name.startswith("MOA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def now() -> datetime:
    """Return the night every test speaks from."""
    return NOW


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for all tests: a process can hold one loop of Playwright only."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no browser here; to look: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
    with api.sync_playwright() as play:
        made = play.chromium.launch(executable_path=chromium, args=list(_QUIET))
        yield made
        made.close()
