"""The streams a command is born with, made fit to use: cron may give none, a full disk, or another encoding (P67).

What does not live here: what is printed, exit statuses (``failures.py``).
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO


class Patient:
    """A text stream whose failures are remembered, not raised: a report nobody can print must not end a night.

    Attributes:
        failure: The first error, ``None`` while all is well. A reader that left early (EPIPE) is no failure.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or remember why not."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._lost(error)
            return len(text)

    def flush(self) -> None:
        """Flush, or remember why not."""
        try:
            self._stream.flush()
        except OSError as error:
            self._lost(error)

    def _lost(self, error: OSError) -> None:
        if self.failure is None and error.errno != errno.EPIPE:
            self.failure = error
        with suppress(OSError, ValueError):  # what is still buffered goes nowhere, now and when Python ends
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def settle(*, is_program: bool) -> None:
    """Give closed streams a place and make the file system's encoding UTF-8.

    A closed descriptor would be given to the next file that is opened: then the database would be standard output.

    Args:
        is_program: This process is ours alone and may be replaced by one that speaks UTF-8.
    """
    if is_program:
        for descriptor in (0, 1, 2):
            try:
                os.fstat(descriptor)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
        if sys.getfilesystemencoding().lower() not in ("utf-8", "utf8") and not sys.flags.utf8_mode:
            os.environ["PYTHONUTF8"] = "1"  # for our workers too
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, no shell
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the process' life
        elif hasattr(stream, "reconfigure"):  # cron's LANG=C must not turn Korean into an error
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def patient() -> Iterator[tuple[Patient, Patient]]:
    """Replace standard output and error by patient ones; the former come back at the end."""
    before = sys.stdout, sys.stderr
    both = Patient(before[0]), Patient(before[1])
    sys.stdout, sys.stderr = both
    try:
        yield both
    finally:
        for stream in both:
            stream.flush()
        sys.stdout, sys.stderr = before
