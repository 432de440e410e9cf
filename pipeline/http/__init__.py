"""The only door to the web: one libcurl multi loop with every bound of reliability Part 5.

What does not live here: what to ask for (``sources``), what to do with it (``collect``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any

import pipeline.model as p
from pipeline.http.client import HttpClient
from pipeline.http.resolver import Resolve, system_resolve
from pipeline.http.stats import Stats

__all__ = ["HttpClient", "Resolve", "Stats", "open_http", "system_resolve"]


def open_http(
    rules: p.FetchRules,
    *,
    robots_memory: MutableMapping[str, Mapping[str, Any]] | None = None,
    wall_clock: Callable[[], datetime],
    resolve: Resolve = system_resolve,
    backoff: Sequence[float] = p.limits.BACKOFF_S,
) -> HttpClient:
    """Open the door; use it as a context manager, from one thread.

    Args:
        rules: The ``fetch:`` section; concurrency, pacing, name and exceptions. Time-outs and caps of one request come
            from its ``policy``.
        robots_memory: Rules by origin between nights, JSON-able, changed in place; the caller keeps it.
        wall_clock: Aware UTC now, for ``fetched_at``, Retry-After dates and the age of robots rules.
        resolve: From a host name to addresses; replaced in tests.
        backoff: Seconds before the second, third … try.

    Cost: about 0.1 ms to open; sockets and threads come with the first request.
    """
    memory: MutableMapping[str, Mapping[str, Any]] = {} if robots_memory is None else robots_memory
    return HttpClient(rules, memory, wall_clock, resolve, backoff)
