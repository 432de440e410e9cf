"""Sends to many over a few kept connections: one receiver a transaction, the line never idle (tool of this room).

What does not live here: one connection (``_lane``), messages (``_splice``), who is next (``_supply``).

With pipelining a connection's group is the last message's text, its final dot and the next receiver's envelope: one round
trip a message, and at most one message a connection whose answer is open. Everything runs in one thread over ``select``.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pipeline.model as p
from pipeline.deliver.transports._lane import CutError, Lane, Reply
from pipeline.deliver.transports._supply import Supply, later, no_sender
from pipeline.model import DeliveryState as S


@dataclass(slots=True, eq=False)
class _Turn:
    """What one connection is about.

    Attributes:
        next: Its envelope is said; nothing of the message is.
        away: The text is said; its answer is open.
        refused: The first answer that refused ``next``, and to what.
        is_stale: The server may hold half a transaction: RSET comes first.
        ended: What became of receivers, not yet noted.
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
        message: Makes a receiver's bytes, in pieces: dots doubled, ending in CRLF. They are joined once, with what follows.
        connections: Most at once.
        per_minute: Most messages in a minute, 0 for no limit.
        per_connection: Messages after which a connection is replaced, 0 for no limit.
    """

    def __init__(
        self,
        dial: Callable[[], Lane],
        sender: str,
        people: p.People,
        message: Callable[[p.Person], list[bytes]],
        *,
        connections: int = 1,
        per_minute: int = 0,
        per_connection: int = 0,
    ) -> None:
        self._dial, self._people, self._message = dial, people, message
        self._mail = f"MAIL FROM:<{sender}>\r\n".encode("ascii")
        self._connections, self._per_connection = connections, per_connection
        self._supply = Supply(people, per_minute)
        self._turns: list[_Turn] = []
        self._ready: list[_Turn] = []

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
            while len(self._supply) or any(turn.lane.asked for turn in self._turns):
                self._staff()
                for turn in list(self._turns):
                    if not turn.lane.asked:
                        self._go_on(turn)
                self._listen()
        finally:
            for turn in self._turns:
                turn.lane.leave()
                self._note(turn)
        if self._supply.stop is not None:
            raise self._supply.stop

    # --- whose turn ---------------------------------------------------------------------------------------------------

    def _staff(self) -> None:
        """Open connections as the queue deserves; the first must work, more are a gain."""
        wanted = min(self._connections, 1 + len(self._supply) // 20)
        while len(self._supply) and len(self._turns) < wanted:
            try:
                self._turns.append(_Turn(self._dial()))
            except p.CredentialError as error:
                self._supply.halt(error)
            except p.DeliveryError as error:
                if not self._turns:
                    self._supply.halt(error)
                self._connections = max(1, len(self._turns))
                return

    def _taken(self, lane: Lane) -> p.Person | None:
        """Return who is next on this connection, ``None`` when nobody is or not yet."""
        if self._per_connection and lane.used >= self._per_connection:
            return None
        person = self._supply.take()
        lane.used += person is not None
        return person

    def _go_on(self, turn: _Turn) -> None:
        """Begin the next transaction on an idle connection, or give the connection up."""
        turn.next = self._taken(turn.lane)
        self._note(turn)
        if turn.next is not None:
            self._speak(turn, *self._envelope(turn, turn.next))
        elif self._per_connection and turn.lane.used >= self._per_connection:
            turn.lane.leave()
            self._turns.remove(turn)

    def _envelope(self, turn: _Turn, person: p.Person) -> tuple[bytes, tuple[str, ...]]:
        turn.refused = None
        words, answers = (b"RSET\r\n", ("rset",)) if turn.is_stale else (b"", ())
        turn.is_stale = False
        if not turn.lane.is_pipelined:
            return (words, answers) if words else (self._mail, ("mail",))
        return words + self._mail + _rcpt(person) + b"DATA\r\n", (*answers, "mail", "rcpt", "data")

    def _note(self, turn: _Turn) -> None:
        if turn.ended:
            ended, turn.ended = turn.ended, {}
            self._people.ended(ended)

    # --- the line -----------------------------------------------------------------------------------------------------

    def _speak(self, turn: _Turn, payload: bytes, answers: tuple[str, ...], *, vital: int = 0) -> None:
        try:
            turn.lane.say(payload, *answers, vital=vital)
        except CutError:  # the text was not whole: nobody took it
            if turn.away is not None:
                turn.ended[turn.away.hash] = p.Fate(state=S.PENDING, reason="cut")
                turn.away = None
            self._lose(turn)
        except OSError:
            self._lose(turn)

    def _listen(self) -> None:
        busy = [turn for turn in self._turns if turn.lane.asked]
        now, free_at = time.monotonic(), self._supply.free_at
        is_waiting = free_at > now and len(self._supply) > 0
        if not busy:
            if is_waiting:
                time.sleep(min(free_at - now, 1.0))
            return
        until = min(turn.lane.deadline for turn in busy)
        if is_waiting and len(busy) < len(self._turns):
            until = min(until, free_at)
        silent = {turn.lane.sock: turn for turn in busy}
        ready = select.select(silent, [], [], max(0.0, until - now))[0]
        while ready:  # whose answer comes while the others' are read shares the record of who leaves
            for sock in ready:
                self._answered(silent.pop(sock))
            ready = select.select(silent, [], [], 0.0)[0] if silent else []
        now = time.monotonic()
        for turn in silent.values():
            if turn.lane.deadline <= now:
                self._lose(turn)
        self._depart()
        for turn in self._turns:  # answers without a next message to share a write with
            self._note(turn)

    def _answered(self, turn: _Turn) -> None:
        try:
            replies = turn.lane.replies()
        except OSError:
            self._lose(turn)
        else:
            self._hear(turn, replies)

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
        if turn.next is not None:
            self._supply.put_back(turn.next)
        self._supply.lost(why)

    # --- answers ------------------------------------------------------------------------------------------------------

    def _hear(self, turn: _Turn, replies: list[tuple[str, Reply]]) -> None:
        for to, reply in replies:
            if turn not in self._turns:
                return
            if reply.code == 421:
                self._dismiss(turn, to, reply)
            elif to == "dot":
                self._told(turn, reply)
            elif to in ("mail", "rcpt", "data") and turn.next is not None:
                self._step(turn, turn.next, to, reply)
            elif to == "unasked" or (to == "rset" and reply.code != 250):
                self._lose(turn)
            elif to == "rset" and not turn.lane.is_pipelined:
                self._speak(turn, self._mail, ("mail",))

    def _step(self, turn: _Turn, person: p.Person, to: str, reply: Reply) -> None:
        """One answer of an envelope."""
        is_good = reply.code == 354 if to == "data" else reply.code in (250, 251)
        if not is_good and turn.refused is None:
            turn.refused = (to, reply)
        if to == "data" and turn.refused is None:
            self._ready.append(turn)
        elif to == "data" and reply.code == 354:  # the server waits for a text although it refused the receiver
            self._refuse(turn, person)
            self._speak(turn, b".\r\n", ("void",))
        elif turn.refused is not None and (to == "data" or not turn.lane.is_pipelined):
            self._refuse(turn, person)
        elif not turn.lane.is_pipelined:
            words, answer = (_rcpt(person), "rcpt") if to == "mail" else (b"DATA\r\n", "data")
            self._speak(turn, words, (answer,))

    def _depart(self) -> None:
        """Everything is agreed: record who leaves now, then let them leave, each with the next envelope behind it."""
        ready, self._ready = [(turn, turn.next) for turn in self._ready if turn.next is not None], []
        if not ready:
            return
        ended: dict[str, p.Fate] = {}
        for turn, _person in ready:
            ended.update(turn.ended)
            turn.ended = {}
        self._people.leaving([person for _turn, person in ready], ended)
        for turn, person in ready:
            pieces = [*self._message(person), b".\r\n"]
            vital = sum(map(len, pieces))
            answers: tuple[str, ...] = ("dot",)
            turn.away, turn.next = person, None
            if turn.lane.is_pipelined:
                turn.next = self._taken(turn.lane)
                if turn.next is not None:
                    words, more = self._envelope(turn, turn.next)
                    pieces.append(words)
                    answers += more
            self._speak(turn, b"".join(pieces), answers, vital=vital)

    def _told(self, turn: _Turn, reply: Reply) -> None:
        """The answer after the final dot: the only one that says what became of a message."""
        person, turn.away = turn.away, None
        if person is not None:
            turn.ended[person.hash] = self._supply.fate(reply)

    def _refuse(self, turn: _Turn, person: p.Person) -> None:
        """A definite no before anything of the message was said."""
        assert turn.refused is not None
        to, reply = turn.refused
        turn.next, turn.is_stale = None, True
        if to == "mail":  # about the sender: it will be the same for everybody
            turn.ended[person.hash] = p.Fate(state=S.PENDING, reason=reply.words)
            self._supply.halt(no_sender(reply))
        else:
            turn.ended[person.hash] = self._supply.fate(reply)

    def _dismiss(self, turn: _Turn, to: str, reply: Reply) -> None:
        """421: this connection has served its time, a definite "later" for the message it answers; another may go on."""
        if to == "dot":
            self._told(turn, reply)
        elif to in ("rcpt", "data") and turn.next is not None:
            turn.ended[turn.next.hash] = self._supply.fate(reply)
            turn.next = None
        self._lose(turn, later(reply))


def _rcpt(person: p.Person) -> bytes:
    return f"RCPT TO:<{person.address}>\r\n".encode("ascii")
