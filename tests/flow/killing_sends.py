"""One run of the deliver room in a process that may be killed: the inside of ``test_killed_sends.py``.

Imports everything once, then forks a child for each job (JSON lines on standard input). The child is killed by SIGKILL after
``kill_s`` seconds, or by the test, which finds its number in the file ``pid``; 0 lets it finish. What does not live here: carriers (they live in the test), what must be true.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

import pipeline.model as p
from pipeline.deliver.transports import nhncloud, smtp, solapi  # noqa: F401 - imported once, before the forks
from tests.vendors.desk import NAME, desk

KINDS = {"solapi": solapi.Options, "nhncloud": nhncloud.Options}


def round_of(job: dict[str, object]) -> None:
    """Open the store, walk the room once, close."""
    p.limits.SOLAPI_CALL, p.limits.NHN_CALL = 2, 2  # type: ignore[misc] - several groups for a handful of people
    given = dict(job["options"])  # type: ignore[call-overload]

    def options(people: str) -> object:
        model = KINDS[str(job["transport"])]
        return model.model_validate(given | {"recipients": people}, context={"environment": job["environment"]})

    with desk(Path(str(job["folder"])), str(job["transport"]), int(str(job["port"])), options) as here:
        here.now = datetime.fromisoformat(str(job["now"]))
        here.run()


def main() -> None:
    """Answer each job with what the store says afterwards."""
    for line in sys.stdin:
        job = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                (Path(job["folder"]) / "pid").write_text(str(os.getpid()))
                round_of(job)
            except BaseException as error:  # the parent must hear of it
                print(f"! {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        status = None
        while status is None and job["kill_s"]:
            if os.waitpid(child, os.WNOHANG)[0]:
                status = 0
            elif time.monotonic() - began > job["kill_s"]:
                os.kill(child, signal.SIGKILL)
                break
            time.sleep(0.001)
        status = os.waitpid(child, 0)[1] if status is None else status
        print(json.dumps({"status": status, "seconds": time.monotonic() - began}), flush=True)


if __name__ == "__main__":
    main()
    assert NAME
