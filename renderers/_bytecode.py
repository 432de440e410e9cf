"""Compiled templates kept beside the compiled code of this package, so that a quiet night compiles none.

What does not live here: compiling (``_compiling``). They lie where Python keeps its own ``.pyc`` files and are no less to be
trusted; where that place may not be written, every run compiles anew. What was compiled of another text, in another
language or by another compiler is never used.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha1
from importlib.util import cache_from_source
from pathlib import Path

import jinja2.compiler
from jinja2.bccache import Bucket, BytecodeCache

from pipeline import i18n
from renderers import _compiling, _jinja


class Kept(BytecodeCache):
    """Compiled templates of one language.

    Args:
        language: Sentences stand in the code in this language.
        folder: Where they lie; Python's own place for this package by default.
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self._language = language
        self._folder = folder or Path(cache_from_source(__file__)).parent
        catalogue = i18n.LOCALE_DIR / language / "LC_MESSAGES" / "moa.mo"
        files = (jinja2.compiler.__file__, _compiling.__file__, _jinja.__file__, catalogue)
        self._compiler = "\n".join(_mark(file) for file in files)

    def get_source_checksum(self, source: str) -> str:
        """Of the text and of all that decides what becomes of it."""
        return sha1(f"{self._compiler}\0{source}".encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if a file for it is there; Jinja looks whether it is of the same text."""
        try:
            with self._path(bucket).open("rb") as file:
                bucket.load_bytecode(file)
        except OSError:
            return
        except Exception:  # noqa: BLE001 - whatever a damaged file raises, it is compiled over
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, whole or not at all; nothing where Python may not keep its own."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        aside = path.with_suffix(f".{os.getpid()}.pyc")
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            with aside.open("wb") as file:
                bucket.write_bytecode(file)
            aside.replace(path)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{self._language}.{sys.implementation.cache_tag}.pyc"


def _mark(file: str | Path | None) -> str:
    try:
        about = Path(file or "").stat()
    except OSError:
        return ""
    return f"{about.st_size} {about.st_mtime_ns}"
