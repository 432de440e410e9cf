"""Messages between the loop and a worker: a length of eight bytes, then so many bytes, over a socket of their own.

What does not live here: what they say (``jobs``). ``multiprocessing.connection`` does the same for any platform and carries
so much with it (temporary files, archives, random numbers) that a night with little news paid a tenth of its time for it.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Collection
from struct import Struct

_LENGTH = Struct(">Q")


class Link:
    """One end of a connected socket; it is closed with it."""

    def __init__(self, descriptor: int) -> None:
        """Take an open socket over."""
        self._socket = socket.socket(fileno=descriptor)

    def fileno(self) -> int:
        """Return its number, for ``ready``."""
        return self._socket.fileno()

    def send(self, body: bytes) -> None:
        """Send one message whole.

        Raises:
            OSError: The other end is gone.
        """
        self._socket.sendall(_LENGTH.pack(len(body)))
        self._socket.sendall(body)

    def receive(self) -> bytearray:
        """Return the next message; waits for it.

        Raises:
            EOFError, OSError: The other end is gone, perhaps in the middle of a message.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        return self._exactly(length)

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _exactly(self, length: int) -> bytearray:
        body = bytearray(length)
        rest = memoryview(body)
        while rest:
            came = self._socket.recv_into(rest)
            if not came:
                raise EOFError
            rest = rest[came:]
        return body


def ready(links: Collection[Link], timeout_s: float) -> list[Link]:
    """Return those with something to receive, an end too; waits for at most so long until there is one."""
    poller = select.poll()
    by_number = {link.fileno(): link for link in links}
    for number in by_number:
        poller.register(number, select.POLLIN)
    return [by_number[number] for number, _event in poller.poll(timeout_s * 1000)]
