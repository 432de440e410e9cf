"""What one ended transfer means for its job: a document, an error, or another hop.

What does not live here: queueing the next hop and counting tries (``client``).
Source: reliability P5, P10, P15; RFC 9110 15.4.5 for a 304 that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pipeline.model as p
from pipeline.http.address import address_refused
from pipeline.http.answer import (
    BrokenError,
    CodingError,
    TooLargeError,
    content_of,
    hash_of,
    headers_of,
    type_of,
    validator_of,
    value_of,
)
from pipeline.http.failures import fetch_error, from_curl, from_status, wish_of
from pipeline.http.job import REDIRECTS, Job
from pipeline.http.transfer import Transfer

_BODILESS = frozenset([204, 205])


def outcome_of(
    job: Job, transfer: Transfer, number: int, words: str, wall_clock: Callable[[], datetime]
) -> p.Document | p.SourceError | None:
    """Judge a transfer.

    Args:
        job: Whose hop it was; advanced to the next hop when the answer is ``None``.
        transfer: As libcurl left it.
        number: libcurl's error number, 0 when it saw none.
        words: libcurl's words for it.
        wall_clock: For ``fetched_at`` and Retry-After dates.

    Returns:
        The document, the error, or ``None`` when ``job`` must be queued again.
    """
    try:
        return _judge(job, transfer, number, words, wall_clock)
    except p.SourceError as error:
        return error


def _judge(
    job: Job, transfer: Transfer, number: int, words: str, wall_clock: Callable[[], datetime]
) -> p.Document | p.SourceError | None:
    host = job.target.written
    status = transfer.status
    headers = headers_of(transfer.lines)
    has_answered = transfer.is_headed and status >= 300  # its body matters little
    if transfer.cut == "address":
        return address_refused(host)
    if transfer.cut == "too-large":
        return fetch_error("too-large", host, status=status)
    if number and transfer.cut != "enough" and not has_answered:
        is_chunked = "chunked" in value_of(headers, "transfer-encoding").lower()
        return from_curl(number, words, host, is_connected=transfer.is_connected(), is_chunked=is_chunked)
    if status == 304:
        return _unchanged(job, headers, wall_clock)
    if status in REDIRECTS:
        job.follow(status, _location(transfer.lines))
        return None
    if not 200 <= status < 300 or status == 206:
        wish = wish_of(value_of(headers, "retry-after"), wall_clock)
        error = from_status(status, host, _shown(transfer.chunks, headers), wish)
        error.at = wall_clock()
        return error
    return _document(job, transfer, headers, wall_clock)


def _document(
    job: Job, transfer: Transfer, headers: tuple[tuple[str, str], ...], wall_clock: Callable[[], datetime]
) -> p.Document:
    host, request = job.target.written, job.request
    if len({value for name, value in headers if name == "content-length"}) > 1:
        raise fetch_error("truncated", host, status=transfer.status)
    chunks = [] if transfer.status in _BODILESS else transfer.chunks
    try:
        body = content_of(
            chunks,
            value_of(headers, "content-encoding"),
            request.policy.max_bytes,
            is_prefix_enough=bool(job.robots_of),
        )
    except TooLargeError as error:
        raise fetch_error("too-large", host, status=transfer.status) from error
    except BrokenError as error:
        raise fetch_error("truncated", host, status=transfer.status) from error
    except CodingError as error:
        raise fetch_error("encoding", host, status=transfer.status) from error
    media_type, charset = type_of(value_of(headers, "content-type"))
    return p.Document(
        url=job.target.url if job.hops else request.url.partition("#")[0],
        requested_url=request.url,
        permanent_url=job.target.url if job.hops and job.is_moved_for_good else None,
        status=transfer.status,
        media_type=media_type,
        charset=charset,
        headers=headers,
        body=body,
        body_hash=hash_of(body),
        etag=validator_of(headers, "etag"),
        last_modified=validator_of(headers, "last-modified"),
        fetched_at=wall_clock(),
    )


def _unchanged(
    job: Job, headers: tuple[tuple[str, str], ...], wall_clock: Callable[[], datetime]
) -> p.Document | p.SourceError | None:
    request = job.request
    if not job.sends_validators:
        if job.is_bare:
            return fetch_error("not-modified", job.target.written, status=304)
        job.is_bare = True
        return None
    return p.Document(
        url=job.target.url if job.hops else request.url.partition("#")[0],
        requested_url=request.url,
        permanent_url=job.target.url if job.hops and job.is_moved_for_good else None,
        status=304,
        headers=headers,
        etag=validator_of(headers, "etag") or request.etag,
        last_modified=validator_of(headers, "last-modified") or request.last_modified,
        fetched_at=wall_clock(),
        is_unchanged=True,
    )


def _location(lines: list[bytes]) -> bytes:
    for line in lines:
        name, colon, value = line.partition(b":")
        if colon and name.strip().lower() == b"location":
            return value.strip()
    return b""


def _shown(chunks: list[bytes], headers: tuple[tuple[str, str], ...]) -> bytes:
    """Return the readable beginning of an error's body; a broken coding is shown as it came."""
    try:
        return content_of(
            chunks, value_of(headers, "content-encoding"), p.limits.ERROR_BODY_BYTES, is_prefix_enough=True
        )
    except (BrokenError, CodingError):
        return b"".join(chunks)[: p.limits.ERROR_BODY_BYTES]
