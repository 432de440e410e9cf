"""The digests of the website's pages are honest: equal keys, equal bytes, whatever changed in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import pipeline.model as p
from renderers import _find, _segments, website
from tests.renderers.digest import AS_OF, INSTITUTE, LIBRARY, SOURCES, digest, entry, story

_ASK = p.Course(status=p.CourseStatus.OPEN, status_as_of_at=AS_OF)
CHANGES: dict[str, Any] = {
    "title": "고친 제목",
    "text": "고친 글 " * 20,
    "body_html": "<p>고친 글</p>",
    "lead": "고친 머리글",
    "url": "https://www.gaon.example/moved",
    "author": "다른 사람",
    "department": "다른 과",
    "agency": "다른 시",
    "licence": "kogl-1",
    "topics": ("새 주제",),
    "kind": p.Kind.NEWS,
    "source_id": "blog",
    "image": p.Image(url="https://www.gaon.example/a.jpg", alt="그림"),
    "attachments": (p.Attachment(url="https://www.gaon.example/a.pdf", name="안내.pdf"),),
    "published": p.DateFact(at=AS_OF - timedelta(days=9), raw="x", method="iso8601"),
    "updated": p.DateFact(at=AS_OF - timedelta(days=1), raw="x", method="iso8601"),
    "course": _ASK,
    "video": p.Video(duration_s=61),
    "first_seen_at": AS_OF - timedelta(days=40),
    "picture": p.Picture(files=(p.ImageFile(use=p.Use.W320, path="ab/x.webp", media_type="image/webp", width=320,
                                            height=200, bytes=9, sha256="0" * 64),)),
}  # fmt: skip
_BARE = ("first_seen_at", "published", "updated", "picture", "source_id")  # no part of the content hash, or not always


def told(made: p.Digest) -> dict[str, tuple[str, bytes]]:
    pages = website.pages(website.Options(page_size=10), made, {})
    return {page.path: (page.key, page.make({}).body) for page in pages}


def site(**change: Any) -> p.Digest:
    one = entry("k1", "notice", p.Kind.NOTICE, "처음 제목", text="처음 글 " * 20, content_hash="c1")
    hashes = {} if set(change) <= set(_BARE) else {"content_hash": "c2"}
    new = replace(one, **change, **hashes)
    seen = new.first_seen_at or AS_OF
    return digest(library=(*LIBRARY, story("s000000000001", new, seen=seen)))


@pytest.mark.parametrize("fresh", [0, _segments.FRESH])
@pytest.mark.parametrize("field", CHANGES)
def test_equal_keys_are_equal_bytes(field: str, fresh: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever field of an entry changes, no page with an unchanged key would have come out otherwise."""
    monkeypatch.setattr(_segments, "FRESH", fresh)  # the search index in segments, and all beside them
    before, after = told(site()), told(site(**{field: CHANGES[field]}))
    stale = [path for path in before.keys() & after.keys() if before[path][0] == after[path][0] != ""
             and before[path][1] != after[path][1]]  # fmt: skip
    assert stale == []


def test_one_changed_story_concerns_few_pages() -> None:
    """Its own page and the lists that show it; every other story's page keeps its key."""
    before, after = told(site()), told(site(title="고친 제목"))
    new = {path for path in before if before[path][0] != after[path][0]}
    stories = {path for path in new if path.startswith("s/")}
    assert len(stories) == 1
    finding = {path for path in new if path.startswith("find/")}
    assert finding == {_find.NOW}
    fronts = {"atom.xml", "rss.xml", "feed.json", "embed.html"}  # it is among the newest
    assert fronts < new
    assert 1 < len(new - finding - fronts) <= 5


def test_a_change_of_an_old_story_leaves_feeds_and_map_alone() -> None:
    """What shows the newest is not made for it, and the map of addresses only when an address comes or goes."""
    old = {"first_seen_at": AS_OF - timedelta(days=400), "is_quiet": True}
    before, after = told(site(**old)), told(site(**old, title="고친 제목"))
    new = {path for path in before if before[path][0] != after[path][0]}
    assert not new & {"atom.xml", "rss.xml", "feed.json", "embed.html", "sitemap.xml", "robots.txt", "404.html"}
    without = told(digest(library=LIBRARY))
    assert without["sitemap.xml"][0] != before["sitemap.xml"][0]


def test_a_course_that_is_only_asked_for_again_is_not_indexed_again() -> None:
    """When a course was last asked for stands on its own page, and in no search, calendar or list of months."""
    before, after = (told(site(course=replace(_ASK, status_as_of_at=AS_OF + timedelta(days=n)))) for n in (0, 1))
    new = {path for path in before if before[path][0] != after[path][0]}
    assert not [path for path in new if path.startswith(("find/", "calendar"))]
    assert [path for path in new if path.startswith("s/")]


def test_a_new_day_makes_no_story_and_no_list_anew() -> None:
    """No page of a story, a month or a topic depends on today; the frame for other home pages shows what one can apply for."""
    before, after = told(site()), told(replace(site(), as_of=AS_OF + timedelta(days=1)))
    assert {path for path in before if before[path][0] != after[path][0]} == {"embed.html"}


def test_a_renamed_source_is_told_by_its_stories() -> None:
    """Its name stands on their pages."""
    named = tuple(replace(card, name="새 이름") if card.id == "notice" else card for card in SOURCES)
    before, after = told(site()), told(replace(site(), sources=named))
    assert [path for path in before if before[path][0] == after[path][0] != "" and before[path] != after[path]] == []
    assert INSTITUTE.name
