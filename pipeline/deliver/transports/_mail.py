"""Header lines nobody can break into (tool of this room; pure).

What does not live here: SMTP, splicing. Headers are built as ASCII; nothing of a source's text can become one (P55).
"""

from __future__ import annotations

import re
from email.header import Header
from email.utils import formataddr, parseaddr

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def domain(sender: str) -> str:
    """Return the sender's domain, for Message-IDs."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def header(name: str, value: str) -> bytes:
    """Return one safe header line: control characters gone, non-ASCII encoded (RFC 2047)."""
    clean = _UNSAFE.sub("", value)
    if name in ("From", "To", "Reply-To"):
        shown, plain = parseaddr(clean)
        encoded = formataddr((str(Header(shown, "utf-8").encode()) if shown and not shown.isascii() else shown, plain))
    else:
        encoded = clean if clean.isascii() else str(Header(clean, "utf-8").encode())
    return f"{name}: {encoded}\r\n".encode("ascii")
