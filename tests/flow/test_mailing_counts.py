"""What a mailing costs, counted, not timed: the same for each receiver, however many there are (performance §12)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench import mail
from pipeline.deliver.transports._lane import Lane
from pipeline.deliver.transports._supply import GROUP
from tests.flow.project import Project
from tests.flow.statements import spoken
from tests.mailsink import serving


@dataclass
class Cost:
    """What was counted.

    Attributes:
        writes: Rows of receivers written.
        commits: Transactions.
        synced: Those that wait for the disk.
        reads: Queries.
        said: How often bytes were handed to the line.
    """

    writes: int
    commits: int
    synced: int
    reads: int
    said: int


def cost(folder: Path, people: int, monkeypatch: pytest.MonkeyPatch) -> Cost:
    """Deliver one stored newsletter by the command line over one connection."""
    town = Project(folder)
    log, said = folder / "log", Counter[str]()
    whole = Lane.say

    def say(lane: Lane, *given: Any, **named: Any) -> None:
        said["lane"] += 1
        whole(lane, *given, **named)

    with serving(log) as port, monkeypatch.context() as patched:
        mail.project(folder, port, people, 1)
        patched.setenv("MOA_ARM", mail.plan(folder, mail.body(2), 1))
        patched.setattr(Lane, "say", say)
        with spoken(patched) as statements:
            done = town.moa_says("deliver", "--send", "--quiet")
    assert done.code == 0, done.err
    assert sorted(log.read_text("ascii").split()) == sorted(f"r{n}@example.com" for n in range(people))
    words = Counter(" ".join(one.split()[:3]) for one in statements)
    return Cost(
        writes=words["INSERT INTO recipients"] + words["UPDATE recipients SET"],
        commits=words["COMMIT"],
        synced=words["PRAGMA synchronous=FULL"],
        reads=sum(times for word, times in words.items() if word.startswith("SELECT")),
        said=said["lane"],
    )


@pytest.mark.slow
def test_a_receiver_costs_the_same_in_a_short_list_and_a_long_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four lines of the ledger, one commit and one write to the server each; the disk is waited for once a group."""
    few, many = (cost(tmp_path / str(n), n, monkeypatch) for n in (1_000, 4_000))
    more, groups = 3_000, 3_000 // GROUP
    assert many.writes - few.writes == 4 * more  # frozen, claimed, leaving, ended
    assert many.said - few.said == more
    assert many.commits - few.commits == more + groups
    assert many.synced - few.synced == groups
    assert many.reads - few.reads == groups  # who refused meanwhile
