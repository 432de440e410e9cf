"""SQLAlchemy's side of the connection: URL, engine, statements, its errors turned into ours.

What does not live here: transactions (``engine``). Imported when the first statement comes that is not an everyday one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Table, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, Connection, CursorResult, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.base import Executable

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store.failures import store_error

Rows: TypeAlias = Sequence[Mapping[str, Any]]

_CONNECT_S = int(p.limits.CONNECT_S)


def connect(address: str, raw: sqlite3.Connection | None, *, read_only: bool, place: str) -> Connection:
    """Return a connection to PostgreSQL, or one over an open SQLite connection.

    Raises:
        StoreError: The server cannot be reached, or its driver is not installed.
    """
    try:
        if raw is not None:
            # SQLAlchemy's commit and rollback do nothing here: our own words begin and end transactions
            return create_engine("sqlite://", creator=lambda: raw, poolclass=NullPool).connect()
        options: dict[str, Any] = {
            "application_name": f"moa {os.getpid()}@{os.uname().nodename}"[:63],
            "connect_timeout": _CONNECT_S,
        }
        if read_only:
            options["options"] = "-c default_transaction_read_only=on"
        engine = create_engine(parse(address), isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args=options)
        return engine.connect()
    except (SQLAlchemyError, sqlite3.Error, ImportError) as error:
        raise store_error(error, place=place) from error


def close(connection: Connection) -> None:
    """Close a connection, whatever state it is in."""
    with suppress(SQLAlchemyError):
        connection.close()
    connection.engine.dispose()


def execute(
    connection: Connection, statement: Executable, values: Rows | Mapping[str, Any] | None, *, place: str
) -> CursorResult[Any]:
    """Run a statement (``Database.execute``)."""
    try:
        return connection.execute(statement, values)
    except DBAPIError as error:
        raise store_error(error, place=place) from error
    except StatementError as error:
        raise error.orig or error from error
    except SQLAlchemyError as error:
        raise store_error(error, place=place) from error


def run(connection: Connection, name: str, values: Rows | Mapping[str, Any] | None, *, place: str) -> Rows:
    """Run an everyday statement on PostgreSQL (``Database.run``)."""
    result = execute(connection, _everyday()[name], values, place=place)
    if not result.returns_rows:
        return []
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]


@cache
def _everyday() -> dict[str, Executable]:
    from pipeline.store import everyday  # noqa: PLC0415 - PostgreSQL only

    return everyday.core()


def say(connection: Connection, sql: str, *, place: str) -> list[tuple[Any, ...]]:
    """Run plain SQL on PostgreSQL (``Database.say``)."""
    try:
        result = connection.exec_driver_sql(sql)
        return [tuple(row) for row in result.all()] if result.returns_rows else []
    except SQLAlchemyError as error:
        raise store_error(error, place=place) from error


def upsert(table: Table, *, is_sqlite: bool) -> Any:
    """Return an INSERT of this dialect."""
    if is_sqlite:
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as dear as a tenth of a short run

    return postgresql.insert(table)


def parse(address: str) -> URL:
    """Return the URL with psycopg 3 as PostgreSQL's driver.

    Raises:
        StoreError: Neither SQLite nor PostgreSQL, or no URL at all.
    """
    text = "postgresql" + address.removeprefix("postgres") if address.startswith("postgres://") else address
    try:
        parsed = make_url(text)
    except ArgumentError as error:
        raise p.StoreError(_("저장소 주소를 읽을 수 없습니다."), code="store-url") from error
    backend = parsed.get_backend_name()
    if backend != "postgresql":
        message = _("저장소는 sqlite 또는 postgresql 주소여야 합니다: {kind}").format(kind=backend)
        raise p.StoreError(message, code="store-url")
    return parsed.set(drivername="postgresql+psycopg")
