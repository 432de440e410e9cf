"""NHN Cloud's Brand Message against a fake built from its documents: 200 says nothing, our own key finds what was taken."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import pipeline.model as p
from pipeline.deliver.transports import nhncloud
from tests.vendors.desk import MORNING, NAME, Desk, desk, number
from tests.vendors.nhncloud import APP_KEY, SECRET_KEY, SENDER_KEY, NhnCloud

HOUR = timedelta(hours=1)


@pytest.fixture
def carrier() -> Iterator[NhnCloud]:
    with NhnCloud() as made:
        yield made


def options(carrier: NhnCloud, secret: str = SECRET_KEY, **more: Any) -> Callable[[str], nhncloud.Options]:
    def of(people: str) -> nhncloud.Options:
        given = {
            "base_url": carrier.url,
            "app_key": "MOA_NHN_APPKEY",
            "secret_key": "MOA_NHN_SECRET",
            "sender_key": "MOA_NHN_SENDER",
            "recipients": people,
        }
        environment = {"MOA_NHN_APPKEY": APP_KEY, "MOA_NHN_SECRET": secret, "MOA_NHN_SENDER": SENDER_KEY}
        return nhncloud.Options.model_validate(given | more, context={"environment": environment})

    return of


@pytest.fixture
def open_desk(carrier: NhnCloud, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    with contextlib.ExitStack() as stack:

        def make(people: int = 3, **more: Any) -> Desk:
            return stack.enter_context(
                desk(tmp_path / "d", "nhncloud", carrier.port, options(carrier, **more), people=people)
            )

        yield make


def everybody(n: int, state: str = "sent") -> dict[str, str]:
    return {number(i): state for i in range(n)}


def test_a_call_carries_our_own_keys(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """One call, our key for it and one for each receiver; no text message instead, no number in the store."""
    here = open_desk()
    here.plan()
    done = here.run()
    assert done.state is p.DeliveryState.SENT
    body = carrier.bodies[0]
    assert body["senderGroupingKey"].startswith("moa-")
    assert len({one["recipientGroupingKey"] for one in body["recipientList"]}) == 3
    assert {one["targeting"] for one in body["recipientList"]} == {"I"}
    assert not any(one["resendParameter"]["isResend"] for one in body["recipientList"])
    assert here.states() == everybody(3)
    assert "0100000" not in str(done.memo)


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        ("TEXT", []),
        ("IMAGE", ["IMAGE"]),
        ("WIDE", ["WIDE_IMAGE"]),
        ("WIDE_ITEM_LIST", ["MAIN_WIDE_ITEMLIST_IMAGE", *["NORMAL_WIDE_ITEMLIST_IMAGE"] * 3]),
        ("CAROUSEL_FEED", ["CAROUSEL_FEED_IMAGE"] * 3),
    ],
)
def test_every_bubble_in_nhns_words(
    carrier: NhnCloud, open_desk: Callable[..., Desk], kind: str, types: list[str]
) -> None:
    """All five kinds under NHN's names; each picture is uploaded once, byte for byte, as the type its place demands."""
    here = open_desk()
    here.plan(kind)
    assert here.run().state is p.DeliveryState.SENT
    assert [kept for kept, _body in carrier.images.values()] == types
    assert all(body.startswith(b"\xff\xd8\xff" + kind.encode()) for _kept, body in carrier.images.values())
    body = carrier.bodies[0]
    assert body["chatBubbleType"] == kind
    expected = {
        "TEXT": {"content", "buttons"},
        "IMAGE": {"content", "buttons", "image"},
        "WIDE": {"content", "buttons", "image"},
        "WIDE_ITEM_LIST": {"header", "item", "buttons"},
        "CAROUSEL_FEED": {"carousel"},
    }[kind]
    common = {"senderKey", "chatBubbleType", "pushAlarm", "adult", "senderGroupingKey", "recipientList"}
    assert set(body) - common == expected


def test_a_refused_receiver_stops_nobody_else(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """Partial failure stands in the body of a 200."""
    carrier.refused = {number(1): -1030}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.SENT
    assert here.states() == everybody(3) | {number(1): "failed"}


@pytest.mark.parametrize(
    ("trick", "state", "code"),
    [
        ("=-1000", "failed", "key"),
        ("=-1001", "failed", "key"),
        ("=-9001", "failed", "rejected"),
        ("!400 bad", "failed", "rejected"),
        ("!429 slow", "pending", "later"),
    ],
)
def test_a_200_may_be_an_error(
    carrier: NhnCloud, open_desk: Callable[..., Desk], trick: str, state: str, code: str
) -> None:
    """``isSuccessful`` decides; after a definite refusal nobody is unknown."""
    carrier.mischief = {"send": [trick]}
    here = open_desk()
    here.plan()
    assert here.run().state.value == state
    assert "unknown" not in here.states().values()
    assert [e.code for e in here.errors] == [code]
    assert not carrier.accepted


@pytest.mark.parametrize("trick", ["drop", "500", "garbage", "=-1005"])
def test_what_may_have_arrived_is_looked_up(carrier: NhnCloud, open_desk: Callable[..., Desk], trick: str) -> None:
    """No answer, or "this key was used": asked by our own key; what NHN lists is sent, what it does not is held."""
    carrier.mischief = {"send": [trick]}
    here = open_desk()
    here.plan()
    arrived = trick != "=-1005"
    assert here.run().state is (p.DeliveryState.SENT if arrived else p.DeliveryState.UNKNOWN)
    assert here.states() == everybody(3, "sent" if arrived else "unknown")
    assert carrier.counts["send"] == 1


def test_what_is_listed_late_is_settled_later(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """NHN does not list it yet: unknown, never sent again; the next run asks and finds it."""
    carrier.mischief, carrier.blind = {"send": ["drop"]}, True
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    assert here.run(later=HOUR).state is p.DeliveryState.UNKNOWN
    carrier.blind = False
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_a_call_that_never_arrived_goes_again_on_a_persons_word(
    carrier: NhnCloud, open_desk: Callable[..., Desk]
) -> None:
    """Held until a person says "again"; then everybody gets it once."""
    carrier.mischief = {"send": ["cut"]}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_a_mistaken_resend_doubles_nobody(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """ "Again" although it had arrived: NHN lists the receivers, nobody is sent to."""
    carrier.mischief, carrier.blind = {"send": ["drop"]}, True
    here = open_desk()
    here.plan()
    here.run()
    carrier.blind = False
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}
    assert carrier.counts["send"] == 1


def test_nothing_is_sent_again_while_nhn_cannot_be_asked(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """After "again" with the list out of reach, nothing leaves."""
    carrier.mischief = {"send": ["drop"], "list": lambda _n: "cut"}
    here = open_desk()
    here.plan()
    here.run()
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.PENDING
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_a_thousand_receivers_a_call(
    carrier: NhnCloud, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list longer than a call goes in several, each under a key of its own; one lost answer holds that call's people only."""
    monkeypatch.setattr(p.limits, "NHN_CALL", 2)
    carrier.mischief, carrier.blind = {"send": ["", "drop", ""]}, True
    here = open_desk(people=5)
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    assert sorted(here.states().values()) == ["sent"] * 3 + ["unknown"] * 2
    assert len({body["senderGroupingKey"] for body in carrier.bodies}) == 3
    carrier.blind = False
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(5)}


def test_those_never_tried_go_once_the_doubts_are_over(
    carrier: NhnCloud, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries are used up while some are in doubt and others wait: when NHN tells about the first, the others are sent to."""
    monkeypatch.setattr(p.limits, "NHN_CALL", 2)
    carrier.mischief, carrier.blind = {"send": ["drop", *["!429 slow"] * 4]}, True
    here = open_desk(people=4)
    here.plan()
    for _turn in range(5):
        state = here.run(later=2 * HOUR).state
    assert state is p.DeliveryState.UNKNOWN
    assert sorted(here.states().values()) == ["pending"] * 2 + ["unknown"] * 2
    carrier.blind, carrier.mischief = False, {}
    here.now = MORNING + timedelta(days=1)
    assert here.run().state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(4)}


def test_nothing_leaves_at_night_nor_is_scheduled_into_it(carrier: NhnCloud, open_desk: Callable[..., Desk]) -> None:
    """At 20:30 with half an hour's delay nothing is called; in the morning it is scheduled on Seoul's clock."""
    here = open_desk(delay=30)
    here.plan()
    here.now = MORNING.replace(hour=11, minute=30)
    assert here.run().state is p.DeliveryState.PENDING
    assert carrier.bodies == []
    here.now = MORNING + timedelta(days=1)
    assert here.run().state is p.DeliveryState.SENT
    assert carrier.bodies[0]["requestDate"] == "2026-11-24 10:00"
