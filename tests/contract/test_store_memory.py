"""What the store promises of states, runs, small facts, transactions, lock and stamp, on both databases (P31)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

import pipeline.model as p
from pipeline.store.store import Store
from tests.postgres import empty_url, postgres, store_url  # noqa: F401 - fixtures
from tests.unit.store.samples import DAY, HOUR, NOW, entry


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def state(source_id: str = "notices") -> p.SourceState:
    return p.SourceState(
        source_id=source_id,
        memo={"쪽": 3, "seen": ["a", {"b": None}], "nul": "a\0b", "half": "\ud83d 가"},
        validators={"https://x/": p.Validator(etag='W/"1"', last_modified="Mon", body_hash="ab"), "y": p.Validator()},
        options_hash="cd",
        health=p.Health.SUDDENLY_EMPTY,
        failing_since_at=NOW,
        failures=3,
        last_success_at=NOW - DAY,
        last_new_at=NOW - 2 * DAY,
        first_run_at=NOW - 3 * DAY,
        profile=({"listed": 10.0, "new": 0.5},),
    )


def test_a_state_comes_back_equal(store):
    """Memo, validators and profile survive; a NUL and half a surrogate pair in a memo, too."""
    store.source_states.save([state(), state("blog"), p.SourceState(source_id="empty")])
    assert store.source_states.all() == {
        "notices": state(),
        "blog": state("blog"),
        "empty": p.SourceState(source_id="empty"),
    }


def test_a_state_is_replaced_whole(store):
    """Saving again leaves nothing of the former state."""
    store.source_states.save([state()])
    store.source_states.save([p.SourceState(source_id="notices")])
    assert store.source_states.all() == {"notices": p.SourceState(source_id="notices")}


def test_touch_notes_a_good_run_of_many(store):
    """Only the last success moves; sources never saved are not invented."""
    states = [state(f"s{n}") for n in range(600)]
    store.source_states.save(states)
    store.source_states.touch([s.source_id for s in states[:-1]] + ["unknown"], NOW + DAY)
    found = store.source_states.all()
    assert found["s0"] == replace(states[0], last_success_at=NOW + DAY)
    assert found["s599"] == states[599]
    assert len(found) == 600


def test_runs_show_the_unfinished(store):
    """A run that died stays visible without an end."""
    store.runs.start("r1", as_of=NOW, now=NOW)
    store.runs.finish("r1", exit_code=3, report={"exit": 3, "말": "예"}, now=NOW + HOUR)
    store.runs.start("r2", as_of=NOW + DAY, now=NOW + DAY)
    newest, older = store.runs.latest(5)
    assert (newest.id, newest.finished_at, newest.exit_code, newest.report) == ("r2", None, None, None)
    assert (older.finished_at, older.exit_code, older.report) == (NOW + HOUR, 3, {"exit": 3, "말": "예"})
    assert [r.id for r in store.runs.latest(1)] == ["r2"]


def test_a_store_is_fresh_until_a_run_ends(store, store_url):  # noqa: F811
    """Nothing is sent from a store in which no run ever finished (P29)."""
    assert store.is_fresh
    store.runs.start("r1", as_of=NOW, now=NOW)
    with Store.open(store_url) as again:
        assert again.is_fresh
        again.runs.finish("r1", exit_code=0, report={}, now=NOW)
        assert not again.is_fresh


def test_small_facts_are_kept_and_forgotten(store):
    """Any JSON, the default where nothing is kept."""
    assert store.digests.get_meta("robots", {}) == {}
    store.digests.set_meta("robots", {"https://가": [1, None]})
    assert store.digests.get_meta("robots") == {"https://가": [1, None]}
    store.digests.set_meta("robots", None)
    assert store.digests.get_meta("robots") is None


def test_a_transaction_is_all_or_nothing(store, store_url):  # noqa: F811
    """What an exception ends was never there; what ended well is seen by others."""
    with pytest.raises(KeyboardInterrupt), store.transaction():
        store.entries.apply("notices", [p.New(entry=entry())], now=NOW)
        store.source_states.save([state()])
        raise KeyboardInterrupt
    assert store.entries.count() == 0
    assert store.source_states.all() == {}
    with store.transaction():
        store.entries.apply("notices", [p.New(entry=entry())], now=NOW)
        with Store.open(store_url, read_only=True) as other:
            assert other.entries.count() == 0
    with Store.open(store_url, read_only=True) as other:
        assert other.entries.count() == 1


def test_a_transaction_inside_a_transaction_is_a_defect(store):
    """Nobody commits half of somebody else's work."""
    with pytest.raises(RuntimeError), store.transaction(), store.transaction():
        pass
    with store.transaction():
        store.digests.set_meta("a", 1)
    assert store.digests.get_meta("a") == 1


def test_a_failed_statement_leaves_the_connection_usable(store):
    """After an error inside a transaction the next one works."""
    with pytest.raises(p.StoreError), store.transaction():
        store.deliveries.mark_recipients("no such delivery", {"x": p.DeliveryState.SENT}, now=NOW)
    with store.transaction():
        store.source_states.save([state()])
    assert store.source_states.all() == {"notices": state()}


def test_read_only_cannot_write(store, store_url):  # noqa: F811
    """Neither through a transaction nor without one."""
    with Store.open(store_url, read_only=True) as reader:
        for write in (
            lambda: reader.source_states.save([state()]),
            lambda: reader.digests.set_meta("a", 1),
            lambda: reader.deliveries.claim("x", NOW),
        ):
            with pytest.raises(p.StoreError) as refused:
                write()
            assert refused.value.code == "store-readonly"
        assert reader.source_states.all() == {}


def test_a_store_that_is_not_there_is_not_made_by_readers(empty_url):  # noqa: F811
    """``read_only`` and ``create=False`` say so instead, and leave nothing behind."""
    for options in ({"read_only": True}, {"create": False}):
        for _again in range(2):
            with pytest.raises(p.StoreError) as missing:
                Store.open(empty_url, **options)
            assert missing.value.code == "store-missing"


_HOLD = """
import sys
from pipeline.store.store import Store
with Store.open(sys.argv[1]) as store, store.lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_keeps_others_out_and_dies_with_its_process(store, store_url):  # noqa: F811
    """A second run is refused at once, names the holder, and may go on when the holder was killed (P27)."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, store_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(p.LockedError) as locked, store.lock():
            pass
        assert str(holder.pid) in locked.value.message
        assert "UTC" in locked.value.message
    finally:
        holder.kill()
        holder.communicate()
    for _try in range(200):  # PostgreSQL notices a lost client when it reads from it
        try:
            with store.lock():
                break
        except p.LockedError:
            store.runs.latest(1)
    else:
        pytest.fail("the lock outlived its process")


def test_the_lock_can_be_taken_again(store, store_url):  # noqa: F811
    """Released is free; held is held, in the same process too."""
    for _again in range(2):
        with store.lock(), Store.open(store_url) as other, pytest.raises(p.LockedError), other.lock():
            pass


def test_a_store_knows_where_it_was_made(store, store_url):  # noqa: F811
    """The stamp matches here, survives opening, and adopting gives a new id."""
    first = store.stamp
    assert len(first.id) == 16
    assert store.stamp_matches()
    with Store.open(store_url) as again:
        assert again.stamp == first
        assert again.adopt().id != first.id
        assert again.stamp_matches()


def test_a_copied_database_does_not_match(postgres):  # noqa: F811
    """PostgreSQL: the same rows under another database name are a copy (P51)."""
    import psycopg

    url = postgres.fresh()
    Store.open(url).close()
    name = url.split("/")[3].split("?")[0]
    with psycopg.connect(host=str(postgres.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    with Store.open(postgres.url(f"{name}_copy")) as copy:
        assert not copy.stamp_matches()
        copy.adopt()
        assert copy.stamp_matches()
