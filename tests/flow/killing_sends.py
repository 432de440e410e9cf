"""One run of the deliver room in a process that may be killed: the inside of ``test_killed_sends.py``.

Forks a child for each job (a JSON line on standard input). What the first child imported is imported here too, so that the
others start at once. A child is killed by SIGKILL after ``kill_s`` seconds, or by the test, which finds its number in the file
``pid`` while it lives; 0 lets it finish. What does not live here: carriers and places (they live in the test), what must be true.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pipeline.model as p
from pipeline.deliver.run import Round, deliver
from pipeline.http import open_http
from pipeline.registry import Registry
from pipeline.store.store import Store


def round_of(job: dict[str, Any]) -> list[str]:
    """Open the store, walk the room once, close; return what state deliveries are in."""
    for name, most in job["limits"].items():
        setattr(p.limits, name, most)
    now, folder = datetime.fromisoformat(job["now"]), Path(job["folder"])
    plugins = Registry(installed=False)
    model = plugins.transport(job["transport"]).Options
    options = model.model_validate(
        job["options"], context={"environment": job["environment"], "project": job["folder"]}
    )
    channel = p.ChannelSpec(
        id=job["channel"], renderer="x", transport=job["transport"], transport_options=options, **job["hours"]
    )
    rules = p.FetchRules(allow_private=tuple(job["hosts"]), gap_s=0.0)
    with (
        Store.open(f"sqlite:///{folder / 'moa.db'}", now=now) as store,
        store.lock(),
        open_http(rules, wall_clock=lambda: now) as http,
    ):
        deliver(
            Round(
                channels={channel.id: channel},
                store=store,
                http=http,
                plugins=plugins,
                output_dir=folder,
                clock=lambda: now,
                is_armed=True,
            )
        )
        return [one.state.value for one in store.deliveries.list()]


def forked(job: dict[str, Any]) -> int:
    """Start a child; it leaves what it saw and the names of what it imported in files."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        aside = Path(job["folder"]) / "pid.new"
        aside.write_text(str(os.getpid()))
        aside.replace(aside.with_name("pid"))
        (Path(job["folder"]) / "states").write_text(" ".join(round_of(job)))
        (Path(job["folder"]) / "modules").write_text("\n".join(sys.modules))
        code = 0
    except BaseException as error:
        print(f"! {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(code)


def ended(child: int, kill_s: float) -> int:
    """Wait for a child, kill it in time, and return its status."""
    began = time.monotonic()
    while kill_s:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return status
        if time.monotonic() - began > kill_s:
            os.kill(child, signal.SIGKILL)
            break
        time.sleep(0.0005)
    return os.waitpid(child, 0)[1]


def main() -> None:
    """Answer each job with how its child ended and how long that took."""
    known: set[str] = set()
    for line in sys.stdin:
        job = json.loads(line)
        began, folder = time.monotonic(), Path(job["folder"])
        status = ended(forked(job), job["kill_s"])
        (folder / "pid").unlink(missing_ok=True)
        seconds = time.monotonic() - began
        states = (folder / "states").read_text().split() if status == 0 else ["sending"]
        print(json.dumps({"status": status, "seconds": seconds, "states": states}), flush=True)
        told = folder / "modules"
        if job["transport"] not in known and told.exists():
            known.add(job["transport"])
            for name in told.read_text().split():
                with suppress(Exception):
                    importlib.import_module(name)


if __name__ == "__main__":
    main()
