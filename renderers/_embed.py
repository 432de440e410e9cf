"""The newest news for another home page: a page for a frame, a script that puts the frame in, and JSON.

What does not live here: feeds (``_feeds``). ``latest.json`` is a promise to others: members are added, never changed
(docs/how-to/embedding.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _find, _keys, _links, _views, _words
from renderers._site import Site

ROWS: Final = 10  # of the frame; a page that embeds it may show fewer
STORIES: Final = 30  # of ``latest.json``
CLOSING: Final = 20


def files(site: Site) -> Iterator[p.Page]:
    """``embed.html``, ``embed.js`` and ``latest.json``."""
    newest = site.announced[:STORIES]
    rows, closing = newest[:ROWS], site.open_now[:ROWS]
    yield p.Page(
        path="embed.html",
        key=_keys.key([site.keys[story.id] for story in rows], [site.keys[story.id] for story in closing]),
        make=lambda _bodies: _frame(site, rows, closing),
    )
    yield p.Page(path="embed.js", key="fixed", make=lambda _bodies: _script(site))
    yield _keys.made(_latest(site, newest))


def _frame(site: Site, rows: Sequence[p.Story], closing: Sequence[p.Story]) -> p.Artifact:
    return site.page(
        "embed.html",
        "embed.html.j2",
        title=_("{name} 새 소식").format(name=_words.plain(site.institute.name)),
        words={"tiles": site.tiles(rows), "closing": site.tiles(closing)},
    )


def _script(site: Site) -> p.Artifact:
    return p.Artifact(path="embed.js", media_type="application/javascript", body=site.static("embed.js"))


def _latest(site: Site, newest: Sequence[p.Story]) -> p.Artifact:
    told = {
        "version": 1,
        "name": _words.plain(site.institute.name),
        "home_url": _links.absolute(site.institute, _links.HOME) or None,
        "as_of": _words.instant(site.digest.as_of),
        "latest": [_story(site, story) for story in newest],
        "closing": [_story(site, story) for story in site.open_now[:CLOSING]],
    }
    body = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    return p.Artifact(path="latest.json", media_type="application/json", body=body)


def _story(site: Site, story: p.Story) -> dict[str, Any]:
    tile, course = site.tile(story), _views.course_of(story)
    card = site.card_image(tile.figure)
    due, published = tile.deadline, _views.stated(story.primary.published)
    return {
        "id": story.id,
        "url": _links.story_link(site.institute, story) or None,
        "path": tile.path,
        "title": tile.title,
        "kind": tile.kind_key,
        "kind_name": tile.kind,
        "source": tile.source,
        "agency": _words.plain(story.primary.agency) or None,
        "topics": [_words.plain(topic) for topic in _find.topics_of(story)],
        "lead": tile.lead or None,
        "published": _words.instant(published) if published else None,
        "first_seen": _words.instant(story.first_seen_at),
        "image": {"url": card[0], "width": card[1], "height": card[2], "alt": card[3]} if card else None,
        "apply": {
            "from": due.opens or None,
            "until": due.until or None,
            "words": due.words,
        }
        if due
        else None,
        "facts": tile.facts or None,
        "starts": course.starts_on.isoformat() if course and course.starts_on else None,
    }
