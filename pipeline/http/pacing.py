"""Whose turn it is: a fair queue over hosts with a gap between starts and few connections to one host.

What does not live here: what is asked for. Source: reliability P17.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import field
from typing import Generic, TypeVar

from pipeline.model.base import record

T = TypeVar("T")


@record
class _Site(Generic[T]):
    """What waits for one site, and when its turn may come."""

    queue: deque[T] = field(default_factory=deque)
    active: int = 0
    gap_s: float = 0.0
    ready_at: float = 0.0
    is_listed: bool = False  # in the ring or on the heap, never both, never twice


class Line(Generic[T]):
    """Every site with waiting work takes turns; within a site first come, first served.

    Cost: O(1) a turn for sites without a gap, O(log sites) with one.
    """

    def __init__(self, per_site: int) -> None:
        """Take the most connections at once to one site."""
        self._per_site = per_site
        self._sites: dict[str, _Site[T]] = {}
        self._ring: deque[_Site[T]] = deque()
        self._later: list[tuple[float, int, _Site[T]]] = []
        self._count = 0

    def push(self, name: str, work: T, *, gap_s: float, now: float) -> None:
        """Queue work for a site whose starts are at least ``gap_s`` apart from now on."""
        site = self._sites.get(name)
        if site is None:
            site = self._sites[name] = _Site()
        site.gap_s = gap_s
        site.queue.append(work)
        self._list(site, now)

    def take(self, now: float) -> T | None:
        """Return the next work that may start, or ``None``; ``left`` must follow when it has ended."""
        while self._later and self._later[0][0] <= now:
            self._ring.append(heapq.heappop(self._later)[2])
        while self._ring:
            site = self._ring.popleft()
            site.is_listed = False
            if not site.queue or site.active >= self._per_site:
                continue
            work = site.queue.popleft()
            site.active += 1
            site.ready_at = now + site.gap_s
            self._list(site, now)
            return work
        return None

    def left(self, name: str, now: float) -> None:
        """Note that one transfer with the site has ended."""
        site = self._sites[name]
        site.active -= 1
        self._list(site, now)

    def next_at(self) -> float | None:
        """When a site's gap ends next; ``None`` when none is waiting for that."""
        return self._later[0][0] if self._later else None

    def _list(self, site: _Site[T], now: float) -> None:
        if site.is_listed or not site.queue or site.active >= self._per_site:
            return
        site.is_listed = True
        if site.ready_at > now:
            self._count += 1
            heapq.heappush(self._later, (site.ready_at, self._count, site))
        else:
            self._ring.append(site)
