"""Was a run healthy? Three kinds of zero, coverage, cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import pipeline.model as p
from pipeline.collect import judge
from pipeline.collect.normalize import normalize

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
    assert judge.profile(BUSY, bad, 0) == BUSY.profile
    good = judge.judge(entries(10), SPEC, BUSY, now=NOW)
    assert judge.profile(BUSY, good, 2)[-1]["new"] == 2.0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (p.FetchError(status=500), p.Health.FETCH_FAILED),
        (p.RefusedError(), p.Health.REFUSED),
        (p.GoneError(), p.Health.GONE),
        (p.QuotaError(), p.Health.QUOTA),
        (p.ShapeError(), p.Health.CONTAINER_MISSING),
        (p.ShapeError(code="unreadable"), p.Health.UNREADABLE),
        (p.PluginError(), p.Health.PLUGIN),
    ],
)
def test_every_error_has_its_verdict(error: p.PipelineError, expected: p.Health) -> None:
    """Fetch faults, missing lists and defects never look alike."""
    assert judge.of_error(error).health is expected
