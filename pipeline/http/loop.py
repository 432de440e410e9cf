"""The one libcurl multi loop: epoll outside, ``socket_action`` inside, no thread.

What does not live here: what a transfer is (``transfer``) and what its end means (``client``).
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Iterator
from typing import Any

import pycurl

_READ, _WRITE = select.POLLIN, select.POLLOUT  # epoll's numbers are the same
_MASKS = {pycurl.POLL_IN: _READ, pycurl.POLL_OUT: _WRITE, pycurl.POLL_INOUT: _READ | _WRITE}


class Loop:
    """Drives easy handles; ``wake`` may be called from any thread."""

    def __init__(self) -> None:
        """Open the multi handle, the poller and the pipe that wakes it."""
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._poller: Any = select.epoll() if hasattr(select, "epoll") else select.poll()
        self._unit = 1 if hasattr(select, "epoll") else 1000  # epoll waits in seconds, poll in milliseconds
        self._watched: set[int] = set()
        self._alarm: float | None = None
        self._hear, self._speak = os.pipe()
        os.set_blocking(self._hear, False)
        os.set_blocking(self._speak, False)
        self._poller.register(self._hear, _READ)
        self._lock = threading.Lock()
        self._is_open = True
        self.running = 0

    def add(self, curl: pycurl.Curl) -> None:
        """Start a transfer."""
        self._multi.add_handle(curl)
        self.running += 1

    def remove(self, curl: pycurl.Curl) -> None:
        """Stop a transfer without an end."""
        self._multi.remove_handle(curl)
        self.running -= 1

    def wake(self) -> None:
        """End a wait; nothing happens once closed: a look-up may come home long after."""
        with self._lock:
            if self._is_open:
                with contextlib.suppress(BlockingIOError):  # full: awake already
                    os.write(self._speak, b"!")

    def drive(self, timeout_s: float) -> None:
        """Wait for at most ``timeout_s`` seconds for something to happen, and let libcurl handle it."""
        if self._alarm is not None:
            timeout_s = max(0.0, min(timeout_s, self._alarm - time.monotonic()))
        for number, event in self._poller.poll(timeout_s * self._unit):
            if number == self._hear:
                os.read(self._hear, 4096)
                continue
            action = 0
            if event & _READ:
                action |= pycurl.CSELECT_IN
            if event & _WRITE:
                action |= pycurl.CSELECT_OUT
            if event & ~(_READ | _WRITE):
                action |= pycurl.CSELECT_ERR
            if number in self._watched:
                self._multi.socket_action(number, action)
        if self._alarm is not None and self._alarm <= time.monotonic():
            self._alarm = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def ended(self) -> Iterator[tuple[pycurl.Curl, int, str]]:
        """Yield every transfer that has ended since: handle, libcurl's error number (0 is none) and its words."""
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl in good:
                self.remove(curl)
                yield curl, 0, ""
            for curl, number, words in bad:
                self.remove(curl)
                yield curl, number, words

    def close(self) -> None:
        """Close everything; transfers still added must have been removed."""
        self._multi.close()
        if hasattr(self._poller, "close"):
            self._poller.close()
        with self._lock:  # the numbers may be given out again at once
            self._is_open = False
            os.close(self._hear)
            os.close(self._speak)

    def _on_socket(self, what: int, number: int, _multi: Any, _data: Any) -> None:
        if what == pycurl.POLL_REMOVE:
            if number in self._watched:
                self._watched.discard(number)
                try:
                    self._poller.unregister(number)
                except (OSError, KeyError):  # closed already: the kernel has forgotten it by itself
                    return
            return
        mask = _MASKS.get(what, 0)
        if number in self._watched:
            try:
                self._poller.modify(number, mask)
            except OSError:  # the number was closed and given out again
                self._poller.register(number, mask)
        else:
            self._watched.add(number)
            self._poller.register(number, mask)

    def _on_timer(self, milliseconds: int) -> None:
        self._alarm = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
