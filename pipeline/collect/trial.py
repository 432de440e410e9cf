"""What one source gives now, or from a saved page: nothing is kept (``moa source test``).

What does not live here: printing (``cli/source``). Same conversation, parser, limits and judge as the night's.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

import pipeline.model as p
from pipeline.collect import judge
from pipeline.collect.fetch import Talk, drive
from pipeline.collect.jobs import Job, Parsed
from pipeline.collect.run import Plugins
from pipeline.collect.workers import Workers

_PAGE_TYPES: Mapping[bytes, str] = {b"<?xml": "application/xml", b"{": "application/json"}


@dataclass(frozen=True, slots=True)
class Trial:
    """Entries a source would give, what was dropped and why, and the verdict; ``documents`` are what they were read from."""

    entries: tuple[p.Entry, ...]
    dropped: tuple[p.Dropped, ...]
    warnings: tuple[tuple[str, str], ...]
    verdict: p.Verdict
    error: p.PipelineError | None
    requests: int
    seconds: float
    documents: tuple[p.Document, ...] = ()


def live(spec: p.SourceSpec, http: p.Http, plugins: Plugins, *, now: datetime) -> Trial:
    """Fetch and parse one source as if it had never been read; one request or a few, nothing stored."""
    began = time.monotonic()
    state = p.SourceState(source_id=spec.id)
    plugin = plugins.source(spec.kind)
    talk = Talk(spec, state, plugin.fetch(spec.options, {}))
    ended = [t for t in drive([talk], http, concurrency=1, until=began + spec.policy.deadline_s * 2) if t is not None]
    error, fetched = ended[0].error, ended[0].fetched
    if error is not None or fetched is None:
        return _failed(error or p.FetchError(), talk.requests, time.monotonic() - began)
    if talk.moved_to:
        fetched = replace(fetched, warnings=(*fetched.warnings, ("moved", talk.moved_to)))
    return _parsed(spec, plugin, fetched, requests=talk.requests, began=began, now=now)


def saved(spec: p.SourceSpec, body: bytes, plugins: Plugins, *, now: datetime) -> Trial:
    """Parse one saved list page with the source's ``url`` as its base; no network."""
    return read(spec, page_of(spec, body, now=now), plugins, now=now)


def read(spec: p.SourceSpec, page: p.Document, plugins: Plugins, *, now: datetime) -> Trial:
    """Parse one list page that is at hand."""
    return again(spec, (page,), plugins, now=now)


def again(spec: p.SourceSpec, documents: tuple[p.Document, ...], plugins: Plugins, *, now: datetime) -> Trial:
    """Parse the documents a source's own conversation brought before; no network."""
    fetched = p.Fetched(documents=documents)
    return _parsed(spec, plugins.source(spec.kind), fetched, requests=0, began=time.monotonic(), now=now)


def page_of(spec: p.SourceSpec, body: bytes, *, now: datetime) -> p.Document:
    """Return saved bytes as the document the source's address would have given."""
    head = body.lstrip()[:5]
    return p.Document(
        url=spec.url,
        requested_url=spec.url,
        media_type=next((kind for start, kind in _PAGE_TYPES.items() if head.startswith(start)), "text/html"),
        body=body,
        body_hash=blake2b(body, digest_size=16).hexdigest(),
        fetched_at=now,
    )


def first_page(spec: p.SourceSpec, http: p.Http, plugins: Plugins) -> p.Document:
    """Fetch a source's list page as its own conversation asks for it (method, form, a page to open first).

    Raises:
        SourceError: It could not be fetched, or the conversation never asks for the source's address.

    Cost: one request, or two where a page must be opened first.
    """
    conversation = plugins.source(spec.kind).fetch(spec.options, {})
    request = next(conversation, None)
    while request is not None:
        page = http.fetch(replace(request, policy=spec.policy, etag=None, last_modified=None))
        if request.url == spec.url:
            conversation.close()
            return page
        try:
            request = conversation.send(page)
        except StopIteration:
            request = None
    raise p.ShapeError(subject=spec.id)


def _parsed(
    spec: p.SourceSpec, plugin: p.Source, fetched: p.Fetched, *, requests: int, began: float, now: datetime
) -> Trial:
    module = getattr(plugin, "__name__", f"sources.{spec.kind}")
    answer: Parsed | None = None
    with Workers[Parsed](size=1) as workers:
        workers.submit(Job(spec=spec, module=module, fetched=fetched, now=now))
        while workers.backlog:
            for parsed in workers.collect(1.0):
                answer = parsed
    seconds = time.monotonic() - began
    if answer is None or answer.normalized is None:
        return _failed(answer.error if answer and answer.error else p.ShapeError(), requests, seconds)
    got = answer.normalized
    verdict = judge.judge(got.entries, spec, p.SourceState(source_id=spec.id), carried=fetched.carried, now=now)
    entries = tuple(replace(e, first_seen_at=now) for e in got.entries)
    warnings = (*fetched.warnings, *got.warnings)
    return Trial(entries, tuple(got.dropped), warnings, verdict, None, requests, seconds, fetched.documents)


def _failed(error: p.PipelineError, requests: int, seconds: float) -> Trial:
    return Trial((), (), (), judge.of_error(error), error, requests, seconds)
