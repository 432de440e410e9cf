"""Column types that mean the same on both databases: an aware UTC instant and JSON as text.

What does not live here: how they are written (``codec``), which column has them (``tables``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pipeline.store import codec


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC, returned in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Return what makes a stored value."""
        return codec.instant_to_text if dialect.name == "sqlite" else codec.utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what reads a stored value."""
        del coltype
        return codec.text_to_instant if dialect.name == "sqlite" else codec.utc


class JsonText(TypeDecorator[Any]):
    """JSON kept as text: equal bytes on both databases, key order kept, NUL inside strings harmless (escaped).

    ``None`` is SQL NULL. PostgreSQL's own JSON types would refuse or reorder what a plugin's memo may hold.
    """

    impl = Text()
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        """Return what makes compact JSON."""
        del dialect
        return codec.to_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Return what reads it."""
        del dialect, coltype
        return codec.from_json


class MemoText(JsonText):
    """A JSON object as text, read when somebody looks into it."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Return what reads it when it is looked into."""
        del dialect, coltype
        return codec.Later


class ListText(JsonText):
    """A JSON array of flat objects as text, read when somebody looks into it."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """Return what reads it when it is looked into."""
        del dialect, coltype
        return codec.LaterList
