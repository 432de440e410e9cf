"""What every travelling value shares: how its class is made, compared, copied and packed.

What does not live here: any value itself.
Source: architecture 5.3, ADR-0005, ADR-0019. ``_at`` is an aware UTC instant, ``_on`` a date in Seoul, ``_s`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from datetime import datetime
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
    instead; the one method that must be compiled, ``__init__``, is when the first value is made. That takes five sixths
    off the price of a class, which every start of moa pays.
    """
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
    """Return what ``dataclass`` calls ``__init__``; a value's puts pass by what keeps it frozen, and look for naive instants."""
    is_value = issubclass(cls, Value)
    taken, body = ["_self"], list[str]()
    around: dict[str, Any] = {**_puts(cls), "_MISSING": MISSING, "_datetime": datetime, "_naive": _naive}
    for one in fields(cls):
        name, default = one.name, ""
        if one.kw_only and "*" not in taken:
            taken.append("*")
        if one.default_factory is not MISSING:
            around[f"_make_{name}"], default = one.default_factory, "=_MISSING"
            body.append(f"if {name} is _MISSING: {name} = _make_{name}()")
        elif one.default is not MISSING:
            around[f"_else_{name}"], default = one.default, f"=_else_{name}"
        if is_value and "datetime" in str(one.type):
            body.append(f"if isinstance({name}, _datetime) and {name}.utcoffset() is None: _naive(_self, {name!r})")
        taken.append(f"{name}{default}")
        body.append(f"_put_{name}(_self, {name})" if is_value else f"_self.{name} = {name}")
    return _method(cls, "__init__", taken, [*body, "return"], around)


def _puts(cls: type[Any]) -> dict[str, Any]:
    """Return by ``_put_<field>`` what puts a field into an object; it passes by what keeps a value frozen."""
    return {f"_put_{one.name}": getattr(cls, one.name).__set__ for one in fields(cls)}


def _method(
    cls: type[Any], name: str, taken: Sequence[str], body: Sequence[str], around: dict[str, Any]
) -> Callable[..., Any]:
    text = "\n    ".join((f"def {name}({', '.join(taken)}):", *body))
    exec(text, around)  # noqa: S102 - made of the names of our own fields alone, as the standard library does
    made: Callable[..., Any] = around[name]
    made.__qualname__ = f"{cls.__qualname__}.{name}"
    return made


def _told(held: Any) -> str:
    form = form_of(type(held))
    told = ", ".join(f"{name}={one!r}" for name, one in zip(form.names, form.take(held), strict=True))
    return f"{type(held).__qualname__}({told})"


def _naive(held: Any, name: str) -> NoReturn:
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
    """

    __slots__ = ("_changers", "_cls", "_restore", "names", "take")

    def __init__(self, cls: type[Value]) -> None:
        """Look the class over."""
        self._cls = cls
        self.names = tuple(one.name for one in fields(cls))
        self.take: Callable[[Any], tuple[Any, ...]] = _getter(self.names)
        self._restore: Callable[[tuple[Any, ...]], Any] | None = None
        self._changers: dict[tuple[str, ...], Callable[..., Any]] = {}

    def restore(self, held: tuple[Any, ...]) -> Any:
        """Return a value with these fields, in order."""
        if self._restore is None:
            self._restore = self._maker("restore", ["_held"], [f"{', '.join(self.names)}, = _held"], self.names)
        return self._restore(held)

    def change(self, held: Any, changes: Mapping[str, Any]) -> Any:
        """Return a copy with some fields changed; which ones decides what is compiled."""
        change = self._changers.get(tuple(changes))
        if change is None:
            before = [f"{name} = _held.{name}" for name in self.names if name not in changes]
            change = self._changers[tuple(changes)] = self._maker("change", ["_held", *changes], before, self.names)
        return change(held, **changes)

    def _maker(self, name: str, taken: list[str], body: list[str], names: Sequence[str]) -> Callable[..., Any]:
        puts = [f"_put_{one}(_made, {one})" for one in names]
        around = {**_puts(self._cls), "_new": object.__new__, "_cls": self._cls}
        return _method(self._cls, name, taken, [*body, "_made = _new(_cls)", *puts, "return _made"], around)


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
    made: V = form_of(cls).restore(held)
    return made


def changed(held: V, /, **changes: Any) -> V:
    """Return a copy with some fields changed, as ``dataclasses.replace`` does, unchecked and many times as fast.

    For the thousands of values a night copies; elsewhere ``replace``, which is checked.
    """
    made: V = form_of(type(held)).change(held, changes)
    return made
