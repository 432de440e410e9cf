"""Stored renderings, checked against their hash when first opened and again file by file when served (P56, P62).

What does not live here: writing them (``output``), drafts (``drafts``), http (``server``), what a page says.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import pipeline.model as p
from pipeline import output
from pipeline.i18n import _

_KEPT: Final = 32  # renderings whose list of files is remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A rendering that was read whole and found equal to its hash; its bytes stay on disk.

    Attributes:
        files: Media type and SHA-256 by relative path: all that may be served.
        left_out: What this channel's budget dropped.
        draft: Where the bytes come from instead, when this is not stored at all.
    """

    edition_id: str
    channel: str
    sha256: str
    folder: Path
    files: Mapping[str, tuple[str, str]]
    left_out: tuple[p.LeftOut, ...]
    draft: Drafted | None = None


class Drafted(Protocol):
    """A rendering that is not stored: shown until somebody stores it or takes the change back."""

    @property
    def sha256(self) -> str:
        """Its hash, or a word that changes with it."""

    def names(self) -> Mapping[str, str]:
        """Return media type (``""`` where only making the file would tell) by path."""

    def file(self, path: str) -> tuple[str, bytes] | None:
        """Return media type and bytes of a file; ``None`` when there is none."""

    @property
    def left_out(self) -> tuple[p.LeftOut, ...]:
        """What this channel's budget drops."""


@dataclass(slots=True)
class Shelf:
    """Finds stored renderings; safe to use from several threads.

    Attributes:
        output_dir: ``output/``.
        key: Random for each start, in the address of every byte: another page of this browser cannot ask for them. It
            lets nobody decide anything, so the stored pages' own scripts may know it.
        drafted: Renderings of the draft that is shown instead of what is stored, by edition and channel.
    """

    output_dir: Path
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    drafted: Mapping[tuple[str, str], Drafted] = field(default_factory=dict)
    _known: dict[tuple[str, str], tuple[tuple[int, int, int], Stored]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rendering(self, edition_id: str, channel: str, sha256: str | None = None) -> Stored:
        """Return a stored rendering, verified.

        Args:
            edition_id: ``<digest>/<date>``, or ``site``.
            channel: Channel id.
            sha256: The only rendering that is wanted; ``None`` takes what is stored.

        Raises:
            StoreError: ``not-rendered``, ``damaged`` or ``superseded`` (``output.read_rendering``).

        Cost: reads every file once, and again when its manifest was written anew; else one ``stat``.
        """
        draft = self.drafted.get((edition_id, channel))
        if draft is not None and sha256 in (None, draft.sha256):
            return self._of(edition_id, channel, draft)
        manifest = output.folder_of(self.output_dir, edition_id, channel) / output.MANIFEST
        with self._lock:
            mark = _mark(manifest)
            held = self._known.get((edition_id, channel))
            if held is None or held[0] != mark:
                held = (mark, self._read(edition_id, channel))
                self._known.pop((edition_id, channel), None)
                self._known[edition_id, channel] = held
                while len(self._known) > _KEPT:
                    del self._known[next(iter(self._known))]
        if sha256 is not None and held[1].sha256 != sha256:
            raise p.StoreError(
                _("그 사이 다른 발행물로 바뀌었습니다."), subject=f"{edition_id}/{channel}", code="superseded"
            )
        return held[1]

    def _of(self, edition_id: str, channel: str, draft: Drafted) -> Stored:
        return Stored(
            edition_id=edition_id,
            channel=channel,
            sha256=draft.sha256,
            folder=self.output_dir,
            files={path: (media_type, "") for path, media_type in draft.names().items()},
            left_out=draft.left_out,
            draft=draft,
        )

    def _read(self, edition_id: str, channel: str) -> Stored:
        whole = output.read_rendering(self.output_dir, edition_id, channel, is_light=True)
        return Stored(
            edition_id=edition_id,
            channel=channel,
            sha256=whole.sha256,
            folder=output.folder_of(self.output_dir, edition_id, channel).resolve(),
            files={a.path: (a.media_type, output.sha256_of(a)) for a in whole.artifacts},
            left_out=whole.left_out,
        )


def file_of(stored: Stored, path: str) -> tuple[str, bytes] | None:
    """Return media type and bytes of one file; ``None`` when the rendering has no such file.

    Only names of the verified list are looked up, so no path can lead elsewhere; a symbolic link in its place is refused.

    Raises:
        StoreError: The file is gone, is a link, or its bytes changed since they were verified (``damaged``).

    Cost: reads the one file.
    """
    if stored.draft is not None:
        return stored.draft.file(path)
    known = stored.files.get(path)
    if known is None:
        return None
    place = stored.folder / path
    try:
        body = place.read_bytes() if place.resolve() == place else b""
    except OSError:
        body = b""
    if hashlib.sha256(body).hexdigest() != known[1]:
        subject = f"{stored.edition_id}/{stored.channel}/{path}"
        raise p.StoreError(_("저장된 발행물이 목록과 다릅니다."), subject=subject, code="damaged")
    return known[0], body


def _mark(manifest: Path) -> tuple[int, int, int]:
    try:
        found = manifest.stat()
    except OSError:
        return (0, 0, 0)  # read_rendering says what is wrong
    return (found.st_mtime_ns, found.st_size, found.st_ino)
