"""Writing files so that no reader ever sees half of one (tool of this room).

What does not live here: what is written, and why.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pipeline.model as p
from pipeline.i18n import _


def write_whole(path: Path, body: bytes) -> bool:
    """Write aside, sync and rename; equal bytes are left alone. Return whether the file was written.

    Raises:
        OSError: The folder cannot be written.
    """
    if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return True


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def refusals(folder: Path) -> Iterator[None]:
    """Turn a disk's refusal into our error."""
    try:
        yield
    except OSError as error:
        message = _("폴더에 올리지 못했습니다: {why}").format(why=f"{error.strerror or error} ({folder})")
        raise p.DeliveryError(message, code="folder") from error


class WebRoot:
    """A folder that must stay the same folder: files are replaced one by one, each whole (a ``Place`` of ``_mirror``)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes | None:
        """Return a file, ``None`` when there is none."""
        with refusals(self._folder):
            file = self._folder / path
            return file.read_bytes() if file.is_file() else None

    def sizes(self) -> Mapping[str, int]:
        """Return every file with its size."""
        with refusals(self._folder):
            files = (f for f in self._folder.rglob("*") if f.is_file() or f.is_symlink())
            return {f.relative_to(self._folder).as_posix(): f.lstat().st_size for f in files}

    def put(self, path: str, body: bytes, media_type: str) -> None:
        """Write a file whole."""
        del media_type  # the web server tells it by the name
        with refusals(self._folder):
            write_whole(self._folder / path, body)

    def delete(self, paths: Collection[str]) -> None:
        """Delete files, and folders they leave empty."""
        with refusals(self._folder):
            for path in paths:
                (self._folder / path).unlink(missing_ok=True)
                for parent in Path(path).parents:
                    place = self._folder / parent
                    if str(parent) != "." and place.is_dir() and not any(place.iterdir()):
                        place.rmdir()
