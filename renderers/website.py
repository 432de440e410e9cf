"""The website: every page, feed and file citizens reach, made from one digest.

What does not live here: pages (``_pages``, ``_archive``, ``_month``), finding, feeds, calendar files, assets; writing files (``pipeline/output.py``).
All links are relative, so the site opens from a folder and below any address; absolute ones stand only where a
format demands them and ``institute.site_url`` is configured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from renderers import _archive, _assets, _calendar, _embed, _feeds, _find, _jinja, _month, _pages
from renderers._keys import made
from renderers._site import Site

TITLE: Final = _("누리집")
PRODUCES: Final = frozenset(
    [
        "text/html",
        "text/css",
        "application/javascript",
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
        "application/json",
        "text/calendar",
        "application/xml",
        "text/plain",
        "image/webp",
        "image/jpeg",
        "font/woff2",
        "image/png",
        "image/svg+xml",
    ]
)
PICTURES: Final = frozenset([p.Use.W320, p.Use.W640, p.Use.W1280, p.Use.OG])  # files of a picture it shows
PERPETUAL: Final = True  # one living site, not one folder per edition


class Options(p.RendererOptions):
    """Options of the website."""

    page_size: int = Field(default=50, ge=10, le=500, description="목록 한 쪽에 실을 소식 수", examples=[50])


def render(options: Options, digest: p.Digest) -> Iterator[p.Artifact | p.LeftOut]:
    """Yield every file of the site.

    Args:
        options: Of the channel.
        digest: With library, archive, editions and sources.

    Raises:
        RenderError: A template does not fit.

    Cost: about 0.8 ms a story.
    """
    return (page.make({}) for page in pages(options, digest, {}))


def pages(options: Options, digest: p.Digest, known: Mapping[str, str]) -> Iterator[p.Page]:
    """Yield every file of the site with the digest of what it says, unmade.

    Args:
        options: Of the channel.
        digest: With library, archive, editions and sources.
        known: By path, the keys of the files that stand: segments of the search index stay as they are (ADR-0036).

    Cost: about 10 µs a story; making a page about 0.3 ms. Source: ADR-0034.
    """
    _jinja.renewed("website", options.templates_dir)
    site = Site(digest, options.templates_dir, options.page_size)
    paths: list[str] = []
    yield from _find.files(site, known)  # first: the dearest, so that no process is left with them at the end
    for page in _html(site):
        paths += [page.path] if page.path.endswith(".html") else []
        yield page
    yield _pages.not_found(site)
    yield from _assets.assets(site)
    yield from _embed.files(site)
    yield from _feeds.feeds(site)
    yield made(_calendar.calendar(site))
    yield from _feeds.sitemap(site, paths)
    yield _feeds.robots(site)
    for picture in site.pictures({*PICTURES, p.Use.MAIL}):  # newsletters show theirs from here
        yield made(picture)


def _html(site: Site) -> Iterator[p.Page]:
    yield made(_pages.home(site))
    yield made(_pages.deadlines(site))
    yield from _pages.editions(site)
    yield made(_archive.archive(site))
    yield from _month.pages(site)
    yield made(_pages.find(site))
    yield made(_pages.sources(site))
    yield from _archive.lists(site)
    yield from _pages.stories(site)
