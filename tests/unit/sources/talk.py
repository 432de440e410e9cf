"""Plays the web to a source's conversation: addresses and their answers, no socket.

What does not live here: assertions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import pipeline.model as p

NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
Answer = p.Document | p.SourceError


def document(url: str, body: bytes | str, **more: Any) -> p.Document:
    """A document as the door would hand it over."""
    raw = body.encode() if isinstance(body, str) else body
    return p.Document(**{"url": url, "body": raw, "body_hash": blake2b(raw).hexdigest(), "fetched_at": NIGHT, **more})


@dataclass
class Web:
    """Answers a conversation as the loop does: remembers bodies and marks an equal one as unchanged."""

    answer: Callable[[p.Request], Answer]
    asked: list[p.Request] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)

    def run(self, conversation: p.Conversation) -> p.Fetched | None:
        """Drive a conversation to its end; what is asked tonight is kept in ``asked``."""
        self.asked = []
        seen: dict[str, str] = {}
        try:
            request = next(conversation)
            while True:
                self.asked.append(request)
                answer = self.answer(request)
                if isinstance(answer, p.SourceError):
                    request = conversation.throw(answer)
                    continue
                if request.conditional:
                    seen[request.url] = answer.body_hash
                    if self.bodies.get(request.url) == answer.body_hash:
                        answer = p.Document(url=answer.url, fetched_at=answer.fetched_at, is_unchanged=True)
                request = conversation.send(answer)
        except StopIteration as end:
            self.bodies.update(seen)
            return end.value
