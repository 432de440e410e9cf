"""Turns: fair between hosts, few at once to one, a gap between starts (P17)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import pipeline.model as p
from pipeline.http import open_http
from pipeline.http.pacing import Line
from tests import misbehave as m


def take_all(line: Line[str], now: float) -> list[str]:
    out = []
    while (work := line.take(now)) is not None:
        out.append(work)
    return out


def test_hosts_take_turns() -> None:
    """A host with much work does not hold up one with little."""
    line: Line[str] = Line(10)
    for number in range(3):
        line.push("a", f"a{number}", gap_s=0.0, now=0.0)
    line.push("b", "b0", gap_s=0.0, now=0.0)
    assert take_all(line, 0.0) == ["a0", "b0", "a1", "a2"]


def test_a_host_has_few_connections() -> None:
    """The next starts when one has left."""
    line: Line[str] = Line(2)
    for number in range(4):
        line.push("a", f"a{number}", gap_s=0.0, now=0.0)
    assert take_all(line, 0.0) == ["a0", "a1"]
    line.left("a", 1.0)
    assert take_all(line, 1.0) == ["a2"]
    line.left("a", 2.0)
    line.left("a", 2.0)
    assert take_all(line, 2.0) == ["a3"]


def test_starts_are_apart() -> None:
    """Between two starts to a host lies the gap, also when the first has long ended; others go on."""
    line: Line[str] = Line(2)
    for number in range(3):
        line.push("a", f"a{number}", gap_s=1.0, now=0.0)
    line.push("b", "b0", gap_s=1.0, now=0.0)
    assert take_all(line, 0.0) == ["a0", "b0"]
    assert line.next_at() == 1.0
    line.left("a", 0.1)
    assert take_all(line, 0.9) == []
    assert take_all(line, 1.0) == ["a1"]
    line.left("a", 1.1)
    assert take_all(line, 1.9) == []
    assert take_all(line, 2.0) == ["a2"]
    line.left("a", 2.1)
    line.push("a", "late", gap_s=1.0, now=2.5)
    assert take_all(line, 2.5) == []
    assert take_all(line, 3.0) == ["late"]


class Crowd:
    """Counts how many requests are inside at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = self.most = 0

    def __call__(self, exchange: m.Exchange) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        exchange.wait(0.02)
        with self.lock:
            self.now -= 1
        exchange.send(m.head(headers=[("Content-Length", "0")]))


@pytest.fixture
def crowd() -> Iterator[tuple[Crowd, m.Site]]:
    crowd = Crowd()
    with m.Site(default=crowd) as site:
        yield crowd, site


@pytest.mark.parametrize(("rules", "most"), [({"per_host": 2}, 2), ({"per_host": 9, "concurrency": 3}, 3)])
def test_the_door_keeps_both_limits(crowd: tuple[Crowd, m.Site], rules: dict[str, Any], most: int) -> None:
    """Neither one host nor all together see more connections at once than allowed; all are answered."""
    counter, site = crowd
    clock = datetime(2026, 11, 22, 18, tzinfo=UTC)
    with open_http(p.FetchRules(allow_private=(site.allowed,), **rules), wall_clock=lambda: clock) as http:
        for number in range(20):
            http.submit(p.Request(url=site.url(f"/{number}"), purpose=p.Purpose.FEED), number)
        got: list[object] = []
        while len(got) < 20:
            got += [tag for tag, _answer in http.poll(1.0)]
    assert counter.most <= most
    assert len(site.seen) == 20
