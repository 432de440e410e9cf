"""The folder ``output/media/``: our own copies of pictures, each named by its content and written once.

What does not live here: making them (``collect/imaging``), which of them are used (``store/pictures``), pages.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pipeline.model as p
from pipeline import disk
from pipeline.i18n import _

FOLDER: Final = "media"


def put(output_dir: str | Path, file: p.ImageFile, body: bytes) -> bool:
    """Write one file unless it is there; return whether it had to be written.

    Raises:
        StoreError: The disk refuses (full, read-only).
    """
    path = Path(output_dir) / FOLDER / file.path
    try:
        if path.is_file() and path.stat().st_size == len(body):
            os.utime(path)  # used again: its days begin anew
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.put(str(path), body, durable=True)
    except OSError as error:
        raise p.StoreError(
            _("그림을 저장하지 못했습니다: {why}").format(why=error.strerror or error), subject=file.path, code="output"
        ) from error
    return True


def is_there(output_dir: str | Path, picture: p.Picture) -> bool:
    """Whether a picture has files and all lie there: somebody may have tidied the folder. Cost: one ``stat`` a file."""
    try:
        return bool(picture.files) and all(
            os.stat(f"{output_dir}/{FOLDER}/{file.path}").st_size == file.bytes  # noqa: PTH116 - thousands of them
            for file in picture.files
        )
    except OSError:
        return False


def unused(output_dir: str | Path, used: Collection[str], before: datetime) -> Iterator[Path]:
    """Yield files that are not ``used`` (paths below the folder) and were last written before an instant."""
    folder = Path(output_dir) / FOLDER
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in used and path.stat().st_mtime < before.timestamp():
            yield path


def forget(paths: Collection[Path]) -> int:
    """Delete these files and folders left empty; return how many bytes that gave back."""
    freed = 0
    for path in paths:
        freed += path.stat().st_size
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return freed
