"""One story in full: facts, text as far as its licence allows, every place that tells it.

What does not live here: the short form for lists (``_views``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import attached
from pipeline.text.trim import trim
from renderers import _links, _pictures, _views, _words

EXCERPT_CHARS: Final = 400  # a short quotation; the whole text stands at its source
BODY_SIZES: Final = "(max-width: 720px) 100vw, 680px"
FREE: Final = frozenset(["kogl-0", "kogl-1"])  # may be shown whole: no conditions, or attribution only


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a story, as its page lists it."""

    title: str
    url: str
    kind: str
    source: str
    source_path: str
    when: str
    length: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment: name, address, type and size in words."""

    name: str
    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything ``story.html.j2`` prints.

    Attributes:
        figure: The picture above the text; ``None`` where the text itself shows it, or there is none.
        pictures_left: A sentence about pictures of the text that are not shown here.
    """

    tile: _views.Tile
    figure: _pictures.Figure | None
    pictures_left: str
    posted: str
    posted_iso: str
    collected: str
    author: str
    facts: tuple[tuple[str, str], ...]
    lead: str
    paragraphs: tuple[str, ...]
    body_html: str
    members: tuple[Member, ...]
    files: tuple[File, ...]
    topics: tuple[tuple[str, str], ...]
    licence: str
    licence_url: str
    attribution: str
    video_id: str
    changes: tuple[tuple[str, str, str], ...]


def facts(course: p.Course | None) -> tuple[tuple[str, str], ...]:
    """Course facts as (term, words), in the order people ask; empty when there are none."""
    if course is None:
        return ()
    seats = _("{n}명").format(n=course.capacity) if course.capacity is not None else ""
    taken = (
        _("{n}명 신청").format(n=course.applied) if course.applied is not None else "",
        _("{n}명 대기").format(n=course.waiting) if course.waiting else "",
    )
    applied = ", ".join(filter(None, taken))
    seats = f"{seats} ({applied})" if seats and applied else seats or applied
    pairs = (
        (_("신청 기간"), _apply_words(course)),
        (_("교육 기간"), _words.period(course.starts_on, course.ends_on)),
        (_("교육 시간"), _words.sessions(course)),
        (_("상태"), _status_words(course)),
        (_("대상"), course.target or ""),
        (_("정원"), seats),
        (_("선발 방법"), course.selection or ""),
        (_("수강료"), course.fee or ""),
        (_("재료비"), course.material_fee or ""),
        (_("장소"), course.place or ""),
        (_("방식"), _words.way(course)),
        (_("수준"), course.level or ""),
        (_("분야"), course.field or ""),
    )
    return tuple((term, _words.plain(words)) for term, words in pairs if words)


def _apply_words(course: p.Course) -> str:
    if course.apply_raw:
        return course.apply_raw
    begins, ends = course.apply_from_at, course.apply_until_at
    start = _words.moment(begins, year=True, has_time=course.apply_from_has_time) if begins else ""
    if not ends:
        return _("{at}부터").format(at=start) if start else ""
    same_year = bool(begins) and _words.seoul(begins or ends).year == _words.last_day(ends).year
    end = _words.ending(ends, year=not same_year, has_time=course.apply_until_has_time)
    return f"{start} ~ {end}" if start else _("{at}까지").format(at=end)


def _status_words(course: p.Course) -> str:
    words = _words.status(course.status) or course.status_raw or ""
    if words and course.status_as_of_at:
        return _("{status} · {at} 확인").format(status=words, at=_words.moment(course.status_as_of_at))
    return words


def _member(entry: p.Entry, story: p.Story, tile: _views.Tile, names: Mapping[str, str]) -> Member:
    at = _views.stated(entry.published)
    is_told = entry is story.primary  # its tile says the same
    return Member(
        title=tile.title if is_told else _words.plain(entry.title) or _("제목 없는 소식"),
        url=tile.url if is_told else _links.web(entry.url),
        kind=tile.kind if is_told else _words.kind(entry.kind),
        source=tile.source if is_told else _views.source_name(entry, names),
        source_path=_links.source_path(entry.source_id) if entry.source_id in names else "",
        when=_words.moment(at, year=True, has_time=False) if at else "",
        length=_views.length(entry.video),
    )


def _files(story: p.Story) -> tuple[File, ...]:
    found: dict[str, File] = {}
    for attachment in (a for member in story.members for a in member.attachments):
        url = _links.web(attachment.url)
        name = _words.plain(attachment.name) or _("이름 없는 첨부파일")
        _stem, dot, ending = name.rpartition(".")
        form = ending.upper() if dot and len(ending) <= 5 and ending.isalnum() else ""
        about = ", ".join(word for word in (form, _words.size(attachment.bytes)) if word)
        if url:
            found.setdefault(url, File(name=name, url=url, about=about))
    return tuple(found.values())


def _text(entry: p.Entry, lead: str, text: str, body_html: str) -> tuple[str, tuple[str, ...], str]:
    """Lead, paragraphs of the excerpt, and the whole body where the licence lets us show it."""
    if body_html and entry.licence.lower() in FREE:
        return "", (), body_html
    rest = attached.own(text)
    if lead and rest.startswith(lead):
        rest = rest[len(lead) :]
    lines = tuple(line for line in (_words.plain(raw) for raw in trim(rest.strip(), EXCERPT_CHARS).split("\n")) if line)
    return lead, lines if len(" ".join(lines)) > 20 else (), ""


def _licence_url(code: str) -> str:
    """Where the Korea Open Government License explains this type; ``""`` for other licences."""
    return f"https://www.kogl.or.kr/info/licenseType{code[-1]}.do" if re.fullmatch(r"kogl-[1-4]", code) else ""


def _attribution(entry: p.Entry, source: str) -> str:
    """The sentence KOGL asks for (mcst.go.kr sample), for types 1 to 4."""
    code = entry.licence.lower()
    if code not in ("kogl-1", "kogl-2", "kogl-3", "kogl-4"):
        return ""
    at = _views.stated(entry.published)
    who = _words.plain(entry.agency) or source
    home = urlsplit(_links.web(entry.url)).netloc
    made = _("{year}년 ").format(year=_words.seoul(at).year) if at else ""
    return _(
        "본 저작물은 '{who}'에서 {made}작성하여 공공누리 제{n}유형으로 개방한 '{title}' 저작물을 이용하였으며, "
        "해당 저작물은 '{who}, {home}'에서 무료로 다운받으실 수 있습니다."
    ).format(who=who, made=made, n=code[-1], title=_words.plain(entry.title), home=home)


def page(
    story: p.Story,
    tile: _views.Tile,
    names: Mapping[str, str],
    changes: tuple[tuple[str, str, str], ...],
    *,
    bodies: p.Bodies,
) -> Page:
    """Return everything the page of one story says; ``changes`` are (day, sentence, page that told it), newest first.

    ``bodies`` are of a library that came without.
    """
    entry = story.primary
    at = _views.stated(entry.published)
    lead, paragraphs, body_html = _text(entry, tile.lead, *bodies.get(entry.id, (entry.text, entry.body_html)))
    topics = dict.fromkeys(topic for member in story.members for topic in member.topics)
    figure, pictures_left = tile.figure, 0
    if body_html:
        tag = _pictures.img(figure, _links.root(tile.path), BODY_SIZES) if figure else ""
        body_html, pictures_left = _pictures.own_only(body_html, {figure.url: tag} if figure else {})
        if tag and tag in body_html:
            figure = None  # the text shows it where its author put it
    return Page(
        tile=tile,
        figure=figure,
        pictures_left=_("그림 {n}장은 원문에서 볼 수 있습니다.").format(n=pictures_left) if pictures_left else "",
        posted=_words.moment(at, year=True, has_time=bool(entry.published and entry.published.has_time)) if at else "",
        posted_iso=_words.instant(at) if at else "",
        collected=_words.day(_words.seoul(story.first_seen_at).date(), year=True),
        author=_words.plain(entry.department or entry.author),
        facts=facts(_views.course_of(story)),
        lead=lead,
        paragraphs=paragraphs,
        body_html=body_html,
        members=tuple([_member(member, story, tile, names) for member in story.members]),
        files=_files(story),
        topics=tuple((_words.plain(topic), _links.topic_path(topic)) for topic in topics),
        licence=_words.licence(entry.licence) if entry.licence else "",
        licence_url=_licence_url(entry.licence.lower()),
        attribution=_attribution(entry, tile.source),
        changes=changes,
        video_id=_links.youtube_id(tile.url) if entry.kind is p.Kind.VIDEO else "",
    )
