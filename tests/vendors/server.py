"""A loopback carrier: real HTTP, real JSON, and the ways carriers misbehave. What does not live here: any carrier's own rules.

Each step of a carrier has a name; ``mischief`` maps it to what happens there:

    "drop"          processed, then the line is cut without an answer (time-out after accept)
    "cut"           the line is cut before anything is processed
    "500"           processed, answered 500
    "garbage"       processed, answered 200 with half a document
    anything else   is the carrier's own affair (a code it shall answer)

A value may be a list: one for each call, then nothing; or a function of the call's number.
"""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Mischief = str | list[str] | Callable[[int], str]


@dataclass
class Call:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


class RefusedError(Exception):
    """A definite answer that is no success."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


@dataclass
class Carrier:
    """Base of the fakes: ``answer(call)`` says which step a call is and does it.

    Attributes:
        accepted: How many messages each receiver was taken for: more than one is a doubled person.
        calls: Everything asked, in order.
        watch: Told ``asked`` before a call is processed and ``done`` after, before it is answered.
    """

    mischief: dict[str, Mischief] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    calls: list[Call] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lock: Any = field(default_factory=threading.RLock)
    watch: Callable[[str], None] = field(default=lambda _moment: None)

    def __enter__(self) -> Self:
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: object) -> None:
                pass

            def handle_one(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                split = urlsplit(self.path)
                call = Call(
                    self.command,
                    split.path,
                    {k: v[0] for k, v in parse_qs(split.query).items()},
                    {k.lower(): v for k, v in self.headers.items()},
                    self.rfile.read(length),
                )
                carrier.serve(self, call)

        for method in ("GET", "POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_one)

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_args: object) -> None:
                pass  # clients are killed in mid-call

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def trick(self, step: str) -> str:
        """What happens at this step now."""
        self.counts[step] += 1
        planned = self.mischief.get(step, "")
        if callable(planned):
            return planned(self.counts[step])
        if isinstance(planned, list):
            return planned.pop(0) if planned else ""
        return planned

    def serve(self, handler: BaseHTTPRequestHandler, call: Call) -> None:
        with self.lock:
            self.calls.append(call)
            self.watch("asked")
            step = self.step(call)
            trick = self.trick(step)
            if trick == "cut":
                return _cut(handler)
            try:
                status, body = 200, self.answer(step, call, trick)
            except RefusedError as refused:
                status, body = refused.status, refused.body
            self.watch("done")
        if trick == "drop":
            return _cut(handler)
        if trick == "500":
            status, body = 500, {"errorCode": "InternalError"}
        sent = json.dumps(body, ensure_ascii=False).encode()
        if trick == "garbage":
            sent = sent[: len(sent) // 2]
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)
        return None

    def step(self, call: Call) -> str:
        raise NotImplementedError

    def answer(self, step: str, call: Call, trick: str) -> Mapping[str, Any]:
        raise NotImplementedError


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
