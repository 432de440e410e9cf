"""What the outbox promises (P43–P49), on both databases (P31)."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.model import DeliveryState as S
from pipeline.store.store import Store
from tests.postgres import postgres, store_url  # noqa: F401 - fixtures
from tests.unit.store.samples import DAY, HOUR, NOW, delivery


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:  # noqa: F811 - a fixture
    with Store.open(store_url) as opened:
        yield opened


def state_of(store: Store, batch: int = 0) -> p.DeliveryState:
    return store.deliveries.get([delivery(batch).id])[0].state


def test_a_delivery_comes_back_equal(store):
    """Every field survives."""
    full = delivery(
        recipients=("가나다@example.com",),
        idempotency_key="k",
        expires_at=NOW + DAY,
        retry_at=NOW + HOUR,
        attempts=2,
        memo={"group": "가", "step": 1},
        reason="quota",
        receipt=p.Receipt(provider_id="x", accepted=1, refused=2, status="ok"),
    )
    assert store.deliveries.enqueue([full]) == 1
    assert store.deliveries.get([full.id]) == (full,)


def test_planning_twice_plans_once(store):
    """The first plan stays, by id and by (edition, channel, audience, batch)."""
    store.deliveries.enqueue([delivery()])
    twin = delivery(id="another id", rendering_sha256="cd" * 32)
    assert store.deliveries.enqueue([delivery(rendering_sha256="cd" * 32), twin, delivery(1)]) == 1
    assert [d.rendering_sha256 for d in store.deliveries.list()] == ["ab" * 32] * 2


def test_a_days_messages_are_counted(store):
    """Sent and unknown ones of a channel since an instant; refused ones and those of other days and channels are not (P49)."""
    store.deliveries.enqueue([delivery(), delivery(1, channel="mail")], now=NOW)
    fates = {"a": S.SENT, "b": S.UNKNOWN, "c": S.FAILED, "d": S.PENDING}
    for batch in (0, 1):
        store.deliveries.claim(delivery(batch).id if batch == 0 else delivery(1, channel="mail").id, NOW)
    mine = delivery()
    for who, state in fates.items():
        store.deliveries.mark_recipients(mine.id, {who: state}, now=NOW)
    store.deliveries.mark_recipients(mine.id, {"old": S.SENT}, now=NOW - DAY)
    assert store.deliveries.handed_over(mine.channel, NOW - HOUR) == 2
    assert store.deliveries.handed_over("mail", NOW - HOUR) == 0


def test_planning_joins_the_callers_transaction(store):
    """An edition and its sendings come together or not at all."""
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.deliveries.enqueue([delivery()])
        raise ZeroDivisionError
    assert store.deliveries.list() == ()
    assert not store.deliveries.has_work()


def test_due_is_what_may_leave_now(store):
    """Not before its time, not before its retry; expired ones are due to be settled."""
    store.deliveries.enqueue(
        [
            delivery(0),
            delivery(1, not_before_at=NOW + HOUR),
            delivery(2, retry_at=NOW + HOUR),
            delivery(3, expires_at=NOW - HOUR),
            delivery(4, state=S.HELD),
        ]
    )
    assert [d.batch for d in store.deliveries.due(NOW)] == [0, 3]
    assert [d.batch for d in store.deliveries.due(NOW + HOUR)] == [0, 1, 2, 3]


def test_a_claim_is_had_once(store, store_url):  # noqa: F811
    """Only one process may send; the claim is seen by all at once, with one try more."""
    store.deliveries.enqueue([delivery(memo={"step": 1}, reason="quota", retry_at=NOW)])
    claimed = store.deliveries.claim(delivery().id, NOW)
    assert (claimed.state, claimed.attempts, claimed.memo, claimed.reason) == (S.SENDING, 1, {"step": 1}, "")
    assert store.deliveries.get([claimed.id]) == (claimed,)
    with Store.open(store_url) as other:
        assert other.deliveries.claim(delivery().id, NOW) is None
        assert other.deliveries.claim("unknown", NOW) is None


def test_many_claimants_one_claim(store, store_url):  # noqa: F811
    """Eight threads with connections of their own race for twenty deliveries: each is had exactly once."""
    store.deliveries.enqueue([delivery(n) for n in range(20)])
    had: list[str] = []

    def race() -> None:
        with Store.open(store_url) as mine:
            had.extend(d.id for n in range(20) if (d := mine.deliveries.claim(delivery(n).id, NOW)) is not None)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(had) == sorted(delivery(n).id for n in range(20))
    assert {d.attempts for d in store.deliveries.list()} == {1}


def test_a_claim_cannot_be_rolled_back(store):
    """Claiming inside a transaction is a defect: the transaction could still end otherwise."""
    store.deliveries.enqueue([delivery()])
    with pytest.raises(RuntimeError), store.transaction():
        store.deliveries.claim(delivery().id, NOW)
    assert state_of(store) is S.PENDING


def test_steps_are_kept_while_sending_only(store):
    """A transport resumes from what it kept; nobody writes into a delivery that is not being sent."""
    store.deliveries.enqueue([delivery()])
    with pytest.raises(p.StoreError):
        store.deliveries.keep(delivery().id, {"step": 1})
    store.deliveries.claim(delivery().id, NOW)
    store.deliveries.keep(delivery().id, {"step": "그룹"})
    store.deliveries.settle(delivery().id, S.PENDING, reason="quota", retry_at=NOW + HOUR)
    again = store.deliveries.claim(delivery().id, NOW + HOUR)
    assert (again.memo, again.attempts) == ({"step": "그룹"}, 2)


def test_a_receipt_stays(store):
    """Settling without a receipt does not forget an earlier one."""
    receipt = p.Receipt(provider_id="m-1", accepted=1)
    store.deliveries.enqueue([delivery()])
    store.deliveries.claim(delivery().id, NOW)
    store.deliveries.settle(delivery().id, S.UNKNOWN, receipt=receipt, reason="timeout", now=NOW)
    store.deliveries.resolve(delivery().id, "sent", now=NOW + DAY)
    (found,) = store.deliveries.get([delivery().id])
    assert (found.state, found.receipt) == (S.SENT, receipt)


@pytest.mark.parametrize("to", [S.SENT, S.UNKNOWN, S.PENDING])
def test_an_outcome_needs_a_claim(store, to):
    """Nothing is sent, unknown or to be retried that was never claimed."""
    store.deliveries.enqueue([delivery()])
    with pytest.raises(p.StoreError) as refused:
        store.deliveries.settle(delivery().id, to)
    assert refused.value.code == "delivery-state"
    assert state_of(store) is S.PENDING


def test_what_was_sent_stays_sent(store):
    """No later word changes it: a second message would be the price (P43)."""
    store.deliveries.enqueue([delivery()])
    store.deliveries.claim(delivery().id, NOW)
    store.deliveries.settle(delivery().id, S.SENT)
    for to in S:
        with pytest.raises(p.StoreError):
            store.deliveries.settle(delivery().id, to)
    for decision in ("sent", "resend", "abandon"):
        with pytest.raises(p.StoreError):
            store.deliveries.resolve(delivery().id, decision)
    assert store.deliveries.hold([delivery().id], "x") == 0
    assert state_of(store) is S.SENT


def test_orphans_become_unknown(store):
    """Who died while sending leaves a doubt, never a second message (P44)."""
    store.deliveries.enqueue([delivery(0), delivery(1)])
    store.deliveries.claim(delivery(0).id, NOW)
    store.deliveries.mark_recipients(delivery(0).id, {"a": S.SENDING, "b": S.SENT}, now=NOW)
    (orphan,) = store.deliveries.orphans_to_unknown(NOW + DAY)
    assert (orphan.id, orphan.state, orphan.reason) == (delivery(0).id, S.UNKNOWN, "interrupted")
    assert state_of(store, 1) is S.PENDING
    assert store.deliveries.recipient_states(delivery(0).id) == {"unknown": 1, "sent": 1}
    assert store.deliveries.orphans_to_unknown(NOW + DAY) == ()


def test_a_person_holds_releases_and_resolves(store):
    """Each decision moves only what it may."""
    ids = [delivery(n).id for n in range(3)]
    store.deliveries.enqueue([delivery(n) for n in range(3)])
    store.deliveries.claim(ids[2], NOW)
    assert store.deliveries.hold(ids, "approval", now=NOW) == 2
    assert store.deliveries.claim(ids[0], NOW) is None
    assert [d.reason for d in store.deliveries.list([S.HELD])] == ["approval"] * 2
    assert store.deliveries.release(ids[:1], now=NOW) == 1
    assert state_of(store, 0) is S.PENDING
    store.deliveries.settle(ids[2], S.UNKNOWN, reason="timeout")
    store.deliveries.resolve(ids[2], "resend", now=NOW)
    assert state_of(store, 2) is S.PENDING
    store.deliveries.resolve(ids[1], "abandon", now=NOW)
    assert state_of(store, 1) is S.ABANDONED
    assert store.deliveries.has_work()


def test_deliveries_are_found_by_edition_and_channel(store):
    """Filters narrow; lists are oldest first."""
    store.deliveries.enqueue([delivery(0), delivery(1, created_at=NOW - DAY), delivery(2, channel="kakao", id="k")])
    assert [d.batch for d in store.deliveries.find(edition_id="daily/2026-11-23")] == [1, 0, 2]
    assert [d.batch for d in store.deliveries.find(edition_id="daily/2026-11-23", channel="kakao")] == [2]
    assert [d.batch for d in store.deliveries.find(delivery_id="k")] == [2]
    assert [d.batch for d in store.deliveries.list([S.PENDING], limit=2)] == [1, 0]
    assert store.deliveries.list([S.SENT]) == ()


def test_receivers_are_tried_once(store):
    """Who was tried is not pending, unless the carrier's answer allows another try."""
    store.deliveries.enqueue([delivery()])
    mark = store.deliveries.mark_recipients
    assert store.deliveries.recipients_pending(delivery().id, ["b", "a", "b"]) == ("b", "a")
    mark(delivery().id, {"a": S.SENDING, "b": S.SENT, "c": S.SENDING, "d": S.FAILED}, now=NOW)
    mark(delivery().id, {"c": S.PENDING}, reason="4xx", now=NOW)
    assert store.deliveries.recipients_pending(delivery().id, ["a", "b", "c", "d", "e"]) == ("c", "e")
    assert store.deliveries.recipient_states(delivery().id) == {"sending": 1, "sent": 1, "pending": 1, "failed": 1}


_STEPS = st.lists(
    st.sampled_from(["claim", "keep", "sent", "unknown", "pending", "failed", "crash", "hold", "release", "resend"]),
    max_size=12,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Iterator[int]]]:
    """One store for many examples, each with a delivery of its own."""
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('outbox')}/moa.db") as opened:
        yield opened, itertools.count()


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS)
def test_no_path_sends_twice_without_a_person(shared, steps):
    """Whatever happens in whatever order: after a claim that was not refused, only a person leads to another claim."""
    store, numbers = shared
    one = delivery(next(numbers))
    store.deliveries.enqueue([one])
    may_claim = True
    for step in steps:
        if step == "claim":
            if store.deliveries.claim(one.id, NOW) is not None:
                assert may_claim
                may_claim = False
        elif step == "crash":
            store.deliveries.orphans_to_unknown(NOW)
        elif step == "hold":
            store.deliveries.hold([one.id], "x")
        elif step == "release":
            store.deliveries.release([one.id])
        else:
            may_claim |= _try(store, one.id, step)


def _try(store: Store, one: str, step: str) -> bool:
    """Take one step that may be refused; whether it is one after which another claim is right."""
    try:
        if step == "keep":
            store.deliveries.keep(one, {"a": 1})
        elif step == "resend":
            store.deliveries.resolve(one, "resend")
        else:
            store.deliveries.settle(one, S(step))
    except p.StoreError:
        return False
    return step in ("resend", "pending")


def test_settling_many_keeps_them_apart(store):
    """One delivery's outcome is nobody else's."""
    store.deliveries.enqueue([delivery(0), delivery(1)])
    store.deliveries.claim(delivery(0).id, NOW)
    store.deliveries.settle(delivery(0).id, S.FAILED, reason="rejected")
    assert store.deliveries.get([delivery(1).id]) == (delivery(1),)


def test_superseded_deliveries_are_given_up_unless_they_began(store):
    """What waits, pending or held, is abandoned with its reason; what is being sent goes on."""
    store.deliveries.enqueue([delivery(batch) for batch in range(3)])
    mail, web, kakao = (d.id for d in store.deliveries.waiting([p.DeliveryState.PENDING]))
    store.deliveries.hold([web], "not-approved", now=NOW)
    store.deliveries.claim(kakao, NOW)
    store.deliveries.supersede([mail, web, kakao], now=NOW)
    found = {d.id: (d.state, d.reason) for d in store.deliveries.get([mail, web, kakao])}
    given_up = (p.DeliveryState.ABANDONED, "superseded")
    assert found == {mail: given_up, web: given_up, kakao: (p.DeliveryState.SENDING, "")}
