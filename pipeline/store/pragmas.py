"""Setting SQLite's pragmas where several programs open one file at once.

What does not live here: which pragmas (``engine``).
"""

from __future__ import annotations

import sqlite3
import time

import pipeline.model as p

_WAIT_S = 0.01


def set_pragma(raw: sqlite3.Connection, pragma: str) -> None:
    """Set a pragma; SQLite does not wait for its busy time-out where two programs turn a new file to WAL, so we do."""
    until = time.monotonic() + p.limits.STORE_BUSY_S
    while True:
        try:
            raw.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_WAIT_S)
        else:
            return
