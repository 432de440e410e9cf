"""Every run with its report, finished or not.

What does not live here: what the report says (``report``).
"""

from __future__ import annotations

import os
from datetime import datetime

import pipeline.model as p
from pipeline.model.base import Value, value
from pipeline.store.codec import to_json
from pipeline.store.engine import Database


@value
class RunRow(Value):
    """One run.

    Attributes:
        as_of: The instant it speaks from.
        finished_at, exit_code, report: ``None`` while it runs, or for ever if it died.
        host, pid: Where it ran.
    """

    id: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime | None = None
    exit_code: int | None = None
    host: str = ""
    pid: int = 0
    report: p.Json = None


class Runs:
    """The runs of this store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def start(self, run_id: str, as_of: datetime, now: datetime) -> None:
        """Note that a run began, so that a killed one is seen. Cost: one row."""
        row = {
            "id": run_id,
            "as_of": as_of,
            "started_at": now,
            "finished_at": None,
            "exit_code": None,
            "report": None,
            "host": os.uname().nodename,
            "pid": os.getpid(),
        }
        with self._db.writing():
            self._db.run("runs_start", row)

    def finish(self, run_id: str, exit_code: int, report: p.Json, now: datetime) -> str:
        """Note how a run ended, with its report (contract §4), and return that as the JSON text kept. Cost: one row."""
        text = to_json(report) or "null"
        with self._db.writing():
            self._db.run("runs_finish", {"the_id": run_id, "exit_code": exit_code, "report": text, "finished_at": now})
        return text

    def latest(self, n: int = 1) -> tuple[RunRow, ...]:
        """Return the last ``n`` runs, newest first, unfinished ones too. Cost: one indexed query."""
        return tuple(RunRow(**row) for row in self._db.run("runs_latest", {"n": n}))

    def has_finished(self) -> bool:
        """Whether any run ever came to its end in this store. Cost: one row."""
        return bool(self._db.run("runs_finished"))
