"""Has a source been silent for too long? Apart from ``judge`` so that a quiet night stays cheap (pure).

What does not live here: every other question of health (``judge``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pipeline.model as p


def is_stale(spec: p.SourceSpec, state: p.SourceState, *, now: datetime) -> bool:
    """Whether a source has had nothing new for longer than its declared cadence."""
    cadence = spec.expect.cadence_days
    since = state.last_new_at or state.first_run_at
    return cadence is not None and since is not None and now - since > timedelta(days=cadence)
