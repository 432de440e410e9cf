"""What one run did, as the report and ``moa run --json`` tell it.

What does not live here: sentences and exit codes (``report.py``).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.model.base import Value, value

if TYPE_CHECKING:
    from pipeline.model.changes import SourceRun
    from pipeline.model.deliveries import Delivery
    from pipeline.model.errors import PipelineError, Problem


@value
class Rendered(Value):
    """One channel's rendering of one edition: its name and how many files had to be written."""

    channel: str
    sha256: str
    files: int


@value
class EditionRun(Value):
    """What publish did for one digest.

    Attributes:
        id: Edition id; ``site`` for the perpetual website.
        state: ``made | unchanged | skipped | failed``.
        reason: Why it was skipped (``nothing-new``, ``not-due``); ``remade`` when an edition that waits was made
            anew; ``""`` otherwise.
    """

    id: str
    digest_id: str
    stories: int = 0
    rendered: tuple[Rendered, ...] = ()
    state: str = "made"
    reason: str = ""


@value
class PublishResult(Value):
    """What the publish room did in one run; errors are of single channels."""

    editions: tuple[EditionRun, ...] = ()
    errors: tuple[PipelineError, ...] = ()


@value
class RunReport(Value):
    """One whole night.

    Attributes:
        deliveries: Every delivery touched in this run or waiting for a person.
        seconds: Wall clock of the run.
    """

    run: str
    as_of: datetime
    started_at: datetime
    seconds: float = 0.0
    is_dry: bool = False
    sources: tuple[SourceRun, ...] = ()
    problems: tuple[Problem, ...] = ()
    publish: PublishResult = PublishResult()
    deliveries: tuple[Delivery, ...] = ()
    errors: tuple[PipelineError, ...] = ()
