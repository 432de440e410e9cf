"""One e-mail as bytes: headers nobody can break into, two base64 parts, CRLF, the same for the same edition.

What does not live here: what the mail says (``newsletter``), receivers, dates and ids (the transport).
Source: RFC 5322, 2045-2047; reliability P54, P55 and Part 2 item 1.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import blake2b
from typing import Final

import pipeline.model as p
from renderers import _words

LINE: Final = 57  # bytes of one base64 line of 76 characters
_FIRST_WORD: Final = 36  # bytes of text in the first encoded word, which shares its line with the header's name
_WORD: Final = 45


def phrase(text: str) -> str:
    """Return text as a header may carry it: one clean line, as RFC 2047 encoded words unless plain ASCII.

    ``=?`` is broken up first, so that no later reader finds an encoded word in what a source wrote.
    """
    clean = _words.plain(text).replace("=?", "= ?").replace("?=", "? =")
    if clean.isascii():
        return clean[: p.limits.TITLE_CHARS]
    words, piece, room = [], b"", _FIRST_WORD
    for character in clean:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            words.append(piece)
            piece, room = b"", _WORD
        piece += octets
    return "\r\n ".join(f"=?UTF-8?B?{b64encode(word).decode()}?=" for word in [*words, piece])


def aligned(text: str, token: str, *, before: str, after: str) -> str:
    """Return the text with blanks around ``token`` such that ``token + after`` and blanks fill base64 lines of their own.

    They are then the same in every edition. A transport exchanges them for the encoded value, ``after`` and blanks up to a
    multiple of 57 bytes, without encoding the mail again.

    Args:
        text: With ``before + token + after`` exactly once.
        token: ASCII.
        before: Ends right before the token; the blanks go in front of it, where they do not show.
        after: What must follow the token at once (the closing quote of an attribute, the rest of a greeting), in at most
            57 bytes with the token; blanks may stand behind it.
    """
    start = text.rindex(before + token + after)
    offset = len((text[:start] + before).encode("utf-8", "replace"))
    rest = text[start + len(before + token + after) :]
    room = LINE - len((token + after).encode("utf-8", "replace"))
    assert room >= 0, after
    return text[:start] + " " * (-offset % LINE) + before + token + after + " " * room + rest


def message(headers: list[tuple[str, str]], text: str, html: str, seed: str) -> bytes:
    """Return the bytes of a ``multipart/alternative`` message.

    Args:
        headers: Finished (``phrase``), in order.
        text: Plain part with CRLF.
        html: HTML part with CRLF.
        seed: What the boundary is made from: the edition's id.
    """
    boundary = f"=_moa_{blake2b(seed.encode(), digest_size=12).hexdigest()}"
    lines = [f"{name}: {value}" for name, value in headers if value]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
    for subtype, body in (("plain", text), ("html", html)):
        lines += [
            f"--{boundary}",
            f"Content-Type: text/{subtype}; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "",
            *_base64_lines(body),
            "",
        ]
    lines += [f"--{boundary}--", ""]
    return "\r\n".join(lines).encode("ascii")


def _base64_lines(text: str) -> list[str]:
    octets = text.encode("utf-8", "replace")
    return [b64encode(octets[at : at + LINE]).decode() for at in range(0, len(octets), LINE)]
