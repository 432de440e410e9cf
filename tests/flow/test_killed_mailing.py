"""Mailings killed at chance moments, against a server that takes a message and breaks the line: 0 doubled, 0 lost.

``MOA_KILLS=500`` for the full number, ``MOA_SEED`` for other moments.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.deliver.listing import Key, hash_of
from tests.mailsink import serving
from tests.vendors.certificate import made_in

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("MOA_KILLS", "25"))
SEED = int(os.environ.get("MOA_SEED", "20261128"))


MODES = {
    "pipelined": ("none",),
    "one by one": ("none", "--plain"),
    "starttls": ("starttls", "--starttls"),
    "tls": ("tls",),
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_nobody_is_written_to_twice_and_nobody_is_forgotten(tmp_path: Path, mode: str) -> None:
    """After every SIGKILL the next run goes on; each receiver ends sent, refused or in doubt, and the doubts are few (P43-P45)."""
    log = tmp_path / "log"
    security, *more = MODES[mode]
    environment = {**os.environ, "MOA_TEST_SECURITY": security}
    if security != "none":
        pem, key = made_in(tmp_path)
        more += ["--tls", str(pem), str(key)]
        environment["SSL_CERT_FILE"] = str(pem)
    with serving(log, "--seed", str(SEED), "--drops", "0.01", "--patience", "0.01", *more) as port:
        command = [sys.executable, "-m", "tests.flow.killed_mailing", str(tmp_path), str(port), str(KILLS), str(SEED)]
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment)
    told = json.loads(said.stdout)
    taken = Counter(log.read_text("ascii").split())
    assert told["killed"] == KILLS
    assert [who for who, times in taken.items() if times > 1] == []
    key = Key(told["key"].encode())
    doubts = 0
    for edition, mailing in told["mailings"].items():
        number = edition.partition("/")[2]
        people = {hash_of(key.token(who)): who for who in (f"m{number}-{n}@example.com" for n in range(150))}
        assert mailing["people"].keys() == people.keys()
        assert set(mailing["people"].values()) <= {"sent", "unknown", "failed"}
        for who, state in mailing["people"].items():
            if state != "unknown":
                assert taken[people[who]] == (1 if state == "sent" else 0), (people[who], state)
        unknown = sum(state == "unknown" for state in mailing["people"].values())
        assert mailing["state"] == ("unknown" if unknown else "sent")
        doubts += unknown
    dropped = sum(times for times in taken.values()) * 0.05
    assert doubts <= 3 * KILLS + dropped  # at most one a connection and kill, and what the server broke
    print(f"smtp, {mode}: {told['killed']} kills, {told['runs']} runs, {taken.total()} taken, {doubts} in doubt")
