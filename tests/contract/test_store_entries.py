"""What the store promises of entries, on SQLite and PostgreSQL alike (P31)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

import pipeline.model as p
from pipeline.store.store import Store
from tests.postgres import postgres, store_url  # noqa: F401 - fixtures
from tests.unit.store.samples import DAY, HOUR, NOW, SEOUL, entry, full_entry


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def put(store: Store, *entries: p.Entry, now: datetime = NOW) -> None:
    for one in entries:
        store.entries.apply(one.source_id, [p.New(entry=one)], now=now)


def ids(entries: tuple[p.Entry, ...]) -> list[str]:
    return [e.id for e in entries]


def test_an_entry_comes_back_equal(store):
    """Every field survives, Korean and emoji included."""
    put(store, full_entry())
    assert (full_entry(),) == store.entries.get([full_entry().id])


def test_instants_come_back_in_utc(store):
    """A Seoul instant is the same instant, in UTC."""
    seoul = NOW.astimezone(SEOUL)
    put(store, entry(published=p.DateFact(at=seoul)), now=seoul)
    (found,) = store.entries.get(["notices:1"])
    assert found.first_seen_at == NOW
    assert found.first_seen_at.utcoffset().total_seconds() == 0
    assert found.published.at == NOW


def test_a_naive_instant_is_refused_and_nothing_is_written(store):
    """A naive ``now`` is a defect, not a guess."""
    with pytest.raises(ValueError, match="naive"):
        put(store, entry(), now=NOW.replace(tzinfo=None))
    assert store.entries.count() == 0


def test_new_twice_is_new_once(store):
    """Applying the same changes again changes nothing, not even the body."""
    put(store, entry(text="first"))
    put(store, entry(text="second"), now=NOW + DAY)
    (found,) = store.entries.get(["notices:1"])
    assert (found.text, found.first_seen_at) == ("first", NOW)


def test_known_finds_by_key_and_by_url(store):
    """Both identities lead to the entry, once; other sources' entries do not count."""
    put(store, entry("1"), entry("2"), entry("3"), entry("1", "other"))
    known = store.entries.known("notices", ["1", "x"], ["hash-1", "hash-2"])
    assert sorted(k.id for k in known) == ["notices:1", "notices:2"]
    (one,) = store.entries.known("notices", ["1"], [])
    assert one == p.Known(
        id="notices:1",
        key="1",
        url_hash="hash-1",
        fingerprint="{}",
        content_hash="content-1",
        title="공지 1",
        first_seen_at=NOW,
    )
    assert store.entries.known("notices", [], []) == ()


def test_known_takes_more_keys_than_one_list_holds(store):
    """1,201 keys are asked in several lists and none is lost."""
    many = [entry(str(n)) for n in range(1201)]
    store.entries.apply("notices", [p.New(entry=e) for e in many], now=NOW)
    known = store.entries.known("notices", [e.key for e in many], [e.url_hash for e in many])
    assert {k.id for k in known} == {e.id for e in many}


def test_a_revision_updates_in_place_and_is_remembered(store):
    """The content is the new one, the identity and first sight are the old ones, the history tells both."""
    put(store, full_entry())
    old = full_entry()
    new = replace(
        old, key="나-2", title="바뀐 제목", text="새 본문", course=None, is_quiet=False, first_seen_at=NOW + DAY
    )
    change = p.Revised(entry=new, material=("course.apply_until",), before=("11월 23일",))
    store.entries.apply("notices", [change], now=NOW + DAY)
    (found,) = store.entries.get([old.id])
    assert found == replace(new, first_seen_at=NOW, last_seen_at=NOW + DAY, is_quiet=True)
    (revision,) = store.entries.history(old.id)
    assert (revision.at, revision.fields, revision.before) == (NOW + DAY, ("course.apply_until",), ("11월 23일",))
    assert (revision.old["title"], revision.new["title"]) == (old.title, "바뀐 제목")
    assert revision.new["course"] is None
    assert revision.old["course"]["fee"] == "무료"
    assert "lead" not in revision.new


def test_material_changes_are_those_that_matter(store):
    """A plain edit is history; only material fields make a "changed" card, in a half-open window."""
    put(store, entry("1"), entry("2"), entry("3"))
    plain = p.Revised(entry=entry("1", title="오타 수정"))
    material = p.Revised(entry=entry("2", title="연기"), material=("cancelled",), before=("",))
    late = p.Revised(entry=entry("3", title="연기"), material=("cancelled",), before=("",))
    store.entries.apply("notices", [plain, material], now=NOW + HOUR)
    store.entries.apply("notices", [late], now=NOW + DAY)
    assert store.entries.material_changes(NOW, NOW + DAY) == (("notices:2", NOW + HOUR, ("cancelled",), ("",)),)


def test_a_revision_brings_a_gone_entry_back(store):
    """What its source shows again is not gone."""
    put(store, entry())
    store.entries.apply("notices", [p.Gone(entry_id="notices:1")], now=NOW + HOUR)
    store.entries.apply("notices", [p.Revised(entry=entry())], now=NOW + DAY)
    assert store.entries.get(["notices:1"])[0].gone_at is None


def test_gone_keeps_the_first_instant_and_the_entry(store):
    """Gone is a mark; the entry stays readable but no window shows it."""
    put(store, entry())
    for hours in (1, 2):
        store.entries.apply("notices", [p.Gone(entry_id="notices:1")], now=NOW + hours * HOUR)
    assert store.entries.get(["notices:1"])[0].gone_at == NOW + HOUR
    assert store.entries.window(NOW, NOW + DAY) == ()
    assert store.entries.live() == ()


def test_a_source_cannot_touch_anothers_entries(store):
    """Gone, present and absent ids of another source are ignored (P1)."""
    put(store, entry("1", "other"))
    store.entries.apply("notices", [p.Gone(entry_id="other:1")], now=NOW, absent=["other:1"])
    (known,) = store.entries.known("other", ["1"], [])
    assert (known.gone_at, known.absences) == (None, 0)


def test_absences_count_up_and_are_forgotten(store):
    """Absent lists in a row are counted; one sight ends the count."""
    put(store, entry("1"), entry("2"))
    for day in (1, 2):
        store.entries.apply("notices", [], now=NOW + day * DAY, present=["notices:1"], absent=["notices:2"])
    assert [k.id for k in store.entries.listed("notices")] == ["notices:1"]
    assert store.entries.known("notices", ["2"], [])[0].absences == 2
    store.entries.apply("notices", [], now=NOW + 3 * DAY, present=["notices:2"])
    assert store.entries.known("notices", ["2"], [])[0].absences == 0
    assert [k.id for k in store.entries.listed("notices")] == ["notices:2"]


def test_the_window_is_half_open_and_free_entries_only(store):
    """[start, end) by first sight, oldest first; quiet, quarantined and gone ones are left out."""
    put(store, entry("2"), entry("1"), entry("quiet", is_quiet=True))
    put(store, entry("late"), now=NOW + HOUR)
    put(store, entry("end"), now=NOW + DAY)
    held = p.Quarantined(entry=entry("held"), reason="flood")
    store.entries.apply("notices", [held], now=NOW)
    assert ids(store.entries.window(NOW, NOW + DAY)) == ["notices:1", "notices:2", "notices:late"]
    assert ids(store.entries.since(NOW, 2)) == ["notices:end", "notices:late"]
    assert ids(store.entries.live(since=NOW + HOUR)) == ["notices:end", "notices:late"]
    assert "notices:quiet" in ids(store.entries.live())
    assert "notices:held" not in ids(store.entries.live())


def test_bodies_stay_out_unless_asked_for(store):
    """A list without bodies is the same list with empty ones."""
    put(store, full_entry())
    (light,) = store.entries.live(bodies=False)
    assert light == replace(full_entry(), text="", body_html="")


def test_a_released_entry_is_due_from_its_release(store):
    """What a person frees comes in the next window, with its true first sight."""
    store.entries.apply("notices", [p.Quarantined(entry=entry(n), reason="flood") for n in "12"], now=NOW)
    assert store.entries.get(["notices:1"])[0].quarantined == "flood"
    assert store.entries.release(["notices:1", "nowhere:1"], now=NOW + DAY) == 1
    (found,) = store.entries.window(NOW + DAY, NOW + 2 * DAY)
    assert (found.id, found.quarantined, found.first_seen_at) == ("notices:1", "", NOW)
    assert store.entries.release(source_id="notices", now=NOW + DAY) == 1
    assert store.entries.release(source_id="notices", now=NOW + DAY) == 0


def test_the_content_version_moves_with_content_only(store):
    """A night without changes leaves it; every change moves it."""
    versions = [store.entries.content_version()]
    put(store, entry())
    versions.append(store.entries.content_version())
    store.entries.apply("notices", [], now=NOW + DAY, present=["notices:1"])
    versions.append(store.entries.content_version())
    store.entries.apply("notices", [p.Gone(entry_id="notices:1")], now=NOW + DAY)
    versions.append(store.entries.content_version())
    assert versions == [0, 1, 1, 2]


def test_search_and_count_agree(store):
    """Each filter narrows; count is the length of search."""
    put(store, entry("1"), entry("2", "blog", kind=p.Kind.POST, title="100% 무료"))
    put(store, entry("3", title="1000 무료"), now=NOW + DAY)
    store.entries.apply("notices", [p.Gone(entry_id="notices:1")], now=NOW)
    for filters, expected in (
        ({}, ["notices:3", "blog:2", "notices:1"]),
        ({"source": "blog"}, ["blog:2"]),
        ({"kind": p.Kind.NOTICE, "include_gone": False}, ["notices:3"]),
        ({"since": NOW + HOUR}, ["notices:3"]),
        ({"text": "100%"}, ["blog:2"]),
    ):
        assert ids(store.entries.search(**filters)) == expected
        assert store.entries.count(**filters) == len(expected)
    assert ids(store.entries.search(limit=1)) == ["notices:3"]


def test_find_takes_an_id_an_address_or_words(store):
    """The exact entry first, then words of the title."""
    put(store, entry("1"), entry("2", title="한지 공예"))
    assert ids(store.entries.find("notices:1")) == ["notices:1"]
    assert ids(store.entries.find("https://www.example.go.kr/2")) == ["notices:2"]
    assert ids(store.entries.find("공예")) == ["notices:2"]
    assert store.entries.find("없는 말") == ()


def test_get_keeps_the_order_asked(store):
    """Order and uniqueness are the caller's; unknown ids are left out."""
    put(store, entry("1"), entry("2"))
    assert ids(store.entries.get(["notices:2", "x", "notices:1", "notices:2"])) == ["notices:2", "notices:1"]


def test_a_renamed_source_keeps_its_entries(store):
    """State and entries move, ids stay, and a taken name is refused (P24)."""
    put(store, entry("1"), entry("1", "taken"))
    store.source_states.save([p.SourceState(source_id="notices", failures=2)])
    assert store.source_states.rename("notices", "news") == 1
    assert store.entries.get(["notices:1"])[0].source_id == "news"
    assert store.source_states.all()["news"].failures == 2
    with pytest.raises(p.StoreError) as refused:
        store.source_states.rename("news", "taken")
    assert refused.value.code == "source-taken"


def test_the_entries_of_other_sources_come_with_what_tells_them_apart(store):
    """Gone and held entries too, with a video's length; nothing of sources not asked for."""
    seen = entry(id="old:1", source_id="old", key="1", video=p.Video(duration_s=754))
    held = entry(id="older:1", source_id="older", key="1", quarantined="flood")
    put(store, seen, held, entry())
    store.entries.apply("old", [p.Gone(entry_id="old:1")], now=NOW + DAY)
    found = {known.id: known for known in store.entries.of_sources(["old", "older"])}
    assert {"old:1", "older:1"} == found.keys()
    assert (754, NOW + DAY) == (found["old:1"].duration_s, found["old:1"].gone_at)
    assert (None, "flood") == (found["older:1"].duration_s, found["older:1"].quarantined)
