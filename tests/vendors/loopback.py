"""A vendor's server on loopback: answers by a handler of its own, and misbehaves on request.

What does not live here: any vendor (one file each), made from the vendor's documents, not from our client.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pipeline.model as p
from pipeline.http import open_http

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


class Vendor:
    """State of one vendor.

    Attributes:
        calls: ``METHOD path`` of every request that was carried out.
        trouble: ``METHOD path-prefix`` → how the next such request goes wrong, used up one by one: ``lost`` (carried out, the
            line breaks), ``500`` (carried out, an error comes), ``early`` (not carried out, 500), ``dead`` (not carried out, the line breaks).
        watch: Told ``asked`` before a request is looked at and ``done`` after, before it is answered.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.trouble: dict[str, list[str]] = {}
        self.port = 0
        self.watch: Callable[[str], None] = lambda _moment: None

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Carry a request out; return status and JSON (or text)."""
        raise NotImplementedError

    def next_trouble(self, line: str) -> str:
        for prefix, ways in self.trouble.items():
            if line.startswith(prefix) and ways:
                return ways.pop(0)
        return ""

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port; yields the base address."""
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line = f"{self.command} {self.path}"
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                vendor.watch("asked")
                way = vendor.next_trouble(line)
                status, told = 500, {"message": "broken"}
                if way not in ("early", "dead"):
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    status, told = vendor.answer(self.command, self.path, headers, body)
                    vendor.calls.append(line)
                vendor.watch("done")
                if way in ("lost", "dead"):
                    self.close_connection = True
                    return
                if way == "500":
                    status, told = 500, {"message": "broken"}
                raw = told.encode() if isinstance(told, str) else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if isinstance(told, str) else "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_POST = do_PUT = do_GET  # noqa: N815 - http.server's names

            def log_message(self, *_args: object) -> None:
                pass

        server = _Server(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.port = server.server_address[1]
        try:
            yield f"http://127.0.0.1:{self.port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed in mid-call is no defect of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def door(vendor: Vendor) -> Iterator[p.Http]:
    """The real door to the web, let through to this vendor only."""
    rules = p.FetchRules(user_agent="moa-test", allow_private=(f"127.0.0.1:{vendor.port}",), timeout_s=5.0)
    with open_http(rules, wall_clock=lambda: NOW) as http:
        yield http
