"""What every travelling value shares: how its class is made, compared, copied and packed.

What does not live here: any value itself.
Source: architecture 5.3, ADR-0005, ADR-0019. ``_at`` is an aware UTC instant, ``_on`` a date in Seoul, ``_s`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from datetime import datetime
from inspect import get_annotations
from operator import attrgetter
from typing import Any, NoReturn, TypeAlias, TypeVar, dataclass_transform

Json: TypeAlias = Any  # what json.loads gives; opaque to the core
Memo: TypeAlias = Mapping[str, Json]
T = TypeVar("T")
V = TypeVar("V", bound="Value")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a subclass of ``Value`` a frozen dataclass with slots and keyword arguments.

    What ``dataclass`` would write and compile anew for each class (equality, hash, text, being frozen) it inherits
    instead; the one method that must be compiled, ``__init__``, is when the first value is made. Only classes with
    instants look for naive ones. That takes five sixths off the price of a class, which every start of moa pays.
    """
    if any("datetime" in kind for kind in get_annotations(cls).values()):
        cls.__post_init__ = _refuse_naive  # type: ignore[attr-defined]
    made = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    made.__init__ = _compile_and_init  # type: ignore[method-assign, assignment]
    return made


@dataclass_transform(eq_default=False, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Make a class a mutable dataclass with slots: work in hand, which is the same as itself alone.

    As cheap at import as a value, for the same reasons.
    """
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    made.__init__ = _compile_and_init  # type: ignore[method-assign, assignment]
    made.__repr__ = _told  # type: ignore[method-assign]
    return made


def _compile_and_init(held: Any, *given: Any, **named: Any) -> None:
    """Stand in for ``__init__`` until the first object of a class is made."""
    cls = type(held)
    cls.__init__ = _init_of(cls)
    cls.__init__(held, *given, **named)


def _init_of(cls: type[Any]) -> Callable[..., None]:
    """Return what ``dataclass`` calls ``__init__``; a value's puts pass by what keeps it frozen."""
    is_value = issubclass(cls, Value)
    taken, body = ["self"], list[str]()
    around: dict[str, Any] = {"MISSING": MISSING}
    for one in fields(cls):
        name, default = one.name, ""
        if one.kw_only and "*" not in taken:
            taken.append("*")
        around[f"put_{name}"] = getattr(cls, name).__set__
        if one.default_factory is not MISSING:
            around[f"make_{name}"], default = one.default_factory, "=MISSING"
            body.append(f"if {name} is MISSING: {name} = make_{name}()")
        elif one.default is not MISSING:
            around[f"else_{name}"], default = one.default, f"=else_{name}"
        taken.append(f"{name}{default}")
        body.append(f"put_{name}(self, {name})" if is_value else f"self.{name} = {name}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    text = "\n    ".join((f"def __init__({', '.join(taken)}):", *body, "return"))
    exec(text, around)  # noqa: S102 - of the names of our own fields alone, as the standard library does
    made: Callable[..., None] = around["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _told(held: Any) -> str:
    form = form_of(type(held))
    told = ", ".join(f"{name}={one!r}" for name, one in zip(form.names, form.take(held), strict=True))
    return f"{type(held).__qualname__}({told})"


def _refuse_naive(held: Any) -> None:
    for name in form_of(type(held)).instants:
        at = getattr(held, name)
        if isinstance(at, datetime) and at.utcoffset() is None:
            message = f"{type(held).__name__}.{name} is a naive datetime"
            raise ValueError(message)


@value
class Value:
    """Base of every travelling value: frozen, equal when class and fields are, and refuses naive datetimes at once."""

    def __setattr__(self, name: str, _new: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        take = form_of(type(self)).take
        return take(self) == take(other)

    def __hash__(self) -> int:
        return hash(form_of(type(self)).take(self))

    def __repr__(self) -> str:
        return _told(self)

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
