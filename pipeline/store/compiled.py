"""How values go into a compiled statement and rows come out of it, by the codec of each parameter and column.

What does not live here: the statements (``everyday_sql``, ``library_sql``), running them (``engine``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pipeline.store import codec
from pipeline.store.everyday_sql import SQL, Compiled

Rows = Sequence[Mapping[str, Any]]
_made: dict[str, tuple[tuple[int, Callable[[Any], Any]], ...]] = {}


def named(name: str) -> Compiled:
    """Return a statement by name."""
    found = SQL.get(name)
    if found is None:
        from pipeline.store import issues_sql, library_sql  # noqa: PLC0415 - on a night that publishes

        found = library_sql.SQL.get(name) or issues_sql.SQL[name]
    return found


def told(wanted: Compiled, found: Sequence[Sequence[Any]]) -> Rows:
    """Return rows by column name, each value decoded."""
    names = tuple(name for name, _codec in wanted.columns)
    if not found:
        return []
    columns: list[Iterable[Any]] = list(zip(*found, strict=True))
    for place, (_name, codec_) in enumerate(wanted.columns):
        if codec_:
            columns[place] = codec.READ[codec_](cast("Sequence[Any]", columns[place]))
    return [dict(zip(names, held, strict=True)) for held in zip(*columns, strict=True)]


def given(wanted: Compiled, row: Mapping[str, Any]) -> list[Any]:
    """Return a row's values in the order of the marks, each encoded."""
    values = [row[name] for name, _codec in wanted.parameters]
    for place, encode in _encoders(wanted):
        values[place] = encode(values[place])
    return values


def _encoders(wanted: Compiled) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Which values of a statement are not stored as they are: on a first night rows come by the ten thousand."""
    known = _made.get(wanted.sql)
    if known is None:
        known = tuple(
            (place, codec.WRITTEN[codec_])
            for place, (_n, codec_) in enumerate(wanted.parameters)
            if codec_ in codec.WRITTEN
        )
        _made[wanted.sql] = known
    return known


def expanded(wanted: Compiled, row: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
    """Return the text with as many marks as its IN lists have values, and all values in order."""
    if all(codec_ != "list" for _n, codec_ in wanted.parameters):
        return wanted.sql, given(wanted, row)
    sql, values = wanted.sql, list[Any]()
    for name, codec_ in wanted.parameters:
        if codec_ == "list":
            sql = sql.replace(
                f"__[POSTCOMPILE_{name}]", ",".join("?" * len(row[name]))
            )  # () is an empty list in SQLite
            values += row[name]
        else:
            values.append(codec.WRITTEN[codec_](row[name]) if codec_ in codec.WRITTEN else row[name])
    return sql, values
