"""What the store costs: imports of a quiet night, statements, indexes (performance §9, §11). Counts, not times."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import event

import pipeline.model as p
from pipeline.store.store import Store
from tests.unit.store.samples import DAY, NOW, delivery, entry

_QUIET = """
import sys
from pipeline.store.store import Store
with Store.open(sys.argv[1]) as store, store.lock():
    store.source_states.all()
    store.entries.content_version()
    now = store.runs.latest(1)[0].as_of
    with store.transaction():
        store.source_states.touch(["notices"], now)
        store.source_states.save(list(store.source_states.all().values()))
    store.digests.set_meta("robots", store.digests.get_meta("robots", {}))
    store.deliveries.has_work(), store.is_fresh, store.stamp_matches()
    store.runs.start("q", as_of=now, now=now)
    store.runs.finish("q", exit_code=0, report={}, now=now)
heavy = [m for m in ("alembic", "sqlalchemy", "mako", "psycopg", "pydantic") if m in sys.modules]
print(heavy)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path}/moa.db"
    with Store.open(made) as store:
        store.runs.start("r", as_of=NOW, now=NOW)
        store.entries.apply("notices", [p.New(entry=entry(str(n))) for n in range(20)], now=NOW)
        store.source_states.save([p.SourceState(source_id="notices")])
        store.deliveries.enqueue([delivery()])
    return made


@contextmanager
def spoken(store: Store) -> Iterator[list[str]]:
    """Every statement SQLite runs while inside, with its values; a row of an executemany is one."""
    said: list[str] = []
    store._db._raw.set_trace_callback(said.append)
    try:
        yield said
    finally:
        store._db._raw.set_trace_callback(None)


@contextmanager
def sent(store: Store) -> Iterator[list[str]]:
    """Every statement SQLAlchemy sends while inside; an executemany is one."""
    said: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        said.append(statement)

    engine = store._db.connection.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_new_store_is_made_without_alembic(tmp_path: Path) -> None:
    """A first night pays neither for the migrations nor for SQLAlchemy."""
    made = "import sys; from pipeline.store.store import Store; Store.open(sys.argv[1]).close(); print(*sys.modules)"
    command = [sys.executable, "-c", made, f"sqlite:///{tmp_path}/new.db"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert not {"alembic", "sqlalchemy"} & set(done.stdout.split())
    with Store.open(command[-1]) as store:
        assert store.stamp_matches()


def test_a_quiet_night_imports_nothing_heavy(url):
    """No SQLAlchemy even: it takes longer to import than such a night takes to run."""
    done = subprocess.run([sys.executable, "-c", _QUIET, url], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_opening_costs_five_pragmas_and_two_queries(url, monkeypatch):
    """And neither grows with what is stored."""
    from pipeline.store import engine

    said: list[str] = []

    class Traced(engine._Raw):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            self.set_trace_callback(said.append)

    monkeypatch.setattr(engine, "_Raw", Traced)
    Store.open(url).close()
    assert [s.split()[0] for s in said] == ["PRAGMA"] * 5 + ["SELECT"] * 2


def test_a_quiet_night_is_one_query_and_one_update(url):
    """States are read at once, good runs noted at once."""
    with Store.open(url) as store, spoken(store) as said:
        states = store.source_states.all()
        with store.transaction():
            store.source_states.touch(list(states), NOW + DAY)
    assert [s.split()[0] for s in said] == ["SELECT", "BEGIN", "UPDATE", "COMMIT"]


def test_statements_do_not_grow_with_the_changes(url, monkeypatch):
    """A source with 400 new entries costs as many statements as one with 1."""
    counts = []
    with Store.open(url) as store:
        for batch in (range(100, 101), range(200, 600)):
            asked: list[str] = []
            with monkeypatch.context() as patched, sent(store) as said, store.transaction():
                real = store._db.run
                patched.setattr(store._db, "run", lambda name, *given: asked.append(name) or real(name, *given))
                changes = [p.New(entry=entry(str(n))) for n in batch]
                store.entries.apply("notices", changes, now=NOW, present=["notices:1"])
            counts.append((asked, said))
    assert counts[0] == counts[1]
    assert len(counts[0][0]) == 5
    assert counts[0][1] == []


def test_outbox_commits_are_full_and_others_are_not(url):
    """``synchronous=FULL`` around a claim and back to NORMAL after it (P28)."""
    with Store.open(url) as store:
        with spoken(store) as said:
            store.deliveries.claim(delivery().id, NOW)
            store.digests.set_meta("a", 1)
        words = [s for s in said if s.startswith(("PRAGMA synchronous", "BEGIN", "COMMIT"))]
        assert words == [
            "PRAGMA synchronous=FULL",
            "BEGIN IMMEDIATE",
            "COMMIT",
            "PRAGMA synchronous=NORMAL",
            "BEGIN IMMEDIATE",
            "COMMIT",
        ]
        assert store._db.say("PRAGMA synchronous") == [(1,)]
        assert store._db.say("PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize(
    "reading",
    [
        lambda s: s.entries.known("notices", ["1"], ["hash-1"]),
        lambda s: s.entries.recent("notices"),
        lambda s: s.entries.listed("notices"),
        lambda s: s.entries.get(["notices:1"]),
        lambda s: s.entries.window(NOW, NOW + DAY),
        lambda s: s.entries.since(NOW, 10),
        lambda s: s.entries.history("notices:1"),
        lambda s: s.entries.material_changes(NOW, NOW + DAY),
        lambda s: s.entries.content_version(),
        lambda s: s.digests.assignments(["notices:1"]),
        lambda s: s.digests.stories(["s1"]),
        lambda s: s.digests.published("daily", ["s1"]),
        lambda s: s.digests.told_in("daily/1"),
        lambda s: s.digests.editions("daily", 5),
        lambda s: s.deliveries.due(NOW),
        lambda s: s.deliveries.has_work(),
        lambda s: s.deliveries.find(edition_id="daily/1"),
        lambda s: s.deliveries.recipients_pending("x", ["a"]),
        lambda s: s.runs.latest(1),
    ],
)
def test_nothing_a_night_asks_scans_a_table(url, reading):
    """Each reading of the night finds its rows by an index, however large the archive."""
    with Store.open(url) as store:
        with spoken(store) as said:
            reading(store)
        asked = list(said)
        assert asked
        for statement in asked:
            plan = store._db.say(f"EXPLAIN QUERY PLAN {statement}")
            scans = [step[3] for step in plan if step[3].startswith("SCAN") and "USING" not in step[3]]
            assert scans == []


def test_the_everyday_statements_are_compiled_as_written():
    """The generated files are what their sources say; ``python -m pipeline.store.everyday`` writes them anew."""
    from pipeline.store import everyday

    for name, made_by in everyday.GROUPS.items():
        assert everyday.compiled(made_by) == import_module(f"pipeline.store.{name}").SQL


@pytest.mark.parametrize("is_good", [True, False])
def test_sqlalchemy_joins_a_transaction_that_is_open(url, is_good):
    """When its connection is made in the middle of a transaction, it neither commits nor rolls back what is there."""
    with Store.open(url) as store:
        try:
            with store.transaction():
                store.digests.set_meta("before", 1)
                assert store._db._core is None
                store.entries.apply("notices", [p.New(entry=entry("in"))], now=NOW)
                store.digests.set_meta("after", 1)
                if not is_good:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    with Store.open(url) as store:
        assert store.entries.count() == (21 if is_good else 20)
        assert store.digests.get_meta("before", 0) == store.digests.get_meta("after", 0) == int(is_good)
