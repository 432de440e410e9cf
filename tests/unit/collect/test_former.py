"""What moved into a merged source is recognised, and only that (ADR-0026)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import pipeline.model as p
from pipeline.collect.former import Former, former_of, merged
from pipeline.collect.normalize import normalize
from pipeline.collect.reconcile import Reconciled, reconcile
from pipeline.collect.settling import withdrawn

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
READ = NOW - timedelta(days=1)
CITY = p.SourceSpec(
    id="city",
    name="통합 채널",
    kind="feed",
    options=None,
    url="https://one.example.go.kr/",
    formerly=("old-a", "old-b"),
    backfill=p.Backfill(mode="follow"),
)
FIRST = p.SourceState(source_id="city")
VETERAN = replace(
    FIRST, first_run_at=NOW - timedelta(days=90), profile=({"listed": 10.0, "new": 1.0, "parsed": 10.0},) * 5
)


def entry(source: str = "city", **said: object) -> p.Entry:
    base = {
        "key": "url:aaaa1111",
        "title": "가온마을 기록학교 3기를 마치며",
        "url": "https://one.example.go.kr/1",
        "published": p.RawDate(text="2026-11-10T10:00:00+09:00"),
    }
    spec = replace(CITY, id=source)
    return normalize([p.Item(**(base | said))], spec, now=NOW).entries[0]


def video(source: str = "city", *, seconds: int | None = 754, key: str = "newvideo001", **said: object) -> p.Entry:
    address = f"https://www.youtube.com/watch?v={key}"
    return entry(source, key=key, url=address, kind=p.Kind.VIDEO, video=p.Video(duration_s=seconds), **said)


def known(one: p.Entry, **changes: object) -> p.Known:
    base = p.Known(
        id=one.id,
        key=one.key,
        url_hash=one.url_hash,
        fingerprint=one.fingerprint,
        content_hash=one.content_hash,
        title=one.title,
        published=one.published,
        first_seen_at=NOW - timedelta(days=9),
        duration_s=one.video.duration_s if one.video else None,
    )
    return replace(base, **changes)


def night(listed: list[p.Entry], told: list[p.Known], state: p.SourceState = VETERAN, **spec: object) -> Reconciled:
    return reconcile(listed, [], replace(CITY, **spec), state, former=Former(told, READ), now=NOW)


def loud(result: Reconciled) -> list[str]:
    return [c.entry.title for c in result.changes if isinstance(c, p.New) and not c.entry.is_quiet]


ELSEWHERE = {"key": "tag:two", "url": "https://two.example.go.kr/2"}
LATER = p.RawDate(text="2026-11-22T20:00:00+09:00")
MOVES = {
    "the same native key": (entry("old-a"), entry(title="다른 제목이 되었습니다", url=ELSEWHERE["url"])),
    "the same address": (entry("old-a"), entry(key="tag:two", title="다른 제목이 되었습니다")),
    "the same title and day": (entry("old-a"), entry(**ELSEWHERE)),
    "a label put in front": (entry("old-a"), entry(**ELSEWHERE, title="[기록학교] 가온마을 기록학교 3기를 마치며")),
    "the same video": (video("old-a", key="samevideo01"), video(key="samevideo01", published=LATER)),
    "a video uploaded again": (video("old-a", key="oldvideo001"), video(published=LATER)),
    "re-encoded by a second": (video("old-b", key="oldvideo001", seconds=755), video(published=LATER)),
    "a video known without its length": (video("old-a", key="oldvideo001", seconds=None), video()),
}
OTHERS = {
    "another title": (entry("old-a"), entry(**ELSEWHERE, title="가온마을 기록학교 4기를 마치며")),
    "another day": (entry("old-a"), entry(**ELSEWHERE, published=LATER)),
    "no day to compare": (entry("old-a"), entry(**ELSEWHERE, published=None)),
    "a title that says little": (entry("old-a", title="휴관 안내"), entry(**ELSEWHERE, title="휴관 안내")),
    "row 57 of another board": (entry("old-a", key="57"), entry(**(ELSEWHERE | {"key": "57"}), title="수강생 모집")),
    "a video of another length": (video("old-a", key="oldvideo001", seconds=3600), video()),
}


@pytest.mark.parametrize(("told", "listed"), MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("state", [FIRST, VETERAN], ids=["new source", "old source"])
def test_what_a_former_source_told_is_stored_and_not_told_again(
    told: p.Entry, listed: p.Entry, state: p.SourceState
) -> None:
    """By key, address, title and day, or title and length; whether the merged source is new or one of the old."""
    result = night([listed], [known(told)], state, backfill=p.Backfill(mode="last", last=9))
    assert ([(listed.id, True)], 1) == ([(c.entry.id, c.entry.is_quiet) for c in result.changes], result.moved)


@pytest.mark.parametrize(("told", "listed"), OTHERS.values(), ids=OTHERS)
def test_news_is_not_taken_for_what_moved(told: p.Entry, listed: p.Entry) -> None:
    """A wrong match would hide news, so little likeness is no match."""
    assert ([listed.title], 0) == (loud(night([listed], [known(told)])), night([listed], [known(told)]).moved)


def test_an_address_of_several_articles_names_none() -> None:
    """Where a list gives every article one address, here or there, the address proves nothing."""
    listed = [entry(key=f"tag:{n}", title=f"가온 소식 {n}호가 나왔습니다") for n in range(2)]
    assert len(loud(night(listed, [known(entry("old-a", title="가온 옛 소식이 나왔습니다", key="tag:x"))]))) == 2
    told = [known(entry("old-a", key=f"tag:x{n}", title=f"옛 소식 {n}호가 나왔습니다")) for n in range(2)]
    assert len(loud(night(listed[:1], told))) == 1


def test_what_was_held_stays_held() -> None:
    """An entry that waited for an editor in its old source waits in the new one."""
    (change,) = night([entry()], [known(entry("old-a"), quarantined="flood")]).changes
    assert isinstance(change, p.Quarantined)
    assert "flood" == change.reason == change.entry.quarantined


def test_a_hundred_moved_entries_are_no_flood() -> None:
    """Re-uploading an archive neither holds back nor hides tonight's news."""
    told = [
        entry("old-a", key=f"tag:{n:04}", url=f"https://old.example.go.kr/{n}", title=f"{n}호 소식") for n in range(99)
    ]
    listed = [replace(e, id=f"city:{n}", source_id="city") for n, e in enumerate(told)]
    result = night([*listed, entry(title="오늘 새로 나온 소식입니다", published=LATER)], [known(e) for e in told])
    assert (["오늘 새로 나온 소식입니다"], 99, False) == (loud(result), result.moved, result.is_flood)


@pytest.mark.parametrize(
    ("published", "is_told"),
    [
        ("2026-11-22T20:00:00+09:00", True),  # after the old sources' last reading on the 22nd at 03:00
        ("2026-11-22T01:00:00+09:00", False),
        ("2026-11-22", True),  # that day, hour unknown: unknown to the old sources, so later
        ("2026-11-21", False),
        ("", False),
    ],
)
def test_a_source_that_took_others_place_loses_nothing_of_the_night_between(published: str, is_told: bool) -> None:
    """Its first run tells what appeared since the old ones were last read, and nothing older."""
    one = entry(published=p.RawDate(text=published) if published else None)
    assert is_told is bool(loud(night([one], [], FIRST)))


def test_a_first_night_with_more_news_than_news_can_be_is_held() -> None:
    """A migration that dated everything with the day of the move waits for an editor."""
    listed = [entry(key=f"tag:{n:04}", url=f"https://one.example.go.kr/{n}", published=LATER) for n in range(21)]
    result = night(listed, [], FIRST)
    assert (True, {p.Quarantined}) == (result.is_flood, {type(c) for c in result.changes})


def test_former_entries_are_asked_for_only_when_needed() -> None:
    """No query for a source that follows none, or that lists nothing unknown."""
    asked: list[object] = []

    class Told:
        def of_sources(self, source_ids: Sequence[str]) -> tuple[p.Known, ...]:
            asked.append(source_ids)
            return ()

    one = entry()
    states = {"old-a": replace(FIRST, source_id="old-a", last_success_at=READ)}
    assert former_of(replace(CITY, formerly=()), [one], [], states, Told()) is None
    assert former_of(CITY, [one], [known(one)], states, Told()) is None
    former = former_of(CITY, [one], [], states, Told())
    assert former is not None
    assert ([("old-a", "old-b")], READ) == (asked, former.read_at)
    assert ["merged", "formerly-unknown"] == [code for code, _text in merged(former, 3)]
    assert "old-b" in next(merged(former, 0))[1]


def test_a_place_may_withdraw_a_few_entries_never_most_of_them() -> None:
    """Five at once or a fifth of the list; more is likelier a mistake, and everything stays (pain 16)."""
    some = [known(entry("old-a", key=f"tag:{n}")) for n in range(9)]
    assert [5, 0, 9] == [len(withdrawn(some[:n], listed=size)) for n, size in ((5, 5), (6, 10), (9, 100))]
    assert () == withdrawn([replace(some[0], gone_at=NOW)], listed=9)
