"""What every travelling value shares: how its class is made, compared, copied and packed.

What does not live here: any value itself.
Source: architecture 5.3, ADR-0005, ADR-0019. ``_at`` is an aware UTC instant, ``_on`` a date in Seoul, ``_s`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from datetime import datetime
from functools import partial
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
    told = ", ".join(f"{name}={getattr(held, name)!r}" for name in _names(type(held)))
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
        take = _taker(type(self))
        return take(self) == take(other)

    def __hash__(self) -> int:
        return hash(_taker(type(self))(self))

    def __repr__(self) -> str:
        return _told(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pack the fields alone; the standard library would look them up anew for each value."""
        cls = type(self)
        return restored, (cls, _taker(cls)(self))


_takers: dict[type, Callable[[Any], tuple[Any, ...]]] = {}
_restorers: dict[type, Callable[[tuple[Any, ...]], Any]] = {}
_restored_once: set[type] = set()
_changers: dict[tuple[Any, ...], Callable[..., Any]] = {}


def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(cls))


def _taker(cls: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a getter of all fields, giving a tuple; made once a class."""
    take = _takers.get(cls)
    if take is None:
        names = _names(cls)
        take = attrgetter(*names) if len(names) > 1 else lambda held: tuple(getattr(held, name) for name in names)
        _takers[cls] = take
    return take


def restored(cls: type[V], held: tuple[Any, ...]) -> V:
    """Return a value with these fields, in order; they were checked when the first such value was made."""
    made: V = (_restorers.get(cls) or _restorer(cls))(held)
    return made


def changed(held: V, /, **changes: Any) -> V:
    """Return a copy with some fields changed, as ``dataclasses.replace`` does, unchecked and many times as fast.

    For the thousands of values a night copies; elsewhere ``replace``, which is checked.
    """
    made: V = (_changers.get((held.__class__, *changes)) or _changer(held.__class__, tuple(changes)))(held, **changes)
    return made


def _restorer(cls: type[Value]) -> Callable[[tuple[Any, ...]], Any]:
    """Return what restores; it is compiled for the second value of a class, as most of the settings have one only."""
    if cls not in _restored_once:
        _restored_once.add(cls)
        return partial(_put_together, cls)
    made = _restorers[cls] = _maker(cls, "restore", ["_held"], [f"{', '.join(_names(cls))}, = _held"])
    return made


def _put_together(cls: type[Value], held: tuple[Any, ...]) -> Any:
    made = object.__new__(cls)
    for put, one in zip(_puts(cls).values(), held, strict=True):
        put(made, one)
    return made


def _changer(cls: type[Value], changes: tuple[str, ...]) -> Callable[..., Any]:
    before = [f"{name} = _held.{name}" for name in _names(cls) if name not in changes]
    made = _changers[(cls, *changes)] = _maker(cls, "change", ["_held", *changes], before)
    return made


def _maker(cls: type[Value], name: str, taken: list[str], body: list[str]) -> Callable[..., Any]:
    puts = [f"_put_{one}(_made, {one})" for one in _names(cls)]
    around = {**_puts(cls), "_new": object.__new__, "_cls": cls}
    return _method(cls, name, taken, [*body, "_made = _new(_cls)", *puts, "return _made"], around)
