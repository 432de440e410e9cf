"""Asks ``moa lab`` and the scorers, both as programs.

What does not live here: which questions (the measures beside).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MOA = str(Path(sys.executable).with_name("moa"))


def ask(command: str, *files: Path, lines: Iterable[object] = ()) -> list[dict[str, Any]]:
    """Return the answers of ``moa lab COMMAND`` to files named, or to JSON lines."""
    given = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    done = subprocess.run(
        [MOA, "lab", command, *map(str, files)], input=given.encode(), stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def score(scorer: Path, truth: Path, answers: Iterable[object], scratch: Path) -> dict[str, Any]:
    """Return the JSON a scorer prints for answers."""
    file = scratch / f"{scorer.stem}.jsonl"
    file.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in answers), "utf-8")
    done = subprocess.run(
        [sys.executable, str(scorer), str(truth), str(file), "--json"], stdout=subprocess.PIPE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
