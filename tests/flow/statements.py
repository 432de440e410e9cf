"""What SQLite was told while something ran, for tests that count instead of timing.

What does not live here: how many are too many (``test_counts.py``, ``test_mailing_counts.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.store import engine


@contextmanager
def spoken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement SQLite runs while inside; a row of an executemany is one."""
    said: list[str] = []

    class Traced(engine._Raw):
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)
            self.set_trace_callback(said.append)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "_Raw", Traced)
        yield said


def transactions(said: list[str], table: str) -> list[list[str]]:
    """The committed transactions that wrote to a table."""
    found: list[list[str]] = []
    inside: list[str] | None = None
    for statement in said:
        if statement.startswith("BEGIN"):
            inside = []
        elif statement == "COMMIT" and inside is not None:
            found.append(inside)
            inside = None
        elif inside is not None and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            inside.append(statement)
    return [writes for writes in found if any(f" {table} " in write for write in writes)]
