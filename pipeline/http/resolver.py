"""Looking names up in threads of our own: one look-up a host, remembered for the run.

What does not live here: judging the addresses (``address``). libcurl resolves about ten names at a time, which would
make the names the bottleneck of the whole night (performance §1: 4.3 times slower at 50 ms a name).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import TypeAlias

import pipeline.model as p
from pipeline.model.base import record

Resolve: TypeAlias = Callable[[str], Sequence[str]]
"""From an ASCII host name to addresses, in the order to try; raises ``OSError`` (``socket.gaierror``)."""


_REPLACED = 4  # hanging threads are replaced until there are so many times the usual number

_PATIENCE_S = 0.1  # for all threads together; idle ones end at once


@record
class _LookUp:
    """One name asked for, and since when a thread has been at it."""

    asked_at: float
    began_at: float | None = None

    def is_late(self, now: float) -> bool:
        if self.began_at is not None:
            return now - self.began_at > p.limits.RESOLVE_S
        return now - self.asked_at > p.limits.SOURCE_DEADLINE_S


def system_resolve(host: str) -> Sequence[str]:
    """Ask the system's resolver for IPv4 and IPv6 addresses."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """At most ``RESOLVER_THREADS`` daemon threads, started when there is something to look up.

    A look-up that hangs is given up after ``RESOLVE_S`` and its late answer is still remembered; the thread is not
    waited for, neither then nor at the end of the process.
    """

    def __init__(self, resolve: Resolve, wake: Callable[[], None]) -> None:
        """Take the function that asks, and one that wakes the loop when an answer is there."""
        self._resolve = resolve
        self._wake = wake
        self._known: dict[str, tuple[str, ...]] = {}
        self._running: dict[str, _LookUp] = {}
        self._asked: SimpleQueue[str | None] = SimpleQueue()
        self._told: SimpleQueue[tuple[str, tuple[str, ...] | OSError]] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._hung = 0

    def known(self, host: str) -> tuple[str, ...] | None:
        """Return the addresses of a host already looked up."""
        return self._known.get(host)

    def ask(self, host: str) -> None:
        """Look a host up unless that is under way."""
        if host in self._running:
            return
        self._running[host] = _LookUp(time.monotonic())
        self._asked.put(host)
        if len(self._threads) - self._hung < min(p.limits.RESOLVER_THREADS, len(self._running)):
            if len(self._threads) >= p.limits.RESOLVER_THREADS * _REPLACED:
                return
            self._threads.append(threading.Thread(target=self._work, name="moa-resolver", daemon=True))
            self._threads[-1].start()

    def told(self) -> list[tuple[str, tuple[str, ...] | OSError]]:
        """Return what has been answered, or has taken too long, since the last call."""
        out: list[tuple[str, tuple[str, ...] | OSError]] = []
        while True:
            try:
                host, answer = self._told.get_nowait()
            except Empty:
                break
            if not isinstance(answer, OSError):
                self._known[host] = answer
            if self._running.pop(host, None) is not None:
                out.append((host, answer))
            else:  # given up earlier
                self._hung -= 1
        now = time.monotonic()
        for host in [host for host, look_up in self._running.items() if look_up.is_late(now)]:
            self._hung += self._running.pop(host).began_at is not None
            out.append((host, TimeoutError(host)))
        return out

    def is_busy(self) -> bool:
        """Whether a look-up is under way."""
        return bool(self._running)

    def close(self) -> None:
        """See idle threads end, so that the process may fork; a hanging one is left to itself."""
        for _thread in self._threads:
            self._asked.put(None)
        last = time.monotonic() + _PATIENCE_S
        for thread in self._threads:
            thread.join(max(0.0, last - time.monotonic()))

    def _work(self) -> None:
        while (host := self._asked.get()) is not None:
            look_up = self._running.get(host)
            if look_up is None:
                continue  # given up while it waited for a thread
            look_up.began_at = time.monotonic()
            answer: tuple[str, ...] | OSError
            try:
                answer = tuple(self._resolve(host)) or OSError("no address")
            except OSError as error:
                answer = error
            except Exception as error:  # noqa: BLE001 - a broken resolver is an unanswered name, never a dead thread
                answer = OSError(str(error))
            self._told.put((host, answer))
            self._wake()
