"""What templates are handed: stories as finished words, the same for every list, message and page.

What does not live here: pages and files (``_site``, ``_pages``); nothing here depends on today, so that a page
changes only when its story does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _links, _pictures, _words

SHUT: Final = (p.CourseStatus.CLOSED, p.CourseStatus.ENDED, p.CourseStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An application period as words and as instants for the script.

    Attributes:
        words: ``11월 25일(수) 18:00까지``.
        whole: The same; ``11월 20일(금) 09:00 ~ 11월 25일(수) 18:00`` where it had not begun when we met the story, so that a
            message nobody can correct any more does not send readers to a closed door.
        until: ISO instant, exclusive; ``""`` when only the beginning is known.
        opens: ISO instant of the beginning, ``""`` when unknown.
        opens_words: ``11월 27일(금) 10:00부터``.
        day, month, weekday: Of the last day, for a calendar leaf.
    """

    words: str
    whole: str
    until: str
    opens: str
    opens_words: str
    day: str
    month: str
    weekday: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One story as lists show it.

    Attributes:
        path: Of its page, relative to the top of the site.
        url: The original.
        deadline: ``None`` where nobody can apply any more.
        state: A course's state where it decides (``대기 접수``, ``접수 마감``, ``취소``), else ``""``.
        length: How long a video runs.
        places: ``3곳에서 함께 알림``, ``""`` for one place.
    """

    id: str
    path: str
    url: str
    title: str
    kind: str
    kind_key: str
    lead: str
    source: str
    when: str
    when_iso: str
    short_day: str
    deadline: Deadline | None
    state: str
    is_cancelled: bool
    facts: str
    length: str
    figure: _pictures.Figure | None
    places: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A tile as one edition tells it: why it is here, until when to apply, and a sentence about it.

    Attributes:
        says_date: The note only says the day, which lists with dates show anyway.
        corrects: Page of the edition that told what is changed here, ``""`` where nothing is corrected.
        corrects_words: That link's words.
    """

    tile: Tile
    label: str
    label_key: str
    due: str
    note: str
    says_date: bool
    corrects: str = ""
    corrects_words: str = ""


def deadline(course: p.Course | None, met_at: datetime | None = None) -> Deadline | None:
    """Return the application period of a course as words; ``None`` when nothing is known.

    Args:
        course: With its period.
        met_at: When we met the story first, aware.
    """
    until = course.apply_until_at if course else None
    opens = course.apply_from_at if course else None
    if course is None or (opens or until) is None:
        return None
    leaf = _words.last_day(until) if until else _words.seoul(opens).date() if opens else None
    ends = _words.ending(until, has_time=course.apply_until_has_time) if until else ""
    begins = _words.moment(opens, has_time=course.apply_from_has_time) if opens else ""
    since = _("{at}부터").format(at=begins) if begins else ""
    words = _("{at}까지").format(at=ends) if ends else since
    is_ahead = bool(opens and ends and met_at and opens > met_at)
    return Deadline(
        words=words,
        whole=f"{begins} ~ {ends}" if is_ahead else words,
        until=_words.instant(until) if until else "",
        opens=_words.instant(opens) if opens else "",
        opens_words=since,
        day=str(leaf.day) if leaf else "",
        month=_("{n}월").format(n=leaf.month) if leaf else "",
        weekday=_words.weekday(leaf) if leaf else "",
    )


def course_of(story: p.Story) -> p.Course | None:
    """The course a story is about: the primary's, else the first member's that has one."""
    return story.primary.course or next((member.course for member in story.members if member.course), None)


def state_key(course: p.Course | None) -> str:
    """``shut``, ``open`` or ``""``: what a source says of a course whatever its dates; the dates decide when it is read."""
    if course is None:
        return ""
    if course.status in SHUT:
        return "shut"
    return "open" if course.status in (p.CourseStatus.OPEN, p.CourseStatus.WAITLIST) else ""


def stated(fact: p.DateFact | None) -> datetime | None:
    """The publishing instant if the source really said it; what we filled in is never shown as a fact."""
    if fact is None or fact.inferred or fact.method in ("first-seen", "clamped"):
        return None
    return fact.at


def source_name(entry: p.Entry, names: Mapping[str, str]) -> str:
    """What citizens call the place an entry comes from."""
    return _words.plain(names.get(entry.source_id) or entry.agency or entry.source_id)


def short_facts(course: p.Course | None) -> str:
    """``성인 · 무료 · 가온도서관``: what decides whether a course is for me."""
    if course is None:
        return ""
    place = _("온라인") if course.online and not course.place else course.place
    return " · ".join(_words.plain(fact) for fact in (course.target, course.fee, place) if fact)


def length(video: p.Video | None) -> str:
    """How long a video runs, or that it is live."""
    if video is None:
        return ""
    if video.live == "live":
        return _("생방송 중")
    if video.live == "upcoming":
        return _("{at} 공개").format(at=_words.moment(video.starts_at)) if video.starts_at else _("공개 예정")
    return _words.duration(video.duration_s)


def title_of(entry: p.Entry) -> str:
    """What an entry is called, on one line; something even when it has no title."""
    return _words.plain(entry.title) or _("제목 없는 소식")


def day_of(story: p.Story) -> date:
    """The day lists show: the one its source states, else the one we met it."""
    return _words.seoul(stated(story.primary.published) or story.first_seen_at).date()


def _figure(story: p.Story, names: Mapping[str, str]) -> _pictures.Figure | None:
    """The picture of the first member that has one of our own."""
    shown = next((member for member in story.members if member.picture and member.picture.files), None)
    return _pictures.figure_of(shown, story.primary.title, source_name(shown, names)) if shown else None


def tile(story: p.Story, names: Mapping[str, str]) -> Tile:
    """Return a story as lists show it."""
    entry = story.primary
    at = stated(entry.published)
    shown_at = at or story.first_seen_at
    local = _words.seoul(shown_at)
    more = len({member.source_id for member in story.members}) - 1
    course = course_of(story)
    status = course.status if course else p.CourseStatus.UNKNOWN
    return Tile(
        id=story.id,
        path=_links.story_path(story.id),
        url=_links.web(entry.url),
        title=title_of(entry),
        kind=_words.kind(entry.kind),
        kind_key=entry.kind.value,
        lead=_words.plain(entry.lead),
        source=source_name(entry, names),
        when=_words.day(local.date()) if at else _("{day} 모음").format(day=_words.day(local.date())),
        when_iso=local.date().isoformat(),
        short_day=f"{local.month}.{local.day}.",
        deadline=None if status in SHUT else deadline(course, story.first_seen_at),
        state=_words.status(status) if status in (*SHUT, p.CourseStatus.WAITLIST) else "",
        is_cancelled=status == p.CourseStatus.CANCELLED,
        facts=short_facts(course),
        length=length(entry.video),
        figure=_figure(story, names),
        places=_("{n}곳에서 함께 알림").format(n=more + 1) if more else "",
    )


def shown(card: p.Card, made: Tile, section_key: str = "") -> Shown:
    """Return a card of an edition: its tile with the edition's own words.

    A label that only repeats the heading is left out, and so is a note that only repeats the deadline (such notes may
    say "today", which is wrong when the edition is read later).
    """
    told_on = _links.edition_day(card.corrects)
    is_call = card.label in ("closing", "opens") and made.deadline is not None
    due = ""
    if made.deadline:
        due = made.deadline.words if card.label == "closing" else made.deadline.whole
    return Shown(
        tile=made,
        label="" if section_key.startswith(card.label) else _words.label(card.label),
        label_key=card.label,
        due=due,
        note="" if is_call else _words.plain(card.note),
        says_date=card.label == "late" and card.note == _("{day}에 올라온 소식입니다.").format(day=made.when),
        corrects=_links.edition_path(card.corrects) if told_on else "",
        corrects_words=_("앞서 알린 소식: {day}").format(day=_words.day(told_on)) if told_on else "",
    )
