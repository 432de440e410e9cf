"""What a night changes: identity, edits, backfill and the novelty guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import pipeline.model as p
from pipeline.collect.normalize import normalize
from pipeline.collect.reconcile import reconcile

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
SPEC = p.SourceSpec(id="notices", name="공지", kind="board", options=None, url="https://www.example.go.kr/list.do")
VETERAN = p.SourceState(
    source_id="notices", first_run_at=NOW - timedelta(days=30), profile=({"listed": 10.0, "new": 1.0},) * 5
)


def items(*numbers: int, **changes: object) -> list[p.Item]:
    return [
        replace(
            p.Item(key=str(n), title=f"안내 {n}호 말씀드립니다", url=f"view.do?id={n}", base_url=SPEC.url), **changes
        )
        for n in numbers
    ]


def entries(*numbers: int, **changes: object) -> list[p.Entry]:
    return normalize(items(*numbers, **changes), SPEC, now=NOW).entries


def known(entry: p.Entry, **changes: object) -> p.Known:
    base = p.Known(
        id=entry.id,
        key=entry.key,
        url_hash=entry.url_hash,
        fingerprint=entry.fingerprint,
        content_hash=entry.content_hash,
        title=entry.title,
        published=entry.published,
        first_seen_at=NOW - timedelta(days=3),
    )
    return replace(base, **changes)


def test_the_same_list_again_changes_nothing() -> None:
    """reconcile(apply(x)) is empty: equal entries make no change (P19)."""
    listed = entries(1, 2, 3)
    result = reconcile(listed, [known(e) for e in listed], SPEC, VETERAN, now=NOW)
    assert (result.changes, result.unchanged, len(result.present)) == ((), 3, 3)


def test_a_new_entry_is_new_and_an_edited_one_revised() -> None:
    """An edit updates in place under the stored id; only the unknown entry is new (P21)."""
    old = entries(1)[0]
    edited, fresh = entries(1, title="안내 1호 고친 제목입니다")[0], entries(2)[0]
    result = reconcile([edited, fresh], [known(old)], SPEC, VETERAN, now=NOW)
    assert result.changes == (
        p.New(entry=fresh),
        p.Revised(entry=replace(edited, first_seen_at=NOW - timedelta(days=3))),
    )


def test_a_changed_guid_with_the_same_address_is_the_same_entry() -> None:
    """Identity survives a publisher that renumbers its guids (P20)."""
    old = entries(7)[0]
    renumbered = entries(7, key="https://www.example.go.kr/new-guid/7")[0]
    result = reconcile([renumbered], [known(old)], SPEC, VETERAN, now=NOW)
    assert result.changes == ()
    assert result.present == (old.id,)


def test_items_that_all_share_one_address_do_not_collapse() -> None:
    """A feed whose items share one link keeps them apart by key (rss2email 111)."""
    listed = entries(1, 2, 3, url="https://www.example.go.kr/")
    result = reconcile(listed, [known(listed[0])], SPEC, VETERAN, now=NOW)
    assert len([c for c in result.changes if isinstance(c, p.New)]) == 2


@pytest.mark.parametrize(
    ("backfill", "loud"),
    [
        (p.Backfill(), 0),
        (p.Backfill(mode="last", last=5), 5),
        (p.Backfill(mode="since", since_on=date(2026, 11, 15)), 6),
    ],
)
def test_a_first_run_stores_all_and_announces_what_backfill_says(backfill: p.Backfill, loud: int) -> None:
    """Adding a source with 500 old items puts none of them in the next digest by default (ED4)."""
    listed = [
        replace(i, published=p.RawDate(text=(NOW - timedelta(days=n)).isoformat()))
        for n, i in enumerate(items(*range(500)))
    ]
    got = normalize(listed, SPEC, now=NOW).entries
    first = p.SourceState(source_id="notices")
    result = reconcile(got, [], replace(SPEC, backfill=backfill), first, now=NOW)
    fresh = [c.entry for c in result.changes if isinstance(c, p.New)]
    assert len(fresh) == 500
    # since 15 November in Seoul: 23 … 15 November are nine days, the night of the 23rd included
    expected = 9 if backfill.mode == "since" else loud
    assert sum(not e.is_quiet for e in fresh) == expected


def test_undated_courses_count_from_when_one_can_apply() -> None:
    """``backfill: since 2026-11-15`` announces a course that opens on the 20th, not one that opened in October."""
    items = [
        p.Item(key=str(n), kind=p.Kind.COURSE, title=f"강좌 {n}", course=p.RawCourse(apply=words))
        for n, words in enumerate(["2026.11.20 ~ 11.30", "2026.10.1 ~ 12.1", ""])
    ]
    spec = replace(SPEC, backfill=p.Backfill(mode="since", since_on=date(2026, 11, 15)))
    got = normalize(items, spec, now=NOW).entries
    result = reconcile(got, [], spec, p.SourceState(source_id="notices"), now=NOW)
    assert [c.entry.is_quiet for c in result.changes if isinstance(c, p.New)] == [False, True, True]


def test_a_redesigned_page_that_makes_everything_new_is_held() -> None:
    """Nearly all entries new at once are quarantined until a person releases them (P23, ED5)."""
    result = reconcile(entries(*range(100, 110)), [], SPEC, VETERAN, now=NOW)
    assert result.is_flood
    assert {type(c) for c in result.changes} == {p.Quarantined}


@pytest.mark.parametrize(("max_new", "is_flood"), [(0, True), (39, True), (40, False), (500, False)])
def test_a_quarter_that_opens_at_once_is_news_where_an_editor_says_so(max_new: int, is_flood: bool) -> None:
    """Forty courses open in one night: held as a flood, unless ``expect.max_new`` allows for them."""
    expected = replace(SPEC, expect=p.Expect(max_new=max_new))
    assert reconcile(entries(*range(100, 140)), [], expected, VETERAN, now=NOW).is_flood is is_flood


def test_a_busy_day_is_not_a_flood() -> None:
    """Three new notices on a board of ten are news."""
    listed = entries(*range(10))
    result = reconcile(listed, [known(e) for e in listed[3:]], SPEC, VETERAN, now=NOW)
    assert not result.is_flood
    assert [type(c) for c in result.changes] == [p.New] * 3


def test_a_drifting_page_announces_nothing() -> None:
    """While the judge distrusts a page, nothing of it is written: no new entry, no edit, nothing counts as seen."""
    old = entries(2)[0]
    listed = entries(1) + entries(2, title="2026-11-20")
    result = reconcile(listed, [known(old)], SPEC, VETERAN, hold=True, now=NOW)
    assert (result.changes, result.present, result.held) == ((), (), 1)


def test_a_moved_deadline_is_material_and_tells_the_old_one() -> None:
    """A changed application deadline is told with its old value (CI3)."""
    before = entries(1, course=p.RawCourse(apply="2026-11-20 ~ 2026-11-27"))[0]
    after = entries(1, course=p.RawCourse(apply="2026-11-20 ~ 2026-11-30"))[0]
    change = reconcile([after], [known(before)], SPEC, VETERAN, now=NOW).changes[0]
    assert isinstance(change, p.Revised)
    assert change.material == ("apply_until",)
    assert change.before == ("2026-11-27T15:00:00+00:00",)


def test_relative_dates_do_not_make_old_entries_new_every_night() -> None:
    """``3일 전`` today and ``4일 전`` tomorrow are the same entry, unchanged."""
    monday = normalize(items(1, published=p.RawDate(text="3일 전", form="korean")), SPEC, now=NOW).entries[0]
    tuesday = normalize(
        items(1, published=p.RawDate(text="4일 전", form="korean")), SPEC, now=NOW + timedelta(days=1)
    ).entries[0]
    assert monday.published is not None
    result = reconcile([tuesday], [known(monday)], SPEC, VETERAN, now=NOW + timedelta(days=1))
    assert result.changes == ()


def test_an_entry_without_any_words_is_kept_but_waits() -> None:
    """A podcast item that has only a file is stored, and shown to nobody before somebody looked."""
    got = normalize([p.Item(key="ep-1", attachments=(p.Attachment(url="https://x.kr/a.mp3"),))], SPEC, now=NOW).entries
    change = reconcile(got, [], SPEC, VETERAN, now=NOW).changes[0]
    assert isinstance(change, p.Quarantined)
    assert (change.reason, change.entry.title) == ("untitled", "(제목 없음)")
