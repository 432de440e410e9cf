"""The outbox's decisions: when a delivery may leave, whether, and what an outcome means (pure).

What does not live here: SQL (``store/deliveries``), carriers (``transports/``). The state machine is reliability Part 4:

    pending → sending → sent | failed | unknown → (a receipt or a person) sent | pending | abandoned
       ↑ refusal that may be tried again, budget left |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import pipeline.model as p
from pipeline.model import windows

DIED_AT: Final = "died_at"
"""Memo: the attempt in which a run died. Neither it nor those before it count: nobody refused anything."""
_ATTEMPTS = 3
_RETRY = (timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1))


class Act(StrEnum):
    """What to do with a due delivery now."""

    SEND = "send"
    WAIT = "wait"  # its window is closed: try after ``until``
    EXPIRE = "expire"
    DRY = "dry"  # would be sent, but this is a dry run or the environment is not armed


@dataclass(frozen=True, slots=True)
class Decision:
    """An act with its reason code and, for ``wait``, the instant it ends."""

    act: Act
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The state an attempt ends in."""

    state: p.DeliveryState
    reason: str = ""
    retry_at: datetime | None = None


def decide(
    delivery: p.Delivery, channel: p.ChannelSpec, *, now: datetime, reaches_people: bool, armed: bool, dry_run: bool
) -> Decision:
    """Return what to do with a pending delivery, looking at the clock just before the call (P50, pain 29).

    Args:
        delivery: In state ``pending``.
        channel: Its configured way out, as it stands today.
        now: Aware UTC.
        reaches_people: Whether the transport addresses people; folders do not.
        armed: The arm key of this environment is present and fits the store's stamp (P51).
        dry_run: The person or the terminal asked for no sending.
    """
    if delivery.expires_at is not None and now >= delivery.expires_at:
        return Decision(Act.EXPIRE, "expired")
    if delivery.not_before_at > now:
        return Decision(Act.WAIT, "not-before", delivery.not_before_at)
    if delivery.retry_at is not None and delivery.retry_at > now:
        return Decision(Act.WAIT, "retry", delivery.retry_at)
    opening = windows.next_opening(now, channel.opens, channel.closes)[0]
    if opening > now:
        return Decision(Act.WAIT, "window", opening)
    if dry_run:
        return Decision(Act.DRY, "dry-run")
    if reaches_people and not armed:
        return Decision(Act.DRY, "not-armed")
    return Decision(Act.SEND)


def settle(error: p.PipelineError, delivery: p.Delivery, *, now: datetime) -> Settlement:
    """Return what a failed attempt leaves behind, by what is known, not by the error's text.

    An unknown outcome is never tried again by itself; a definite refusal of content never; what was surely not accepted
    may be tried again while attempts are left and the delivery has not expired.
    """
    reason = error.message[:200]
    if isinstance(error, p.NotNowError):
        return Settlement(p.DeliveryState.PENDING, reason, now + _RETRY[0])
    if isinstance(error, p.UnknownOutcomeError):
        return Settlement(p.DeliveryState.UNKNOWN, reason)
    if isinstance(error, p.RejectedError | p.CredentialError):
        return Settlement(p.DeliveryState.FAILED, reason)
    if isinstance(error, p.DeliveryError):
        tried = delivery.attempts - died_at(delivery)
        if tried >= _ATTEMPTS:
            return Settlement(p.DeliveryState.FAILED, reason)
        return Settlement(p.DeliveryState.PENDING, reason, now + _RETRY[min(max(tried, 1), len(_RETRY)) - 1])
    return Settlement(p.DeliveryState.UNKNOWN, reason)  # a defect of ours in mid-send: nobody knows what left


def died_at(delivery: p.Delivery) -> int:
    """Return the last attempt in which a run died, 0 when none did."""
    return int(delivery.memo.get(DIED_AT) or 0)


def of_people(
    counts: Mapping[p.DeliveryState, int],
    *,
    tried: int,
    stopped: p.PipelineError | None,
    now: datetime,
) -> Settlement:
    """Return what an attempt on single receivers comes to: by their lines, whatever ended it.

    Args:
        counts: Receivers by state after the attempt; nobody is ``sending`` any more.
        tried: Attempts since the last one that reached somebody; 0 when this one did.
        stopped: What ended the attempt before everybody was tried, if anything did.
        now: Aware UTC.
    """
    waiting, unknown = counts.get(p.DeliveryState.PENDING, 0), counts.get(p.DeliveryState.UNKNOWN, 0)
    if waiting and isinstance(stopped, p.NotNowError):
        return Settlement(p.DeliveryState.PENDING, stopped.message[:200], now)
    if waiting and isinstance(stopped, p.RejectedError | p.CredentialError):
        return Settlement(p.DeliveryState.FAILED, stopped.message[:200])
    if waiting and stopped is not None and not isinstance(stopped, p.DeliveryError):
        return Settlement(p.DeliveryState.UNKNOWN, stopped.message[:200])  # a defect of ours: a person looks first
    if waiting and tried < _ATTEMPTS:
        return Settlement(p.DeliveryState.PENDING, "later", now + _RETRY[max(0, tried - 1)])
    if unknown:
        return Settlement(p.DeliveryState.UNKNOWN, "receivers-unknown")
    if waiting and not counts.get(p.DeliveryState.SENT, 0):
        return Settlement(p.DeliveryState.FAILED, stopped.message[:200] if stopped else "later")
    return Settlement(p.DeliveryState.SENT, "some-not-reached" if waiting else "")


def of_orphan(*, repeatable: bool, receipt: p.Receipt | None) -> Settlement:
    """Return what becomes of a delivery whose run died while sending it."""
    if receipt is not None:
        return Settlement(p.DeliveryState.SENT, "found")
    if repeatable:
        return Settlement(p.DeliveryState.PENDING, "interrupted")
    return Settlement(p.DeliveryState.UNKNOWN, "interrupted")
