"""Leaving without clearing up loses nothing: not a line, not a task left for the end, not the status."""

from __future__ import annotations

import subprocess
import sys

_BEFORE = """
import atexit, sys, threading, time
from pipeline.cli.leaving import leave
atexit.register(print, "at the end")
class Costly:
    def __del__(self): print("taken to pieces")
kept = Costly()
print("written", end="")
print("told", end="", file=sys.stderr)
"""


def _left(program: str, *flags: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *flags, "-c", _BEFORE + program], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_output_tasks_and_status_arrive_and_nothing_is_taken_to_pieces() -> None:
    """What is still buffered is written, what others registered is done, and the objects are left to the kernel."""
    assert _left("leave(3)") == (3, "writtenat the end\n", "told")


def test_a_thread_at_work_is_waited_for() -> None:
    """Python's own way out waits for threads; so does ours."""
    work = "threading.Thread(target=lambda: (time.sleep(0.05), print(' by a thread'))).start()\n"
    code, out, _err = _left(work + "leave(0)")
    assert code == 0
    assert out.startswith("written by a thread\nat the end\n")


def test_whoever_watches_sees_the_whole_end() -> None:
    """The development mode and profilers get Python's own end."""
    assert _left("leave(4)", "-X", "dev") == (4, "writtenat the end\ntaken to pieces\n", "told")
    profiled = "sys.setprofile(lambda *_: None)\ntry: leave(4)\nexcept SystemExit: sys.setprofile(None)"
    assert _left(profiled) == (0, "writtenat the end\ntaken to pieces\n", "told")


def test_a_reader_that_has_gone_changes_no_status() -> None:
    """A closed pipe at the very end is nobody's failure."""
    program = _BEFORE + "import os\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)\nleave(0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0
