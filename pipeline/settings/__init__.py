"""Configuration files -> one frozen ``Settings``; this face only says where the doors are.

What does not live here: anything that imports yaml or pydantic before it is asked to (the CLI's ``--help`` is quick).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.settings.cache import load
    from pipeline.settings.finding import find_project
    from pipeline.settings.secrets import environment_of

_DOORS = {
    "environment_of": "pipeline.settings.secrets",
    "find_project": "pipeline.settings.finding",
    "load": "pipeline.settings.cache",
}


def __getattr__(name: str) -> Any:
    if name in _DOORS:
        from importlib import import_module  # noqa: PLC0415 - first use only

        return getattr(import_module(_DOORS[name]), name)
    raise AttributeError(name)


__all__ = ["environment_of", "find_project", "load"]
