"""What is urgent about a course tonight: it closes today, it closes soon, it opens; pure.

What does not live here: what else an edition tells (``compose``), the sentences (``notes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import Final

import pipeline.model as p
from pipeline.model import windows
from pipeline.publish import notes

SHUT: Final = frozenset({p.CourseStatus.CLOSED, p.CourseStatus.ENDED, p.CourseStatus.CANCELLED})
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


def course_of(story: p.Story) -> p.Course | None:
    """Return the course facts of a story: the primary's, else the first member's that has some."""
    return next((e.course for e in story.members if e.course is not None), None)


def is_over(course: p.Course, as_of: datetime) -> bool:
    """Whether one cannot apply any more."""
    return course.status in SHUT or (course.apply_until_at is not None and course.apply_until_at <= as_of)


def calls(
    course: p.Course, told: AbstractSet[str], *, as_of: datetime, start_at: datetime | None
) -> Iterator[tuple[str, str, str]]:
    """Yield (section, label, note) of what is urgent about a course and was not said yet, most urgent first.

    Args:
        course: Its facts.
        told: Labels under which it was told before.
        as_of: "Today" is its Seoul date.
        start_at: End of the previous edition; what opened since then is said now.

    Source: CI1.
    """
    if is_over(course, as_of):
        return
    today = windows.seoul_date(as_of)
    midnight = windows.day_start(today + timedelta(days=1))
    until, since = course.apply_until_at, course.apply_from_at
    is_open = since is None or since < midnight
    if until is not None and is_open:
        soon = windows.day_start(today + timedelta(days=1 + p.limits.CLOSING_SOON_DAYS))
        note = notes.closing(course, as_of)
        if until <= midnight and "closing-today" not in told:
            yield "closing-today", "closing", note
        if until <= soon and not told & {"closing", "closing-today"}:
            yield "closing", "closing", note
    earliest = min(start_at or _NEVER, windows.day_start(today))
    if since is not None and earliest <= since < midnight and "opens" not in told:
        yield "opens", "opens", notes.opens(course, as_of)
