"""The website under construction: its stories as tiles, what is open, and how a page is made.

What does not live here: which pages there are (``_pages``) and machine-readable files (``_feeds``, ``_calendar``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pipeline.model as p
from pipeline.i18n import _
from renderers import _jinja, _keys, _links, _pictures, _views, _words
from renderers._views import SHUT


class Site:
    """One website: a digest, the tiles of its stories (made once, used by every list), and its templates."""

    def __init__(self, digest: p.Digest, templates_dir: str, page_size: int) -> None:
        self.digest = digest
        self.institute = digest.institute
        self.page_size = page_size
        self._templates_dir = templates_dir
        self.names: Mapping[str, str] = {source.id: source.name for source in digest.sources}
        here = (card.story for section in digest.sections for card in section.cards)
        self.stories: dict[str, p.Story] = {story.id: story for story in (*here, *digest.library)}
        self._tiles: dict[str, _views.Tile] = {}
        self._arounds: dict[tuple[str, str], Mapping[str, Any]] = {}

    def tile(self, story: p.Story) -> _views.Tile:
        """The tile of a story."""
        made = self._tiles.get(story.id)
        if made is None:
            made = self._tiles[story.id] = _views.tile(story, self.names)
        return made

    def tiles(self, stories: Iterable[p.Story]) -> list[_views.Tile]:
        """Tiles in the order of the stories."""
        return [self.tile(story) for story in stories]

    @cached_property
    def _both_keys(self) -> Mapping[str, tuple[str, str]]:
        return {story.id: _keys.story_keys(story, self.names) for story in self.stories.values()}

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """By story id: a digest of all that pages say of the story."""
        return {story_id: whole for story_id, (whole, _facts) in self._both_keys.items()}

    @cached_property
    def fact_keys(self) -> Mapping[str, str]:
        """By story id: the same for files without pictures that do not say when a course was asked for."""
        return {story_id: facts for story_id, (_whole, facts) in self._both_keys.items()}

    @cached_property
    def by_source(self) -> Mapping[str, list[p.Story]]:
        """By id of every source: its stories, newest first; empty where it has none."""
        found: dict[str, list[p.Story]] = {source.id: [] for source in self.digest.sources}
        for story in self.newest:
            members = story.members
            ids = {member.source_id for member in members} if len(members) > 1 else (story.primary.source_id,)
            for source_id in ids:
                if source_id in found:
                    found[source_id].append(story)
        return found

    @cached_property
    def by_topic(self) -> Mapping[str, list[p.Story]]:
        """By topic, in the order of their names: its stories, newest first."""
        found: dict[str, list[p.Story]] = {}
        for story in self.newest:
            members = story.members
            for topic in {t for member in members for t in member.topics} if len(members) > 1 else members[0].topics:
                of = found.setdefault(topic, [])
                if not of or of[-1] is not story:
                    of.append(story)
        return dict(sorted(found.items()))

    @cached_property
    def by_month(self) -> Mapping[str, list[p.Story]]:
        """Stories by the Seoul month they were first seen in, newest month first."""
        found: dict[str, list[p.Story]] = {}
        for story in self.newest:
            at = _words.seoul(story.first_seen_at)
            found.setdefault(f"{at.year}-{at.month:02}", []).append(story)
        return found

    @cached_property
    def newest(self) -> tuple[p.Story, ...]:
        """Every story, the newest day we met one first, and within a day by the date its source states.

        What a first night brings is thus in an order readers understand, and what comes later never moves among it.
        """

        def age(story: p.Story) -> tuple[date, datetime, str]:
            at = _views.stated(story.primary.published) or story.first_seen_at
            return _words.seoul(story.first_seen_at).date(), at, story.id

        return tuple(sorted(self.stories.values(), key=age, reverse=True))

    @cached_property
    def announced(self) -> tuple[p.Story, ...]:
        """Stories that are news, newest first: not what we found already old."""
        return tuple(story for story in self.newest if not story.primary.is_quiet)

    @cached_property
    def open_now(self) -> tuple[p.Story, ...]:
        """Stories one can apply for at ``as_of``, soonest end first."""
        found = [(course.apply_until_at, story) for story, course in self.courses if _is_open(course, self._as_of)]
        return tuple(story for _at, story in sorted(found, key=lambda pair: (pair[0] or self._as_of, pair[1].id)))

    @cached_property
    def open_soon(self) -> tuple[p.Story, ...]:
        """Stories whose application begins after ``as_of``, soonest first."""
        found = [
            (course.apply_from_at, story)
            for story, course in self.courses
            if course.apply_from_at and course.apply_from_at > self._as_of and course.status not in SHUT
        ]
        return tuple(story for _at, story in sorted(found, key=lambda pair: (pair[0], pair[1].id)))

    @property
    def _as_of(self) -> datetime:
        return self.digest.as_of

    @cached_property
    def courses(self) -> tuple[tuple[p.Story, p.Course], ...]:
        """Stories about a course, newest first."""
        found = ((story, _views.course_of(story)) for story in self.newest)
        return tuple((story, course) for story, course in found if course is not None)

    @cached_property
    def changes(self) -> Mapping[str, tuple[tuple[str, str, str], ...]]:
        """By story id: (day, sentence, page of the edition) of every correction an edition told, newest first."""
        found: dict[str, dict[str, str]] = {}
        told = {self.digest.id: self.digest.sections, **self.digest.editions}
        for edition_id in sorted(told, reverse=True):
            for card in (card for section in told[edition_id] for card in section.cards):
                if card.label == "changed" and card.note:
                    found.setdefault(card.story.id, {}).setdefault(_words.plain(card.note), edition_id)
        return {
            key: tuple((_edition_day(at), note, _links.edition_path(at)) for note, at in notes.items())
            for key, notes in found.items()
        }

    @cached_property
    def _frame(self) -> dict[str, Any]:
        """Words every page needs: the same on all pages, or thousands would change each night."""
        institute = self.institute
        return {
            "site_name": _words.plain(institute.name),
            "language": institute.language or "ko",
            "institute": institute,
            "kakao_url": _links.web(institute.kakao_url),
            "nav": (
                (_("새 소식"), _links.HOME),
                (_("마감 순"), _links.DEADLINES),
                (_("달력"), _links.CALENDAR),
                (_("지난 소식"), _links.ARCHIVE),
                (_("찾기"), _links.FIND),
            ),
        }

    def page(
        self,
        path: str,
        template: str,
        *,
        title: str,
        words: Mapping[str, Any],
        description: str = "",
        figure: _pictures.Figure | None = None,
    ) -> p.Artifact:
        """Return one HTML page.

        Args:
            path: From the top of the site; decides how relative links are written.
            template: File name in ``templates/website``.
            title: Of the page, without the institute's name.
            description: For search engines and link cards.
            figure: For link cards.
            words: What this template prints.

        Raises:
            RenderError: The template does not fit.
        """
        html = self._fill(
            template,
            {
                **self._frame,
                **self.around(_links.root(path), path),
                "path": path,
                "title": title,
                "description": description,
                "og_url": _links.absolute(self.institute, path),
                "og_image": self.card_image(figure) or self._own_card,
                "frames": "",
                "linked": "",
                **words,
            },
        )
        return p.Artifact(path=path, media_type="text/html", body=html.encode("utf-8", "replace"))

    def card_image(self, figure: _pictures.Figure | None) -> tuple[str, int, int, str] | None:
        """Absolute address, width, height and words of a picture for link cards; ``None`` without a public address."""
        file = figure.file(p.Use.OG) if figure else None
        if figure is None or file is None:
            return None
        address = _links.absolute(self.institute, _pictures.path_of(file))
        return (address, file.width, file.height, figure.said) if address else None

    def pictures(self, uses: Collection[p.Use]) -> Iterator[p.Artifact]:
        """Every picture file of these uses that some page or message shows."""
        shown = (story for story in self.newest if any(member.picture for member in story.members))
        figures = (self.tile(story).figure for story in shown)
        yield from _pictures.artifacts((file for figure in figures if figure for file in figure.files), uses)

    @cached_property
    def _own_card(self) -> tuple[str, int, int, str] | None:
        """The picture of pages that have none of their own."""
        address = _links.absolute(self.institute, "assets/card.png")
        return (address, 1200, 630, _words.plain(self.institute.name)) if address else None

    def around(self, root: str, path: str = "") -> Mapping[str, Any]:
        """End of the head, header, footer and way to the top of a page, filled in once for each depth and each page of the menu."""
        current = path if path in (to for _name, to in self._frame["nav"]) else ""
        made = self._arounds.get((root, current))
        if made is None:
            words = {**self._frame, "root": root, "path": current}
            made = self._arounds[root, current] = {
                "root": root,
                "head": _jinja.finished(self._fill("head.html.j2", words)),
                "header": _jinja.finished(self._fill("header.html.j2", words)),
                "footer": _jinja.finished(self._fill("footer.html.j2", words)),
            }
        return made

    def text(self, template: str, words: Mapping[str, Any]) -> bytes:
        """Return another text file made from a template (feeds, sitemap)."""
        return self._fill(template, words).encode("utf-8", "replace")

    def static(self, name: str) -> bytes:
        """Return a file beside the templates as it is."""
        return _jinja.static_bytes("website", self._templates_dir, name)

    def _fill(self, template: str, words: Mapping[str, Any]) -> str:
        return _jinja.fill("website", self._templates_dir, template, words)


def _is_open(course: p.Course, as_of: datetime) -> bool:
    if course.apply_until_at is None or course.apply_until_at <= as_of or course.status in SHUT:
        return False
    return course.apply_from_at is None or course.apply_from_at <= as_of


def _edition_day(edition_id: str) -> str:
    """``2026년 11월 23일(월)`` from the date in an edition's id; the bare text if it is none."""
    on = _links.edition_day(edition_id)
    return _words.day(on, year=True) if on else edition_id.rpartition("/")[2]
