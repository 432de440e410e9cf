"""What every travelling value shares.

What does not live here: any value itself.
Source: architecture 5.3, ADR-0005. ``_at`` is an aware UTC instant, ``_on`` a date in Seoul, ``_s`` seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias, TypeVar

Json: TypeAlias = Any  # what json.loads gives; opaque to the core
Memo: TypeAlias = Mapping[str, Json]
T = TypeVar("T")


@cache
def _datetime_fields(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls) if "datetime" in str(f.type))


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Base of every travelling value: refuses naive datetimes at once."""

    def __post_init__(self) -> None:
        for name in _datetime_fields(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if isinstance(value, datetime) and value.utcoffset() is None:
                message = f"{type(self).__name__}.{name} is a naive datetime"
                raise ValueError(message)
