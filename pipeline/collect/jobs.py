"""What travels between the loop and a parse worker.

What does not live here: either side. Apart from ``normalize`` on purpose: the loop of a quiet night imports no parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pipeline.model as p

if TYPE_CHECKING:
    from pipeline.collect.normalize import Normalized


@dataclass(frozen=True, slots=True)
class Job:
    """One source's documents to parse and normalise; ``module`` is the import name of its kind's plugin."""

    spec: p.SourceSpec
    module: str
    fetched: p.Fetched
    now: datetime


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a job: entries, or the error that ended it."""

    source_id: str
    normalized: Normalized | None
    error: p.PipelineError | None = None
