"""The preview text that HWP 5 keeps of itself (about its first page); the one owner of ``olefile``.

What does not live here: the records of the whole text (BodyText), which ask for a parser of their own; other formats (``attached``).
Source: Hancom, "한글 문서 파일 형식 5.0", FileHeader and PrvText.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final

import olefile

from pipeline.text.attached import ENCRYPTED, OVER_LIMIT, UnreadableError

_SIGNATURE: Final = b"HWP Document File"
_FLAGS: Final = 36  # offset of the properties; bit 1: has a password
_PREVIEW_BYTES: Final = 64 * 1024  # Hangul writes 2 KB
_CELLS: Final = re.compile(r"[<>]+")  # the preview writes a table's cells as <a><b>


def text(body: bytes) -> str:
    """Return the preview text.

    Raises:
        UnreadableError: ``encrypted``, ``over-limit``, or ``other-format`` for an OLE file of another program.
        Exception: Whatever a broken file leads to.
    """
    with olefile.OleFileIO(BytesIO(body)) as ole:
        head = ole.openstream("FileHeader").read(256) if ole.exists("FileHeader") else b""
        if not head.startswith(_SIGNATURE):
            raise UnreadableError("other-format")
        if head[_FLAGS : _FLAGS + 1] and head[_FLAGS] & 2:
            raise UnreadableError(ENCRYPTED)
        if not ole.exists("PrvText"):
            return ""
        if ole.get_size("PrvText") > _PREVIEW_BYTES:
            raise UnreadableError(OVER_LIMIT)
        said: str = ole.openstream("PrvText").read().decode("utf-16-le", "replace")
    return _CELLS.sub(" ", said.partition("\0")[0])
