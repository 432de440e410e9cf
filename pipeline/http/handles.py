"""Easy handles to spare: arming one for a job's hop, taking it back.

What does not live here: the loop and the queue (``client``). Reuse saves libcurl's set-up for each request.
"""

from __future__ import annotations

import pipeline.model as p
from pipeline.http.address import is_public
from pipeline.http.job import Job
from pipeline.http.transfer import Transfer

_NO_EXCEPTIONS = p.TlsRules()


class Handles:
    """A pool that grows to the concurrency used."""

    def __init__(self, user_agent: str) -> None:
        """Take the name every handle gives."""
        self._user_agent = user_agent
        self._spare: list[Transfer] = []

    def arm(self, job: Job, addresses: tuple[str, ...], *, timeout_s: float) -> Transfer:
        """Return a handle ready for the job's present hop.

        Args:
            job: Whose.
            addresses: What the host's name stands for; those that are not public are left out unless allowed.
            timeout_s: Total of the hop.

        Raises:
            RefusedError: code ``tls``: the source's TLS exceptions cannot be had.
        """
        transfer = self._spare.pop() if self._spare else Transfer(self._user_agent)
        policy = job.request.policy
        transfer.begin(
            job.target,
            job.headers(),
            addresses=addresses if job.is_allowed else tuple(filter(is_public, addresses)),
            cap=policy.max_bytes,
            timeout_s=timeout_s,
            is_private_allowed=job.is_allowed,
            is_prefix_enough=bool(job.robots_of),
        )
        try:
            if job.method != "GET":
                transfer.carry(job.method, job.request.body or b"")
            if job.target.scheme == "https" and policy.tls != _NO_EXCEPTIONS:
                transfer.relax(policy.tls, job.target.written)
        except p.SourceError:
            transfer.close()
            raise
        job.transfer, transfer.job = transfer, job
        return transfer

    def free(self, job: Job) -> None:
        """Take a job's handle back."""
        transfer: Transfer = job.transfer
        job.transfer = None
        transfer.end()
        if transfer.is_special:
            transfer.close()
        else:
            self._spare.append(transfer)

    def close(self) -> None:
        """Give all spare handles back to libcurl."""
        for transfer in self._spare:
            transfer.close()
        self._spare.clear()
