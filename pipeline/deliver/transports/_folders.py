"""Writing files so that no reader ever sees half of one (tool of this room).

What does not live here: what is written, and why.
"""

from __future__ import annotations

import os
from pathlib import Path


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
