"""Renews a perpetual rendering file by file: what says the same stays, what is new is written aside, then all is switched.

What does not live here: which files there are and what they say (``publish/perpetual``), renderings of editions
(``output``). The manifest of the last time is the memory: beside each file's hash it keeps the digest of what the file
was made of. Memory and files lie in one folder, so that neither is ever restored without the other (ADR-0034).
A rendering that never was has nobody to protect: its files are written straight into their places, under the mark.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import pipeline.model as p
from pipeline import disk, output

_NEW: Final = ".new"  # files of this time, numbered, until all are made


class Row(NamedTuple):
    """One file as the manifest keeps it; ``key`` is the digest of what it was made of, ``""`` for none."""

    media_type: str
    bytes: int
    sha256: str
    key: str


class Made(NamedTuple):
    """A file that was made: its row, and where its bytes wait.

    Attributes:
        aside: Where its bytes wait for the switch; ``""`` when they lie elsewhere or stand in their place already.
        lies: Where bytes nobody reads lie (pictures).
        is_new: Whether it is written; the bytes of the last time may be the same.
    """

    path: str
    row: Row
    aside: str = ""
    lies: p.OnDisk | None = None
    is_new: bool = True


class Renewed(NamedTuple):
    """What became of a renewal: the rendering's hash, how many files but pictures it has, how many were written."""

    sha256: str
    pages: int
    written: int


class Renewal:
    """One renewal of one rendering; use it as a context manager and ``close`` it when every file was kept or put.

    Args:
        output_dir: ``output/``.
        edition_id: ``site``.
        channel: Channel id.
        ground: Digest of what concerns every file: templates, options, settings. Another one makes all of them anew.
        is_dry: Write nothing.

    Cost: one read of the manifest; a ``stat`` for each file kept; memory does not grow with the files' bytes.
    Source: P19, P28, P40; performance §11 "Rendering".
    """

    def __init__(
        self, output_dir: str | Path, edition_id: str, channel: str, *, ground: str, is_dry: bool = False
    ) -> None:
        self._top = Path(output_dir)
        self._folder = output.folder_of(output_dir, edition_id, channel)
        self._head = {"edition": edition_id, "channel": channel}
        self._ground = ground
        self._is_dry = is_dry
        self._before = output.manifest_of(self._folder)
        self._is_first = not self._before and not self._folder.exists()
        self._is_sound = not (self._folder / output.WRITING).exists()  # else a run died while it switched
        self._old: dict[str, Row] = {path: _row(file) for path, file in self._before.get("files", {}).items()}
        self._is_same_ground = self._is_sound and self._before.get("ground") == ground
        self._rows: dict[str, Row] = {}
        self._waiting: list[Made] = []
        self._written = 0
        self._ready: set[str] = set()  # folders this process made for what it writes
        self._number = 0
        self._handle = -1  # of the folder: thousands of files are looked at below it

    def __enter__(self) -> Self:
        with output.writing(self._subject):
            if not self._is_dry:
                shutil.rmtree(self._folder / _NEW, ignore_errors=True)
            if self._old:
                self._handle = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        if not self._is_dry:
            is_half = self._is_first and kind is not None
            shutil.rmtree(self._folder if is_half else self._folder / _NEW, ignore_errors=True)

    @property
    def _subject(self) -> str:
        return f"{self._head['edition']}/{self._head['channel']}"

    @property
    def known(self) -> Mapping[str, str]:
        """By path, the keys of the last time's files that may stay as they are; none on another ground."""
        return {path: row.key for path, row in self._old.items() if row.key} if self._is_same_ground else {}

    def keep(self, path: str, key: str) -> bool:
        """Keep the file of the last time if it was made of the same and is still there; return whether it was kept."""
        row = self._old.get(path)
        if not key or row is None or row.key != key or not self._is_same_ground or not self._is_there(path, row):
            return False
        self._rows[path] = row
        return True

    def put(self, artifact: p.Artifact, key: str) -> None:
        """Take a file that was made; the bytes of the last time stay where they are the same.

        Raises:
            StoreError: The disk refuses.
        """
        self.enter(self.write(artifact, key))

    def write(self, artifact: p.Artifact, key: str) -> Made:
        """Write a file that was made where nobody reads it yet; a forked process may, and hands back what it made.

        Raises:
            StoreError: The disk refuses.
        """
        path, row = artifact.path, Row(artifact.media_type, output.size_of(artifact), output.sha256_of(artifact), key)
        old = self._old.get(path)
        if self._is_sound and old is not None and old.sha256 == row.sha256 and self._is_there(path, row):
            return Made(path, row, is_new=False)
        if not self._is_sound and output.is_same(self._folder / path, artifact):
            return Made(path, row, is_new=False)
        if artifact.on_disk is not None or self._is_dry:
            return Made(path, row, lies=artifact.on_disk)
        with output.writing(self._subject):
            place = self._place(path)
            disk.write(place, artifact.body, durable=False)
        return Made(path, row, aside="" if self._is_first else place)

    def _place(self, path: str) -> str:
        """Where the bytes of a file go until the switch; the folder is there."""
        if self._is_first:
            if not self._ready:
                self._mark()
            self._make_way(path)
            return f"{self._folder}/{path}"
        if not self._ready:
            (self._folder / _NEW).mkdir(parents=True, exist_ok=True)
            self._ready.add(_NEW)
        self._number += 1
        return f"{self._folder}/{_NEW}/{os.getpid()}-{self._number}"

    def enter(self, made: Made) -> None:
        """Take over a file that was written."""
        self._rows[made.path] = made.row
        self._written += made.is_new
        if made.aside or made.lies:
            self._waiting.append(made)

    def _is_there(self, path: str, row: Row) -> bool:
        try:
            return os.stat(path, dir_fd=self._handle).st_size == row.bytes
        except OSError:
            return False

    def close(self, left_out: Iterable[p.LeftOut] = ()) -> Renewed:
        """Switch to the new files, write the manifest, delete what no page stands for any more.

        A kill in between leaves a mark: the next renewal compares bytes.

        Raises:
            StoreError: The disk refuses.
        """
        rows = sorted(self._rows.items())
        sha256 = output.hash_rows((path, row.media_type, row.sha256) for path, row in rows)
        told = [{"story": o.story_id, "title": o.title, "reason": o.reason} for o in left_out]
        head = {**self._head, "sha256": sha256, "ground": self._ground, "left_out": told}
        if not self._is_dry and not self._is_untouched(head):
            with output.writing(self._subject):
                self._switch(_manifest(head, rows))
        pages = sum(not row.media_type.startswith("image/") for _path, row in rows)
        return Renewed(sha256, pages, 0 if self._is_dry else self._written)

    def _is_untouched(self, head: Mapping[str, Any]) -> bool:
        before = {name: value for name, value in self._before.items() if name != "files"}
        return self._is_sound and not self._written and before == head and self._old == self._rows

    def _mark(self) -> None:
        """From here on files and manifest may disagree."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / output.WRITING).touch()
        disk.sync_folder(self._folder)

    def _make_way(self, path: str) -> str:
        parent = path.rpartition("/")[0]
        if parent not in self._ready:
            disk.make_way(self._folder, parent)
            self._ready.add(parent)
        return parent

    def _switch(self, manifest: bytes) -> None:
        folder = self._folder
        is_few = self._written <= p.limits.FSYNC_FILES and not self._is_first
        self._mark()
        self._ready.clear()
        parents = set()
        for made in self._waiting:
            parents.add(self._make_way(made.path))
            self._move(made, durable=is_few)
        for parent in sorted(parents) if is_few else ():
            disk.sync_folder(folder / parent)
        if not is_few:
            os.sync()  # one flush for the whole site instead of one for each of thousands of pages
        with suppress(FileNotFoundError):
            (folder / _NEW).rmdir()
        disk.put(str(folder / output.MANIFEST), manifest, durable=True)
        disk.sync_folder(folder)
        gone = self._old.keys() - self._rows.keys() if self._is_sound else output.strangers(folder, self._rows)
        for path in sorted(gone):
            disk.remove(folder, path)
        (folder / output.WRITING).unlink(missing_ok=True)

    def _move(self, made: Made, *, durable: bool) -> None:
        place = f"{self._folder}/{made.path}"
        if durable and made.aside:
            disk.sync_file(made.aside)
        try:
            self._move_to(place, made, durable=durable)
        except IsADirectoryError:  # a folder became a page
            disk.remove_tree(Path(place))
            self._move_to(place, made, durable=durable)

    def _move_to(self, place: str, made: Made, *, durable: bool) -> None:
        if made.lies is not None:
            disk.link(self._top / made.lies.path, place, durable=durable)
        else:
            os.replace(made.aside, place)  # noqa: PTH105 - see disk.write


def _row(file: Mapping[str, Any]) -> Row:
    return Row(file["media_type"], file["bytes"], file["sha256"], file.get("key", ""))


def _manifest(head: Mapping[str, Any], rows: Iterable[tuple[str, Row]]) -> bytes:
    """As of ``output``: JSON with one line a file. Paths, hashes and keys are plain ASCII of ours."""
    files = ",\n".join(
        f'{{"path": "{path}", "media_type": {_quoted(row.media_type)}, "bytes": {row.bytes}, "sha256": "{row.sha256}"'
        + (f', "key": "{row.key}"}}' if row.key else "}")
        for path, row in rows
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "files": [\n{files}\n]}}\n'.encode()


@cache
def _quoted(text: str) -> str:
    return json.dumps(text)
