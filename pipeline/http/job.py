"""One request on its way: its hops, tries and the headers each hop may carry.

What does not live here: queueing and the wire (``client``, ``transfer``).
Source: reliability P10 and P15: credentials never cross origins, validators go out verbatim.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import Any

import pipeline.model as p
from pipeline.http.address import Target, next_url, read_url
from pipeline.http.failures import fetch_error
from pipeline.i18n import _
from pipeline.model.base import record

REDIRECTS = frozenset([301, 302, 303, 307, 308])
_PERMANENT = frozenset([301, 308])
_KEEPS_METHOD = frozenset([307, 308])
_HARMLESS = frozenset(["accept", "accept-language", "content-type", "cache-control", "x-requested-with"])
_OURS = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@record
class Job:
    """State of one request from ``submit`` to its answer.

    Attributes:
        target: The present hop.
        method: Of the present hop.
        robots_of: Origin whose robots.txt this is; ``""`` for a request of somebody.
        is_allowed: The operator listed the present hop's host: it may be a private one.
        is_home: No hop has left the first origin: own headers and validators may go out.
        is_moved_for_good: Every hop so far was a 301 or 308.
        is_bare: Asks again without validators after a 304 nobody asked for.
        hops: Redirects followed in this try.
        tries: Chains begun.
        began: ``time.monotonic()`` of the first transfer.
        spent_s: Seconds of transfers in this try.
        started: ``time.monotonic()`` of the present transfer.
        transfer: The handle in use.
    """

    request: p.Request
    tag: Any
    target: Target
    method: str = "GET"
    robots_of: str = ""
    is_allowed: bool = False
    is_home: bool = True
    is_moved_for_good: bool = True
    is_bare: bool = False
    is_cancelled: bool = False
    hops: int = 0
    tries: int = 1
    began: float | None = None
    spent_s: float = 0.0
    started: float = 0.0
    seen: set[tuple[str, str]] = field(default_factory=set)
    transfer: Any = None

    @classmethod
    def of(cls, request: p.Request, tag: object) -> Job:
        """Make a job.

        Raises:
            RefusedError: code ``address`` for a URL that cannot be asked, ``request`` for impossible headers.
        """
        job = cls(request, tag, read_url(request.url), request.method)
        for name, value in (*request.policy.headers, *request.headers):
            if not _NAME.fullmatch(name) or name.lower() in _OURS or _BAD_VALUE.search(value):
                message = _("{host} 서버에 보낼 머리글 {name}을(를) 쓸 수 없습니다.")
                raise p.RefusedError(message.format(host=job.target.written, name=name[:40]), code="request")
        return job

    @property
    def sends_validators(self) -> bool:
        """Whether the present hop asks conditionally."""
        request = self.request
        return (
            self.is_home and not self.is_bare and self.method == "GET" and bool(request.etag or request.last_modified)
        )

    def restart(self) -> None:
        """Go back to the first URL for another try."""
        self.target = read_url(self.request.url)
        self.method = self.request.method
        self.is_home = self.is_moved_for_good = True
        self.is_bare = False
        self.spent_s = 0.0
        self.hops = 0
        self.seen.clear()
        self.tries += 1

    def headers(self) -> list[bytes | str]:
        """Return the header lines of the present hop."""
        request = self.request
        lines: list[bytes | str] = ["Accept-Encoding: gzip"]
        if self.is_bare:
            lines.append("Cache-Control: no-cache")
        elif self.sends_validators:
            if request.etag:
                lines.append(_line("If-None-Match", request.etag))
            if request.last_modified:
                lines.append(_line("If-Modified-Since", request.last_modified))
        for name, value in (*request.policy.headers, *request.headers) if self.is_home else request.headers:
            if self.is_home or name.lower() in _HARMLESS:
                lines.append(_line(name, value))
        if self.method != "GET":
            lines.append("Expect:")  # no waiting for a 100 that never comes
        return lines

    def follow(self, status: int, location: bytes) -> None:
        """Go to the next hop.

        Raises:
            SourceError: too many hops, a loop, a URL that is none, or one our credentials must not go to.
        """
        here = self.target
        if not self.request.follow:
            message = _("{host} 서버가 다른 주소로 넘겨서 읽지 않았습니다.").format(host=here.written)
            hint = _("브라우저에서 열어 보고, 주소가 바뀌었으면 설정의 주소를 고쳐 주세요.")
            raise p.RefusedError(message, hint=hint, code="redirect")
        self.seen.add((self.method, here.url))
        self.hops += 1
        url = next_url(here.url, location)
        if not location.strip() or len(url) > p.limits.URL_CHARS:
            raise fetch_error("bad-redirect", here.written, status=status)
        there = read_url(url)
        method = self.method if status in _KEEPS_METHOD else "GET"
        if self.hops > p.limits.REDIRECTS or (method, there.url) in self.seen:
            raise fetch_error("too-many-redirects", here.written, status=status)
        if there.origin != here.origin:
            if (self._carries() and here.scheme == "https" and there.scheme == "http") or method != "GET":
                message = _("{host} 서버가 인증 정보를 보내면 안 되는 주소로 넘겼습니다.").format(host=here.written)
                raise p.RefusedError(message, code="redirect")
            self.is_home = False
        self.is_moved_for_good = self.is_moved_for_good and status in _PERMANENT
        self.target = there
        self.method = method

    def _carries(self) -> bool:
        request = self.request
        own = (*request.policy.headers, *((n, v) for n, v in request.headers if n.lower() not in _HARMLESS))
        return self.is_home and bool(own)


def robots_job(target: Target, policy: p.FetchPolicy) -> Job:
    """Return the job that fetches an origin's robots.txt through the same door (P8)."""
    usual = {"http": 80, "https": 443}[target.scheme]
    netloc = target.written if target.port == usual else f"{target.written}:{target.port}"
    own = replace(policy, headers=(), max_bytes=p.limits.ROBOTS_BYTES)
    request = p.Request(url=f"{target.scheme}://{netloc}/robots.txt", purpose=p.Purpose.FEED, policy=own)
    job = Job.of(request, None)
    job.robots_of = target.origin
    return job


def _line(name: str, value: str) -> bytes | str:
    line = f"{name}: {value}" if value else f"{name};"  # libcurl's spelling of an empty header
    return line if line.isascii() else line.encode()
