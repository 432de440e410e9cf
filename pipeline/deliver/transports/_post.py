"""Sends to many over a few kept connections: one receiver a transaction, the line never idle (tool of this room).

What does not live here: one connection (``_lane``), messages (``_splice``), who receives (``p.People``).

With pipelining a connection's group is the last message's text, its final dot and the next receiver's envelope: one round
trip a message, and at most one message a connection whose answer is open. Everything runs in one thread over ``select``.
"""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pipeline.model as p
from pipeline.deliver.transports._lane import CutError, Lane, Reply
from pipeline.i18n import _
from pipeline.model import DeliveryState as S

GROUP: Final = 200  # receivers claimed at once: one durable write each
STREAK: Final = 20  # refusals in a row that are about us, not about the receiver
_LOSSES: Final = 3  # broken lines in a row, without one message taken between


@dataclass(slots=True, eq=False)
class _Turn:
    """What one connection is about.

    Attributes:
        next: Its envelope is said; nothing of the message is.
        away: The text is said; its answer is open.
        refused: The first answer that refused ``next``, and to what.
        is_stale: The server may hold half a transaction: RSET comes first.
    """

    lane: Lane
    next: p.Person | None = None
    away: p.Person | None = None
    refused: tuple[str, Reply] | None = None
    is_stale: bool = False
    ended: dict[str, p.Fate] = field(default_factory=dict)


class Post:
    """One run of sending.

    Args:
        dial: Opens a connection; raises ``CredentialError`` or ``DeliveryError``.
        sender: Plain address of the envelope.
        people: Who receives.
        message: Makes a receiver's bytes, dots doubled, ending in CRLF.
        connections: Most at once.
        per_minute: Most messages in a minute, 0 for no limit.
        per_connection: Messages after which a connection is replaced, 0 for no limit.
    """

    def __init__(
        self,
        dial: Callable[[], Lane],
        sender: str,
        people: p.People,
        message: Callable[[p.Person], bytes],
        *,
        connections: int = 1,
        per_minute: int = 0,
        per_connection: int = 0,
    ) -> None:
        self._dial, self._people, self._message = dial, people, message
        self._mail = f"MAIL FROM:<{sender}>\r\n".encode("ascii")
        self._connections, self._per_connection = connections, per_connection
        self._gap = 60.0 / per_minute if per_minute else 0.0
        self._group = min(GROUP, max(1, per_minute // 6)) if per_minute else GROUP
        self._queue: deque[p.Person] = deque()
        self._turns: list[_Turn] = []
        self._is_dry = False
        self._stop: p.PipelineError | None = None
        self._losses = self._later = self._blocked = 0
        self._free_at = 0.0

    def run(self) -> None:
        """Send until nobody is left or going on makes no sense.

        Raises:
            CredentialError: The account is refused.
            RejectedError: The server takes nothing from this sender, or refuses message after message.
            DeliveryError: No connection, or it breaks again and again: who was not tried may be tried later.
            NotNowError: The hours ended.
            StoreError: Nothing could be recorded; nothing more left.
        """
        try:
            while self._has_work():
                self._staff()
                for turn in list(self._turns):
                    if not turn.lane.asked:
                        self._go_on(turn)
                self._listen()
        finally:
            for turn in self._turns:
                turn.lane.leave()
                self._note(turn)
        if self._stop is not None:
            raise self._stop

    # --- whose turn ---------------------------------------------------------------------------------------------------

    def _has_work(self) -> bool:
        self._refill()
        return bool(self._queue) or any(turn.lane.asked for turn in self._turns)

    def _refill(self) -> None:
        if self._queue or self._is_dry or self._stop is not None:
            return
        try:
            self._queue.extend(self._people.begin(self._group))
        except p.NotNowError as error:
            self._stop = error
        self._is_dry = not self._queue

    def _staff(self) -> None:
        """Open connections as the queue deserves; the first must work, more are a gain."""
        wanted = min(self._connections, 1 + len(self._queue) // 20)
        while self._queue and self._stop is None and len(self._turns) < wanted:
            try:
                self._turns.append(_Turn(self._dial()))
            except p.CredentialError as error:
                self._halt(error)
            except p.DeliveryError as error:
                if self._turns:
                    self._connections = len(self._turns)
                else:
                    self._halt(error)
                return

    def _halt(self, error: p.PipelineError) -> None:
        self._stop = self._stop or error
        self._queue.clear()  # they are claimed, not away: they wait for the next try

    def _taken(self, lane: Lane) -> p.Person | None:
        """Return who is next on this connection, ``None`` when nobody is or not yet."""
        self._refill()
        if self._stop is not None or not self._queue or time.monotonic() < self._free_at:
            return None
        if self._per_connection and lane.used >= self._per_connection:
            return None
        self._free_at = max(self._free_at, time.monotonic() - self._gap) + self._gap if self._gap else 0.0
        lane.used += 1
        return self._queue.popleft()

    def _go_on(self, turn: _Turn) -> None:
        """Begin the next transaction on an idle connection, or give the connection up."""
        turn.next = self._taken(turn.lane)
        self._note(turn)
        if turn.next is not None:
            self._speak(turn, *self._envelope(turn))
        elif self._per_connection and turn.lane.used >= self._per_connection:
            turn.lane.leave()
            self._turns.remove(turn)

    def _envelope(self, turn: _Turn) -> tuple[bytes, tuple[str, ...]]:
        assert turn.next is not None
        turn.refused = None
        words, answers = (b"RSET\r\n", ("rset",)) if turn.is_stale else (b"", ())
        turn.is_stale = False
        if not turn.lane.is_pipelined:
            return (words, answers) if words else (self._mail, ("mail",))
        rcpt = f"RCPT TO:<{turn.next.address}>\r\n".encode("ascii")
        return words + self._mail + rcpt + b"DATA\r\n", (*answers, "mail", "rcpt", "data")

    # --- the line -----------------------------------------------------------------------------------------------------

    def _speak(self, turn: _Turn, payload: bytes, answers: tuple[str, ...], *, vital: int = 0) -> None:
        try:
            turn.lane.say(payload, *answers, vital=vital)
        except CutError:
            if turn.away is not None:
                self._put_back(turn, turn.away)
                turn.away = None
            self._lose(turn)
        except OSError:
            self._lose(turn)

    def _listen(self) -> None:
        busy = [turn for turn in self._turns if turn.lane.asked]
        now = time.monotonic()
        if not busy:
            if self._queue and self._free_at > now:
                time.sleep(min(self._free_at - now, 1.0))
            return
        until = min(turn.lane.deadline for turn in busy)
        if self._queue and self._free_at > now and len(busy) < len(self._turns):
            until = min(until, self._free_at)
        ready = select.select([turn.lane.sock for turn in busy], [], [], max(0.0, until - now))[0]
        now = time.monotonic()
        for turn in busy:
            if turn.lane.sock in ready:
                try:
                    replies = turn.lane.replies()
                except OSError:
                    self._lose(turn)
                    continue
                self._hear(turn, replies)
            elif turn.lane.deadline <= now:
                self._lose(turn)

    def _lose(self, turn: _Turn, why: p.DeliveryError | None = None) -> None:
        """The line is broken: whose text was whole is unknown, whoever had only an envelope goes to the next line.

        Args:
            turn: Whose line.
            why: What the server said before; it is told when lines break again and again.
        """
        if turn not in self._turns:
            return
        turn.lane.close()
        turn.lane.asked.clear()
        self._turns.remove(turn)
        if turn.away is not None:
            turn.ended[turn.away.hash] = p.Fate(state=S.UNKNOWN, reason="no-answer")
        self._note(turn)
        if turn.next is not None and self._stop is None:
            self._queue.appendleft(turn.next)
        self._losses += 1
        if self._losses >= _LOSSES:
            self._halt(why or p.DeliveryError(_("메일을 보내던 중 연결이 거듭 끊겼습니다."), code="lost"))

    def _put_back(self, turn: _Turn, person: p.Person) -> None:
        """Its text was not whole: nobody took it."""
        turn.ended[person.hash] = p.Fate(state=S.PENDING, reason="cut")

    def _note(self, turn: _Turn) -> None:
        if turn.ended:
            ended, turn.ended = turn.ended, {}
            self._people.ended(ended)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _hear(self, turn: _Turn, replies: list[tuple[str, Reply]]) -> None:
        for to, reply in replies:
            if turn not in self._turns:
                return
            if reply.code == 421:
                self._dismiss(turn, to, reply)
            elif to == "dot":
                self._told(turn, reply)
            elif to in ("mail", "rcpt", "data"):
                self._step(turn, to, reply)
            elif to == "unasked" or (to == "rset" and reply.code != 250):
                self._lose(turn)
            elif to == "rset" and not turn.lane.is_pipelined:
                self._speak(turn, self._mail, ("mail",))

    def _dismiss(self, turn: _Turn, to: str, reply: Reply) -> None:
        """421: this connection has served its time, a definite "later" for the message it answers; another may go on."""
        if to == "dot":
            self._told(turn, reply)
        elif to in ("rcpt", "data") and turn.next is not None:
            self._count(turn, turn.next, reply)
            turn.next = None
        self._lose(turn, _later(reply))

    def _step(self, turn: _Turn, to: str, reply: Reply) -> None:
        """One answer of an envelope."""
        person = turn.next
        if person is None:
            return
        is_good = reply.code == 354 if to == "data" else reply.code in (250, 251)
        if not is_good and turn.refused is None:
            turn.refused = (to, reply)
        if to == "data" and turn.refused is None:
            self._depart(turn, person)
        elif to == "data" and reply.code == 354:  # the server waits for a text although it refused the receiver
            self._refuse(turn, person)
            self._speak(turn, b".\r\n", ("void",))
        elif turn.refused is not None and (to == "data" or not turn.lane.is_pipelined):
            self._refuse(turn, person)
        elif not turn.lane.is_pipelined:
            following = {
                "mail": (f"RCPT TO:<{person.address}>\r\n".encode("ascii"), "rcpt"),
                "rcpt": (b"DATA\r\n", "data"),
            }
            words, answer = following[to]
            self._speak(turn, words, (answer,))

    def _depart(self, turn: _Turn, person: p.Person) -> None:
        """Everything is agreed: record that it leaves, then let it leave, with the next envelope behind it."""
        text = self._message(person) + b".\r\n"
        ended, turn.ended = turn.ended, {}
        self._people.leaving([person], ended)
        turn.away, turn.next = person, None
        payload, answers = text, tuple[str, ...](("dot",))
        if turn.lane.is_pipelined:
            turn.next = self._taken(turn.lane)
            if turn.next is not None:
                words, more = self._envelope(turn)
                payload, answers = text + words, ("dot", *more)
        self._speak(turn, payload, answers, vital=len(text))

    def _told(self, turn: _Turn, reply: Reply) -> None:
        """The answer after the final dot: the only one that says what became of a message."""
        person, turn.away = turn.away, None
        if person is None:
            return
        if reply.code == 250:
            self._losses = self._later = self._blocked = 0
            turn.ended[person.hash] = p.Fate(state=S.SENT, reason="250")
        else:
            self._count(turn, person, reply)
        if not turn.lane.asked:
            self._note(turn)

    def _refuse(self, turn: _Turn, person: p.Person) -> None:
        assert turn.refused is not None
        to, reply = turn.refused
        turn.next, turn.is_stale = None, True
        if to == "mail":  # about the sender: it will be the same for everybody
            self._put_back(turn, person)
            self._halt(_no_sender(reply))
        else:
            self._count(turn, person, reply)

    def _count(self, turn: _Turn, person: p.Person, reply: Reply) -> None:
        """A definite no: 4xx waits, 5xx is final; many in a row are about us, and everybody else is spared."""
        if reply.code < 500:
            turn.ended[person.hash] = p.Fate(state=S.PENDING, reason=reply.words)
            self._later += 1
            if self._later >= STREAK:
                self._halt(_later(reply))
            return
        turn.ended[person.hash] = p.Fate(state=S.FAILED, reason=reply.words)
        self._blocked = self._blocked + 1 if reply.kind == "blocked" else 0
        if self._blocked >= STREAK:
            message = _("메일 서버가 잇따라 메일을 막았습니다 ({words}).").format(words=reply.words)
            self._halt(p.RejectedError(message, code="blocked"))


def _later(reply: Reply) -> p.DeliveryError:
    return p.DeliveryError(
        _("메일 서버가 나중에 다시 보내라고 했습니다 ({code}).").format(code=reply.code), code="later"
    )


def _no_sender(reply: Reply) -> p.DeliveryError:
    if reply.code < 500:
        return _later(reply)
    return p.RejectedError(_("메일 서버가 보내는 주소를 받아들이지 않았습니다 ({code}).").format(code=reply.code))
