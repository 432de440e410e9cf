"""One stored message for many receivers: cut once at its declared placeholders, joined for each (tool of this room; pure).

What does not live here: SMTP (``_lane``), making the message (``renderers``). The parts stay encoded as they were stored;
only the lines of placeholders differ between two receivers (ADR-0007, ADR-0032).
"""

from __future__ import annotations

import html
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_LINE: Final = 57  # bytes in a base64 line of 76 characters (RFC 2045)
# a line that begins with a mark begins with its six fixed bytes, and eight fixed characters of base64
_HOLE: Final = re.compile(rb"(?m)^(JSVNT0Ff[A-Za-z0-9+/]*={0,2})(?=\r$)|(%%MOA_[A-Z_]+%%)")
_MARK: Final = re.compile(rb"(%%MOA_[A-Z_]+%%)(.*)\Z", re.DOTALL)
_TYPE: Final = re.compile(rb"(?im)^content-type:[ \t]*text/(\w+)")


@dataclass(frozen=True, slots=True)
class _Hole:
    mark: str
    after: bytes
    is_html: bool
    is_encoded: bool

    def filled(self, values: Mapping[str, str]) -> bytes:
        value = values.get(self.mark, "")
        raw = (html.escape(value) if self.is_html else value).encode("utf-8", "replace")
        if not self.is_encoded:
            return raw
        raw += self.after
        raw = raw.ljust(-(-len(raw) // _LINE) * _LINE)
        return b"\r\n".join(b64encode(raw[at : at + _LINE]) for at in range(0, len(raw), _LINE))


class Letter:
    """A stored message, ready to be joined for each receiver.

    Args:
        body: RFC 5322 bytes, made by our renderers. Line ends become CRLF, a dot at a line's start is doubled (RFC 5321).

    Cost: once a delivery, one pass over the bytes; ``pieces`` copies none of them.
    """

    def __init__(self, body: bytes) -> None:
        text = re.sub(rb"\r\n|\r|\n", b"\r\n", body)
        text = re.sub(rb"(?m)^\.", b"..", text)
        if not text.endswith(b"\r\n"):
            text += b"\r\n"
        types = [(found.start(), found[1].lower()) for found in _TYPE.finditer(text)]
        self._parts: list[bytes | _Hole] = []
        at = 0
        for found in _HOLE.finditer(text):
            subtype = next((name for start, name in reversed(types) if start < found.start()), b"plain")
            hole = _hole(found, is_html=subtype == b"html")
            if hole is not None:
                self._parts += [text[at : found.start()], hole]
                at = found.end()
        self._parts.append(text[at:])
        self._holes = tuple({part for part in self._parts if isinstance(part, _Hole)})

    @property
    def marks(self) -> frozenset[str]:
        """Every placeholder the message holds."""
        return frozenset(hole.mark for hole in self._holes)

    def pieces(self, headers: bytes, values: Mapping[str, str]) -> list[bytes]:
        """Return the message of one receiver in pieces, dots doubled, without the final dot.

        Args:
            headers: Finished lines that go in front.
            values: Text for each placeholder; escaped where it stands in HTML. A missing one is empty.
        """
        filled = {hole: hole.filled(values) for hole in self._holes}
        return [headers, *(part if isinstance(part, bytes) else filled[part] for part in self._parts)]


def _hole(found: re.Match[bytes], *, is_html: bool) -> _Hole | None:
    if found[2]:
        return _Hole(found[2].decode("ascii"), b"", is_html, is_encoded=False)
    inner = _MARK.match(b64decode(found[1] + b"=" * (-len(found[1]) % 4)))
    if inner is None:
        return None
    return _Hole(inner[1].decode("ascii"), inner[2].rstrip(b" "), is_html, is_encoded=True)
