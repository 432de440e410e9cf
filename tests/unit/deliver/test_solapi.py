"""SOLAPI's group route against a fake built from its documents: each receiver at most once, every refusal by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import pipeline.model as p
from pipeline.deliver.transports import solapi
from tests.vendors.desk import MORNING, NAME, Desk, desk, number
from tests.vendors.solapi import KEY, SECRET, Solapi

HOUR = timedelta(hours=1)


@pytest.fixture
def carrier() -> Iterator[Solapi]:
    with Solapi() as made:
        yield made


def options(carrier: Solapi, **more: Any) -> Callable[[str], solapi.Options]:
    def of(people: str) -> solapi.Options:
        given = {
            "base_url": carrier.url,
            "api_key": "MOA_SOLAPI_KEY",
            "api_secret": "MOA_SOLAPI_SECRET",
            "pf_id": "KA01PF0000000000",
            "sender": "031-000-1200",
            "recipients": people,
        }
        environment = {"MOA_SOLAPI_KEY": KEY, "MOA_SOLAPI_SECRET": SECRET}
        return solapi.Options.model_validate(given | more, context={"environment": environment})

    return of


@pytest.fixture
def open_desk(carrier: Solapi, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(people: int = 3, **more: Any) -> Desk:
            return stack.enter_context(
                desk(tmp_path / "d", "solapi", carrier.port, options(carrier, **more), people=people)
            )

        yield make


def everybody(n: int, state: str = "sent") -> dict[str, str]:
    return {number(i): state for i in range(n)}


def test_a_group_is_created_filled_and_let_go(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """Three steps in that order; everybody once; the vendor's id stands in the memo, no number does."""
    here = open_desk()
    here.plan()
    done = here.run()
    assert done.state is p.DeliveryState.SENT
    assert [f"{c.method} {c.path.rsplit('/', 1)[-1]}" for c in carrier.calls] == [
        "POST groups",
        "PUT messages",
        "POST send",
    ]
    assert carrier.accepted == {number(n): 1 for n in range(3)}
    assert here.states() == everybody(3)
    group = next(iter(carrier.groups))
    assert done.receipt == p.Receipt(provider_id=group, accepted=3, refused=0, status="counted")
    assert "0100000" not in str(done.memo)


@pytest.mark.parametrize("kind", ["TEXT", "IMAGE", "WIDE", "WIDE_ITEM_LIST", "CAROUSEL_FEED"])
def test_every_bubble_in_solapis_words(carrier: Solapi, open_desk: Callable[..., Desk], kind: str) -> None:
    """All five kinds are taken, each picture uploaded once as the type its place demands."""
    here = open_desk()
    here.plan(kind)
    assert here.run().state is p.DeliveryState.SENT
    sent = next(iter(carrier.groups.values()))["messages"][0]
    bms = sent["kakaoOptions"]["bms"]
    assert (sent["type"], bms["chatBubbleType"], bms["targeting"]) == ("BMS_FREE", kind, "I")
    assert sent["kakaoOptions"]["disableSms"] is True
    types = [file["type"] for file in carrier.files.values()]
    assert (
        types
        == {
            "TEXT": [],
            "IMAGE": ["BMS"],
            "WIDE": ["BMS_WIDE"],
            "WIDE_ITEM_LIST": ["BMS_WIDE_MAIN_ITEM_LIST", *["BMS_WIDE_SUB_ITEM_LIST"] * 3],
            "CAROUSEL_FEED": ["BMS_CAROUSEL_FEED_LIST"] * 3,
        }[kind]
    )
    names = [one["name"] for one in bms.get("buttons", bms.get("carousel", {}).get("list", [{}])[0].get("buttons", []))]
    assert names, "buttons are never dropped"


def test_a_refused_receiver_stops_nobody_else(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """A 200 with refusals inside: those receivers failed, the others are sent to (partial failure)."""
    carrier.refused = {number(1): "3104"}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.SENT
    assert here.states() == everybody(3) | {number(1): "failed"}
    assert carrier.accepted == {number(0): 1, number(2): 1}


@pytest.mark.parametrize("step", ["create", "fill", "upload"])
@pytest.mark.parametrize("trick", ["drop", "cut", "500", "garbage", "!429 TooManyRequests"])
def test_before_letting_go_anything_may_be_done_again(
    carrier: Solapi, open_desk: Callable[..., Desk], step: str, trick: str
) -> None:
    """Whatever happens to create, upload or fill, the next run sends to everybody once: nothing had left."""
    carrier.mischief = {step: [trick]}
    here = open_desk()
    here.plan("WIDE")
    assert here.run().state is p.DeliveryState.PENDING
    assert not carrier.accepted
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


@pytest.mark.parametrize("trick", ["drop", "500", "garbage"])
def test_an_answer_that_never_came_is_asked_for(carrier: Solapi, open_desk: Callable[..., Desk], trick: str) -> None:
    """Time-out after accept: the group's own status says that it left; nobody is sent to again (P44)."""
    carrier.mischief = {"send": [trick]}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.SENT
    assert here.states() == everybody(3)
    assert carrier.counts["send"] == 1


def test_what_nobody_knows_is_held_and_found_later(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """No answer, and no look-up either: unknown, not sent again; when the vendor can be asked, it is settled by itself."""
    carrier.mischief = {"send": ["drop"], "get": ["cut", "cut", "cut"]}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    assert here.states() == everybody(3, "unknown")
    assert here.run(later=HOUR).state is p.DeliveryState.UNKNOWN
    carrier.mischief = {}
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_a_send_that_never_arrived_waits_for_a_person(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """The line broke before SOLAPI read it: held; after ``resend`` the old group is closed first, then a new one goes."""
    carrier.mischief = {"send": ["cut"]}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    assert here.run(later=HOUR).state is p.DeliveryState.UNKNOWN
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert [g["status"] for g in carrier.groups.values()] == ["DELETED", "SENDING"]
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_a_mistaken_resend_doubles_nobody(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """A person says "again" although it had arrived: the look-up before the new group finds the old one gone."""
    carrier.mischief = {"send": ["drop"], "get": ["cut"]}
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.UNKNOWN
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


def test_nothing_is_sent_again_while_the_vendor_cannot_be_asked(
    carrier: Solapi, open_desk: Callable[..., Desk]
) -> None:
    """After "again" with the vendor silent, nothing leaves until it can say what became of the first group."""
    carrier.mischief = {"send": ["drop"], "get": lambda _n: "cut", "delete": lambda _n: "cut"}
    here = open_desk()
    here.plan()
    here.run()
    here.store.deliveries.resolve(NAME, "resend", now=here.now)
    assert here.run(later=HOUR).state is p.DeliveryState.PENDING
    assert carrier.accepted == {number(n): 1 for n in range(3)}
    carrier.mischief = {}
    assert here.run(later=HOUR).state is p.DeliveryState.SENT
    assert carrier.accepted == {number(n): 1 for n in range(3)}


@pytest.mark.parametrize(
    ("trick", "state", "code"),
    [
        ("!402 NotEnoughBalance", "failed", "balance"),
        ("!403 SignatureDoesNotMatch", "failed", "key"),
        ("!401 InvalidAPIKey", "failed", "key"),
        ("!403 RequestTimeTooSkewed", "failed", "clock"),
        ("!400 ValidationError", "failed", "rejected"),
        ("!403 DuplicatedSignature", "pending", "later"),
    ],
)
def test_refusals_of_the_send_are_definite(
    carrier: Solapi, open_desk: Callable[..., Desk], trick: str, state: str, code: str
) -> None:
    """Nobody is unknown after a definite refusal; the error names who must act."""
    carrier.mischief = {"send": [trick]}
    here = open_desk()
    here.plan()
    assert here.run().state.value == state
    assert "unknown" not in here.states().values()
    assert not carrier.accepted
    assert [e.code for e in here.errors] == [code]


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("1030", "failed", "balance"),
        ("1062", "failed", "sender"),
        ("3101", "failed", "sender"),
        ("3108", "pending", None),
    ],
)
def test_status_numbers_decide(
    carrier: Solapi, open_desk: Callable[..., Desk], status: str, state: str, code: str | None
) -> None:
    """When every message is refused for one reason of ours, it is the delivery's reason: balance, sender, night."""
    carrier.refused = {"*": status}
    here = open_desk()
    here.plan()
    assert here.run().state.value == state
    assert [e.code for e in here.errors] == ([code] if code else [])
    assert not carrier.accepted


def test_a_clock_that_is_wrong_is_named(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """More than fifteen minutes off: SOLAPI refuses the signature, the operator is told to set the clock."""
    carrier.now = MORNING + timedelta(minutes=16)
    here = open_desk()
    here.plan()
    assert here.run().state is p.DeliveryState.FAILED
    assert [e.code for e in here.errors] == ["clock"]


def test_every_try_is_signed_anew(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """A signature is taken once: no two calls carry the same."""
    carrier.mischief = {"fill": ["cut"], "send": ["!429 TooManyRequests"]}
    here = open_desk()
    here.plan()
    for _turn in range(3):
        here.run(later=HOUR)
    signed = [c.headers["authorization"] for c in carrier.calls]
    assert len(signed) == len(set(signed)) > 6


def test_nothing_leaves_at_night(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """20:50 in Seoul: no call at all; the next morning everybody gets it."""
    here = open_desk()
    here.plan()
    here.now = MORNING.replace(hour=11, minute=50)
    assert here.run().state is p.DeliveryState.PENDING
    assert carrier.calls == []
    assert here.run(later=timedelta(hours=11, minutes=30)).state is p.DeliveryState.SENT


def test_a_delay_schedules_the_group(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """With ``delay`` the group is scheduled, so that a person may still stop it; never into the night."""
    here = open_desk(delay=30)
    here.plan()
    assert here.run().state is p.DeliveryState.SENT
    assert [g["at"] for g in carrier.groups.values()] == [MORNING + timedelta(minutes=30)]


def test_a_delay_never_reaches_into_the_night(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """20:30 and thirty minutes would be 21:00: it waits for the morning."""
    here = open_desk(delay=30)
    here.plan()
    here.now = MORNING.replace(hour=11, minute=30)
    assert here.run().state is p.DeliveryState.PENDING
    assert not carrier.accepted


def test_a_budget_stops_before_the_first_message(carrier: Solapi, open_desk: Callable[..., Desk]) -> None:
    """Three receivers and a budget of two: nobody is sent to, the operator is told (P49)."""
    here = open_desk(budget=2)
    here.plan()
    assert here.run().state is p.DeliveryState.FAILED
    assert [e.code for e in here.errors] == ["budget"]
    assert carrier.calls == []


@pytest.mark.parametrize(("won", "state"), [(61, "failed"), (62, "sent")])
def test_a_budget_of_money_stops_before_the_first_message(
    carrier: Solapi, open_desk: Callable[..., Desk], won: int, state: str
) -> None:
    """Three receivers at 20.5 won are 61.5 won: within 62, not within 61, and then nobody is sent to (P49)."""
    here = open_desk(price_won=20.5, budget_won=won)
    here.plan()
    assert here.run().state.value == state
    assert [e.code for e in here.errors] == (["budget"] if state == "failed" else [])
    assert bool(carrier.accepted) is (state == "sent")


def test_a_budget_of_money_needs_a_price(open_desk: Callable[..., Desk]) -> None:
    """Without a price nothing could be reckoned: said when the configuration is read."""
    with pytest.raises(ValidationError, match="price_won"):
        open_desk(budget_won=50_000)


def test_large_lists_go_in_parts(
    carrier: Solapi, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call holds more receivers or bytes than SOLAPI takes; a group that dies half filled is gone on with."""
    monkeypatch.setattr(p.limits, "SOLAPI_CALL", 5)
    monkeypatch.setattr(p.limits, "SOLAPI_CALL_BYTES", 2000)
    here = open_desk(people=12)
    here.plan()
    assert here.run().state is p.DeliveryState.SENT
    sizes = [len(c.json["messages"]) for c in carrier.calls if c.method == "PUT"]
    assert max(sizes) < 5
    assert sum(sizes) == 12
    assert carrier.accepted == {number(n): 1 for n in range(12)}


def test_no_number_is_ever_told(
    carrier: Solapi, open_desk: Callable[..., Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    """Refused, unknown and sent: no receiver's number in the log at its loudest, in an error or in the outbox (P72)."""
    from pipeline import log

    log.configure(level=10)
    try:
        carrier.refused = {number(1): "3104"}
        carrier.mischief = {"send": ["cut"], "get": lambda _n: "cut"}
        here = open_desk()
        here.plan()
        here.run()
        here.run(later=HOUR)
    finally:
        log.configure()
    told = capfd.readouterr()
    row = here.store.deliveries.get([NAME])[0]
    said = f"{told.out}{told.err}{[(e.message, e.hint) for e in here.errors]}{row}"
    for n in range(3):
        for form in (number(n), f"+82{number(n)[1:]}", f"{number(n)[:3]}-{number(n)[3:7]}-{number(n)[7:]}"):
            assert form not in said
    assert told.err


def test_m_and_n_need_an_approved_channel(carrier: Solapi) -> None:
    """Targeting beyond friends is refused unless the operator switched it on (korea rule 27)."""
    with pytest.raises(ValueError, match="승인"):
        options(carrier, targeting="M")("people.csv")
    assert options(carrier, targeting="M", targeting_approved=True)("people.csv").targeting == "M"
