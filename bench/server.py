"""A loopback server in its own process: every source has an address of its own, so no connection can be shared.

What does not live here: the documents (``corpus``). ``GET /_epoch/N`` makes feed ``i`` change if ``i`` is below N percent.
"""

from __future__ import annotations

import asyncio
import sys
from hashlib import blake2b

from bench.corpus import feed

_bodies: dict[tuple[int, int], tuple[bytes, bytes]] = {}


class _Protocol(asyncio.Protocol):
    epochs: dict[int, int] = {}
    requests = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, self.waiting = self.waiting.split(b"\r\n\r\n", 1)
            self.transport.write(self.answer(head))  # type: ignore[attr-defined]

    def answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/_change/"):
            _a, _b, first, count = path.split("/")
            for number in range(int(first), int(first) + int(count)):
                self.epochs[number] = self.epochs.get(number, 0) + 1
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        if path == "/_requests":
            body = str(_Protocol.requests).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        if not path.endswith(".xml"):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        _Protocol.requests += 1
        number = int(path.strip("/").removesuffix(".xml"))
        key = (number, self.epochs.get(number, 0))
        if key not in _bodies:
            body = feed(*key)
            _bodies[key] = (body, b'"' + blake2b(body, digest_size=8).hexdigest().encode() + b'"')
        body, etag = _bodies[key]
        if etag in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag
        kind = b"Content-Type: application/xml; charset=utf-8\r\n"
        return b"HTTP/1.1 200 OK\r\n%sETag: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, etag, len(body), body)


async def _serve(sources: int) -> None:
    for number in range(sources):
        body = feed(number, 0)
        _bodies[(number, 0)] = (body, b'"' + blake2b(body, digest_size=8).hexdigest().encode() + b'"')
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Protocol, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
