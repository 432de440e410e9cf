"""Lists that grow for ever: months, sources, topics, cut into pages that stay as they are.

What does not live here: pages of fixed size (``_pages``). Older pages are numbered from the oldest story, so a new
story rewrites the first page of its lists and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _keys, _links, _words
from renderers._pages import topics
from renderers._site import Site


def cut(newest: Sequence[p.Story], size: int) -> tuple[Sequence[p.Story], list[Sequence[p.Story]]]:
    """Return the first page and the older pages, oldest first, each newest story first.

    The first page holds ``size`` to ``2 * size - 1`` stories once there are so many; older pages hold exactly ``size``.
    """
    full = max(0, len(newest) // size - 1)
    first = newest[: len(newest) - full * size]
    oldest = [newest[len(newest) - (n + 1) * size : len(newest) - n * size] for n in range(full)]
    return first, oldest


def _listing(site: Site, path: str, newest: Sequence[p.Story], title: str, head: Mapping[str, Any]) -> Iterator[p.Page]:
    """One list as its first page and its older pages; ``head`` is said on top of each."""
    first, older = cut(newest, site.page_size)
    addresses = [*(_links.numbered(path, n) for n in range(1, len(older) + 1)), path]
    for n, (address, stories) in enumerate(zip(addresses, [*older, first], strict=True)):
        words = {
            "heading": title,
            "number": n + 1,
            "older": addresses[n - 1] if n else "",
            "newer": "" if address == path else addresses[n + 1],
            **head,
        }
        yield p.Page(
            path=address,
            key=_keys.key(words, [site.keys[story.id] for story in stories]),
            make=partial(_list_page, site, address, stories, words),
        )


def _list_page(
    site: Site, address: str, stories: Sequence[p.Story], words: Mapping[str, Any], bodies: p.Bodies
) -> p.Artifact:
    del bodies
    title = words["heading"]
    return site.page(
        address,
        "list.html.j2",
        title=_("{title} ({n}쪽)").format(title=title, n=words["number"]) if words["newer"] else title,
        description=_("{title}의 소식 목록").format(title=title),
        words={**words, "tiles": site.tiles(stories)},
    )


_NO_HEAD: Final[Mapping[str, Any]] = {"about": "", "about_url": "", "since": "", "is_current": True}


def _source_head(source: p.SourceCard) -> Mapping[str, Any]:
    return {
        "about": _words.fresh(source),
        "about_url": _links.web(source.url),
        "since": _words.instant(source.last_success_at) if source.last_success_at else "",
        "is_current": _words.is_current(source),
    }


def lists(site: Site) -> Iterator[p.Page]:
    """Pages of every source, topic and month."""
    for source in site.digest.sources:
        path, name = _links.source_path(source.id), _words.plain(source.name)
        yield from _listing(site, path, site.by_source[source.id], name, _source_head(source))
    for topic, newest in site.by_topic.items():
        yield from _listing(site, _links.topic_path(topic), newest, _words.plain(topic), _NO_HEAD)
    for month, newest in site.by_month.items():
        yield from _listing(site, _links.month_path(month), newest, _month_words(month), _NO_HEAD)


def _month_words(month: str) -> str:
    year, _dash, number = month.partition("-")
    return _("{year}년 {month}월").format(year=year, month=int(number))


def archive(site: Site) -> p.Artifact:
    """The way to everything older: editions, months and topics."""
    digest, today = site.digest, _words.seoul(site.digest.as_of).date()
    told = sum(len(section.cards) for section in digest.sections)
    editions = [
        (_words.plain(digest.title), _links.edition_path(digest.id), _words.day(today, year=True), told),
        *(
            (_words.plain(ref.title), _links.edition_path(ref.id), _words.day(ref.on, year=True), ref.stories)
            for ref in digest.archive
            if ref.id in digest.editions and ref.id != digest.id
        ),
    ]
    months = [(_month_words(month), _links.month_path(month), len(found)) for month, found in site.by_month.items()]
    return site.page(
        _links.ARCHIVE,
        "archive.html.j2",
        title=_("지난 소식"),
        description=_("지난 소식지와 달마다 모은 소식"),
        words={"editions": editions, "months": months, "topics": topics(site)},
    )
