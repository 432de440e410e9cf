"""The door itself: requests in, documents or errors out, everything bounded.

What does not live here: libcurl's loop (``loop``), one transfer (``transfer``), meanings (``failures``).
Source: reliability P1–P3, P8–P17; performance §1 and §11.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any, Self

import pipeline
import pipeline.model as p
from pipeline.http.address import address_refused, is_public
from pipeline.http.failures import STALLED, fetch_error, from_lookup
from pipeline.http.handles import Handles
from pipeline.http.job import Job, robots_job
from pipeline.http.loop import Loop
from pipeline.http.outcome import outcome_of
from pipeline.http.pacing import Line
from pipeline.http.resolver import Resolve, Resolver
from pipeline.http.retries import twin, wait_before_next
from pipeline.http.robots import RobotsBook, robots_refused
from pipeline.http.stats import Stats
from pipeline.http.transfer import Transfer

_IDLE_S = 0.01  # a poll with nothing under way does not hold its caller up
_WATCH_S = 0.2  # how often stalls and hanging look-ups are looked for


class HttpClient:
    """``p.Http``: one thread drives it; ``stats`` counts.

    Tags must be hashable; a connection is never used for a second request (P13).
    """

    def __init__(
        self,
        rules: p.FetchRules,
        robots_memory: MutableMapping[str, Mapping[str, Any]],
        wall_clock: Callable[[], datetime],
        resolve: Resolve,
        backoff: Sequence[float],
    ) -> None:
        """Use ``open_http``."""
        self.stats = Stats()
        self._rules = rules
        self._user_agent = rules.user_agent or f"moa/{pipeline.__version__} (+contact unknown)"
        self._allowed = frozenset(host.lower() for host in rules.allow_private)
        self._wall_clock = wall_clock
        self._backoff = backoff
        self._loop = Loop()
        self._resolver = Resolver(resolve, self._loop.wake)
        self._line: Line[Job] = Line(rules.per_host)
        self._robots = RobotsBook(robots_memory, self._user_agent, wall_clock)
        self._handles = Handles(self._user_agent)
        self._jobs: dict[object, list[Job]] = {}
        self._done: deque[tuple[object, p.Document | p.SourceError]] = deque()
        self._later: list[tuple[float, int, Job]] = []
        self._unresolved: dict[str, list[Job]] = {}
        self._unruled: dict[str, list[Job]] = {}
        self._active: set[Job] = set()
        self._count = 0
        self._watch_at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop everything under way and give every handle back."""
        for job in list(self._active):
            self._drop(job)
        self._handles.close()
        self._resolver.close()
        self._loop.close()

    def now(self) -> datetime:
        """As ``p.Http.now``."""
        return self._wall_clock()

    def submit(self, request: p.Request, tag: object) -> None:
        """Queue a request; ``tag`` comes back with its answer."""
        try:
            job = Job.of(request, tag)
        except p.SourceError as error:
            self._done.append((tag, error))
            return
        self._jobs.setdefault(tag, []).append(job)
        self._enter(job, time.monotonic())

    def poll(self, timeout_s: float) -> Sequence[tuple[object, p.Document | p.SourceError]]:
        """Drive transfers for at most ``timeout_s`` and return what ended; see ``p.Http``."""
        self._drive(timeout_s)
        out = tuple(self._done)
        self._done.clear()
        return out

    def fetch(self, request: p.Request) -> p.Document:
        """One request, waiting for its answer; answers of others are kept for ``poll``.

        Raises:
            SourceError: as ``poll`` would return it.
        """
        tag = object()
        self.submit(request, tag)
        while True:
            for entry in (e for e in self._done if e[0] is tag):
                self._done.remove(entry)
                if isinstance(entry[1], p.SourceError):
                    raise entry[1]
                return entry[1]
            self._drive(_WATCH_S, is_waiting=True)

    def cancel(self, tag: object) -> None:
        """Forget every request with this tag; nothing of it will be returned."""
        for job in self._jobs.pop(tag, []):
            self._drop(job)
        if any(entry[0] == tag for entry in self._done):
            self._done = deque(entry for entry in self._done if entry[0] != tag)

    # --- the loop ----------------------------------------------------------------------------------------------

    def _drive(self, timeout_s: float, *, is_waiting: bool = False) -> None:
        """Run until something has ended or the time is up; ``is_waiting`` ignores what had ended before."""
        until = time.monotonic() + timeout_s
        had = len(self._done) if is_waiting else 0
        while True:
            now = time.monotonic()
            self._pump(now)
            self._loop.drive(0.0 if len(self._done) > had else self._wait_s(now, until))
            for curl, number, words in self._loop.ended():
                self._settle(curl.owner, number, words)
            now = time.monotonic()
            if now >= self._watch_at:
                self._watch(now)
            if len(self._done) > had or now >= until or not self._jobs:
                self._pump(now)
                return

    def _watch(self, now: float) -> None:
        """End transfers that have stalled."""
        self._watch_at = now + _WATCH_S
        for transfer in [job.transfer for job in self._active]:
            if transfer.is_stalled(now):
                self._loop.remove(transfer.curl)
                self._settle(transfer, STALLED, "")

    def _wait_s(self, now: float, until: float) -> float:
        wait = until - now
        if not self._jobs:
            wait = min(wait, _IDLE_S)
        if self._active or self._resolver.is_busy():
            wait = min(wait, _WATCH_S)
        if self._later:
            wait = min(wait, self._later[0][0] - now)
        gap_ends = self._line.next_at() if self._loop.running < self._rules.concurrency else None
        if gap_ends is not None:
            wait = min(wait, gap_ends - now)
        return max(0.0, wait)

    def _pump(self, now: float) -> None:
        """Move everything on that can: retries due, names resolved, turns come."""
        while self._later and self._later[0][0] <= now:
            self._enter(heapq.heappop(self._later)[2], now)
        if self._unresolved:
            for host, answer in self._resolver.told():
                for job in self._unresolved.pop(host, []):
                    if isinstance(answer, OSError):
                        self._fail(job, from_lookup(answer, job.target.written), now)
                    else:
                        self._enter(job, now)
        while self._loop.running < self._rules.concurrency:
            turn = self._line.take(now)
            if turn is None:
                return
            self._start(turn, now)

    # --- one job's stations ------------------------------------------------------------------------------------

    def _enter(self, job: Job, now: float) -> None:
        """Bring a hop as far as it gets: robots, name, address, queue."""
        if job.is_cancelled:
            return
        target = job.target
        is_allowed = job.is_allowed = target.is_in(self._allowed)
        request = job.request
        if request.purpose is p.Purpose.PAGE and request.policy.robots is p.Robots.OBEY:
            rules = self._robots.rules(target.origin)
            if rules is None:
                self._ask_robots(job, now)
                return
            if not rules.allows(target.url):
                self._end(job, robots_refused(target.written))
                return
        if not (is_allowed and target.literal):
            addresses = (target.literal,) if target.literal else self._resolver.known(target.host)
            if addresses is None:
                self._unresolved.setdefault(target.host, []).append(job)
                self._resolver.ask(target.host)
                return
            if not is_allowed and not any(map(is_public, addresses)):
                self._end(job, address_refused(target.written))
                return
        gap_s = 0.0 if is_allowed else self._rules.gap_s
        self._line.push(target.site, job, gap_s=max(gap_s, self._robots.delay_s(target.origin)), now=now)

    def _ask_robots(self, job: Job, now: float) -> None:
        waiting = self._unruled.setdefault(job.target.origin, [])
        waiting.append(job)
        if len(waiting) == 1:
            self.stats.robots += 1
            self._enter(robots_job(job.target, job.request.policy), now)

    def _start(self, job: Job, now: float) -> None:
        policy = job.request.policy
        job.began = job.began or now
        left_s = min(policy.timeout_s - job.spent_s, job.began + policy.deadline_s - now)
        if job.is_cancelled or left_s <= 0:
            self._line.left(job.target.site, now)
            if not job.is_cancelled:
                self._end(job, fetch_error("timeout", job.target.written))
            return
        known = () if job.target.literal else self._resolver.known(job.target.host) or ()
        try:
            transfer = self._handles.arm(job, known, timeout_s=left_s)
        except p.SourceError as error:
            self._line.left(job.target.site, now)
            self._end(job, error)
            return
        job.started = now
        self._active.add(job)
        self.stats.requests += 1
        self._loop.add(transfer.curl)

    def _settle(self, transfer: Transfer, number: int, words: str) -> None:
        job: Job = transfer.job
        now = time.monotonic()
        job.spent_s += now - job.started
        self.stats.bytes += transfer.wire
        self.stats.not_modified += transfer.status == 304
        self._line.left(job.target.site, now)
        hops = job.hops
        outcome = outcome_of(job, transfer, number, words, self._wall_clock)
        self._free(job)
        if outcome is None:
            self.stats.redirects += job.hops > hops
            self._enter(job, now)
        elif isinstance(outcome, p.SourceError):
            self._fail(job, outcome, now)
        else:
            self._end(job, outcome)

    def _fail(self, job: Job, error: p.SourceError, now: float) -> None:
        """End a job, or try again later when that may help (P16)."""
        if job.is_cancelled:
            return
        wait = wait_before_next(job, error, self._backoff, now)
        if wait is not None:
            job.restart()
            self.stats.retries += 1
            self._count += 1
            heapq.heappush(self._later, (now + wait, self._count, job))
            return
        self._end(job, error)

    def _end(self, job: Job, outcome: p.Document | p.SourceError) -> None:
        if job.is_cancelled:
            return
        if job.robots_of:
            error = self._robots.learn(job.robots_of, outcome)
            now = time.monotonic()
            for waiting in self._unruled.pop(job.robots_of, []):
                if error is None:
                    self._enter(waiting, now)
                else:
                    self._end(waiting, twin(error))
            return
        jobs = self._jobs[job.tag]
        jobs.remove(job)
        if not jobs:
            del self._jobs[job.tag]
        self._done.append((job.tag, outcome))

    def _drop(self, job: Job) -> None:
        job.is_cancelled = True
        if job.transfer is not None:
            self._loop.remove(job.transfer.curl)
            self._line.left(job.target.site, time.monotonic())
            self._free(job)

    def _free(self, job: Job) -> None:
        self._active.discard(job)
        self._handles.free(job)
