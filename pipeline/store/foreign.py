"""Reads a list of people out of another database: one SELECT, nothing else.

What does not live here: what its columns mean (``deliver/listing``), moa's own tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from pipeline.store.engine import Database


def select_rows(url: str, query: str) -> Sequence[Mapping[str, Any]]:
    """Return what a query gives, by column name, over a read-only connection (``sqlite:///…`` or ``postgresql://…``).

    Raises:
        StoreError: The database cannot be reached, or refuses the query; its message names no password.

    Cost: one connection and the operator's query.
    """
    database = Database(url, read_only=True)
    try:
        return database.rows(text(query.replace(":", r"\:")))
    finally:
        database.close()
