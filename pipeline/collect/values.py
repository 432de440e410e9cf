"""Travelling values packed, unpacked and copied at the speed a first night needs.

What does not live here: what the values mean (``model``), who exchanges them (``workers``, ``worker``).
The standard library takes a frozen dataclass to pieces by looking its fields up anew each time, in Python: for an entry
that is most of what sending it costs. Here the fields of a class are looked up once.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from pipeline.model.base import Value

V = TypeVar("V", bound=Value)


class _Form:
    """How values of one class are taken apart and put together: names, one getter for all fields, a setter for each."""

    __slots__ = ("cls", "names", "setters", "take")

    def __init__(self, cls: type[Value]) -> None:
        self.cls = cls
        self.names = tuple(field.name for field in fields(cls))
        take: Callable[[Any], Any] = attrgetter(*self.names)
        self.take = take if len(self.names) > 1 else lambda value: (take(value),)
        self.setters = tuple(getattr(cls, name).__set__ for name in self.names)

    def make(self, held: tuple[Any, ...]) -> Any:
        """Return a value with these fields; they were checked when the first such value was made."""
        value = object.__new__(self.cls)
        for put, one in zip(self.setters, held, strict=True):
            put(value, one)
        return value


_forms: dict[type, _Form] = {}


def _form(cls: type[Value]) -> _Form:
    form = _forms.get(cls)
    if form is None:
        form = _forms[cls] = _Form(cls)
    return form


def changed(value: V, **changes: Any) -> V:
    """Return a copy with some fields changed, as ``dataclasses.replace`` does, unchecked and three times as fast."""
    form = _form(type(value))
    held = dict(zip(form.names, form.take(value), strict=True))
    made: V = form.make(tuple((held | changes).values()))
    return made


def pack(thing: object) -> bytes:
    """Return anything picklable as bytes for the process at the other end of a private socket."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _TABLE
    pickler.dump(thing)
    return buffer.getvalue()


def unpack(body: bytes) -> Any:
    """Return what ``pack`` packed. Only for bytes of our own parent or child."""
    return pickle.loads(body)  # noqa: S301 - as said


class _Table(dict[type, Callable[[Any], Any]]):
    """How each class is packed: our values by their form, the rest as ever."""

    def __missing__(self, cls: type) -> Callable[[Any], Any]:
        if issubclass(cls, Value):
            self[cls] = _reduce
            return _reduce
        return copyreg.dispatch_table[cls]


_TABLE = _Table()


def _reduce(value: Value) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    cls = type(value)
    return _made, (cls, _form(cls).take(value))


def _made(cls: type[Value], held: tuple[Any, ...]) -> Any:
    return _form(cls).make(held)
