"""When a delivery may leave, and what an outcome means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import pipeline.model as p
from pipeline.deliver import outbox

MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 08:30 in Seoul
KAKAO = p.ChannelSpec(id="kakao", renderer="kakao", transport="solapi", opens="08:00", closes="20:50")
DELIVERY = p.Delivery(
    id="daily/2026-11-23/kakao/all/0",
    edition_id="daily/2026-11-23",
    channel="kakao",
    transport="solapi",
    rendering_sha256="0" * 64,
    not_before_at=datetime(2026, 11, 22, 23, 0, tzinfo=UTC),
    expires_at=datetime(2026, 11, 23, 11, 50, tzinfo=UTC),
    attempts=1,
)


def act(now: datetime, *, armed: bool = True, dry_run: bool = False, **changes: object) -> outbox.Act:
    delivery = replace(DELIVERY, **changes)
    return outbox.decide(delivery, KAKAO, now=now, reaches_people=True, armed=armed, dry_run=dry_run).act


def test_inside_its_window_it_leaves() -> None:
    """08:30 in Seoul is a permitted hour."""
    assert act(MORNING) is outbox.Act.SEND


@pytest.mark.parametrize("hour_utc", [11, 12, 15, 18, 22])
def test_nothing_leaves_at_night(hour_utc: int) -> None:
    """20:50–08:00 in Seoul is closed for Kakao, checked just before the call (P50)."""
    at = datetime(2026, 11, 23, hour_utc, 55, tzinfo=UTC)
    assert act(at, expires_at=None) is outbox.Act.WAIT


def test_what_is_stale_expires_instead_of_leaving() -> None:
    """A job due in the morning that can start only after its expiry does not send (OP7)."""
    assert act(datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) is outbox.Act.EXPIRE


def test_without_the_arm_key_nobody_is_reached() -> None:
    """A copied or practising environment only shows what it would do (P51)."""
    assert act(MORNING, armed=False) is outbox.Act.DRY
    assert act(MORNING, dry_run=True) is outbox.Act.DRY


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (p.NotNowError(), p.DeliveryState.PENDING),
        (p.DeliveryError("connect"), p.DeliveryState.PENDING),
        (p.RejectedError("template"), p.DeliveryState.FAILED),
        (p.CredentialError("token"), p.DeliveryState.FAILED),
        (p.UnknownOutcomeError("timeout"), p.DeliveryState.UNKNOWN),
        (p.PluginError("defect"), p.DeliveryState.UNKNOWN),
    ],
)
def test_an_outcome_is_what_is_known(error: p.PipelineError, state: p.DeliveryState) -> None:
    """Only what was surely not accepted may be tried again; an unknown outcome never is (P44)."""
    assert outbox.settle(error, DELIVERY, now=MORNING).state is state


def test_tries_are_bounded() -> None:
    """After three definite failures a person must look."""
    tired = replace(DELIVERY, attempts=3)
    assert outbox.settle(p.DeliveryError("connect"), tired, now=MORNING).state is p.DeliveryState.FAILED


def test_a_run_that_died_is_no_failed_try() -> None:
    """Three runs died and the fourth met a closed door: nobody refused anything three times."""
    died = replace(DELIVERY, attempts=4, memo={outbox.DIED_AT: 3})
    settled = outbox.settle(p.DeliveryError("connect"), died, now=MORNING)
    assert (settled.state, settled.retry_at) == (p.DeliveryState.PENDING, MORNING + timedelta(minutes=10))
    tired = replace(died, attempts=6)
    assert outbox.settle(p.DeliveryError("connect"), tired, now=MORNING).state is p.DeliveryState.FAILED


def test_a_retry_waits_its_time() -> None:
    """Between two tries there is a pause that grows."""
    settled = outbox.settle(p.DeliveryError("connect"), DELIVERY, now=MORNING)
    assert settled.retry_at == MORNING + timedelta(minutes=10)
    assert act(MORNING, retry_at=settled.retry_at) is outbox.Act.WAIT


@pytest.mark.parametrize(
    ("repeatable", "receipt", "state"),
    [
        (False, None, p.DeliveryState.UNKNOWN),
        (True, None, p.DeliveryState.PENDING),
        (False, p.Receipt(accepted=1), p.DeliveryState.SENT),
    ],
)
def test_an_interrupted_delivery(repeatable: bool, receipt: p.Receipt | None, state: p.DeliveryState) -> None:
    """A run that died while sending leaves ``unknown``, unless the carrier answers or repeating changes nothing."""
    assert outbox.of_orphan(repeatable=repeatable, receipt=receipt).state is state
