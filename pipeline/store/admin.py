"""For whoever keeps the store: integrity, backup, restore, upgrade, setting a damaged file aside.

What does not live here: anything a night does.
PostgreSQL has its own tools for backup and restore (``pg_dump``, ``pg_restore``); here they are refused with that hint.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store import schema
from pipeline.store.engine import Database, sqlite_path
from pipeline.store.failures import store_error
from pipeline.store.tables import deliveries

_BESIDE = ("", "-wal", "-shm")


class Admin:
    """The keeper's side of an open store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def check(self, *, quick: bool = False) -> tuple[str, ...]:
        """Return what is wrong with the database's pages and references; empty when it is sound.

        Args:
            quick: Without comparing indexes with their tables.

        Cost: reads the whole file (SQLite); one statement on PostgreSQL, which checks its pages by itself.
        """
        if not self._db.is_sqlite:
            self._db.say("SELECT 1")
            return ()
        pragma = "quick_check" if quick else "integrity_check"
        try:
            found = [str(row[0]) for row in self._db.say(f"PRAGMA {pragma}")]
            strays = self._db.say("PRAGMA foreign_key_check")
            broken = [f"foreign key: {row[0]} {row[1]}" for row in strays]
        except p.StoreError as error:
            if error.code != "store-damaged":
                raise
            return (error.message,)
        return tuple(line for line in (*found, *broken) if line != "ok")

    def revision(self) -> str:
        """Return the schema's revision. Cost: two small statements."""
        return schema.revision(self._db) or ""

    def backup(self, to: Path) -> Path:
        """Write a whole copy of the store while it is in use, through SQLite's backup API (P69).

        Args:
            to: New file; it appears under this name only when complete.

        Raises:
            StoreError: There is such a file already, or it cannot be written; PostgreSQL (``store-unsupported``).

        Cost: reads and writes the whole file once.
        """
        _sqlite_only(self._db)
        if to.exists():
            raise p.StoreError(_("같은 이름의 파일이 있습니다: {path}").format(path=to), code="backup-exists")
        raw = self._db.connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection):
            raise TypeError(type(raw))
        partial = to.with_name(to.name + ".partial")
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            with closing(sqlite3.connect(partial)) as copy:
                raw.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE").close()  # one file, nothing beside it
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(to)
        except (OSError, sqlite3.Error) as error:
            partial.unlink(missing_ok=True)
            raise store_error(error, place=str(to)) from error
        return to


def upgrade(url: str) -> str:
    """Bring the schema of a store to the newest revision and return it (``moa db upgrade``).

    Raises:
        StoreError: It cannot be opened, or is newer than this program.
    """
    database = Database(url)
    try:
        schema.upgrade(database)
        return schema.HEAD
    finally:
        database.close()


def restore(url: str, copy: Path, *, now: datetime) -> Path | None:
    """Put a backup in the place of a store; what was there is set aside, pending deliveries become held (P69).

    The restored store keeps the stamp of where it was backed up: under another path or machine it does not send until a
    person adopts it. Nobody may have the store open (hold the run lock).

    Returns:
        Where the former file went, ``None`` when there was none.

    Raises:
        StoreError: The backup is damaged, newer, or no store of moa; then nothing was changed.
    """
    path = sqlite_path(url)
    if path is None:
        raise _unsupported()
    partial = path.with_name(path.name + ".restoring")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
        with (
            closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target)
        _check_restored(partial)
        aside = set_aside(url, now=now, why="replaced") if path.exists() else None
        partial.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise store_error(error, place=str(copy)) from error
    finally:
        _remove(partial)
    return aside


def _check_restored(partial: Path) -> None:
    database = Database(f"sqlite:///{partial}")
    try:
        problems = Admin(database).check()
        if problems or schema.revision(database) is None:
            why = problems[0] if problems else "no store"
            message = _("백업 파일을 쓸 수 없습니다: {why}").format(why=why)
            raise p.StoreError(message, code="backup-damaged")
        schema.upgrade(database)
        waiting = deliveries.c.state == p.DeliveryState.PENDING.value
        with database.transaction(durable=True):
            database.execute(update(deliveries).where(waiting).values(state="held", reason="restored"))
            # what was on its way when the backup was made may have arrived since
            doubtful = deliveries.c.state == p.DeliveryState.SENDING.value
            database.execute(update(deliveries).where(doubtful).values(state="unknown", reason="restored"))
        database.say("PRAGMA journal_mode=DELETE")
    finally:
        database.close()


def set_aside(url: str, *, now: datetime, why: str = "damaged") -> Path:
    """Rename a store's files so that a new one may be made; nothing is deleted (P29).

    Raises:
        StoreError: There is no such file, or PostgreSQL.
    """
    path = sqlite_path(url)
    if path is None:
        raise _unsupported()
    to = path.with_name(f"{path.name}.{why}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    number = 1
    while to.exists():
        number += 1
        to = path.with_name(f"{path.name}.{why}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{number}")
    try:
        path.rename(to)
        for ending in _BESIDE[1:]:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(to.with_name(to.name + ending))
    except OSError as error:
        raise store_error(error, place=str(path)) from error
    return to


def _remove(path: Path) -> None:
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _sqlite_only(database: Database) -> None:
    if database.path is None:
        raise _unsupported()


def _unsupported() -> p.StoreError:
    return p.StoreError(
        _("이 명령은 SQLite 저장소에만 쓸 수 있습니다."),
        hint=_("PostgreSQL 은 pg_dump 와 pg_restore 로 백업하고 되돌려 주세요."),
        code="store-unsupported",
    )
