"""The calendar citizens read: a month of days with deadlines, first lessons and live broadcasts.

What does not live here: calendar files (``_calendar``). A page stands for each month in which something happens and
changes only when its days do; ``calendar.html`` is the month of today.
"""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, TypeAlias

import pipeline.model as p
from pipeline.i18n import _
from renderers import _keys, _links, _views, _words
from renderers._site import Site

SHOWN: Final = 4  # of a day; the rest unfolds
Month: TypeAlias = tuple[int, int]
Found: TypeAlias = tuple[str, str, p.Story]  # place within the day, what, which story


@dataclass(frozen=True, slots=True)
class Event:
    """One thing on a day: ``what`` is ``closes``, ``begins`` or ``live``; ``words`` say it, with the hour where known."""

    what: str
    words: str
    title: str
    path: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's page: its number, its words, its events cut in what shows and what unfolds."""

    iso: str
    number: int
    words: str
    column: int
    shown: tuple[Event, ...]
    folded: tuple[Event, ...]


def pages(site: Site) -> Iterator[p.Page]:
    """``calendar.html`` and a page for every other month with events. Cost: about 5 µs a story; a page is made in 3 ms."""
    days = _days(site)
    today = _words.seoul(site.digest.as_of).date()
    now = (today.year, today.month)
    months = sorted({(on.year, on.month) for on in days} | {now})
    for at, month in enumerate(months):
        ways = {
            "month": _name(month),
            "before": (_path(months[at - 1], now), _name(months[at - 1])) if at else None,
            "after": (_path(months[at + 1], now), _name(months[at + 1])) if at + 1 < len(months) else None,
        }
        mine = {on: days.get(on, []) for on in Calendar(SUNDAY).itermonthdates(*month) if on.month == month[1]}
        said = [(on, [(what, site.fact_keys[story.id]) for _order, what, story in found]) for on, found in mine.items()]
        path = _path(month, now)
        yield p.Page(path=path, key=_keys.key(ways, said), make=partial(_page, site, path, ways, mine))


def _page(
    site: Site, path: str, ways: Mapping[str, object], days: Mapping[date, list[Found]], bodies: p.Bodies
) -> p.Artifact:
    del bodies
    return site.page(
        path,
        "calendar.html.j2",
        title=_("{month} 일정").format(month=ways["month"]),
        description=_("{month}의 신청 마감, 개강, 생방송").format(month=ways["month"]),
        words={
            "days": [_day(site, on, found) for on, found in days.items()],
            "names": [
                _words.weekday(date(2026, 11, n)) for n in range(1, 8)
            ],  # 1 November 2026 is a Sunday, with which weeks begin here
            "is_empty": not any(days.values()),
            **ways,
        },
    )


def _path(month: Month, now: Month) -> str:
    return _links.CALENDAR if month == now else _links.calendar_path(f"{month[0]}-{month[1]:02}")


def _name(month: Month) -> str:
    return _("{year}년 {month}월").format(year=month[0], month=month[1])


def _day(site: Site, on: date, found: Sequence[Found]) -> Day:
    events = [_event(site, what, story) for _order, what, story in found]
    cut = SHOWN if len(events) > SHOWN + 1 else len(events)
    return Day(
        iso=on.isoformat(),
        number=on.day,
        words=_words.day(on),
        column=on.isoweekday() % 7 + 1,
        shown=tuple(events[:cut]),
        folded=tuple(events[cut:]),
    )


def _event(site: Site, what: str, story: p.Story) -> Event:
    tile, course, video = site.tile(story), _views.course_of(story), story.primary.video
    words, until = _("개강"), ""
    if what == "closes" and course and course.apply_until_at:
        hour = f" {_words.clock(course.apply_until_at)}" if course.apply_until_has_time else ""
        words, until = _("신청 마감") + hour, _words.instant(course.apply_until_at)
    elif what == "live" and video and video.starts_at:
        words = f"{_('생방송')} {_words.seoul(video.starts_at):%H:%M}"
    return Event(what, words, tile.title, tile.path, until)


def _days(site: Site) -> dict[date, list[Found]]:
    """What happens by Seoul date; on a day deadlines by their hour, then first lessons, then broadcasts."""
    found: dict[date, list[Found]] = {}
    for story in site.newest:
        for on, order, what in _dates(story):
            found.setdefault(on, []).append((order, what, story))
    return {on: sorted(events, key=lambda e: (e[0], e[2].primary.title, e[2].id)) for on, events in found.items()}


def _dates(story: p.Story) -> Iterator[tuple[date, str, str]]:
    """(day, place within the day, what) of a story."""
    course, video = _views.course_of(story), story.primary.video
    if course and course.status is not p.CourseStatus.CANCELLED:
        until = course.apply_until_at
        if until and course.status not in _views.SHUT:
            hour = _words.clock(until) if course.apply_until_has_time else "24:00"
            yield _words.last_day(until), f"1{hour}", "closes"
        if course.starts_on:
            yield course.starts_on, "2", "begins"
    if video and video.starts_at and video.live in ("upcoming", "live"):
        yield _words.seoul(video.starts_at).date(), "3", "live"
