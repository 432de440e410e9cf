"""Deadlines and first lessons as iCalendar files: one of everything to come, one of each story.

What does not live here: feeds (``_feeds``). Source: RFC 5545 (CRLF, lines of at most 75 octets, escaped text);
RFC 7986 for name and refresh interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _links, _views, _words
from renderers._site import Site
from renderers._views import SHUT

LINE_OCTETS: Final = 75


def calendar(site: Site) -> p.Artifact:
    """``calendar.ics``: the last moment to apply, the first, and the first lesson, for what is not yet over at ``as_of``."""
    name = _("{name} 신청 마감").format(name=_words.plain(site.institute.name))
    lines = [*_head(name), "REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D"]
    for story in sorted((story for story, _course in site.courses), key=lambda s: s.id):
        lines += _events(site, story, site.digest.as_of)
    return _file("calendar.ics", lines)


def has_dates(story: p.Story) -> bool:
    """Whether a story has a calendar file: a course that is not shut, with a date."""
    course = _views.course_of(story)
    if course is None or course.status in SHUT:
        return False
    return any((course.apply_from_at, course.apply_until_at, course.starts_on))


def story_calendar(site: Site, story: p.Story, bodies: p.Bodies) -> p.Artifact:
    """The calendar file beside a story's page; it does not depend on today."""
    del bodies
    return _file(_links.ics_path(story.id), [*_head(""), *_events(site, story)])


def _head(name: str) -> list[str]:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//moa//moa//KO", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    if name:
        head += [f"NAME:{_escape(name)}", f"X-WR-CALNAME:{_escape(name)}"]
    return [*head, "X-WR-TIMEZONE:Asia/Seoul"]


def _file(path: str, lines: list[str]) -> p.Artifact:
    body = "".join(fold(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode("utf-8", "replace")
    return p.Artifact(path=path, media_type="text/calendar", body=body)


def _events(site: Site, story: p.Story, after: datetime | None = None) -> Iterator[str]:
    """Events of a story, only those later than ``after`` where it is given."""
    course = _views.course_of(story)
    if course is None or course.status in SHUT:
        return
    begins, ends = course.apply_from_at, course.apply_until_at
    if begins and (after is None or begins > after):
        yield from _event(site, story, "opens", _("[접수 시작]"), _start(begins, has_time=course.apply_from_has_time))
    if ends and (after is None or ends > after):
        yield from _event(site, story, "closes", _("[신청 마감]"), _end(ends, has_time=course.apply_until_has_time))
    if course.starts_on and (after is None or course.starts_on >= _words.seoul(after).date()):
        first = datetime.combine(course.starts_on, time(), tzinfo=_words.SEOUL)
        yield from _event(site, story, "begins", _("[개강]"), _all_day(first))


def _start(at: datetime, *, has_time: bool) -> tuple[str, ...]:
    return _instant(at) if has_time else _all_day(_words.seoul(at))


def _end(at: datetime, *, has_time: bool) -> tuple[str, ...]:
    """An exclusive midnight without a stated time is the whole last day."""
    return _instant(at) if has_time else _all_day(_words.seoul(at) - timedelta(microseconds=1))


def _instant(at: datetime) -> tuple[str, ...]:
    return (f"DTSTART:{_stamp(at)}",)


def _all_day(local: datetime) -> tuple[str, ...]:
    return (f"DTSTART;VALUE=DATE:{local:%Y%m%d}", f"DTEND;VALUE=DATE:{local + timedelta(days=1):%Y%m%d}")


def _event(site: Site, story: p.Story, what: str, mark: str, when: tuple[str, ...]) -> Iterator[str]:
    tile = site.tile(story)
    link = _links.story_link(site.institute, story)
    told = "\n".join(part for part in (tile.facts, tile.source, tile.lead, link) if part)
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(site, story, what)}"
    yield f"DTSTAMP:{_stamp(_views.stated(story.primary.updated) or story.first_seen_at)}"
    yield from when
    yield f"SUMMARY:{_escape(f'{mark} {tile.title}')}"
    yield f"DESCRIPTION:{_escape(told)}"
    course = _views.course_of(story)
    if course and course.place:
        yield f"LOCATION:{_escape(_words.plain(course.place))}"
    if link:
        yield f"URL:{link}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(site: Site, story: p.Story, what: str) -> str:
    """Stable whatever becomes of addresses, titles and dates."""
    domain = site.institute.tag_authority.partition(",")[0] or site.digest.digest_id
    return f"{_links.slug(story.id)}-{what}@{domain}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    """TEXT escaping (RFC 5545 §3.3.11)."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def fold(line: str) -> str:
    """Fold a content line at 75 octets, never inside a character (RFC 5545 §3.1)."""
    if len(line.encode("utf-8", "replace")) <= LINE_OCTETS:
        return line
    pieces, piece, room = [], "", LINE_OCTETS
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if width > room:
            pieces.append(piece)
            piece, room = "", LINE_OCTETS - 1  # the blank that marks a continuation counts
        piece += character
        room -= width
    return "\r\n ".join([*pieces, piece])
