"""A plugin's options as they were validated, unfolded only when more than a value is asked of them.

What does not live here: validating (``kinds``, ``places``), where they are kept (``cache``). A night that finds nothing new
reads one or two values of each source's options; building them needs pydantic and every plugin's module, which cost more
than the network work of the night (performance §9).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Envelope:
    """Stands for an object of ``module.name`` with these field values; unfolds itself for anything but a value."""

    __slots__ = ("_module", "_name", "_open", "_state")

    def __init__(self, module: str, name: str, state: dict[str, Any] | None = None) -> None:
        self._module = module
        self._name = name
        self._state: dict[str, Any] = state or {}
        self._open: Any = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._state = state

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._state["__dict__"][name]
        except KeyError:
            return getattr(self.unfold(), name)

    def __eq__(self, other: object) -> bool:
        return bool(self.unfold() == (other.unfold() if isinstance(other, Envelope) else other))

    def __hash__(self) -> int:
        return hash((self._module, self._name))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Envelope, (self._module, self._name, self._state))

    def unfold(self) -> Any:
        """Return the object itself, made once."""
        if self._open is None:
            found = getattr(import_module(self._module), self._name)
            made = found.__new__(found)
            made.__setstate__(
                {**self._state, "__dict__": {k: _unfolded(v) for k, v in self._state["__dict__"].items()}}
            )
            self._open = made
        return self._open


def _unfolded(value: Any) -> Any:
    return value.unfold() if isinstance(value, Envelope) else value


def standing_for(module: str, name: str) -> type[Envelope]:
    """Return a class whose new objects are envelopes of ``module.name``: what an unpickler is given for it."""

    def new(_cls: type[Envelope], *_args: Any) -> Envelope:
        return Envelope(module, name)

    return type("Envelope", (Envelope,), {"__new__": new, "__slots__": ()})
