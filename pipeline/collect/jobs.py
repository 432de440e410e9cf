"""What travels between the loop and a worker.

What does not live here: either side. Apart from ``normalize`` on purpose: the loop of a quiet night imports no parser.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Protocol, TypeVar

import pipeline.model as p
from pipeline.model.base import Value, record, value

A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)


class Work(Protocol[A_co]):
    """Something a worker can be given."""

    @property
    def size(self) -> int:
        """Bytes it carries."""

    @property
    def subject(self) -> str:
        """Whose it is, for messages."""

    def lost(self, error: p.ShapeError) -> A_co:
        """Return the answer when the worker died over it."""


@value
class Job(Value):
    """One source's documents to parse and normalise; ``module`` is the import name of its kind's plugin."""

    spec: p.SourceSpec
    module: str
    fetched: p.Fetched
    now: datetime

    @property
    def size(self) -> int:
        """See ``Work``."""
        return sum(len(document.body) for document in self.fetched.documents)

    @property
    def subject(self) -> str:
        """See ``Work``."""
        return self.spec.id

    def lost(self, error: p.ShapeError) -> Parsed:
        """See ``Work``."""
        return Parsed(source_id=self.spec.id, error=error)


@record
class Normalized:
    """Entries in list order and what was dropped, with reasons.

    Attributes:
        partial, withdrawn: Keys of entries whose own page could not be read; of those the place says are no more.
    """

    entries: list[p.Entry] = field(default_factory=list)
    dropped: list[p.Dropped] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


@value
class Parsed(Value):
    """What became of a job: entries, or the error that ended it."""

    source_id: str
    normalized: Normalized | None = None
    error: p.PipelineError | None = None


@value
class Sketch(Value):
    """One picture to be drawn anew (``imaging``)."""

    url: str
    source_id: str
    body: bytes
    uses: frozenset[p.Use]
    is_whole: bool

    @property
    def size(self) -> int:
        """See ``Work``."""
        return len(self.body)

    @property
    def subject(self) -> str:
        """See ``Work``."""
        return self.source_id

    def lost(self, error: p.ShapeError) -> Redrawn:
        """See ``Work``."""
        return Redrawn(url=self.url, problem=error.code)


@value
class Redrawn(Value):
    """What became of a picture: its files with their bytes, or the reason code why there are none."""

    url: str
    files: tuple[tuple[p.ImageFile, bytes], ...] = ()
    problem: str = ""
