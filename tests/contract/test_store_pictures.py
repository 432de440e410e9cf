"""What the store promises of pictures, on both databases (P31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

import pipeline.model as p
from pipeline.store.store import Store
from tests.postgres import empty_url, postgres, store_url  # noqa: F401 - fixtures
from tests.unit.store.samples import DAY, NOW


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def known(url: str = "https://x/a.png", *, problem: str = "", **more: object) -> p.KnownPicture:
    file = p.ImageFile(
        use=p.Use.WIDE, path="ab/ab.jpg", media_type="image/jpeg", width=800, height=400, bytes=9, sha256="ab"
    )
    picture = p.Picture(files=() if problem else (file,), is_whole=True, problem=problem)
    return p.KnownPicture(url=url, source_id="news", referer="https://x/1", picture=picture, **more)


def test_a_picture_comes_back_equal(store):
    """Files, reason, tries and instants; unknown addresses are left out."""
    rows = [known(tries=1, tried_at=NOW), known("https://x/b", problem="svg", again_at=NOW + DAY)]
    store.pictures.save(rows)
    assert store.pictures.get(["https://x/b", "https://x/a.png", "https://x/c"]) == {row.url: row for row in rows}
    assert store.pictures.all() == tuple(rows)


def test_only_made_pictures_are_shown(store):
    """Neither those that wait nor those that were refused."""
    rows = [known(), known("https://x/b", problem="svg"), known("https://x/c", problem="waiting", again_at=NOW)]
    store.pictures.save(rows)
    assert store.pictures.made() == {"https://x/a.png": rows[0].picture}


def test_what_waits_longest_is_due_first(store):
    """At most as many as asked; nothing that is settled or later."""
    hours = {"c": 3, "a": 1, "b": 2, "later": -1}
    store.pictures.save(
        [known(url, problem="waiting", again_at=NOW - timedelta(hours=h)) for url, h in hours.items()]
        + [known("settled")]
    )
    assert [row.url for row in store.pictures.due(NOW, 2)] == ["c", "b"]
    assert [row.url for row in store.pictures.due(NOW, 9)] == ["c", "b", "a"]
    assert store.pictures.next_at() == NOW - timedelta(hours=3)


def test_a_made_picture_changes_what_pages_show(store):
    """The content version moves for new files only, and saving again replaces the row."""
    before = store.entries.content_version()
    store.pictures.save([known(problem="waiting", again_at=NOW)])
    assert store.entries.content_version() == before
    store.pictures.save([known()])
    assert store.entries.content_version() == before + 1
    assert store.pictures.all() == (known(),)
    assert store.pictures.next_at() is None


def test_forgotten_pictures_are_gone(store):
    """An entry that names one again brings it back."""
    store.pictures.save([known(), known("https://x/b")])
    store.pictures.forget(["https://x/a.png", "https://x/none"])
    assert [row.url for row in store.pictures.all()] == ["https://x/b"]
