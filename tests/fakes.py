"""Fakes at the doors: a scripted web.

What does not live here: fakes of our own rooms; there are none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b

import pipeline.model as p

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
Answer = p.Document | p.SourceError


def document(url: str, body: bytes = b"", **changes: object) -> p.Document:
    """Return a document as the http door would give it."""
    base = p.Document(
        url=url,
        requested_url=url,
        body=body,
        body_hash=blake2b(body, digest_size=16).hexdigest(),
        fetched_at=NOW,
    )
    return replace(base, **changes)


class FakeHttp:
    """Answers requests from a script: URL → answer, or a callable of the request."""

    def __init__(self, script: dict[str, Answer | Callable[[p.Request], Answer]]) -> None:
        self.script = script
        self.requests: list[p.Request] = []
        self._queue: deque[tuple[object, p.Request]] = deque()

    def submit(self, request: p.Request, tag: object) -> None:
        self.requests.append(request)
        self._queue.append((tag, request))

    def poll(self, timeout_s: float) -> Sequence[tuple[object, Answer]]:
        ended = [(tag, self._answer(request)) for tag, request in self._queue]
        self._queue.clear()
        return ended

    def cancel(self, tag: object) -> None:
        self._queue = deque((t, r) for t, r in self._queue if t != tag)

    def fetch(self, request: p.Request) -> p.Document:
        self.requests.append(request)
        answer = self._answer(request)
        if isinstance(answer, p.PipelineError):
            raise answer
        return answer

    def _answer(self, request: p.Request) -> Answer:
        answer = self.script[request.url]
        return answer(request) if callable(answer) else answer
