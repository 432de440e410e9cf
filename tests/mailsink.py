"""A mail server that takes and then misbehaves, as a program of its own; used by kill tests and ``make bench``.

What does not live here: what must be true. It keeps no mail: each accepted receiver is one line in a log, written before the
answer. aiosmtpd offers no pipelining and is the slower half of a measurement; this one is neither.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tests.vendors.certificate import context_of

ROOT = Path(__file__).parents[1]


class Sink(asyncio.Protocol):
    """One connection."""

    log: IO[bytes]
    chance: random.Random
    drops = 0.0  # share of messages that are taken, and the line broken instead of an answer
    patience = 0.0  # share of receivers that are asked to come later
    is_pipelined = True
    starttls: ssl.SSLContext | None = None  # offered until it is taken
    is_safe = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.wire = transport
        self.inbox = bytearray()
        if self.is_safe:  # the same connection, encrypted by now
            return
        self.seen = 0
        self.to = b""
        self.is_text = False
        self.wire.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.inbox += data
        said: list[bytes] = []
        while not self.wire.is_closing():
            if self.is_text:
                end = self.inbox.find(b"\r\n.\r\n", max(0, self.seen - 4))
                if end < 0:
                    self.seen = len(self.inbox)
                    break
                del self.inbox[: end + 5]
                self.is_text = False
                self.log.write(self.to + b"\n")
                self.log.flush()
                if self.drops and self.chance.random() < self.drops:
                    self.wire.abort()
                    return
                said.append(b"250 taken\r\n")
            else:
                end = self.inbox.find(b"\n")
                if end < 0:
                    break
                line = bytes(self.inbox[: end + 1]).strip()
                del self.inbox[: end + 1]
                said.append(self.answer(line))
        if said:
            self.wire.write(b"".join(said))

    def answer(self, line: bytes) -> bytes:
        word = line[:4].upper()
        if word == b"EHLO":
            offers = [b"PIPELINING", b"8BITMIME"] if self.is_pipelined else [b"8BITMIME"]
            offers += [b"STARTTLS"] if self.starttls and not self.is_safe else []
            return b"".join(b"250-%s\r\n" % offer for offer in (b"sink", *offers[:-1])) + b"250 %s\r\n" % offers[-1]
        if word == b"STAR" and self.starttls is not None:
            self.wire.write(b"220 go on\r\n")
            self.upgrade = asyncio.ensure_future(self.encrypt(self.starttls))
            return b""
        if word == b"RCPT":
            if self.patience and self.chance.random() < self.patience:
                self.to = b""
                return b"451 4.2.0 later\r\n"
            self.to = line[9:-1]
            return b"250 ok\r\n"
        if word == b"DATA":
            if not self.to:
                return b"503 no receiver\r\n"
            self.is_text, self.seen = True, 0
            return b"354 go on\r\n"
        if word == b"QUIT":
            self.wire.write(b"221 bye\r\n")
            self.wire.close()
            return b""
        self.to = b""
        return b"250 ok\r\n"

    async def encrypt(self, context: ssl.SSLContext) -> None:
        self.is_safe = True
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            wire = await loop.start_tls(self.wire, self, context, server_side=True)
            assert wire is not None
            self.wire = wire


@contextmanager
def serving(log: Path, *more: str) -> Iterator[int]:
    """Run the sink as a program; yields its port. ``more``: its options, as on a command line."""
    command = [sys.executable, "-m", "tests.mailsink", str(log), *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield int(server.stdout.readline())
        finally:
            server.terminate()


async def serve(options: argparse.Namespace) -> None:
    """Listen, print the port, and serve until the process ends."""
    Sink.chance = random.Random(options.seed)
    Sink.drops, Sink.patience, Sink.is_pipelined = options.drops, options.patience, not options.plain
    context = context_of(*options.tls) if options.tls else None
    if options.starttls:
        Sink.starttls, context = context, None
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--drops", type=float, default=0.0)
    parser.add_argument("--patience", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--starttls", action="store_true", help="encrypt when asked to, not from the start")
    told = parser.parse_args()
    Sink.log = Path(told.log).open("ab")
    asyncio.run(serve(told))
