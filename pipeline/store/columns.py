"""Columns of one kind, as all tables write them.

What does not live here: the tables (``tables``), how values are written (``types``, ``codec``).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text

from pipeline.store.types import Instant, JsonText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text_column(name: str, comment: str) -> Column[str]:
    """Return a column of text that is never NULL."""
    return Column(name, Text, nullable=False, comment=comment)


def key(name: str, comment: str, *constraints: ForeignKey) -> Column[str]:
    """Return a column of the primary key."""
    return Column(name, Text, *constraints, primary_key=True, comment=comment)


def number(name: str, comment: str) -> Column[int]:
    """Return a column of whole numbers."""
    return Column(name, Integer, nullable=False, comment=comment)


def instant(name: str, comment: str, *, nullable: bool = True) -> Column[Any]:
    """Return a column of instants."""
    return Column(name, Instant, nullable=nullable, comment=comment)


def json_text(name: str, comment: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column of JSON."""
    return Column(name, JsonText, nullable=nullable, comment=comment)


def version(comment: str) -> Column[int]:
    """Return the column that tells when a row last changed."""
    return Column("changed_in", BigInteger, nullable=False, server_default="0", comment=comment)


def serial(comment: str) -> Column[int]:
    """Return the column that numbers rows."""
    # SQLite numbers rows by itself only when the type is INTEGER
    number = BigInteger().with_variant(Integer(), "sqlite")
    return Column("seq", number, primary_key=True, autoincrement=True, comment=comment)
