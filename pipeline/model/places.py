"""Configured places (sources) and what is remembered of them between nights.

What does not live here: what they say (``entries``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from pipeline.model import limits
from pipeline.model.base import Memo, Value, value
from pipeline.model.web import FetchPolicy


@value
class Expect(Value):
    """What an editor expects of a source.

    Attributes:
        min_items: Fewer listed items than this is a fault.
        cadence_days: A source with nothing new for longer is ``stale``; ``None`` never is.
        required: Item fields that every item must have (``title``, ``url``, ``published``, …).
        max_new: So many new items in one night are news where all courses of a quarter open at once; 0 leaves it to the
            source's habit (``limits.FLOOD_MIN``).
    """

    min_items: int = 0
    cadence_days: float | None = None
    required: tuple[str, ...] = ()
    max_new: int = 0


@value
class Backfill(Value):
    """What happens to items of a source's first run: ``none`` announces none, ``last N``, ``since DATE``.

    ``follow`` is what a source that took the place of others does unless told otherwise: it announces what appeared
    since those were last read (ADR-0026).
    """

    mode: Literal["none", "last", "since", "follow"] = "none"
    last: int = 0
    since_on: date | None = None


@value
class SourceSpec(Value):
    """One configured place, fully resolved.

    Attributes:
        id: Slug, unique over all files; never derived from the URL.
        kind: Plugin name.
        options: The kind's own validated options (an ``Options`` object of that plugin).
        url: The place's address for people; ``""`` when the kind has none.
        zone: IANA zone of naive times in the source.
        repair: What happens when the list changed its shape: ``ask`` a person, or ``auto`` where the repair is sure.
        options_hash: Hash of what decides the meaning of the documents; a change voids validators and memo.
        formerly: Ids of the sources whose place it took, configured still or not: what they told is not told again.
        where: ``(file, line)`` for reports.
    """

    id: str
    name: str
    kind: str
    options: Any
    url: str = ""
    agency: str = ""
    department: str = ""
    licence: str = ""
    topics: tuple[str, ...] = ()
    language: str = "ko"
    zone: str = "Asia/Seoul"
    enabled: bool = True
    backfill: Backfill = field(default_factory=Backfill)
    expect: Expect = field(default_factory=Expect)
    policy: FetchPolicy = field(default_factory=FetchPolicy)
    max_items: int = limits.ITEMS_PER_FETCH
    repair: Literal["ask", "auto"] = "ask"
    options_hash: str = ""
    formerly: tuple[str, ...] = ()
    where: tuple[str, int] = ("", 0)


@value
class Validator(Value):
    """Validators of one URL, stored with the data they validate (RFC 9110 §13, P15).

    Attributes:
        moved_to: Where the last run found it moved for good (301 or 308); told when the next run finds the same.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""
    moved_to: str | None = None


class Health(StrEnum):
    """The verdict on one source's run."""

    OK = "ok"
    EMPTY = "empty"  # list present, no rows, and that is plausible
    SUDDENLY_EMPTY = "suddenly-empty"
    CONTAINER_MISSING = "container-missing"
    FETCH_FAILED = "fetch-failed"
    REFUSED = "refused"
    GONE = "gone"
    UNREADABLE = "unreadable"
    QUOTA = "quota"
    STALE = "stale"
    DRIFTING = "drifting"
    FLOOD = "flood"  # far more new items than usual: quarantined
    PLUGIN = "plugin"
    DISABLED = "disabled"


@value
class SourceState(Value):
    """What is remembered of a source between nights.

    Attributes:
        memo: Opaque JSON the plugin gets back.
        validators: By requested URL.
        options_hash: Of the spec that made memo and validators.
        health: Last verdict.
        failing_since_at: Start of the current streak of failures; ``None`` when healthy.
        failures: Length of that streak, in runs.
        profile: Numbers of the last good runs for the judge (newest last, at most 20).
    """

    source_id: str
    memo: Memo = field(default_factory=dict)
    validators: Mapping[str, Validator] = field(default_factory=dict)
    options_hash: str = ""
    health: Health = Health.OK
    failing_since_at: datetime | None = None
    failures: int = 0
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    first_run_at: datetime | None = None
    profile: Sequence[Mapping[str, float]] = ()
