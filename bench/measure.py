"""One command measured with its whole process tree, and how a row of ratios is told.

What does not live here: what is compared (``__main__``, ``site``, ``mail``).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
MOA = str(Path(PYTHON).with_name("moa"))


@dataclass
class Taken:
    """Seconds, CPU seconds and peak proportional memory of one process tree."""

    seconds: float
    cpu: float
    peak_mb: float


def pss_mb(root: int) -> float:
    """Return the proportional set size of a process and its children, in MB."""
    total, todo = 0.0, [root]
    while todo:
        pid = todo.pop()
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, StopIteration, ProcessLookupError):
            continue
    return total


def take(command: list[str], *, ok: tuple[int, ...] = (0,), watch: bool = False, **environment: str) -> Taken:
    """Run a command to its end and measure the whole process tree."""
    began = time.perf_counter()
    before = os.times()
    # byte code is kept, as it is for every installed program: compiling is no part of any contender's work
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**inherited, **environment})
    peak = [0.0]

    def look() -> None:
        while process.poll() is None:
            peak[0] = max(peak[0], pss_mb(process.pid))
            time.sleep(0.05)

    watcher = threading.Thread(target=look)
    if watch:
        watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    if watch:
        watcher.join()
    after = os.times()
    if code not in ok:
        raise SystemExit(f"{command[0]} ended with {code}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(seconds, cpu, peak[0])


def spread(ratios: Sequence[float], form: str = ".3f") -> str:
    """Return ``min / median / max``."""
    return " / ".join(format(one, form) for one in (min(ratios), statistics.median(ratios), max(ratios)))
