"""Which pages the website has and what each of them says.

What does not live here: how a page is made (``_site``) and lists that grow for ever (``_archive``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline.i18n import _
from renderers import _calendar, _find, _jinja, _keys, _linked, _links, _pictures, _story, _views, _words
from renderers._site import Site

PANEL_ROWS: Final = 6  # deadlines on the home page; closing ones are never cut
RECENT_EDITIONS: Final = 5
HOME_TOPICS: Final = 12
_PLAYER: Final = (
    "https://www.youtube-nocookie.com"  # the only frame a page may hold, and only once a reader asks for it
)


def home(site: Site) -> p.Artifact:
    """The digest of the day: deadlines first, then its sections."""
    digest = site.digest
    closing = {card.story.id for section in digest.sections for card in section.cards if card.label == "closing"}
    panel = [s for n, s in enumerate(site.open_now) if n < PANEL_ROWS or s.id in closing]
    seen = {story.id for story in panel}
    sections = [s for s in digest.sections if not all(c.label == "closing" and c.story.id in seen for c in s.cards)]
    told = sum(len(section.cards) for section in digest.sections)
    late = [source for source in digest.sources if not _words.is_current(source)]
    return site.page(
        _links.HOME,
        "home.html.j2",
        title=_words.plain(digest.title),
        description=_("{name}의 새 소식 {n}건").format(name=_words.plain(digest.institute.name), n=told),
        figure=_first_figure(site, digest.sections),
        words={
            "as_of": _words.moment(digest.as_of, year=True),
            "told": told,
            "places": len(digest.sources),
            "panel": site.tiles(panel),
            "open_count": len(site.open_now),
            "sections": [_section(site, section) for section in sections],
            "edition": _links.edition_path(digest.id),
            "editions": _past(site)[:RECENT_EDITIONS],
            "topics": sorted(topics(site), key=lambda topic: -topic[2])[:HOME_TOPICS],
            "late": [_words.plain(source.name) for source in late],
            "kinds": _find.kinds(site),
        },
    )


def _section(site: Site, section: p.Section) -> tuple[str, bool, list[_views.Shown]]:
    """Heading, whether it is a wall of videos, and cards of a section, with the stories as they are now."""
    stories = [site.stories.get(card.story.id, card.story) for card in section.cards]
    cards = [_views.shown(c, site.tile(story), section.key) for c, story in zip(section.cards, stories, strict=True)]
    is_wall = len(cards) > 1 and all(card.tile.figure and card.tile.kind_key == "video" for card in cards)
    return _words.plain(section.title), is_wall, cards


def _first_figure(site: Site, sections: tuple[p.Section, ...]) -> _pictures.Figure | None:
    tiles = (site.tile(card.story) for section in sections for card in section.cards)
    return next((tile.figure for tile in tiles if tile.figure), None)


def _past(site: Site) -> list[tuple[str, str, str]]:
    """Earlier editions that have a page: (title, path, words about it), newest first."""
    return [
        (
            _words.plain(ref.title),
            _links.edition_path(ref.id),
            _("{day} · {n}건").format(day=_words.day(ref.on, year=True), n=ref.stories),
        )
        for ref in site.digest.archive
        if ref.id in site.digest.editions and ref.id != site.digest.id
    ]


def editions(site: Site) -> Iterator[p.Page]:
    """The page of this edition and of each earlier one; stories withdrawn since are left out."""
    digest = site.digest
    yield _edition(site, digest.id, digest.title, digest.sections)
    titles = {ref.id: ref.title for ref in digest.archive}
    for edition_id, sections in digest.editions.items():
        if edition_id != digest.id and edition_id in titles:
            yield _edition(site, edition_id, titles[edition_id], sections)


def _edition(site: Site, edition_id: str, title: str, sections: tuple[p.Section, ...]) -> p.Page:
    live = [
        p.Section(key=s.key, title=s.title, cards=tuple(c for c in s.cards if c.story.id in site.stories))
        for s in sections
    ]
    return p.Page(
        path=_links.edition_path(edition_id),
        key=_keys.key(title, _keys.cards_key(site.keys, live)),
        make=lambda _bodies: _edition_page(site, edition_id, title, live),
    )


def _edition_page(site: Site, edition_id: str, title: str, live: Sequence[p.Section]) -> p.Artifact:
    shown = [_section(site, section) for section in live if section.cards]
    told = sum(len(cards) for _title, _is_wall, cards in shown)
    return site.page(
        _links.edition_path(edition_id),
        "edition.html.j2",
        title=_words.plain(title),
        description=_("소식 {n}건").format(n=told),
        figure=next((c.tile.figure for _title, _is_wall, cards in shown for c in cards if c.tile.figure), None),
        words={"told": told, "sections": shown},
    )


def stories(site: Site) -> Iterator[p.Page]:
    """A page for every live story, and its calendar file where it has dates.

    Cost: about 15 µs each, and 0.3 ms for one that is made.
    """
    for story in site.newest:
        changes = site.changes.get(story.id, ())
        yield p.Page(
            path=_links.story_path(story.id),
            key=_keys.key(site.keys[story.id], changes) if changes else site.keys[story.id],
            make=partial(_story_page, site, story),
            entries=(story.primary.id,),
        )
        if _calendar.has_dates(story):
            yield p.Page(
                path=_links.ics_path(story.id),
                key=site.fact_keys[story.id],
                make=partial(_calendar.story_calendar, site, story),
            )


def _story_page(site: Site, story: p.Story, bodies: p.Bodies) -> p.Artifact:
    tile = site.tile(story)
    page = _story.page(story, tile, site.names, site.changes.get(story.id, ()), bodies=bodies)
    card = site.card_image(tile.figure)
    return site.page(
        tile.path,
        "story.html.j2",
        title=tile.title,
        description=tile.lead or tile.facts,
        figure=tile.figure,
        words={
            "s": page,
            "ics": _links.ics_path(story.id) if _calendar.has_dates(story) else "",
            "frames": _PLAYER if page.video_id else "",
            "linked": _jinja.finished(_linked.data(site.institute, story, tile, card[0] if card else "")),
        },
    )


def find(site: Site) -> p.Artifact:
    """Filters and full-text search; ``find.js`` does the finding."""
    return site.page(
        _links.FIND,
        "find.html.j2",
        title=_("소식 찾기"),
        description=_("주제, 기관, 종류, 수준, 상태로 고르고 낱말로 찾습니다."),
        words={
            "choices": _find.choices(site),
            "kinds": {kind.value: _words.kind(kind) for kind in p.Kind},
            "topics": topics(site),
        },
    )


def deadlines(site: Site) -> p.Artifact:
    """Everything one can apply for now, soonest end first, and what opens soon."""
    return site.page(
        _links.DEADLINES,
        "deadlines.html.j2",
        title=_("마감 순"),
        description=_("지금 신청할 수 있는 강좌와 곧 접수를 시작하는 강좌"),
        words={
            "as_of": _words.moment(site.digest.as_of, year=True),
            "open_now": site.tiles(site.open_now),
            "open_soon": site.tiles(site.open_soon),
        },
    )


def topics(site: Site) -> list[tuple[str, str, int]]:
    """Every topic as (name, path, number of stories), by name."""
    return [(_words.plain(name), _links.topic_path(name), len(of)) for name, of in site.by_topic.items()]


def sources(site: Site) -> p.Artifact:
    """Where the news comes from, with the freshness of each place."""
    rows = [
        (
            _words.plain(source.name),
            _links.source_path(source.id),
            _words.plain(source.agency),
            _words.fresh(source),
            _words.instant(source.last_success_at) if source.last_success_at else "",
            _words.is_current(source),
        )
        for source in site.digest.sources
    ]
    return site.page(
        _links.SOURCES,
        "sources.html.j2",
        title=_("모으는 곳"),
        description=_("소식을 모으는 {n}곳과 마지막으로 확인한 시각").format(n=len(rows)),
        words={"sources": rows, "topics": topics(site)},
    )


def not_found(site: Site) -> p.Page:
    """404: of no news at all."""
    return p.Page(path="404.html", key="fixed", make=lambda _bodies: _not_found(site))


def _not_found(site: Site) -> p.Artifact:
    """It is reached from any depth, so its links begin at the top of the server, below which host it may stand."""
    top = f"{urlsplit(site.institute.site_url).path.rstrip('/')}/" if _links.web(site.institute.site_url) else ""
    return site.page("404.html", "404.html.j2", title=_("찾는 쪽이 없습니다"), words=site.around(top) if top else {})
