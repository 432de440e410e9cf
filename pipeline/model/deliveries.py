"""Planned sendings and what became of them.

What does not live here: the decisions (``deliver/outbox``).
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from pipeline.model.base import Memo, Value, value


class DeliveryState(StrEnum):
    """States of the outbox (reliability Part 4)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # a person or lookup() decides
    HELD = "held"  # waits for approval or release
    EXPIRED = "expired"
    ABANDONED = "abandoned"


@value
class Delivery(Value):
    """One planned sending: unique by (edition, channel, audience, batch).

    Attributes:
        id: ``<edition>/<channel>/<audience>/<batch>``.
        recipients: Frozen list of receivers when the transport addresses people; empty otherwise. Never logged.
        rendering_sha256: Names the bytes; sending anything else is refused.
        not_before_at, expires_at: The window this delivery must leave in.
        attempts: Started attempts.
        memo: What the transport kept (group id, step reached).
        sent_today: Messages this channel handed over since midnight in Seoul; filled in on a claim, never stored.
        reason: Why it is held, failed or unknown: one line, no addresses.
    """

    id: str
    edition_id: str
    channel: str
    transport: str
    audience: str = "all"
    batch: int = 0
    recipients: tuple[str, ...] = ()
    rendering_sha256: str
    idempotency_key: str = ""
    state: DeliveryState = DeliveryState.PENDING
    not_before_at: datetime
    expires_at: datetime | None = None
    retry_at: datetime | None = None
    attempts: int = 0
    memo: Memo = field(default_factory=dict)
    reason: str = ""
    receipt: Receipt | None = None
    created_at: datetime | None = None
    sent_today: int = 0


@value
class Receipt(Value):
    """What the carrier answered; no addresses.

    Attributes:
        provider_id: The carrier's own id, ``""`` when it gives none.
        accepted, refused: Counts of receivers (1/0 for a folder).
        status: Raw status words of the carrier.
    """

    provider_id: str = ""
    accepted: int = 0
    refused: int = 0
    status: str = ""
