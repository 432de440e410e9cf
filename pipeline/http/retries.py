"""Whether and when a failed request is tried again.

What does not live here: doing so (``client``). Source: reliability P16.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import pipeline.model as p
from pipeline.http.job import Job

RETRYABLE = frozenset(
    ["dns-timeout", "connect", "timeout", "stalled", "reset", "truncated", "server-error", "too-many", "busy"]
)
_SPENT = (b"quotaExceeded", b"dailyLimitExceeded")  # Google's words; another try would spend tomorrow's quota too
_JITTER = 0.5  # of a back-off, at most


def wait_before_next(job: Job, error: p.SourceError, backoff: Sequence[float], now: float) -> float | None:
    """Return the seconds to wait before another try, ``None`` when there must be none.

    A server's Retry-After lengthens the wait; a wish beyond ``RETRY_AFTER_CAP_S`` ends tonight's tries, as does the
    policy's ``deadline_s``. What changes something (POST, PUT, DELETE) is never repeated (P43), nor is a request whose answer says that a quota is spent.
    """
    request = job.request
    if error.code not in RETRYABLE or request.method != "GET" or not request.retry or job.tries >= p.limits.TRIES:
        return None
    if any(word in error.body for word in _SPENT):
        return None
    wish = error.retry_after_s if isinstance(error, p.FetchError) else None
    if wish is not None and wish > p.limits.RETRY_AFTER_CAP_S:
        return None
    import random  # noqa: PLC0415 - most nights nothing is tried again

    wait = backoff[min(job.tries, len(backoff)) - 1]
    wait += wait * _JITTER * random.random()  # noqa: S311 - spreads load, keeps no secret
    wait = max(wait, wish or 0.0)
    return wait if now + wait < (job.began or now) + request.policy.deadline_s else None


def twin(error: p.SourceError) -> p.SourceError:
    """Return an equal error of its own: each receiver may name its subject in it."""
    other = copy.copy(error)
    other.__cause__ = error.__cause__
    return other
