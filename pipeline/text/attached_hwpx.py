"""Text of a HWPX (KS X 6101): its sections, else its own preview. No DTD, no entities, nothing inflated beyond the limit.

What does not live here: other formats (``attached``), tables and styles: search needs the words only.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, Final
from xml.parsers import expat
from zipfile import ZipFile

import pipeline.model as p
from pipeline.text.attached import ENCRYPTED, OVER_LIMIT, UnreadableError

_SECTION: Final = re.compile(r"Contents/section(\d{1,4})\.xml")
_PREVIEW: Final = "Preview/PrvText.txt"
_MANIFEST: Final = "META-INF/manifest.xml"
_CHUNK: Final = 64 * 1024
_PROTECTED: Final = 1  # bit of a zip entry's flags


def text(body: bytes) -> str:
    """Return the paragraphs of the sections in their order.

    Raises:
        UnreadableError: ``encrypted``, ``over-limit``, or ``other-format`` for a zip that is no HWPX.
        Exception: Whatever a broken file leads to.
    """
    with ZipFile(BytesIO(body)) as archive:
        entries = archive.infolist()
        if len(entries) > p.limits.ATTACHED_ENTRIES:
            raise UnreadableError(OVER_LIMIT)
        if any(entry.flag_bits & _PROTECTED for entry in entries):
            raise UnreadableError(ENCRYPTED)
        names = {entry.filename for entry in entries}
        sections = sorted((int(found[1]), name) for name in names if (found := _SECTION.fullmatch(name)))
        if not sections and _PREVIEW not in names:
            raise UnreadableError("other-format")
        if _MANIFEST in names:
            with archive.open(_MANIFEST) as file:
                if b"encryption-data" in file.read(_CHUNK):
                    raise UnreadableError(ENCRYPTED)
        words = _Words()
        for _number, name in sections:
            if not words.is_full:
                with archive.open(name) as file:
                    words.read(file)
        if words.text.strip() or _PREVIEW not in names:
            return words.text
        with archive.open(_PREVIEW) as file:
            return file.read(_CHUNK).decode("utf-8", "replace")


class _Words:
    """Collects what stands in ``hp:t``; a paragraph ends a line."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._chars = 0
        self._depth = 0
        self._inside = 0
        self._left = p.limits.ATTACHED_INFLATED_BYTES

    @property
    def text(self) -> str:
        return "".join(self._said)

    @property
    def is_full(self) -> bool:
        return self._chars >= p.limits.ATTACHED_CHARS

    def read(self, file: IO[bytes]) -> None:
        """Read one section until there is enough text."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        self._depth = self._inside = 0
        while not self.is_full:
            chunk = file.read(_CHUNK)
            self._left -= len(chunk)
            if self._left < 0:
                raise UnreadableError(OVER_LIMIT)
            parser.Parse(chunk, not chunk)
            if not chunk:
                return

    def _refuse(self, *_declared: object) -> None:
        raise UnreadableError("broken")  # no HWPX has a document type: whatever it declares is not looked at

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > p.limits.NESTING:
            raise UnreadableError(OVER_LIMIT)
        local = name.rpartition(":")[2]
        self._inside += local == "t"
        if local in {"tab", "lineBreak", "fwSpace", "nbSpace"} and self._inside:
            self._said.append(" ")

    def _end(self, name: str) -> None:
        self._depth -= 1
        local = name.rpartition(":")[2]
        self._inside -= local == "t"
        if local == "p":
            self._said.append("\n")

    def _data(self, data: str) -> None:
        if self._inside:
            self._said.append(data)
            self._chars += len(data)
