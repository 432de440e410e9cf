"""Text of a file attached to an article, for search: PDF, HWPX and the preview of HWP 5. Pure; never raises.

What does not live here: each format (``attached_pdf``, ``attached_hwpx``, ``attached_hwp``), fetching (``sources``), which files
an article has (``article/files``). Nothing is run, no reference in a file is followed. Source: ADR-0035.

Reasons: ``too-large``, ``other-format``, ``encrypted``, ``no-text`` (a scan, as a rule), ``over-limit``, ``broken``; the sources
add their own for files that did not come.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

import pipeline.model as p
from pipeline.text import clean

ENCRYPTED: Final = "encrypted"
OVER_LIMIT: Final = "over-limit"
_HEAD: Final = 1024  # a PDF may begin a little later than its first byte
_MARK: Final = "\n\n[붙임] "  # an article's own text has no empty line (``clean.many_lines``)
_READABLE: Final = (".pdf", ".hwpx", ".hwp")


class UnreadableError(Exception):
    """A format's way to say why; caught by ``read``."""


def may_read(file: p.Attachment) -> bool:
    """Whether the name or type of a file promises a format that is read here."""
    return file.name.lower().endswith(_READABLE) or file.media_type in {
        "application/pdf", "application/hwp+zip", "application/x-hwp",
    }  # fmt: skip


def read(body: bytes, name: str) -> p.AttachedText:
    """Return what a file says: at most ``limits.ATTACHED_CHARS`` clean characters, or the reason why nothing.

    The bytes tell the format, whatever the name says. Cost: 1 to 10 ms for a page of a PDF, hostile
    files up to 2 s; to be called where a stall can be killed.
    """
    if len(body) > p.limits.ATTACHED_BYTES:
        return p.AttachedText(name=name, why="too-large")
    try:
        text = clean.many_lines(_text(body))[: p.limits.ATTACHED_CHARS]
    except UnreadableError as why:
        return p.AttachedText(name=name, why=str(why))
    except Exception as error:  # noqa: BLE001 - hostile bytes: whatever a library makes of them, the article stands
        logging.getLogger(__name__).debug("attached file: %r", error)
        return p.AttachedText(name=name, why="broken")
    return p.AttachedText(name=name, text=text, why="" if text else "no-text")


def behind(text: str, files: Sequence[p.AttachedText]) -> str:
    """Return an article's own text with those of its files behind it, each under a line with its name."""
    told = "".join(f"{_MARK}{clean.one_line(file.name)[:200]}\n{file.text}" for file in files if file.text)
    return (text + told)[: p.limits.BODY_TEXT_CHARS]


def own(text: str) -> str:
    """Return an entry's text without what its files say: what readers are shown and stories are compared by."""
    return text.partition(_MARK)[0]


def _text(body: bytes) -> str:
    if b"%PDF-" in body[:_HEAD]:
        from pipeline.text import attached_pdf  # noqa: PLC0415 - pypdf

        return attached_pdf.text(body)
    if body.startswith(b"PK\x03\x04"):
        from pipeline.text import attached_hwpx  # noqa: PLC0415 - zipfile and expat

        return attached_hwpx.text(body)
    if body.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        from pipeline.text import attached_hwp  # noqa: PLC0415 - olefile

        return attached_hwp.text(body)
    raise UnreadableError("other-format")
