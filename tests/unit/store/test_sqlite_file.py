"""The SQLite file on a bad day: damage, crash, full disk, copies, backups (P28–P30, P51, P69)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.store import admin
from pipeline.store.store import Store
from tests.unit.store.samples import DAY, NOW, delivery, entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with one entry and one sending of each interesting state."""
    made = tmp_path / "output" / "moa.db"
    with Store.open(f"sqlite:///{made}") as store:
        store.entries.apply("notices", [p.New(entry=entry(text="본문"))], now=NOW)
        store.deliveries.enqueue([delivery(n) for n in range(3)])
        store.deliveries.claim(delivery(1).id, NOW)
        store.deliveries.claim(delivery(2).id, NOW)
        store.deliveries.settle(delivery(2).id, p.DeliveryState.SENT)
    return made


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def scratch(path: Path, how: str) -> None:
    body = path.read_bytes()
    page = int.from_bytes(body[16:18], "big")
    path.write_bytes(
        {
            "not a database": b"<html>" * 1000,
            "short head": body[:50],
            "cut in half": body[: len(body) // 2],
            "noise from the first page on": body[:100] + b"\xff" * (len(body) - 100),
            "one page of noise": body[:page] + os.urandom(page * 40) + body[page * 41 :],
        }[how]
    )


@pytest.mark.parametrize(
    "how", ["not a database", "short head", "cut in half", "noise from the first page on", "one page of noise"]
)
def test_a_damaged_file_is_told_and_left_as_it_is(path, how):
    """No new store takes its place; the bytes are still there to be rescued (P29)."""
    scratch(path, how)
    before = path.read_bytes()
    with pytest.raises(p.StoreError) as damaged, Store.open(url(path)) as store:
        assert store.admin.check() != ()
        store.entries.search()
    assert damaged.value.code == "store-damaged"
    assert path.read_bytes() == before


def test_a_damaged_file_is_set_aside_by_hand(path):
    """After that a new store may be made: it is fresh, and the old file is beside it."""
    scratch(path, "not a database")
    aside = admin.set_aside(url(path), now=NOW)
    again = aside.read_bytes()
    assert aside.name == "moa.db.damaged-20261122T180000Z"
    with Store.open(url(path)) as store:
        assert store.is_fresh
        assert store.entries.count() == 0
    assert again.startswith(b"<html>")
    assert admin.set_aside(url(path), now=NOW) != aside


def test_a_sound_store_checks_well(path):
    """Neither check finds anything in a sound store."""
    with Store.open(url(path)) as store:
        assert store.admin.check() == ()
        assert store.admin.check(quick=True) == ()


_CRASH = """
import sys, time
from pipeline.store.store import Store
import pipeline.model as p
from tests.unit.store.samples import NOW, DAY, entry, delivery
with Store.open(sys.argv[1]) as store:
    store.entries.apply("notices", [p.New(entry=entry(f"a{n}")) for n in range(500)], now=NOW)
    store.deliveries.claim(delivery(0).id, NOW)
    with store.transaction():
        store.entries.apply("notices", [p.New(entry=entry(f"b{n}")) for n in range(500)], now=NOW)
        store.source_states.save([p.SourceState(source_id="notices")])
        print("half done", flush=True)
        time.sleep(60)
"""


def test_a_kill_in_mid_transaction_costs_that_transaction_only(path):
    """SIGKILL at the worst instant: the store opens, is sound, and holds what was committed (P28)."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CRASH, url(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    )
    assert child.stdout.readline() == "half done\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    with Store.open(url(path)) as store:
        assert store.admin.check() == ()
        assert store.entries.count() == 501
        assert store.source_states.all() == {}
        assert {d.id for d in store.deliveries.orphans_to_unknown(NOW)} == {delivery(0).id, delivery(1).id}


_FULL = """
import os, resource, sys
from pipeline.store.store import Store
import pipeline.model as p
from tests.unit.store.samples import NOW, entry, delivery
store = Store.open(sys.argv[1])
size = os.path.getsize(sys.argv[1].removeprefix("sqlite:///"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    store.entries.apply("notices", [p.New(entry=entry(f"a{n}", text=str(n) * 3000)) for n in range(300)], now=NOW)
except p.StoreError as error:
    print(error.code, store.entries.count())
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 200_000))
try:
    print(store.deliveries.claim(delivery(0).id, NOW))
except p.StoreError as error:
    print(error.code)
"""


def test_a_full_disk_is_an_error_and_claims_nothing(path):
    """What cannot be recorded is not written in part, and not sent (P30, P46)."""
    done = subprocess.run(
        [sys.executable, "-c", _FULL, url(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    told = done.stdout.splitlines()
    assert re.fullmatch(r"store-(full|io) 1", told[0]), done.stderr
    assert told[1] in ("store-full", "store-io")
    with Store.open(url(path)) as store:
        assert store.admin.check() == ()
        assert [d.id for d in store.deliveries.due(NOW)] == [delivery(0).id]


def test_a_write_waits_for_another_writer_and_then_says_so(path, monkeypatch):
    """A long foreign transaction is a clean error, not a hang."""
    monkeypatch.setattr(p.limits, "STORE_BUSY_S", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(url(path)) as store, pytest.raises(p.StoreError) as locked:
        store.digests.set_meta("a", 1)
    other.close()
    assert locked.value.code == "store-locked"


def test_a_copied_file_does_not_match_its_place(path, tmp_path):
    """A clone of the store knows that it is one (P51); a person may adopt it."""
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    with Store.open(url(copy)) as store:
        assert not store.stamp_matches()
        store.adopt()
        assert store.stamp_matches()
    with Store.open(url(path)) as store:
        assert store.stamp_matches()


def test_a_backup_is_whole_while_a_writer_works(path, tmp_path):
    """The copy is one sound file with what was committed, and is not overwritten."""
    to = tmp_path / "backups" / "moa.db"
    with Store.open(url(path)) as store:
        store.entries.apply("notices", [p.New(entry=entry("2"))], now=NOW)
        with Store.open(url(path)) as writer, writer.transaction():
            writer.entries.apply("notices", [p.New(entry=entry("3"))], now=NOW)
            assert store.admin.backup(to) == to
        with pytest.raises(p.StoreError) as there:
            store.admin.backup(to)
    assert there.value.code == "backup-exists"
    assert [f.name for f in to.parent.iterdir()] == ["moa.db"]
    with Store.open(url(to)) as copy:
        assert copy.admin.check() == ()
        assert copy.entries.count() == 2
        assert not copy.stamp_matches()


def test_a_restored_store_sends_nothing_by_itself(path, tmp_path):
    """Pending becomes held, what was on its way becomes unknown, sent stays sent (P69)."""
    backup = tmp_path / "backup.db"
    with Store.open(url(path)) as store:
        store.admin.backup(backup)
        stamp = store.stamp
        store.entries.apply("notices", [p.New(entry=entry("later"))], now=NOW)
    aside = admin.restore(url(path), backup, now=NOW + DAY)
    assert aside is not None
    with Store.open(url(path)) as store:
        assert store.entries.count() == 1
        assert store.stamp == stamp
        states = {d.batch: (d.state.value, d.reason) for d in store.deliveries.list()}
        assert states == {0: ("held", "restored"), 1: ("unknown", "restored"), 2: ("sent", "")}
    with Store.open(url(aside)) as former:
        assert former.entries.count() == 2


@pytest.mark.parametrize("how", ["not a database", "noise from the first page on", "missing", "empty"])
def test_a_bad_backup_changes_nothing(path, tmp_path, how):
    """The store stays as it was, and nothing is left beside it."""
    backup = tmp_path / "backup.db"
    if how == "empty":
        backup.touch()
    elif how != "missing":
        shutil.copy(path, backup)
        scratch(backup, how)
    with pytest.raises(p.StoreError):
        admin.restore(url(path), backup, now=NOW)
    assert {f.name for f in path.parent.iterdir()} <= {"moa.db", "moa.db.lock"}
    with Store.open(url(path)) as store:
        assert store.entries.count() == 1
