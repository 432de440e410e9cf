"""Work shared out among forked processes: they hold all that was loaded, and hand back small answers.

What does not live here: what the work is (``perpetual``). A fork costs nothing that was read before, where a new process
would have to read it again; so it is for work on what this process holds, as ``collect/workers`` is for work on documents that
come one by one and may be hostile. Nothing of the store is touched in a fork. Source: ADR-0037.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Generic, NoReturn, TypeVar

import pipeline.model as p
from pipeline.i18n import _

J = TypeVar("J")
A = TypeVar("A")


def processes() -> int:
    """How many processes may work at once: as many as there are cores to us; 1 where forking is not safe.

    Another thread may hold a lock that a fork would wait for for ever, and macOS libraries do not survive a fork.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), p.limits.PAGE_PROCESSES)


def answers(jobs: Iterator[J], work: Callable[[J], A], count: int) -> Iterator[A]:
    """Yield what ``work`` makes of each job, in ``count`` forked processes, as the answers come.

    Args:
        jobs: Taken one by one, in this process, when somebody is free; must pickle.
        work: Done in a fork, which has seen everything this process held when the first answer was asked for; its answer
            must pickle, and what it raises must be an error of ours.
        count: How many processes.

    Raises:
        PipelineError: What the earliest failing job raised, whoever worked on it, when all before it are done.
        RenderError: A process died.
    """
    team: list[_Fork[J, A]] = []
    gc.freeze()  # or looking for circles would write to, and so copy, all that is shared
    try:
        for _number in range(count):
            team.append(_Fork(work, team))
        yield from _shared_out(jobs, team)
    finally:
        gc.unfreeze()
        for fork in team:
            fork.end()


def _shared_out(jobs: Iterator[J], team: list[_Fork[J, A]]) -> Iterator[A]:
    from multiprocessing.connection import wait  # noqa: PLC0415 - few nights make many pages

    failed: list[tuple[int, p.PipelineError]] = []
    numbered = enumerate(jobs)
    busy: dict[Any, _Fork[J, A]] = {}
    for fork in team:
        if (job := next(numbered, None)) is not None:
            fork.give(*job)
            busy[fork.link] = fork
    while busy:
        for link in wait(list(busy)):
            fork = busy.pop(link)
            answer, error = fork.take()
            if error is not None:
                failed.append((fork.number, error))
            elif (job := None if failed else next(numbered, None)) is not None:
                fork.give(*job)
                busy[link] = fork
            if error is None:
                yield answer  # type: ignore[misc]  # no error, so it is there
    if failed:
        raise min(failed, key=lambda pair: pair[0])[1]


class _Fork(Generic[J, A]):
    """One forked process and the pipe to it."""

    def __init__(self, work: Callable[[J], A], others: list[_Fork[J, A]]) -> None:
        from multiprocessing import Pipe  # noqa: PLC0415 - as above

        self.link, theirs = Pipe()
        self.number = -1
        self.pid = os.fork()
        if self.pid == 0:
            for fork in others:  # or they would not hear when our parent dies
                fork.link.close()
            self.link.close()
            _serve(theirs, work)
        theirs.close()

    def give(self, number: int, job: J) -> None:
        self.number = number
        with suppress(OSError):  # it died while idle; ``take`` says so
            self.link.send_bytes(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))

    def take(self) -> tuple[A | None, p.PipelineError | None]:
        try:
            told: tuple[A | None, p.PipelineError | None] = pickle.loads(self.link.recv_bytes())  # noqa: S301 - our own fork
        except (EOFError, OSError):
            why = _("쪽을 만들던 작업이 갑자기 끝났습니다.")
            return None, p.RenderError(why, hint=_("메모리가 모자라지 않은지 확인해 주세요."), code="worker-died")
        return told

    def end(self) -> None:
        self.link.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _serve(link: Any, work: Callable[[J], A]) -> NoReturn:
    """Answer jobs until the parent closes the pipe or is gone; never return into what the parent was doing."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, and ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        gc.disable()
        while True:
            job: J = pickle.loads(link.recv_bytes())  # noqa: S301 - of our own parent
            try:
                answer: tuple[A | None, p.PipelineError | None] = (work(job), None)
            except p.PipelineError as error:
                error.__cause__ = error.__context__ = None
                answer = (None, error)
            link.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    except (EOFError, OSError):
        os._exit(0)  # the parent closed the pipe, or is gone
    finally:
        os._exit(1)
