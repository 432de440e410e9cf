"""Conversations over the loop: validators in, unchanged bodies recognised, errors as values."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace

import pipeline.model as p
from pipeline.collect.fetch import Talk, drive, memory_of
from tests.fakes import FakeHttp, document

URL = "https://www.example.go.kr/feed.xml"
SPEC = p.SourceSpec(id="blog", name="블로그", kind="feed", options=None, url=URL, options_hash="v1")


def one_page() -> p.Conversation:
    answer = yield p.Request(url=URL)
    return None if answer.is_unchanged else p.Fetched(documents=(answer,), memo={"seen": 1})


def run(
    conversation: p.Conversation, http: FakeHttp, state: p.SourceState | None = None, spec: p.SourceSpec = SPEC
) -> Talk:
    talk = Talk(spec, state or p.SourceState(source_id=spec.id), conversation)
    ended = [t for t in drive([talk], http, concurrency=4, until=time.monotonic() + 60) if t is not None]
    assert ended == [talk]
    return talk


def test_a_first_fetch_sends_no_validators_and_keeps_what_came() -> None:
    """The validators of this body are kept for the next night."""
    http = FakeHttp({URL: document(URL, b"<rss/>", etag='"a"', last_modified="Mon")})
    talk = run(one_page(), http)
    assert (http.requests[0].etag, http.requests[0].last_modified) == (None, None)
    assert talk.fetched is not None
    assert talk.validators[URL].etag == '"a"'


def test_the_next_night_sends_them_verbatim() -> None:
    """ETags go back exactly as they came (P15)."""
    http = FakeHttp({URL: document(URL, status=304, is_unchanged=True)})
    known = p.Validator(etag='W/"odd \\" one"', last_modified="garbage", body_hash="x")
    talk = run(one_page(), http, p.SourceState(source_id="blog", validators={URL: known}))
    assert (http.requests[0].etag, http.requests[0].last_modified) == ('W/"odd \\" one"', "garbage")
    assert (talk.fetched, talk.error) == (None, None)


def test_an_equal_body_with_a_new_etag_is_unchanged() -> None:
    """Content decides, not the ETag: many servers answer 200 to everything."""
    answer = document(URL, b"<rss/>", etag='"new"')
    known = p.Validator(etag='"old"', body_hash=answer.body_hash)
    talk = run(one_page(), FakeHttp({URL: answer}), p.SourceState(source_id="blog", validators={URL: known}))
    assert (talk.fetched, talk.is_touched) == (None, True)


def test_changed_options_forget_validators_and_memo() -> None:
    """An edited selector must see the page again."""
    state = p.SourceState(source_id="blog", options_hash="v0", memo={"a": 1}, validators={URL: p.Validator(etag='"a"')})
    fresh = memory_of(SPEC, state)
    assert (fresh.memo, fresh.validators) == ({}, {})
    assert memory_of(SPEC, replace(state, options_hash="v1")).memo == {"a": 1}


def test_a_failed_fetch_is_that_sources_outcome() -> None:
    """Errors are thrown into the conversation and come out as values."""
    talk = run(one_page(), FakeHttp({URL: p.FetchError("down", status=500)}))
    assert isinstance(talk.error, p.FetchError)
    assert talk.error.subject == "blog"


def test_a_conversation_may_answer_an_error() -> None:
    """A source may fall back to another address."""

    def fallback() -> Generator[p.Request, p.Document, p.Fetched | None]:
        try:
            answer = yield p.Request(url=URL)
        except p.QuotaError:
            answer = yield p.Request(url=URL + "?fallback")
        return p.Fetched(documents=(answer,))

    http = FakeHttp({URL: p.QuotaError(), URL + "?fallback": document(URL, b"x")})
    talk = run(fallback(), http)
    assert talk.fetched is not None
    assert talk.requests == 2


def test_a_plugins_bug_is_named_and_contained() -> None:
    """A defect in one plugin is a PluginError with its name, not a crash."""

    def buggy() -> Generator[p.Request, p.Document, p.Fetched | None]:
        yield p.Request(url=URL)
        raise KeyError("oops")

    talk = run(buggy(), FakeHttp({URL: document(URL, b"x")}))
    assert isinstance(talk.error, p.PluginError)
    assert "feed" in talk.error.message


def test_the_runs_deadline_ends_what_is_still_open() -> None:
    """One endless source cannot hold the night (P2)."""

    def endless() -> Generator[p.Request, p.Document, p.Fetched | None]:
        while True:
            yield p.Request(url=URL)

    talk = Talk(SPEC, p.SourceState(source_id="blog"), endless())
    http = FakeHttp({URL: document(URL, b"x")})
    ended = [t for t in drive([talk], http, concurrency=1, until=time.monotonic() + 0.05) if t is not None]
    assert ended == [talk]
    assert talk.error is not None
    assert talk.error.code == "run-deadline"


def test_a_sources_own_deadline_strikes_between_pages() -> None:
    """A list that goes on for ever is cut and named (P2, P18)."""

    def endless() -> Generator[p.Request, p.Document, p.Fetched | None]:
        while True:
            yield p.Request(url=URL)

    spec = replace(SPEC, policy=p.FetchPolicy(deadline_s=0.0))
    talk = run(endless(), FakeHttp({URL: document(URL, b"x")}), spec=spec)
    assert talk.error is not None
    assert talk.error.code == "deadline"
