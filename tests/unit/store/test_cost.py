"""What the store costs: imports of a quiet night, statements, indexes (performance §9, §11). Counts, not times."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text

import pipeline.model as p
from pipeline.store.store import Store
from tests.unit.store.samples import DAY, NOW, delivery, entry

_QUIET = """
import sys
from pipeline.store.store import Store
with Store.open(sys.argv[1]) as store, store.lock():
    store.source_states.all()
    store.entries.content_version()
    store.source_states.touch(["notices"], store.runs.latest(1)[0].as_of)
heavy = [m for m in ("alembic", "sqlalchemy.orm", "sqlalchemy.ext.asyncio", "mako", "psycopg", "pydantic") if m in sys.modules]
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
def spoken(store: Store) -> Iterator[list[tuple[str, object]]]:
    """Every statement sent while inside."""
    said: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        said.append((statement, parameters))

    engine = store._db.connection.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_quiet_night_imports_nothing_heavy(url):
    """No Alembic, no ORM, no driver of another database."""
    done = subprocess.run([sys.executable, "-c", _QUIET, url], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_opening_costs_four_pragmas_and_two_queries(url):
    """And neither grows with what is stored."""
    from pipeline.store import engine

    said: list[str] = []
    real = engine.Database._pragmas

    def watched(self, connection):
        event.listen(
            connection.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: said.append(statement)
        )
        real(self, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.Database, "_pragmas", watched)
        Store.open(url).close()
    assert [s.split()[0] for s in said] == ["PRAGMA"] * 4 + ["SELECT"] * 2


def test_a_quiet_night_is_one_query_and_one_update(url):
    """States are read at once, good runs noted at once."""
    with Store.open(url) as store, spoken(store) as said:
        states = store.source_states.all()
        with store.transaction():
            store.source_states.touch(list(states), NOW + DAY)
    assert [s.split()[0] for s, _ in said] == ["SELECT", "BEGIN", "UPDATE", "COMMIT"]


def test_statements_do_not_grow_with_the_changes(url):
    """A source with 400 new entries costs as many statements as one with 1."""
    counts = []
    with Store.open(url) as store:
        for batch in (range(100, 101), range(200, 600)):
            with spoken(store) as said, store.transaction():
                changes = [p.New(entry=entry(str(n))) for n in batch]
                store.entries.apply("notices", changes, now=NOW, present=["notices:1"])
            counts.append(len(said))
    assert counts[0] == counts[1] <= 8


def test_outbox_commits_are_full_and_others_are_not(url):
    """``synchronous=FULL`` around a claim and back to NORMAL after it (P28)."""
    with Store.open(url) as store:
        with spoken(store) as said:
            store.deliveries.claim(delivery().id, NOW)
            store.digests.set_meta("a", 1)
        words = [s for s, _ in said if s.startswith(("PRAGMA", "BEGIN", "COMMIT"))]
        assert words == [
            "PRAGMA synchronous=FULL",
            "BEGIN IMMEDIATE",
            "COMMIT",
            "PRAGMA synchronous=NORMAL",
            "BEGIN IMMEDIATE",
            "COMMIT",
        ]
        assert store._db.scalar(text("PRAGMA synchronous")) == 1
        assert store._db.scalar(text("PRAGMA journal_mode")) == "wal"


@pytest.mark.parametrize(
    "reading",
    [
        lambda s: s.entries.known("notices", ["1"], ["hash-1"]),
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
        for statement, parameters in asked:
            plan = store._db.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            scans = [step[3] for step in plan if step[3].startswith("SCAN") and "USING" not in step[3]]
            assert scans == []
