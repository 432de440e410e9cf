"""A loopback web server that misbehaves in every named way, and one that behaves, for any test that wants it.

What does not live here: assertions. Use::

    with Site({"/feed": answer(b"<rss/>"), "/slow": stalled_body()}) as site:
        site.url("/feed"), site.seen, site.allowed

A behaviour is a function of an ``Exchange``; ``in_turn(a, b)`` answers differently each time, the last one for ever.
A path that is not listed answers 404, so robots.txt is open unless a test says otherwise.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Behaviour = Callable[["Exchange"], None]
_PIECE = 65536


@dataclass
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Exchange:
    """One connection with its request: what a behaviour works on."""

    connection: socket.socket
    request: Seen
    stop: threading.Event
    keeps: bool = field(default=False)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(data)

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait; True when the site is closing."""
        return self.stop.wait(seconds)

    def hang(self) -> None:
        """Keep the connection open and silent until the client or the site goes."""
        while not self.stop.is_set():
            self.connection.settimeout(0.05)
            try:
                if not self.connection.recv(_PIECE):
                    return
            except TimeoutError:
                continue

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Site:
    """The server: one thread for each connection, all of them gone when the ``with`` block ends."""

    def __init__(
        self,
        routes: Mapping[str, Behaviour] | None = None,
        *,
        host: str = "127.0.0.1",
        default: Behaviour | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Listen on a free port of ``host``; ``default`` answers paths that are not listed."""
        self.routes = dict(routes or {})
        self.default = default or answer(b"", status="404 Not Found")
        self.seen: list[Seen] = []
        self.connections = 0
        self.host = host
        self._tls = tls
        self._stop = threading.Event()
        self._server = socket.create_server((host, 0), backlog=512)
        self.port: int = self._server.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Site:
        self._main = threading.Thread(target=self._accept, daemon=True)
        self._main.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._main.join(5)
        self._server.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    @property
    def allowed(self) -> str:
        """What ``allow_private`` must list."""
        return f"{self.host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """Paths asked for, in order."""
        return [one.path for one in self.seen]

    def url(self, path: str = "/", *, host: str = "") -> str:
        """Return the URL of a path, under another name of this host if given."""
        return f"{'https' if self._tls else 'http'}://{host or self.host}:{self.port}{path}"

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        try:
            if self._tls is not None:
                self._open.discard(connection)
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._talk(connection)
        except (OSError, ValueError):
            pass  # the client went away: that is what most of these behaviours are for
        finally:
            self._open.discard(connection)
            connection.close()

    def _talk(self, connection: socket.socket) -> None:
        while not self._stop.is_set():
            request = _read(connection)
            if request is None:
                return
            self.seen.append(request)
            exchange = Exchange(connection, request, self._stop)
            path = request.path.partition("?")[0]
            self.routes.get(path, self.default)(exchange)
            if not exchange.keeps:
                return


def _read(connection: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(_PIECE)
        if not piece:
            return None
        data += piece
    head, _blank, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(_PIECE)
    return Seen(method, path, headers, body)


def head(status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a response head with its blank line."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


# --- behaving ------------------------------------------------------------------------------------------------------


def answer(
    body: bytes, *, status: str = "200 OK", headers: Iterable[tuple[str, str]] = (), keeps: bool = False
) -> Behaviour:
    """A whole answer with an honest Content-Length; ``keeps`` leaves the connection open for the next."""
    whole = head(status, (*headers, ("Content-Length", str(len(body))))) + body

    def behave(exchange: Exchange) -> None:
        exchange.send(whole)
        exchange.keeps = keeps

    return behave


def raw(data: bytes) -> Behaviour:
    """Exactly these bytes, then the end."""
    return lambda exchange: exchange.send(data)


def redirect(to: str, *, status: str = "302 Found") -> Behaviour:
    """On to another place."""
    return answer(b"", status=status, headers=[("Location", to)])


def cached(body: bytes, etag: str) -> Behaviour:
    """200 with an ETag, 304 to whoever sends it back."""
    full = answer(body, headers=[("ETag", etag)])
    same = raw(head("304 Not Modified", [("ETag", etag)]))
    return lambda exchange: (same if exchange.request.headers.get("if-none-match") == etag else full)(exchange)


def compressed(body: bytes) -> Behaviour:
    """A whole gzip answer."""
    return answer(gzip.compress(body, mtime=0), headers=[("Content-Encoding", "gzip")])


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One behaviour a request; the last one stays."""
    rest = list(behaviours)

    def behave(exchange: Exchange) -> None:
        now = rest.pop(0) if len(rest) > 1 else rest[0]
        now(exchange)

    return behave


# --- too slow ------------------------------------------------------------------------------------------------------


def silent() -> Behaviour:
    """Take the request and say nothing."""
    return Exchange.hang


def slow_headers(pause_s: float = 0.1) -> Behaviour:
    """Slowloris the other way round: header lines for ever, one byte at a time."""

    def behave(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not exchange.wait(pause_s):
            exchange.send(b"a")

    return behave


def stalled_body(length: int = 1000) -> Behaviour:
    """Half of the promised body, then silence."""

    def behave(exchange: Exchange) -> None:
        exchange.send(head(headers=[("Content-Length", str(length))]) + b"x" * (length // 2))
        exchange.hang()

    return behave


def slow_drip(pause_s: float = 0.1) -> Behaviour:
    """A body without end, a byte now and then: never stalled, never finished."""

    def behave(exchange: Exchange) -> None:
        exchange.send(head())
        while not exchange.wait(pause_s):
            exchange.send(b"x")

    return behave


# --- too much ------------------------------------------------------------------------------------------------------


def _for_ever(beginning: bytes, piece: bytes) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.send(beginning)
        while not exchange.stop.is_set():
            exchange.send(piece)

    return behave


def endless_body() -> Behaviour:
    """As fast as it goes, without a length."""
    return _for_ever(head(), b"x" * _PIECE)


def endless_chunks() -> Behaviour:
    """The same in chunks."""
    return _for_ever(head(headers=[("Transfer-Encoding", "chunked")]), b"1000\r\n" + b"x" * 4096 + b"\r\n")


def endless_error() -> Behaviour:
    """404 with a page that never ends."""
    return _for_ever(head("404 Not Found"), b"x" * _PIECE)


def lying_length(promised: int, body: bytes) -> Behaviour:
    """Content-Length says something else than what comes."""
    return raw(head(headers=[("Content-Length", str(promised))]) + body)


def two_lengths(body: bytes) -> Behaviour:
    """Two Content-Length headers that disagree."""
    lengths = [("Content-Length", str(len(body))), ("Content-Length", str(len(body) + 10))]
    return raw(head(headers=lengths) + body)


def gzip_bomb(inflated: int = 64 * 1024 * 1024) -> Behaviour:
    """A small body that inflates to ``inflated`` zero bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    body = b"".join(packer.compress(zeros) for _index in range(inflated // len(zeros))) + packer.flush()
    return answer(body, headers=[("Content-Encoding", "gzip")])


def header_flood() -> Behaviour:
    """Header lines without end."""
    return _for_ever(b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"a" * 1000 + b"\r\n")


def endless_header() -> Behaviour:
    """One header line without end."""
    return _for_ever(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * _PIECE)


def huge_status_line() -> Behaviour:
    """A reason phrase without end."""
    return _for_ever(b"HTTP/1.1 200 ", b"O" * _PIECE)


def interim_flood() -> Behaviour:
    """``103 Early Hints`` for ever."""
    return _for_ever(b"", head("103 Early Hints", [("Link", "</a>; rel=preload")]) * 50)


def trailer_flood() -> Behaviour:
    """A whole chunked body, then trailers for ever."""
    beginning = head(headers=[("Transfer-Encoding", "chunked")]) + b"2\r\nhi\r\n0\r\n"
    return _for_ever(beginning, b"X-Trailer: " + b"a" * 1000 + b"\r\n")


def extension_flood() -> Behaviour:
    """One chunk whose extension never ends."""
    return _for_ever(head(headers=[("Transfer-Encoding", "chunked")]) + b"2;x=", b"a" * _PIECE)


# --- broken --------------------------------------------------------------------------------------------------------


def truncated_gzip(body: bytes) -> Behaviour:
    """Half of a gzip stream with an honest Content-Length."""
    packed = gzip.compress(body, mtime=0)
    return answer(packed[: len(packed) // 2], headers=[("Content-Encoding", "gzip")])


def wrong_crc(body: bytes) -> Behaviour:
    """A gzip stream whose checksum is another body's."""
    packed = bytearray(gzip.compress(body, mtime=0))
    packed[-8] ^= 0xFF
    return answer(bytes(packed), headers=[("Content-Encoding", "gzip")])


def bad_chunk() -> Behaviour:
    """A chunk size that is no number."""
    return raw(head(headers=[("Transfer-Encoding", "chunked")]) + b"5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n")


def cut_chunks() -> Behaviour:
    """Chunks without their end."""
    return raw(head(headers=[("Transfer-Encoding", "chunked")]) + b"5\r\nhello\r\n")


def http09() -> Behaviour:
    """A body without any head."""
    return raw(b"<html>hello</html>")


def garbage() -> Behaviour:
    """Bytes that are no HTTP."""
    return raw(bytes(range(256)) * 4)


def hang_up() -> Behaviour:
    """Close without a word."""
    return lambda _exchange: None


def reset() -> Behaviour:
    """Half an answer, then RST."""

    def behave(exchange: Exchange) -> None:
        exchange.send(head(headers=[("Content-Length", "1000")]) + b"x" * 10)
        exchange.wait(0.05)
        exchange.reset()

    return behave


def two_answers(first: bytes, second: bytes, *, pause_s: float = 0.05) -> Behaviour:
    """A whole answer, a pause, and one that nobody asked for, for whoever uses the connection next (P13)."""

    def behave(exchange: Exchange) -> None:
        exchange.send(head(headers=[("Content-Length", str(len(first)))]) + first)
        exchange.wait(pause_s)
        exchange.send(head(headers=[("Content-Length", str(len(second)))]) + second)
        exchange.keeps = True

    return behave
