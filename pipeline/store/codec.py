"""How an instant and JSON are written into a column and read back.

What does not live here: SQLAlchemy's types made of these (``types``), whole rows (``rows``).
Rows go through here by the ten thousand on a first night.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any, overload

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode  # what we wrote ourselves has nothing around it


def utc(value: datetime | None) -> datetime | None:
    """Return the instant in UTC; a naive one is a defect of the caller."""
    if value is None:
        return None
    if value.utcoffset() is None:
        raise ValueError("a naive datetime cannot be stored")
    return value.astimezone(UTC)


@lru_cache(256)  # most of a night's rows bear the same few instants
def instant_to_text(value: datetime | None) -> str | None:
    """SQLite keeps UTC without a zone, as text of one width, so that text sorts as time does."""
    held = utc(value)
    return None if held is None else held.replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(256)  # as above
def text_to_instant(value: str | None) -> datetime | None:
    """Return SQLite's text as an aware UTC instant."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def to_json(value: Any) -> str | None:
    """Return compact JSON, Korean readable; ``None`` is SQL NULL.

    Half a surrogate pair, which JSON of others may hold and UTF-8 cannot, is kept escaped.
    """
    if value is None:
        return None
    text = _encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


class Later(Mapping[str, Any]):
    """A JSON object that is read when it is first looked into: most memos of a quiet night never are."""

    __slots__ = ("_held", "_text")

    def __init__(self, text: str | None) -> None:
        """Keep the text."""
        self._text = text
        self._held: dict[str, Any] | None = None

    def _open(self) -> dict[str, Any]:
        if self._held is None:
            self._held = from_json(self._text) or {}
        return self._held

    def __getitem__(self, key: str) -> Any:
        return self._open()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())

    def __repr__(self) -> str:
        return repr(self._open())

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Travel as the dict it stands for."""
        return dict, (self._open(),)


class LaterList(Sequence[Mapping[str, Any]]):
    """A JSON array of flat objects that is read when it is first looked into; its last object alone where that is asked.

    A quiet night wants of a source's twenty runs the newest one, and reading all took longer than asking the source.
    """

    __slots__ = ("_held", "_text")

    def __init__(self, text: str | None) -> None:
        """Keep the text; nothing inside it may hold a brace."""
        self._text = text or "[]"
        self._held: tuple[Mapping[str, Any], ...] | None = None

    def _open(self) -> tuple[Mapping[str, Any], ...]:
        if self._held is None:
            self._held = tuple(from_json(self._text))
        return self._held

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if place == -1 and self._held is None and (start := self._text.rfind("{")) >= 0:
            last: Mapping[str, Any] = _decode(self._text, start)[0]
            return last
        return self._open()[place]

    def __len__(self) -> int:
        return len(self._open())

    def __bool__(self) -> bool:
        return self._text != "[]"

    def __eq__(self, other: object) -> bool:
        return self._open() == (other._open() if isinstance(other, LaterList) else other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return repr(self._open())

    def __reduce__(self) -> tuple[type[tuple[Any, ...]], tuple[tuple[Mapping[str, Any], ...]]]:
        """Travel as the tuple it stands for."""
        return tuple, (self._open(),)


def from_json_texts(values: Sequence[str | None]) -> list[Any]:
    """Return what each JSON text of a column says, read at once: one call of the parser instead of one a row."""
    read: list[Any] = _decode(f"[{','.join([value or 'null' for value in values])}]")[0]
    return read


def from_json(value: str | None) -> Any:
    """Return what JSON text says; tuples come back as lists."""
    return None if value is None else _decode(value)[0]


WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "at": instant_to_text,
    "on": date.isoformat,
    "json": to_json,
    "memo": to_json,
    "rows": to_json,
}
"""What writes one value of an everyday statement, by the codec's name."""
READ: Mapping[str, Callable[[Sequence[Any]], Iterable[Any]]] = {
    "at": partial(map, text_to_instant),
    "on": partial(map, date.fromisoformat),
    "json": from_json_texts,
    "memo": partial(map, Later),
    "rows": partial(map, LaterList),
    "yes": partial(map, bool),
}
"""What reads a whole column: rows come by the thousand."""
