"""What reading a date expression gives: moments and readings.

What does not live here: reading them (``dates``, ``date_atoms``, ``date_fold``). Source: extraction §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Field: TypeAlias = Literal["posted", "period", "event", "title", "text"]
Kind: TypeAlias = Literal["instant", "range", "from", "deadline", "always", "none", "multi"]
Precision: TypeAlias = Literal["month", "day", "minute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time at the precision the text states.

    Attributes:
        at: Aware, in the zone asked for; midnight for a day, the first midnight of a month.
        precision: What the text states; never finer.
        inferred: Whether the year or the day was filled in by us.
    """

    at: datetime
    precision: Precision
    inferred: bool = False

    @property
    def iso(self) -> str:
        """``2026-04``, ``2026-04-01`` or ``2026-04-01T10:00``, wall-clock time of its zone."""
        return self.at.strftime({"month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%dT%H:%M"}[self.precision])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a date expression means.

    Attributes:
        kind: ``instant`` (start), ``range`` (both), ``from`` (start), ``deadline`` (end), ``always``, ``none`` (no usable
            date), ``multi`` (several; see ``parts``).
        start, end: Of the whole; for ``multi`` those of the first part.
        flags: ``until_filled``, ``recurring``, ``approx``, ``weekday_mismatch``.
        parts: For ``multi``: each date or range as ``(start, end)`` in the order of the text; else empty.
        spans: Where in the normalised text (NFKC) the dates stand, as ``(from, to)``.
        confidence: 0 to 1; below 0.5 a person should look before it is shown as a fact.
    """

    kind: Kind = "none"
    start: Moment | None = None
    end: Moment | None = None
    flags: frozenset[str] = frozenset()
    parts: tuple[tuple[Moment | None, Moment | None], ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    confidence: float = 0.0
