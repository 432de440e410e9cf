"""What the store promises of its schema: one history, both databases, never a step back (P32)."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

import pipeline.model as p
from pipeline.store import newborn, schema
from pipeline.store.engine import Database
from pipeline.store.store import Store
from pipeline.store.tables import metadata
from tests.postgres import empty_url, postgres  # noqa: F401 - fixtures
from tests.unit.store.samples import NOW, entry


def say(url: str, *statements: str) -> None:
    database = Database(url)
    try:
        for statement in statements:
            database.execute(text(statement))
    finally:
        database.close()


def test_the_migrations_make_the_tables_of_the_code(empty_url):  # noqa: F811
    """Alembic finds no difference between the migrated schema and ``tables.py``: columns, types, indexes, comments."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Store.open(empty_url).close()
    database = Database(empty_url)
    try:
        context = MigrationContext.configure(database.connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    finally:
        database.close()


def test_the_packaged_history_is_the_migrations():
    """``schema.HISTORY`` names every migration, oldest first; each file is named by what it does."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(schema.MIGRATIONS))
    found = [s.revision for s in script.walk_revisions()][::-1]
    assert tuple(found) == schema.HISTORY
    for step in script.walk_revisions():
        assert step.path.rsplit("/", 1)[1].startswith(f"{step.revision}_")


def test_a_new_file_is_what_all_migrations_leave(tmp_path: Path) -> None:
    """Made at once or step by step: the same tables, indexes and rows; ``python -m pipeline.store.newborn`` writes it anew.

    Only the stamp differs: it names the place and a chance number.
    """
    from alembic import command

    at_once, stepwise = tmp_path / "at-once.db", tmp_path / "stepwise.db"
    Store.open(f"sqlite:///{at_once}").close()
    database = Database(f"sqlite:///{stepwise}")
    with database.transaction():
        command.upgrade(schema.config(database.connection), schema.HEAD)
    database.close()
    dumps = []
    for file in (at_once, stepwise):
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("DELETE FROM meta")
            dumps.append(list(raw.iterdump()))
    assert dumps[0] == dumps[1]
    assert newborn.script() == schema.NEWBORN.read_text("utf-8")


def test_every_column_says_what_it_means():
    """No table and no column without a comment."""
    silent = [str(c) for t in metadata.sorted_tables for c in t.columns if not c.comment]
    silent += [t.name for t in metadata.sorted_tables if not t.comment]
    assert silent == []


def test_every_released_schema_is_upgraded(empty_url):  # noqa: F811
    """From nothing and from each revision ever released, the store opens with the newest and works."""
    from alembic import command

    for released in schema.HISTORY:
        database = Database(empty_url)
        try:
            with database.transaction():
                if schema.revision(database) is None:
                    command.upgrade(schema.config(database.connection), released)
        finally:
            database.close()
        with Store.open(empty_url) as store:
            assert store.admin.revision() == schema.HEAD
            store.entries.apply("notices", [p.New(entry=entry())], now=NOW)
            assert store.entries.count() == 1


def test_a_newer_schema_is_refused_and_left_alone(empty_url):  # noqa: F811
    """Older code does not touch what newer code made."""
    Store.open(empty_url).close()
    say(empty_url, "UPDATE alembic_version SET version_num = '9999'")
    for options in ({}, {"read_only": True}):
        with pytest.raises(p.StoreError) as refused:
            Store.open(empty_url, **options)
        assert refused.value.code == "store-newer"
        assert "9999" in refused.value.message


def test_another_programs_tables_are_left_alone(tmp_path):
    """A SQLite file with tables that are not ours is refused."""
    url = f"sqlite:///{tmp_path}/other.db"
    say(url, "CREATE TABLE bookmarks (x)")
    with pytest.raises(p.StoreError) as refused:
        Store.open(url)
    assert refused.value.code == "store-foreign"


def test_a_failed_migration_leaves_nothing(empty_url, monkeypatch):  # noqa: F811
    """All of a migration or none of it: the next open starts from the beginning."""
    from pipeline.store import stamp

    def broken(_database):
        raise ZeroDivisionError

    monkeypatch.setattr(stamp, "make", broken)
    with pytest.raises(ZeroDivisionError):
        Store.open(empty_url)
    monkeypatch.undo()
    with Store.open(empty_url) as store:
        assert store.stamp_matches()
        assert store.entries.count() == 0


def test_two_programs_may_open_a_new_store_at_once(empty_url):  # noqa: F811
    """Both wait for one migration and find one store with one stamp."""
    found: list[object] = []

    def open_it() -> None:
        try:
            with Store.open(empty_url) as store:
                found.append(store.stamp.id)
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert isinstance(found[0], str)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "store-url"),
        ("mysql://x/y", "store-url"),
        ("postgresql://nobody:secret@127.0.0.1:1/x", "store-unreachable"),
        ("sqlite:////proc/nothing/moa.db", "store-unreachable"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence(url, code):
    """No traceback, no password."""
    with pytest.raises(p.StoreError) as refused:
        Store.open(url)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


def test_a_server_that_goes_away_is_a_sentence(postgres):  # noqa: F811
    """PostgreSQL ends our connection in mid-work: every question after that is a clean error, and closing works."""
    with Store.open(postgres.fresh()) as store:
        with pytest.raises(p.StoreError), store.transaction():
            store._db.say("SELECT pg_terminate_backend(pg_backend_pid())")
        for ask in (store.source_states.all, store.entries.count, lambda: store.deliveries.claim("x", NOW)):
            with pytest.raises(p.StoreError) as gone:
                ask()
            assert gone.value.code == "store-unreachable"
