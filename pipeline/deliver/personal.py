"""Deliveries to people one by one: opens their ledger, sends, counts what became of each, settles.

What does not live here: the ledger (``people``), the decision (``outbox.of_people``), how a message leaves (``transports``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeGuard

import pipeline.model as p
from pipeline import log
from pipeline.deliver import outbox
from pipeline.deliver.people import Doubts, Ledger, boot, key_of, listed
from pipeline.i18n import _
from pipeline.model import DeliveryState as S
from pipeline.model import windows
from pipeline.store.store import Store

_log = log.get("deliver")
_REACHED = "reached_at"  # memo: the attempt that last reached somebody


@dataclass(frozen=True, slots=True)
class Errand:
    """One claimed delivery with what it needs."""

    delivery: p.Delivery
    channel: p.ChannelSpec
    rendering: p.Rendering
    transport: p.PersonalTransport


def is_one(transport: object) -> TypeGuard[p.PersonalTransport]:
    """Whether a transport sends one message a person."""
    return bool(getattr(transport, "ADDRESS", ""))


def is_frozen(store: Store, delivery: p.Delivery) -> bool:
    """Whether a delivery has receivers of its own. Cost: one query over them."""
    return bool(store.deliveries.recipient_states(delivery.id))


def of_orphan(store: Store, delivery: p.Delivery, *, now: datetime) -> tuple[outbox.Settlement, p.Receipt | None]:
    """Return what becomes of a delivery whose run died: whoever had not left waits on, whoever was leaving is unknown."""
    store.deliveries.interrupted([delivery.id], now, boot=boot())
    counts = {S(state): n for state, n in store.deliveries.recipient_states(delivery.id).items()}
    settled = outbox.of_people(counts, tried=0, stopped=None, now=now)
    if settled.state is S.PENDING or not counts:  # it died before the list was frozen: nobody was sent to
        return outbox.Settlement(S.PENDING, "interrupted"), None
    return settled, _receipt(counts)


def clarify(
    store: Store,
    delivery: p.Delivery,
    channel: p.ChannelSpec,
    transport: p.PersonalTransport,
    http: p.Http,
    *,
    now: datetime,
) -> tuple[outbox.Settlement, p.Receipt | None] | None:
    """Ask the carrier about the receivers in doubt; return what the delivery comes to if nobody is in doubt any more.

    A carrier that cannot be asked, or does not know, changes nothing: a person decides (``moa db resolve``).
    """
    ask = getattr(transport, "clarify", None)
    if ask is None:
        return None
    memo, doubts = dict(delivery.memo), Doubts(store, delivery, lambda: now)

    def keep(step: p.Memo) -> None:
        memo.update(step)
        store.deliveries.keep(delivery.id, memo)

    try:
        ask(channel.transport_options, delivery, http, keep, doubts)
    except p.StoreError:
        raise
    except p.PipelineError as error:
        _log.warning("carrier not asked", delivery=delivery.id, why=error.message)
    counts = doubts.counts()
    if not counts or counts.get(S.UNKNOWN, 0):
        return None
    return outbox.of_people(counts, tried=0, stopped=None, now=now), _receipt(counts)


def send(
    this: Errand, store: Store, http: p.Http, clock: Callable[[], datetime]
) -> tuple[outbox.Settlement, p.Receipt | None, p.PipelineError | None]:
    """Send to everybody who waits; return what the delivery comes to, a receipt, and the error to report.

    Raises:
        StoreError: Nothing more could be recorded, so nothing more left; the delivery stays ``sending``.
    """
    claimed = this.delivery
    try:
        ledger = _ledger(this, store, clock)
    except p.StoreError:
        raise
    except p.PipelineError as met:
        met.subject = claimed.id
        return outbox.settle(met, claimed, now=clock()), None, met
    before = ledger.counts().get(S.SENT, 0)
    receipt, error = _sent(this, store, http, ledger)
    ledger.give_back()
    counts = ledger.counts()
    if counts.get(S.SENT, 0) > before:
        _keep(this, store, {_REACHED: claimed.attempts})
    last = max(int(claimed.memo.get(_REACHED) or 0), outbox.died_at(claimed))
    tried = 0 if counts.get(S.SENT, 0) > before else claimed.attempts - last
    settled = outbox.of_people(counts, tried=tried, stopped=error, now=clock())
    if counts.get(S.PENDING, 0) and settled.state not in (S.PENDING, S.UNKNOWN):
        store.deliveries.move_recipients(claimed.id, S.PENDING, S.FAILED, reason="given-up", now=clock())
        counts = ledger.counts()
    error = error or _doubt(settled.state, counts)
    if error is not None:
        error.subject = claimed.id
    _log.info("receivers", delivery=claimed.id, **{state.value: n for state, n in counts.items()})
    return settled, _receipt(counts, receipt.provider_id if receipt else ""), error


def _ledger(this: Errand, store: Store, clock: Callable[[], datetime]) -> Ledger:
    options = this.channel.transport_options
    key = key_of(options, store)
    people = listed(options, this.transport.ADDRESS, key)
    return Ledger(
        store,
        this.delivery,
        people,
        key_id=key.id,
        bounces=options.bounces,
        clock=clock,
        check=lambda: _check(this, clock()),
    )


def _sent(this: Errand, store: Store, http: p.Http, ledger: Ledger) -> tuple[p.Receipt | None, p.PipelineError | None]:
    """Let the transport send; return its receipt, or what ended it before everybody was tried."""
    try:
        receipt = this.transport.send(
            this.channel.transport_options,
            replace(this.delivery, sent_today=_today(this, store, http.now())),
            this.rendering,
            http,
            lambda memo: _keep(this, store, memo),
            ledger,
        )
    except p.StoreError:
        raise
    except p.PipelineError as error:
        return None, error
    except Exception as error:  # noqa: BLE001 - a transport's defect in mid-send: its receivers' lines tell who is in doubt
        defect = p.PluginError(f"transports.{this.channel.transport}: {type(error).__name__}"[:200])
        defect.__cause__ = error
        return None, defect
    return receipt, None


def _today(this: Errand, store: Store, now: datetime) -> int:
    """Return how many messages this channel handed over since midnight in Seoul (P49)."""
    return store.deliveries.handed_over(this.channel.id, windows.day_start(windows.seoul_date(now)))


def _keep(this: Errand, store: Store, memo: p.Memo) -> None:
    known = store.deliveries.get([this.delivery.id])[0].memo
    store.deliveries.keep(this.delivery.id, {**known, **memo})


def _doubt(state: p.DeliveryState, counts: Mapping[p.DeliveryState, int]) -> p.PipelineError | None:
    """Return what the report says where the lines, not an error, leave something open."""
    if state is S.UNKNOWN:
        message = _("{count}명은 받았는지 알 수 없습니다. 다시 보내지 않았습니다.").format(count=counts[S.UNKNOWN])
        return p.UnknownOutcomeError(message)
    if state is S.PENDING:
        message = _("{count}명은 나중에 다시 보냅니다.").format(count=counts[S.PENDING])
        return p.DeliveryError(message, code="later")
    return None


def _check(this: Errand, now: datetime) -> None:
    """Nothing leaves after the channel's hours, nor after the delivery grew too old (P50)."""
    opens = windows.next_opening(now, this.channel.opens, this.channel.closes)[0]
    is_old = this.delivery.expires_at is not None and now >= this.delivery.expires_at
    if opens > now or is_old:
        raise p.NotNowError(_("보내도 되는 시간이 끝나 나머지는 다음에 보냅니다."))


def _receipt(counts: Mapping[p.DeliveryState, int], provider_id: str = "") -> p.Receipt:
    return p.Receipt(
        provider_id=provider_id, accepted=counts.get(S.SENT, 0), refused=counts.get(S.FAILED, 0), status="counted"
    )
