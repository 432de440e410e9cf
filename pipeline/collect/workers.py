"""Parse and draw in worker processes that can be killed, under CPU, memory and time limits.

What does not live here: what a worker does (``worker``), which documents are worth parsing (``fetch``).
Started lazily: a night without news forks nothing. Source: ADR-0010; reliability Part 2 item 5, P4.
"""

from __future__ import annotations

import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Any, Generic, Self

import pipeline.model as p
from pipeline.collect.jobs import A, Work
from pipeline.i18n import _

_BATCH_JOBS = 16
_BATCH_BYTES = 1024 * 1024
_PATIENCE_S = 1.0  # a worker busy for longer with one document does not make the others wait
_WALL_FACTOR = 3  # a parse may wait for the other core, not for ever


class _Worker:
    """One child process with its socket and the jobs it still owes answers for."""

    def __init__(self, cpu_s: int) -> None:
        import socket  # noqa: PLC0415 - a quiet night starts no worker
        import subprocess  # noqa: PLC0415

        from pipeline.collect.link import Link  # noqa: PLC0415

        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "pipeline.collect.worker", str(theirs.fileno()), str(cpu_s)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.link = Link(ours.detach())
        self.owed: deque[Work[Any]] = deque()
        self.since = 0.0

    def give(self, batch: list[Work[Any]]) -> None:
        self.owed.extend(batch)
        self.since = time.monotonic()
        try:
            self.link.send(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL))
        except OSError:
            return  # it died while idle; the next look at its socket says so

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.link.close()


class Workers(Generic[A]):
    """A lazy pool; ``submit`` work of one sort, ``collect`` answers in order of ending."""

    def __init__(self, size: int = p.limits.PARSE_WORKERS, cpu_s: int = p.limits.PARSE_CPU_S) -> None:
        self.size = size
        self.cpu_s = cpu_s
        self.started = 0
        self._waiting: deque[Work[A]] = deque()
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def backlog(self) -> int:
        """Jobs not yet answered; the fetch loop pauses while it is large, so memory stays flat."""
        return len(self._waiting) + sum(len(w.owed) for w in self._workers)

    def submit(self, job: Work[A]) -> None:
        """Queue one job and hand out work if a worker is free."""
        self._waiting.append(job)
        if self.size > len(self._workers) or len(self._waiting) >= _BATCH_JOBS:
            self._feed()

    def collect(self, timeout_s: float) -> Iterator[A]:
        """Yield what is answered within ``timeout_s``; a dead or stuck worker's current job comes back as an error."""
        self._feed()
        answers: list[bytearray] = []
        buried: list[A] = []
        links = {w.link: w for w in self._workers if w.owed}
        if links:
            from pipeline.collect.link import ready  # noqa: PLC0415 - as above

            for link in ready(links, timeout_s):
                self._receive(links[link], answers, buried)
        now = time.monotonic()
        stuck = [w for w in self._workers if w.owed and now - w.since > self.cpu_s * _WALL_FACTOR]
        buried.extend(self._bury(worker, stuck=True) for worker in stuck)
        self._feed()  # before the caller settles what came: the workers go on meanwhile
        yield from buried
        yield from map(pickle.loads, answers)

    def close(self) -> None:
        """End every worker; called on every way out."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _feed(self) -> None:
        while self._waiting:
            idle = next((w for w in self._workers if not w.owed), None)
            if idle is None:
                if not self._is_worth_another():
                    return
                idle = _Worker(self.cpu_s)
                self.started += 1
                self._workers.append(idle)
            batch: list[Work[A]] = []
            volume = 0
            share = max(1, len(self._waiting) // self.size)
            while self._waiting and len(batch) < min(_BATCH_JOBS, share) and volume < _BATCH_BYTES:
                job = self._waiting.popleft()
                volume += job.size
                batch.append(job)
            idle.give(batch)

    def _is_worth_another(self) -> bool:
        """A start costs as much as a dozen small documents: one worker does for a few, unless one of them takes long."""
        if len(self._workers) >= self.size:
            return False
        patience = time.monotonic() - _PATIENCE_S
        return len(self._waiting) >= _BATCH_JOBS or all(w.since < patience for w in self._workers)

    def _receive(self, worker: _Worker, answers: list[bytearray], buried: list[A]) -> None:
        from pipeline.collect.link import ready  # noqa: PLC0415 - as above

        while worker.owed:
            try:
                if not ready((worker.link,), 0.0):
                    return
                answers.append(worker.link.receive())
            except (EOFError, OSError):
                buried.append(self._bury(worker, stuck=False))
                return
            worker.owed.popleft()
            worker.since = time.monotonic()

    def _bury(self, worker: _Worker, *, stuck: bool) -> A:
        """The first unanswered job is the one that killed it; the others get a new worker."""
        worker.kill()
        self._workers.remove(worker)
        culprit: Work[A] = worker.owed.popleft()
        self._waiting.extendleft(reversed(worker.owed))
        cpu = stuck or worker.process.returncode == -signal.SIGXCPU
        code = "over-cpu" if cpu else "worker-died"
        message = (
            _("문서를 {seconds}초 안에 다 읽지 못해 멈췄습니다.").format(seconds=self.cpu_s)
            if cpu
            else _("문서를 읽던 작업이 갑자기 끝났습니다.")
        )
        return culprit.lost(p.ShapeError(message, subject=culprit.subject, code=code))
