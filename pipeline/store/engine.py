"""The one connection: transactions, pragmas, everyday statements, and every database error turned into ours.

What does not live here: tables, statements, migrations; what needs SQLAlchemy (``core``).
The driver runs in autocommit; ``Database.transaction`` alone says BEGIN and COMMIT, so what is written is what runs. On
SQLite, SQLAlchemy is imported when the first statement comes that is not an everyday one, and then uses this very
connection, transaction and all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store import compiled
from pipeline.store.failures import store_error
from pipeline.store.pragmas import set_pragma

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import URL, Connection, CursorResult
    from sqlalchemy.sql.base import Executable

Rows = Sequence[Mapping[str, Any]]
_LOG = "wal_autocheckpoint=4000"  # pages, 16 MB: a first night waits for the disk a quarter as often


class _Raw(sqlite3.Connection):
    """SQLite's connection as both sides share it: only our own BEGIN, COMMIT and ROLLBACK count."""

    def commit(self) -> None:
        """Do nothing: SQLAlchemy must not end our transactions."""

    def rollback(self) -> None:
        """Do nothing, as above."""


class Database:
    """One open connection to SQLite or PostgreSQL; used by one thread at a time.

    Attributes:
        address: The URL as given.
        is_sqlite: Which of the two it is.
        path: The SQLite file, resolved; ``None`` for PostgreSQL and for a database in memory.
        read_only: Nothing can be written through this connection.
    """

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        self.address = address
        self.is_sqlite = is_sqlite(address)
        self.path = sqlite_path(address)
        self.read_only = read_only
        self.is_in_transaction = False
        self._inserts: dict[str, Any] = {}
        self._core: Connection | None = None
        self._raw: sqlite3.Connection | None = self._open() if self.is_sqlite else None
        if self._raw is None:
            self._core = self.connection

    def _open(self) -> sqlite3.Connection:
        target, is_uri = ":memory:", False
        if self.path is not None:
            # as an address with a mode, so that a reader never makes a file
            target, is_uri = f"{self.path.as_uri()}?mode={'ro' if self.read_only else 'rwc'}", True
        rest = ["query_only=ON"] if self.read_only else ["journal_mode=WAL", "synchronous=NORMAL", _LOG]
        raw: sqlite3.Connection | None = None
        try:
            raw = sqlite3.connect(
                target,
                timeout=p.limits.STORE_BUSY_S,
                isolation_level=None,
                check_same_thread=False,
                factory=_Raw,
                uri=is_uri,
            )
            for pragma in ("foreign_keys=ON", "temp_store=MEMORY", *rest):
                set_pragma(raw, pragma)
        except sqlite3.Error as error:
            if raw is not None:
                raw.close()
            raise store_error(error, place=self.place) from error
        return raw

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's side of the connection, made when first needed."""
        if self._core is None:
            from pipeline.store import core  # noqa: PLC0415 - not on a quiet night

            self._core = core.connect(self.address, self._raw, read_only=self.read_only, place=self.place)
        return self._core

    @property
    def url(self) -> URL:
        """The parsed URL."""
        from pipeline.store import core  # noqa: PLC0415 - not on a quiet night

        return core.parse(self.address)

    @property
    def place(self) -> str:
        """Where the store is, for people: the file, or the URL without its password."""
        if self.is_sqlite:
            return str(self.path or ":memory:")
        return self.url.render_as_string(hide_password=True)

    def run(self, name: str, values: Rows | Mapping[str, Any] | None = None) -> Rows:
        """Run an everyday statement by name, with one or many rows of values; return the rows it gives.

        Raises:
            StoreError: The database refused or is gone.
        """
        if self._raw is None:
            from pipeline.store import core  # noqa: PLC0415 - PostgreSQL

            return core.run(self.connection, name, values, place=self.place)
        wanted = compiled.named(name)
        try:
            if values is None or isinstance(values, Mapping):
                found = self._raw.execute(*compiled.expanded(wanted, values or {})).fetchall()
            else:
                found = self._raw.executemany(wanted.sql, [compiled.given(wanted, row) for row in values]).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, place=self.place) from error
        return compiled.told(wanted, found)

    def say(self, sql: str) -> list[tuple[Any, ...]]:
        """Run plain SQL without values, and return its rows: for BEGIN, pragmas, catalogues and locks.

        Raises:
            StoreError: The database refused or is gone.
        """
        if self._raw is None:
            from pipeline.store import core  # noqa: PLC0415 - PostgreSQL

            return core.say(self.connection, sql, place=self.place)
        try:
            return self._raw.execute(sql).fetchall()
        except sqlite3.Error as error:
            raise store_error(error, place=self.place) from error

    def execute(self, statement: Executable, values: Rows | Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run one statement, or one with many rows of values (executemany).

        Raises:
            StoreError: The database refused or is gone.
            ValueError: A value no column can hold, e.g. a naive datetime; a defect of the caller.
        """
        from pipeline.store import core  # noqa: PLC0415 - not on a quiet night

        return core.execute(self.connection, statement, values, place=self.place)

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Rows:
        """Return every row of a query, by column name."""
        result = self.execute(statement, values)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result.all()]

    def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, ``None`` when there is none."""
        return self.execute(statement).scalar()

    def upsert(self, table: Table) -> Any:
        """Return an INSERT of this dialect that knows ``on_conflict_do_update`` and ``…_do_nothing``."""
        from pipeline.store import core  # noqa: PLC0415 - not on a quiet night

        return core.upsert(table, is_sqlite=self.is_sqlite)

    def insert_new(self, table: Table) -> Any:
        """Return an INSERT that leaves rows alone that are there already; made once a table."""
        if table.name not in self._inserts:
            self._inserts[table.name] = self.upsert(table).on_conflict_do_nothing()
        return self._inserts[table.name]

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Begin, and commit at the end or roll back on any exception.

        Args:
            durable: Return only when the commit is on the disk (``synchronous=FULL``): for the outbox (P28, P46).

        Raises:
            RuntimeError: Inside another transaction; a defect of the caller.
            StoreError: Nothing was written.
        """
        if self.is_in_transaction:
            raise RuntimeError("a transaction inside a transaction")
        if self.read_only:
            raise p.StoreError(_("읽기 전용으로 연 저장소에는 쓸 수 없습니다."), code="store-readonly")
        if durable and self.is_sqlite:
            self.say("PRAGMA synchronous=FULL")
        try:
            self.say("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
            self.is_in_transaction = True
            try:
                yield
                self.say("COMMIT")
            except BaseException:
                with suppress(p.StoreError):  # the first error is the one to tell
                    self.say("ROLLBACK")
                raise
        finally:
            self.is_in_transaction = False
            if durable and self.is_sqlite:
                with suppress(p.StoreError):
                    self.say("PRAGMA synchronous=NORMAL")

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:
        """Join the open transaction, or be one: for a single method that writes several rows."""
        if self.is_in_transaction:
            yield
            return
        with self.transaction(durable=durable):
            yield

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back. Safe to call twice."""
        if self._core is not None:
            from pipeline.store import core  # noqa: PLC0415 - it is there already

            core.close(self._core)
        if self._raw is not None:
            self._raw.close()


def is_sqlite(address: str) -> bool:
    """Whether a URL names SQLite."""
    return urlsplit(address).scheme.partition("+")[0] == "sqlite"


def sqlite_path(address: str) -> Path | None:
    """Return the resolved file of a SQLite URL (``sqlite:///relative``, ``sqlite:////absolute``); else ``None``."""
    if not is_sqlite(address):
        return None
    file = address.partition("://")[2].partition("/")[2].partition("?")[0]
    return Path(file).resolve() if file not in ("", ":memory:") else None


def chunks(values: Sequence[Any], size: int = p.limits.STORE_IN_LIST) -> Iterator[Sequence[Any]]:
    """Cut values into IN lists."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
