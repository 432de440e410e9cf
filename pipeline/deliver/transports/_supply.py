"""Who is next, how fast, and when going on makes no sense (tool of this room).

What does not live here: connections (``_lane``), transactions (``_post``).
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

import pipeline.model as p
from pipeline.deliver.transports._lane import Reply
from pipeline.i18n import _
from pipeline.model import DeliveryState as S

GROUP: Final = 500  # receivers claimed at once: one durable write each
STREAK: Final = 20  # refusals in a row that are about us, not about the receiver
_TAKEN: Final = p.Fate(state=S.SENT, reason="250")
_LOSSES: Final = 3  # broken lines in a row, without one message taken between


class Supply:
    """The receivers of one run, in their order.

    Args:
        people: Their ledger.
        per_minute: Most messages in a minute, 0 for no limit.

    Attributes:
        stop: Why nobody more is handed out; ``None`` while somebody may be.
        free_at: Monotonic second from which the next may leave.
    """

    def __init__(self, people: p.People, per_minute: int = 0) -> None:
        self._people = people
        self._gap = 60.0 / per_minute if per_minute else 0.0
        # at a slow pace the hours and refusals are asked every ten seconds, not every 200 messages
        self._group = min(GROUP, max(1, per_minute // 6)) if per_minute else GROUP
        self._queue: deque[p.Person] = deque()
        self._is_dry = False
        self._losses = self._patience = self._blocked = 0
        self.stop: p.PipelineError | None = None
        self.free_at = 0.0

    def __len__(self) -> int:
        """Return how many are at hand; claims the next group when nobody is."""
        if not self._queue and not self._is_dry and self.stop is None:
            try:
                self._queue.extend(self._people.begin(self._group))
            except p.NotNowError as error:
                self.stop = error
            self._is_dry = not self._queue
        return len(self._queue)

    def take(self) -> p.Person | None:
        """Return who is next, ``None`` when nobody is, or not yet."""
        if self.stop is not None or not len(self) or time.monotonic() < self.free_at:
            return None
        if self._gap:
            self.free_at = max(self.free_at, time.monotonic() - self._gap) + self._gap
        return self._queue.popleft()

    def put_back(self, person: p.Person) -> None:
        """Nothing of this one's message was said: another line may try."""
        if self.stop is None:
            self._queue.appendleft(person)

    def halt(self, error: p.PipelineError) -> None:
        """Hand out nobody more; whoever is at hand was claimed but not sent to, and waits for the next try."""
        self.stop = self.stop or error
        self._queue.clear()

    def lost(self, why: p.DeliveryError | None = None) -> None:
        """A line broke (after the server said ``why``); again and again is enough."""
        self._losses += 1
        if self._losses >= _LOSSES:
            self.halt(why or p.DeliveryError(_("메일을 보내던 중 연결이 거듭 끊겼습니다."), code="lost"))

    def fate(self, reply: Reply) -> p.Fate:
        """Return what a definite answer means for its receiver.

        4xx waits, 5xx is final; many in a row are about us, and everybody else is spared.
        """
        if reply.code == 250:
            self._losses = self._patience = self._blocked = 0
            return _TAKEN
        if reply.code < 500:
            self._patience += 1
            if self._patience >= STREAK:
                self.halt(later(reply))
            return p.Fate(state=S.PENDING, reason=reply.words)
        self._blocked = self._blocked + 1 if reply.kind == "blocked" else 0
        if self._blocked >= STREAK:
            message = _("메일 서버가 잇따라 메일을 막았습니다 ({words}).").format(words=reply.words)
            self.halt(p.RejectedError(message, code="blocked"))
        return p.Fate(state=S.FAILED, reason=reply.words)


def later(reply: Reply) -> p.DeliveryError:
    """Return the error of a server that asks for patience."""
    return p.DeliveryError(
        _("메일 서버가 나중에 다시 보내라고 했습니다 ({code}).").format(code=reply.code), code="later"
    )


def no_sender(reply: Reply) -> p.DeliveryError:
    """Return the error of a server that does not take this sender."""
    if reply.code < 500:
        return later(reply)
    return p.RejectedError(_("메일 서버가 보내는 주소를 받아들이지 않았습니다 ({code}).").format(code=reply.code))
