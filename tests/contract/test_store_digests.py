"""What the store promises of stories, decisions, editions and the ledger, on both databases (P31)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

import pipeline.model as p
from pipeline.store.editions import EditionRow
from pipeline.store.store import Store
from pipeline.store.stories import StoryRow
from tests.postgres import postgres, store_url  # noqa: F401 - fixtures
from tests.unit.store.samples import DAY, HOUR, NOW


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def story(story_id: str, *members: str, **fields: object) -> StoryRow:
    given = {"id": story_id, "primary_id": members[0], "members": members, "first_seen_at": NOW}
    return StoryRow(**(given | fields))


def edition(on: date = date(2026, 11, 23), **fields: object) -> EditionRow:
    given = {
        "id": f"daily/{on}",
        "digest_id": "daily",
        "title": "시흥 배움소식 11월 23일",
        "on": on,
        "start_at": NOW - DAY,
        "end_at": NOW,
        "as_of": NOW,
        "state": "ready",
        "sections": [{"key": "course", "title": "강좌", "cards": [["s1", "new", ""]]}],
        "left_out": [],
        "renderings": {"website": "ab" * 32},
        "created_at": NOW,
    }
    return EditionRow(**(given | fields))


def test_a_story_comes_back_equal(store):
    """Members in order, the primary first, with every reason."""
    told = story("s1", "b:1", "a:1", "c:1", why=(p.Join(a="b:1", b="a:1", reason="같은 링크"),))
    store.digests.assign([told, story("s2", "d:1")], now=NOW)
    assert store.digests.stories(["s2", "x", "s1"]) == (story("s2", "d:1"), told)
    assert store.digests.assignments(["a:1", "d:1", "zz"]) == {"a:1": "s1", "d:1": "s2"}


def test_an_entry_moves_with_its_new_story(store):
    """A split: the entry is in the new story only; a story without members is not given out but stays taken."""
    store.digests.assign([story("s1", "a:1", "b:1"), story("s2", "c:1")], now=NOW)
    store.digests.assign([story("s3", "b:1", "c:1")], now=NOW)
    assert store.digests.assignments(["a:1", "b:1", "c:1"]) == {"a:1": "s1", "b:1": "s3", "c:1": "s3"}
    assert [s.id for s in store.digests.all_stories()] == ["s1", "s3"]
    assert store.digests.taken_story_ids(["s1", "s2", "new"]) == {"s1", "s2"}


def test_a_member_that_left_is_gone_from_its_story(store):
    """Writing a story again writes it whole."""
    store.digests.assign([story("s1", "a:1", "b:1")], now=NOW)
    store.digests.assign([story("s1", "b:1")], now=NOW)
    assert store.digests.stories(["s1"]) == (story("s1", "b:1"),)
    assert store.digests.assignments(["a:1"]) == {}


def test_stories_are_listed_newest_first(store):
    """By first sight; ``since`` cuts the old ones off."""
    store.digests.assign([story("old", "a:1"), story("young", "b:1", first_seen_at=NOW + DAY)], now=NOW)
    assert [s.id for s in store.digests.all_stories()] == ["young", "old"]
    assert [s.id for s in store.digests.all_stories(since=NOW + HOUR)] == ["young"]


def test_decisions_are_undone_not_forgotten(store):
    """The log keeps both lines; only what stands is in force."""
    first = store.digests.decide("retitle", "s1", {"title": "새 제목"}, actor="홍길동", now=NOW)
    second = store.digests.decide("hide", "s2", now=NOW + HOUR)
    store.digests.undo(first, actor="김철수", now=NOW + DAY)
    assert [d.seq for d in store.digests.decisions()] == [second]
    log = store.digests.decisions(undone=True)
    assert [(d.action, d.subject, d.actor, d.is_undone) for d in log] == [
        ("retitle", "s1", "홍길동", True),
        ("hide", "s2", "", False),
        ("undo", "s1", "김철수", False),
    ]
    assert log[0].args == {"title": "새 제목"}
    for number in (first, log[2].seq, 999):
        with pytest.raises(p.StoreError):
            store.digests.undo(number, now=NOW)


def test_decisions_and_stories_move_the_content_version(store):
    """What changes pages makes them due."""
    store.digests.assign([story("s1", "a:1")], now=NOW)
    store.digests.decide("hide", "s1", now=NOW)
    assert store.entries.content_version() == 2


def test_an_edition_comes_back_equal(store):
    """Every field survives; saving again keeps the first ``created_at``."""
    store.digests.save_edition(edition())
    assert store.digests.edition("daily/2026-11-23") == edition()
    store.digests.save_edition(replace(edition(), state="held", created_at=NOW + DAY))
    assert store.digests.edition("daily/2026-11-23") == edition(state="held")
    assert store.digests.set_edition_state("daily/2026-11-23", "ready")
    assert not store.digests.set_edition_state("nothing", "ready")
    assert store.digests.edition("daily/2026-11-23") == edition()
    assert store.digests.edition("nothing") is None


def test_editions_are_listed_newest_first(store):
    """Of one digest or of all."""
    store.digests.save_edition(edition())
    store.digests.save_edition(edition(date(2026, 11, 24)))
    store.digests.save_edition(edition(date(2026, 11, 24), id="weekly/2026-11-24", digest_id="weekly"))
    assert [e.id for e in store.digests.editions("daily")] == ["daily/2026-11-24", "daily/2026-11-23"]
    assert [e.id for e in store.digests.editions("daily", 1)] == ["daily/2026-11-24"]
    assert next(iter(store.digests.editions())).id == "weekly/2026-11-24"
    assert len(store.digests.editions()) == 3


def test_the_ledger_remembers_the_first_telling(store):
    """Publishing again changes nothing; labels and digests are apart."""
    store.digests.publish("daily", "daily/1", ["s1", "s2", "s1"], now=NOW)
    store.digests.publish("daily", "daily/2", ["s1", "s3"], now=NOW + DAY)
    store.digests.publish("daily", "daily/2", ["s1"], label="closing", now=NOW + DAY)
    store.digests.publish("weekly", "weekly/1", ["s9"], now=NOW)
    wanted = ["s1", "s2", "s3", "s9"]
    assert store.digests.published("daily", wanted) == {"s1": "daily/1", "s2": "daily/1", "s3": "daily/2"}
    assert store.digests.published("daily", wanted, label="closing") == {"s1": "daily/2"}
    assert store.digests.told_in("daily/2") == (("s1", "closing"), ("s3", "new"))
    assert store.digests.editions_of("s1") == (("daily/1", "new"), ("daily/2", "closing"))
    assert store.digests.published("daily", []) == {}
