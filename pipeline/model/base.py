"""What every travelling value shares: how its class is made, compared, copied and packed.

What does not live here: any value itself.
Source: architecture 5.3, ADR-0005, ADR-0019. ``_at`` is an aware UTC instant, ``_on`` a date in Seoul, ``_s`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from inspect import get_annotations
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, dataclass_transform

Json: TypeAlias = Any  # what json.loads gives; opaque to the core
Memo: TypeAlias = Mapping[str, Json]
T = TypeVar("T")
V = TypeVar("V", bound="Value")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a subclass of ``Value`` a frozen dataclass with slots and keyword arguments.

    What ``dataclass`` would write and compile anew for each class (equality, hash, text) it inherits instead, and only
    classes with instants look for naive ones: that halves the price of a class, which every start of moa pays.
    """
    if any("datetime" in kind for kind in get_annotations(cls).values()):
        cls.__post_init__ = _refuse_naive  # type: ignore[attr-defined]
    return dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)(cls)


def _refuse_naive(held: Any) -> None:
    for name in form_of(type(held)).instants:
        at = getattr(held, name)
        if isinstance(at, datetime) and at.utcoffset() is None:
            message = f"{type(held).__name__}.{name} is a naive datetime"
            raise ValueError(message)


@value
class Value:
    """Base of every travelling value: equal when class and fields are, and refuses naive datetimes at once."""

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        take = form_of(type(self)).take
        return take(self) == take(other)

    def __hash__(self) -> int:
        return hash(form_of(type(self)).take(self))

    def __repr__(self) -> str:
        form = form_of(type(self))
        told = ", ".join(f"{name}={one!r}" for name, one in zip(form.names, form.take(self), strict=True))
        return f"{type(self).__qualname__}({told})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pack the fields alone; the standard library would look them up anew for each value."""
        cls = type(self)
        return restored, (cls, form_of(cls).take(self))


class Form:
    """How values of one class are taken apart and put together; its fields are looked up once.

    Attributes:
        names: Of all fields, in order.
        take: One getter for all of them, giving a tuple.
        setters: One a field, in order; they pass by what keeps a value frozen.
        instants: Names of fields that may hold a datetime.
    """

    __slots__ = ("instants", "names", "setters", "take")

    def __init__(self, cls: type[Value]) -> None:
        """Look the class over."""
        self.names = tuple(one.name for one in fields(cls))
        self.take: Callable[[Any], tuple[Any, ...]] = _getter(self.names)
        self.setters = {name: getattr(cls, name).__set__ for name in self.names}
        self.instants = tuple(one.name for one in fields(cls) if "datetime" in str(one.type))


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda held: tuple(getattr(held, name) for name in names)


_forms: dict[type, Form] = {}


def form_of(cls: type[Value]) -> Form:
    """Return the form of a class of values."""
    form = _forms.get(cls)
    if form is None:
        form = _forms[cls] = Form(cls)
    return form


def restored(cls: type[V], held: tuple[Any, ...]) -> V:
    """Return a value with these fields, in order; they were checked when the first such value was made."""
    made = object.__new__(cls)
    for put, one in zip(form_of(cls).setters.values(), held, strict=True):
        put(made, one)
    return made


def changed(held: V, **changes: Any) -> V:
    """Return a copy with some fields changed, as ``dataclasses.replace`` does, unchecked and four times as fast.

    For the thousands of values a night copies; elsewhere ``replace``, which is checked.
    """
    cls = type(held)
    form = form_of(cls)
    made = object.__new__(cls)
    for put, one in zip(form.setters.values(), form.take(held), strict=True):
        put(made, one)
    for name, one in changes.items():
        form.setters[name](made, one)
    return made
