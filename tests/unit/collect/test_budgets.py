"""A daily allowance that sources share is asked until somebody finds it spent, and then left alone."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pipeline.model as p
from pipeline.collect.fetch import Talk, drive
from tests.fakes import FakeHttp, document

API, FEED = "https://api.example.org/list", "https://www.example.org/feed"
UNTIL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def conversation(*, has_feed: bool) -> p.Conversation:
    try:
        answer = yield p.Request(url=API, budget="api:KEY")
    except p.QuotaError as error:
        if not has_feed:
            raise
        answer = yield p.Request(url=FEED, spent=(("api:KEY", error.until),))
    return p.Fetched(documents=(answer,))


def refused(_request: p.Request) -> p.SourceError:
    error = p.QuotaError("spent", until=UNTIL)
    error.budget = "api:KEY"
    return error


def night(api: object, *has_feed: bool, concurrency: int = 1) -> tuple[list[Talk], list[str]]:
    specs = [p.SourceSpec(id=f"s{n}", name="", kind="api", options=None) for n in range(len(has_feed))]
    talks = [
        Talk(spec, p.SourceState(source_id=spec.id), conversation(has_feed=feed))
        for spec, feed in zip(specs, has_feed, strict=True)
    ]
    http = FakeHttp({API: api, FEED: document(FEED, b"<rss/>")})  # type: ignore[dict-item]
    ended = [t for t in drive(talks, http, concurrency=concurrency, until=time.monotonic() + 60) if t is not None]
    assert len(ended) == len(talks)
    return talks, [request.url for request in http.requests]


def test_a_spent_budget_is_not_asked_by_those_who_come_later() -> None:
    """Whoever finds it spent first speaks for all with this key, whether it could go on without or not."""
    for first in (True, False):
        talks, asked = night(refused, first, True, True, False, False, True)
        assert asked.count(API) <= 2, asked  # two conversations are open at once
        assert talks[-1].fetched is not None
        assert [type(t.error) for t in talks if t.fetched is None] == [p.QuotaError] * (2 if first else 3)
        assert {t.error.until for t in talks if isinstance(t.error, p.QuotaError)} == {UNTIL}


def test_questions_that_wait_are_taken_back() -> None:
    """What was queued and not answered yet ends as spent, too: nobody is left waiting."""
    talks, _asked = night(refused, *(True,) * 9, concurrency=9)
    assert all(t.fetched is not None and t.fetched.documents[0].url == FEED for t in talks)


def test_a_budget_with_units_left_hinders_nobody() -> None:
    """Everyone is answered."""
    talks, asked = night(document(API, b"{}"), True, False, True)
    assert [API] * 3 == asked
    assert all(t.error is None for t in talks)
