"""Counters of one client.

What does not live here: who counts (``client``).
"""

from __future__ import annotations

from pipeline.model.base import record


@record
class Stats:
    """For the report and for tests that count instead of timing.

    Attributes:
        requests: Transfers started: first hops, redirects, retries and robots.txt.
        bytes: Received on the wire, headers included.
        retries: Further tries after a transient failure.
        redirects: Hops followed.
        not_modified: 304 answers.
        robots: robots.txt files asked for.
    """

    requests: int = 0
    bytes: int = 0
    retries: int = 0
    redirects: int = 0
    not_modified: int = 0
    robots: int = 0
