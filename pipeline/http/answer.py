"""From bytes on the wire to a ``Document``: header lines, inflating under a cap, hashing.

What does not live here: the transfer itself (``transfer``), what a status means (``failures``).
Source: reliability P3 and P5: the cap counts inflated bytes, and an answer is whole or it failed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import pipeline.model as p

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]+)", re.IGNORECASE)
_GZIP = 31  # zlib's word for "gzip wrapper, checked"
_MAGIC = b"\x1f\x8b"


class TooLargeError(Exception):
    """The inflated body passes its cap or its ratio."""


class BrokenError(Exception):
    """The body is not whole."""


class CodingError(Exception):
    """The body's coding was not asked for."""


def headers_of(lines: Iterable[bytes]) -> tuple[tuple[str, str], ...]:
    """Return (lower-case name, value as sent) of header lines; what is no header is left out."""
    out = []
    for line in lines:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode("latin-1")
        name, colon, value = text.partition(":")
        if colon:
            out.append((name.strip().lower(), value.strip()))
    return tuple(out)


def value_of(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """Return the first value of a header, ``""`` when there is none."""
    for key, value in headers:
        if key == name:
            return value
    return ""


def content_of(chunks: list[bytes], coding: str, cap: int, *, is_prefix_enough: bool = False) -> bytes:
    """Return the content behind the body's coding.

    Args:
        chunks: As they came.
        coding: The Content-Encoding header.
        cap: Most bytes of content.
        is_prefix_enough: Cut at the cap and at a broken end instead of failing (robots.txt).

    Raises:
        TooLargeError: more than ``cap``, or more than ``INFLATE_RATIO`` times the wire past ``INFLATE_FREE_BYTES``.
        BrokenError: ends early or fails its checksum.
        CodingError: a coding nobody asked for.
    """
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    coding = coding.strip().lower()
    if coding in ("", "identity", "none") or not body:
        return body[:cap] if is_prefix_enough else body
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise CodingError(coding)
    most = min(cap, max(p.limits.INFLATE_FREE_BYTES, len(body) * p.limits.INFLATE_RATIO))
    wbits = _GZIP if coding != "deflate" else _deflate_bits(body)
    try:
        return _inflate(body, wbits, cap if is_prefix_enough else most, is_prefix_enough=is_prefix_enough)
    except zlib.error as error:
        raise BrokenError(str(error)) from error


def _deflate_bits(body: bytes) -> int:
    has_zlib_header = len(body) >= 2 and body[0] & 15 == 8 and (body[0] * 256 + body[1]) % 31 == 0
    return zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS  # half of the servers send it raw


def _inflate(body: bytes, wbits: int, most: int, *, is_prefix_enough: bool) -> bytes:
    parts: list[bytes] = []
    room = most
    while True:
        inflater = zlib.decompressobj(wbits)
        part = inflater.decompress(body, room + 1)
        parts.append(part)
        room -= len(part)
        if room < 0 or inflater.unconsumed_tail:
            if is_prefix_enough:
                return b"".join(parts)[:most]
            raise TooLargeError
        if not inflater.eof:
            if is_prefix_enough:
                return b"".join(parts)
            raise BrokenError("unexpected end")
        body = inflater.unused_data
        if wbits != _GZIP or not body.startswith(_MAGIC):  # anything else behind the last member is padding
            return b"".join(parts) if len(parts) > 1 else parts[0]


def hash_of(body: bytes) -> str:
    """Return blake2b-128 in hex."""
    from hashlib import blake2b  # noqa: PLC0415 - a night without news has no body

    return blake2b(body, digest_size=16).hexdigest()


def type_of(content_type: str) -> tuple[str, str]:
    """Return (lower-case media type, charset as sent) of a Content-Type value."""
    media_type, _semicolon, rest = content_type.partition(";")
    found = _CHARSET.search(rest) if rest else None
    return media_type.strip().lower(), found[1] if found else ""


def validator_of(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """Return a validator that can be sent back verbatim, else ``None``."""
    value = value_of(headers, name)
    return value if value and value.isascii() and value.isprintable() else None
