"""Files written whole or not at all, and ways made and cleared for them: plain ``os`` calls, no meaning.

What does not live here: what is written and why (``output``, ``media``).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

ASIDE: Final = ".aside"


def make_way(folder: Path, parent: str) -> None:
    """Make a folder, also where a page stood before."""
    for place in (folder / x for x in reversed([PurePosixPath(parent), *PurePosixPath(parent).parents])):
        if place.is_file():
            place.unlink()
    (folder / parent).mkdir(parents=True, exist_ok=True)


def remove_tree(folder: Path) -> None:
    """Delete a folder with all that is in it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    folder.rmdir()


def remove(folder: Path, path: str) -> None:
    """Delete one file and folders left empty by it."""
    try:
        (folder / path).unlink(missing_ok=True)
        for parent in PurePosixPath(path).parents:
            if str(parent) != ".":
                (folder / parent).rmdir()
    except OSError:
        return  # the folder still holds other files, or a new artifact took the name over


def put(path: str, body: bytes, *, durable: bool) -> None:
    """Write aside and rename."""
    write(path + ASIDE, body, durable=durable)
    os.replace(path + ASIDE, path)  # noqa: PTH105 - see ``write``


def write(path: str, body: bytes, *, durable: bool) -> None:
    """Write a file nobody reads yet. Plain ``os`` calls: with pathlib a page costs ten times the write itself."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        left = memoryview(body)
        while left:
            left = left[os.write(handle, left) :]
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: str) -> None:
    """Make a file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def same_bytes(path: Path, body: bytes) -> bool:
    """Whether a file holds exactly these bytes."""
    try:
        return path.stat().st_size == len(body) and path.read_bytes() == body
    except OSError:
        return False


def link(source: Path, path: str, *, durable: bool) -> None:
    """Let ``path`` be the same file as ``source`` (never changed in place), or a copy of it on another disk."""
    with suppress(FileNotFoundError):
        Path(path + ASIDE).unlink()
    try:
        os.link(source, path + ASIDE)
    except OSError:
        import shutil  # noqa: PLC0415 - dear to import, and rarely needed

        shutil.copyfile(source, path + ASIDE)
    if durable:
        sync_file(path + ASIDE)
    os.replace(path + ASIDE, path)  # noqa: PTH105 - as in ``put``
    if os.path.lexists(path + ASIDE):  # two names of one file: a rename does nothing
        Path(path + ASIDE).unlink()
