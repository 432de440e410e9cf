"""What is kept of the library between nights, on both databases (P31)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.store.shelf import Marked, Spine
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow
from tests.postgres import postgres, store_url  # noqa: F401 - fixtures
from tests.unit.publish import test_following as following
from tests.unit.store.samples import DAY, NOW, entry


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def _bring(store: Store, *keys: str) -> list[p.Entry]:
    made = [entry(key) for key in keys]
    store.entries.apply(made[0].source_id, [p.New(entry=e) for e in made], now=NOW)
    return made


def test_what_changed_since_a_version_is_told(store: Store) -> None:
    """New, revised, gone, held, released: each is told once, and what was only seen again is not."""
    one, two, three = _bring(store, "1", "2", "3")
    source, version = one.source_id, store.entries.content_version()
    assert store.entries.changed_since(0) == {one.id, two.id, three.id}
    store.entries.apply(source, [], now=NOW + DAY, present=[one.id])
    assert store.entries.changed_since(version) == set()
    store.entries.apply(source, [p.Revised(entry=replace(one, title="고친 제목")), p.Gone(entry_id=two.id)], now=NOW)
    assert store.entries.changed_since(version) == {one.id, two.id}
    version = store.entries.content_version()
    store.entries.apply(source, [p.Quarantined(entry=entry("4"), reason="flood")], now=NOW)
    held = store.entries.content_version()
    assert store.entries.changed_since(version) == {entry("4").id}
    store.entries.release([entry("4").id], now=NOW)
    assert store.entries.changed_since(held) == {entry("4").id}


def test_a_picture_tells_when_its_files_changed(store: Store) -> None:
    """Also one that is asked for anew: whoever publishes next must know, though nobody publishes for it."""
    row = p.KnownPicture(url="https://pics.example/1.jpg", source_id="notices", picture=p.Picture())
    version = store.entries.content_version()
    store.pictures.save([row])
    assert store.pictures.changed_since(version) == (row.url,)
    assert store.entries.content_version() == version


def test_entries_find_each_other_by_keys(store: Store) -> None:
    """Keys are replaced as a whole; an entry without keys is not live; days are found by a stretch."""
    one, two, three = (e.id for e in _bring(store, "1", "2", "3"))
    keys = {one: ["ax", "d2026-11-01"], two: ["ax", "tz", "d2026-11-22"], three: ["lx", "d2027-01-01"]}
    store.digests.keep_keys(keys, is_whole=True)
    assert store.digests.sharing(["ax", "nothing"]) == {one, two}
    assert store.digests.between("d2026-11-22", "e") == {two, three}
    store.digests.keep_keys({one: ["tz"], two: []})
    assert store.digests.story_keys([one, two, three]) == {one: {"tz"}, three: {"lx", "d2027-01-01"}}
    store.digests.keep_keys({one: ["tz"]}, is_whole=True)
    assert store.digests.story_keys([one, two, three]) == {one: {"tz"}}


def test_a_shelf_shows_marked_stories_oldest_first(store: Store) -> None:
    """An empty mark shows nothing; a story written anew keeps its mark; courses are found by their end."""
    ids = [e.id for e in _bring(store, "1", "2", "3")]
    rows = [StoryRow(id=f"s{n}", primary_id=e, members=(e,), first_seen_at=NOW - n * DAY) for n, e in enumerate(ids)]
    store.digests.assign(rows, now=NOW)
    assert store.digests.spines() == ()
    store.digests.mark_stories([Marked("s0", "m0", NOW + DAY), Marked("s1", "m1", None), Marked("s2", "", None)])
    store.digests.assign(rows, now=NOW)
    assert store.digests.spines() == (Spine("s1", NOW - DAY, "m1"), Spine("s0", NOW, "m0"))
    assert store.digests.open_stories(NOW) == {"s0"}
    assert store.digests.open_stories(NOW + DAY) == set()


def test_following_on_this_database_is_folding(store_url: str, tmp_path: Path) -> None:  # noqa: F811 - a fixture
    """The same nights, followed here and folded whole in memory, tell the same stories."""
    chance = random.Random(8)
    here = following.Town(tmp_path, is_whole=False, url=store_url)
    other = following.Town(tmp_path, is_whole=True)
    here.shelf(), other.shelf()
    for _night in range(12):
        ops = [(chance.choice(following.VERBS), *(chance.randrange(10_000) for _ in range(3))) for _ in range(5)]
        here.night(ops)
        other.night(ops)
        assert following.told(here.shelf(), here.at, here) == following.told(other.shelf(), other.at, other)
    here.store.close()
    other.store.close()
