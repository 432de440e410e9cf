"""The median of a few numbers: ``statistics`` would be a night's dearest import for it.

What does not live here: what is counted (``judge``, ``reconcile``).
"""

from __future__ import annotations

from collections.abc import Sequence


def median(numbers: Sequence[float]) -> float:
    """Return the middle of the numbers, or the mean of the two in the middle; they must not be empty."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
