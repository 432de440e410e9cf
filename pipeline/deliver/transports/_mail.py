"""Splicing one recipient's headers into a stored message (tool of this room; pure).

What does not live here: SMTP. Headers are built as ASCII; nothing of a source's text can become one (P55).
"""

from __future__ import annotations

import re
from base64 import b64encode
from email.header import Header
from email.utils import formataddr, parseaddr

UNSUBSCRIBE_TOKEN = b"%%MOA_UNSUBSCRIBE_URL%%"
_ADDRESS = re.compile(r"[^@\s<>,;\"()]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_LINE = 57  # bytes in a base64 line of 76 characters (RFC 2045)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def address(text: str) -> str:
    """Return a plain address with a lower-case domain, ``""`` when it is none, or more than one."""
    found = parseaddr(text.strip())[1]
    if _UNSAFE.search(text.strip()) or text.count("@") != found.count("@"):
        return ""
    if not _ADDRESS.match(found) or len(found) > 254:
        return ""
    local, _at, host = found.rpartition("@")
    return f"{local}@{host.lower()}"


def domain(sender: str) -> str:
    """Return the sender's domain, for Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def header(name: str, value: str) -> bytes:
    """Return one safe header line: control characters gone, non-ASCII encoded (RFC 2047)."""
    clean = _UNSAFE.sub("", value)
    if name in ("From", "To"):
        shown, plain = parseaddr(clean)
        encoded = formataddr((str(Header(shown, "utf-8").encode()) if shown and not shown.isascii() else shown, plain))
    else:
        encoded = clean if clean.isascii() else str(Header(clean, "utf-8").encode())
    return f"{name}: {encoded}\r\n".encode("ascii")


def personal(body: bytes, headers: dict[str, str], unsubscribe_url: str) -> bytes:
    """Return the stored message with this recipient's headers in front and the unsubscribe address filled in.

    RFC 8058 one-click headers are added only for an https address.
    """
    lines = [header(name, value) for name, value in headers.items()]
    if unsubscribe_url:
        lines.append(header("List-Unsubscribe", f"<{unsubscribe_url}>"))
        if unsubscribe_url.startswith("https://"):
            lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    return b"".join(lines) + _filled(body, unsubscribe_url.encode("ascii"))


def _filled(body: bytes, url: bytes) -> bytes:
    """Replace the token where the renderer left it: plain, or alone on one whole base64 line of 57 bytes.

    The parts stay encoded as they were stored; only these lines differ between two recipients (ADR-0007).
    """
    body = body.replace(UNSUBSCRIBE_TOKEN, url)
    for after in (b"", b'"'):
        line = b64encode((UNSUBSCRIBE_TOKEN + after).ljust(_LINE))
        new = url + after
        new = new.ljust(-(-len(new) // _LINE) * _LINE)
        body = body.replace(line, b"\r\n".join(b64encode(new[n : n + _LINE]) for n in range(0, len(new), _LINE)))
    return body
