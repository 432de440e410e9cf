"""What a night changes, and how healthy each source's run was.

What does not live here: the decisions (``collect/``).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeAlias

from pipeline.model.base import T, Value, value

if TYPE_CHECKING:
    from pipeline.model.entries import DateFact, Entry
    from pipeline.model.errors import PipelineError
    from pipeline.model.items import Dropped
    from pipeline.model.places import Health


@value
class Known(Value):
    """What reconcile needs of a stored entry: identity and fingerprint, no body.

    Attributes:
        duration_s: Of a video, where other sources' entries were asked for; ``None`` otherwise.
    """

    id: str
    key: str
    url_hash: str
    fingerprint: str
    content_hash: str
    title: str = ""
    published: DateFact | None = None
    first_seen_at: datetime
    is_quiet: bool = False
    quarantined: str = ""
    gone_at: datetime | None = None
    absences: int = 0
    duration_s: int | None = None


@value
class New(Value):
    """An entry not seen before."""

    entry: Entry


@value
class Revised(Value):
    """A known entry whose stored content differs.

    Attributes:
        entry: The new content under the stored id.
        material: Names of material fields that changed (``course.apply_until``, ``cancelled``…); empty for a plain edit.
        before: The old values of those fields, as text for people, in the same order.
    """

    entry: Entry
    material: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@value
class Gone(Value):
    """A known entry the source withdrew."""

    entry_id: str


@value
class Quarantined(Value):
    """An entry stored but kept from every digest until a person releases it."""

    entry: Entry
    reason: str


Change: TypeAlias = New | Revised | Gone | Quarantined


@value
class Verdict(Value):
    """Health of one source's run, with the numbers behind it."""

    health: Health
    listed: int = 0
    numbers: tuple[tuple[str, float], ...] = ()
    reason: str = ""


@value
class Outcome(Value, Generic[T]):
    """What became of one unit of work: a value or an error, never both."""

    subject: str
    value: T | None = None
    error: PipelineError | None = None


@value
class SourceRun(Value):
    """One source's line in the run report (contract §4, ``sources[]``).

    Attributes:
        last_success_at: Of a source that failed: when it was last read well (OP2).
        pictures: Made tonight for its entries, whenever those came.
    """

    source_id: str
    name: str = ""
    verdict: Verdict
    requests: int = 0
    unchanged: int = 0
    new: int = 0
    revised: int = 0
    gone: int = 0
    quarantined: int = 0
    pictures: int = 0
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    error: PipelineError | None = None
    failing_since_at: datetime | None = None
    last_success_at: datetime | None = None
    seconds: float = 0.0
    bytes: int = 0
