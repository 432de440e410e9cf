"""The inside of one worker: a process that may be killed at any time.

What does not live here: who starts and kills it (``workers``), any network or store. Speaks over one inherited socket:
receives a batch of jobs, answers each as soon as it is done, so that the parent knows which one a death belongs to.
"""

from __future__ import annotations

import gc
import importlib
import pickle
import resource
import sys
from collections.abc import Sequence

import pipeline.model as p
from pipeline.collect.jobs import Job, Parsed, Redrawn, Sketch
from pipeline.collect.link import Link

_RARELY = 50_000
_BASE_MEMORY_BYTES = 1024 * 1024 * 1024  # address space the interpreter and its libraries map before any document


def work(job: Job) -> Parsed:
    """Parse and normalise one job; every exception becomes a value."""
    from pipeline.collect.normalize import normalize  # noqa: PLC0415 - a worker that draws needs no parser

    try:
        module = importlib.import_module(job.module)
        items = module.parse(job.spec.options, job.fetched)
        return Parsed(source_id=job.spec.id, normalized=normalize(items, job.spec, now=job.now))
    except p.PipelineError as error:
        error.subject = job.spec.id
        error.__cause__ = error.__context__ = None
        return Parsed(source_id=job.spec.id, error=error)
    except MemoryError:
        gc.collect()
        full = p.ShapeError("memory limit", subject=job.spec.id, code="over-memory")
        return Parsed(source_id=job.spec.id, error=full)
    except Exception as error:  # noqa: BLE001 - a plugin's defect is that source's outcome, named as what it is
        text = f"{job.module}: {type(error).__name__}: {error}"[:300]
        return Parsed(source_id=job.spec.id, error=p.PluginError(text, subject=job.spec.id))


def draw(sketch: Sketch) -> Redrawn:
    """Draw one picture anew; every exception becomes a reason code."""
    from pipeline.collect.imaging import UnfitError, redraw  # noqa: PLC0415 - a worker that parses needs no Pillow

    try:
        return Redrawn(url=sketch.url, files=redraw(sketch.body, sketch.uses, is_whole=sketch.is_whole))
    except UnfitError as error:
        return Redrawn(url=sketch.url, problem=str(error.args[0]))
    except MemoryError:
        gc.collect()
        return Redrawn(url=sketch.url, problem="too-large")


def limit(cpu_s: int, memory_bytes: int) -> None:
    """Allow this process ``cpu_s`` more CPU seconds and a bounded address space; the kernel enforces both."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_s, hard))
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    cap = memory_bytes + _BASE_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (cap if hard == resource.RLIM_INFINITY else min(cap, hard), hard))


def main(descriptor: int, cpu_s: int) -> None:
    """Serve batches until the parent closes the socket."""
    sys.setrecursionlimit(2000)
    gc.set_threshold(
        _RARELY, 20, 100
    )  # nearly everything made here dies by its count; looking for circles took an eighth
    link = Link(descriptor)
    while True:
        try:
            batch: Sequence[Job | Sketch] = pickle.loads(link.receive())  # noqa: S301 - of our own parent
        except EOFError:
            return
        for job in batch:
            limit(cpu_s, p.limits.PARSE_MEMORY_BYTES)
            try:
                answer = draw(job) if isinstance(job, Sketch) else work(job)
                link.send(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
            except OSError:
                return  # the parent is gone, whatever ended it; nobody waits for this answer


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
