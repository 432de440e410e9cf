"""Was a run healthy? Three kinds of zero, coverage, cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import pipeline.model as p
from pipeline.collect import judge
from pipeline.collect.normalize import normalize
from pipeline.collect.profile import learned

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
SPEC = p.SourceSpec(id="notices", name="공지", kind="board", options=None, url="https://www.example.go.kr/list.do")
BUSY = p.SourceState(
    source_id="notices",
    first_run_at=NOW - timedelta(days=30),
    last_new_at=NOW - timedelta(days=2),
    profile=({"listed": 10.0, "parsed": 10.0, "dated": 1.0, "linked": 1.0, "new": 1.0},) * 7,
)


def entries(count: int, **changes: object) -> list[p.Entry]:
    items = [
        replace(
            p.Item(
                key=str(n),
                title=f"안내 {n}호 말씀드립니다",
                url=f"https://www.example.go.kr/view.do?id={n}",
                published=p.RawDate(text="2026-11-20"),
            ),
            **changes,
        )
        for n in range(count)
    ]
    return normalize(items, SPEC, now=NOW).entries


def health(listed: list[p.Entry], *, expect: p.Expect | None = None, state: p.SourceState = BUSY) -> p.Health:
    return judge.judge(listed, replace(SPEC, expect=expect or p.Expect()), state, now=NOW).health


def test_a_full_list_is_ok() -> None:
    """Ten dated, linked rows."""
    assert health(entries(10)) is p.Health.OK


def test_an_empty_list_without_history_is_empty() -> None:
    """A new board may have nothing yet."""
    assert health([], state=p.SourceState(source_id="notices")) is p.Health.EMPTY


def test_an_empty_list_with_a_history_of_ten_is_an_error() -> None:
    """Zero from a non-empty history is told on the same run (pain 1)."""
    assert health([]) is p.Health.SUDDENLY_EMPTY


def test_an_empty_list_within_its_cadence_raises_no_alarm() -> None:
    """No drift alarm before the declared cadence has passed (OP3)."""
    assert health([], expect=p.Expect(cadence_days=7)) is p.Health.EMPTY
    assert health([], expect=p.Expect(cadence_days=1)) is p.Health.SUDDENLY_EMPTY


def test_fewer_than_the_editor_expects_is_an_error() -> None:
    """``expect.min_items`` holds from the first run on."""
    assert health(entries(2), expect=p.Expect(min_items=5)) is p.Health.SUDDENLY_EMPTY


def test_a_blank_field_that_usually_is_there_is_drift() -> None:
    """One field going blank is the second commonest way a page breaks (pain 2)."""
    assert health(entries(10, published=None)) is p.Health.DRIFTING


def test_a_required_field_counts_at_once() -> None:
    """``expect.required`` needs no history."""
    fresh = p.SourceState(source_id="notices")
    blank = entries(3, published=None)
    assert health(blank, expect=p.Expect(required=("published",)), state=fresh) is p.Health.DRIFTING
    assert health(blank, state=fresh) is p.Health.OK


def test_only_good_runs_teach_the_profile() -> None:
    """A broken page must not become the new normal."""
    bad = judge.judge([], SPEC, BUSY, now=NOW)
    assert learned(BUSY, bad, 0) == BUSY.profile
    good = judge.judge(entries(10), SPEC, BUSY, now=NOW)
    assert learned(BUSY, good, 2)[-1]["new"] == 2.0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (p.FetchError(status=500), p.Health.FETCH_FAILED),
        (p.RefusedError(), p.Health.REFUSED),
        (p.GoneError(), p.Health.GONE),
        (p.QuotaError(), p.Health.QUOTA),
        (p.ShapeError(), p.Health.CONTAINER_MISSING),
        (p.ShapeError(code="unreadable"), p.Health.UNREADABLE),
        (p.ShapeError(code="title-missing"), p.Health.DRIFTING),
        (p.ShapeError(code="maintenance"), p.Health.UNREADABLE),
        (p.PluginError(), p.Health.PLUGIN),
    ],
)
def test_every_error_has_its_verdict(error: p.PipelineError, expected: p.Health) -> None:
    """Fetch faults, missing lists and defects never look alike."""
    assert judge.of_error(error).health is expected


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("container-missing", p.Remedy.EDITOR),
        ("drifting", p.Remedy.EDITOR),
        ("title-missing", p.Remedy.EDITOR),
        ("maintenance", p.Remedy.NOBODY),
        ("login-page", p.Remedy.OPERATOR),
        ("bot-page", p.Remedy.OPERATOR),
        ("unreadable", p.Remedy.DEVELOPER),
    ],
)
def test_each_cause_has_its_person(code: str, who: p.Remedy) -> None:
    """A redesign is mended in YAML, maintenance passes, a login is between operator and site."""
    assert p.ShapeError(code=code).remedy is who


def test_dates_without_pinned_rows_count() -> None:
    """Pinned rows without a date are how many boards are; only the rest must be dated."""
    listed = [replace(e, is_pinned=True) for e in entries(4, published=None)] + entries(10)[4:]
    assert health(listed) is p.Health.OK


def test_other_selectors_begin_anew() -> None:
    """An editor who gives the dates up on purpose is not told so every night."""
    edited = replace(BUSY, options_hash="before")
    spec = replace(SPEC, options_hash="after")
    assert judge.judge(entries(10, published=None), spec, edited, now=NOW).health is p.Health.OK


def test_a_list_that_shrinks_for_three_runs_is_suspicious_and_nothing_more() -> None:
    """Row count out of its band is told from the third run on, and never held."""
    runs: list[dict[str, float]] = [{"listed": 20.0, "title_chars": 25.0}] * 8
    short = {"listed": 6.0, "title_chars": 25.0}
    assert [judge.suspicion([*runs, *[short] * n]) for n in (1, 2)] == ["", ""]
    assert judge.suspicion([*runs, short, short, short]) == "listed 6, usually 20"
    assert judge.suspicion([*runs, short, runs[0], short]) == ""
    assert health(entries(3)) is p.Health.OK


def test_carried_rows_are_known_and_keep_what_was_said_of_them() -> None:
    """One undated row beside nineteen that were not parsed again says nothing about the page."""
    state = replace(BUSY, profile=({"listed": 20.0, "parsed": 20.0, "dated": 1.0, "linked": 1.0, "new": 1.0},) * 7)
    verdict = judge.judge(entries(1, published=None), SPEC, state, carried=19, found={}, now=NOW)
    assert verdict.health is p.Health.OK
    assert dict(verdict.numbers)["known"] == 0.95
    assert dict(verdict.numbers)["dated"] == 0.95
