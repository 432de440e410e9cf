"""The way out of the process: everything is put away, but Python does not take itself to pieces.

What does not live here: exit statuses (``failures.py``); closing stores and files (those who opened them).
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


def leave(status: int) -> NoReturn:
    """End the process with a status once what others left to be done at the end is done and all output is written.

    Then the kernel takes the memory back at once. Python would first visit and free every single object, which costs
    a quiet night a tenth of its time and changes nothing (ADR-0019). Where somebody watches the end (a debugger, a
    profiler, the development mode) or a thread has not ended, Python leaves in its own way.

    Raises:
        SystemExit: In those cases.
    """
    is_watched = sys.gettrace() or sys.getprofile() or sys.flags.dev_mode
    is_busy = any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
    if is_watched or is_busy:
        sys.exit(status)
    atexit._run_exitfuncs()  # noqa: SLF001 - as Python itself does first; there is no public name
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # told before, if anybody could be (``streams``)
            stream.flush()
    os._exit(status)
