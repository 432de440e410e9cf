"""The door of the deliver room: look after orphans, claim what is due, send, settle.

What does not live here: when and whether (``outbox``), how (``transports/``), SQL.
Every state change is its own short transaction; ``sending`` is durable before the call (P46). Source: reliability Part 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pipeline.model as p
from pipeline import log, output
from pipeline.deliver import outbox, personal
from pipeline.i18n import _
from pipeline.store.store import Store

_log = log.get("deliver")


class Plugins(Protocol):
    """What deliver needs of the registry."""

    def transport(self, name: str) -> p.Transport:
        """Return the transport of a name, or raise ``PluginError``."""


@dataclass(slots=True)
class Round:
    """What one run of this room needs and gathers.

    Attributes:
        clock: Read just before each call, because a window may close while we send (P50).
        is_armed: The arm key of this environment fits the store's stamp (P51).
        is_replay: The clock is a pretended one: nothing reaches people, and nothing that waits grows too old.
        touched: Ids of deliveries this run changed or found waiting.
    """

    channels: dict[str, p.ChannelSpec]
    store: Store
    http: p.Http
    plugins: Plugins
    output_dir: Path
    clock: Callable[[], datetime]
    is_armed: bool = False
    is_dry: bool = False
    is_replay: bool = False
    touched: dict[str, None] = field(default_factory=dict)
    errors: list[p.PipelineError] = field(default_factory=list)


def deliver(this: Round) -> tuple[tuple[p.Delivery, ...], tuple[p.PipelineError, ...]]:
    """Deliver what is due and return every delivery touched or waiting for a person, and the errors met.

    Sends nothing from a copied store. Safe to run again at any time: what was sent is settled, what was interrupted is
    looked up, what is unknown waits for a person.

    Raises:
        StoreError: The outbox cannot be written; nothing was sent that is not recorded as ``sending``.
    """
    if this.store.stamp_matches():
        if not this.is_dry:
            _orphans(this)
            if not this.is_replay:
                _doubts(this)
        for delivery in this.store.deliveries.due(this.clock()):
            this.touched[delivery.id] = None
            _one(this, delivery)
    elif this.store.deliveries.due(this.clock()):
        this.errors.append(
            p.StoreError(
                _("이 저장소는 다른 곳에서 복사한 것이라 아무것도 보내지 않았습니다."),
                code="copied-store",
                hint=_("이곳에서 보내려면 'moa db adopt'를 실행해 주세요."),
            )
        )
    for delivery in this.store.deliveries.list(states=(p.DeliveryState.UNKNOWN, p.DeliveryState.HELD)):
        this.touched[delivery.id] = None
    found = {d.id: d for d in this.store.deliveries.get(tuple(this.touched))}
    return tuple(found[i] for i in this.touched if i in found), tuple(this.errors)


def _orphans(this: Round) -> None:
    """Deliveries found in ``sending`` belong to a run that died: we hold the lock."""
    for delivery in this.store.deliveries.list(states=(p.DeliveryState.SENDING,)):
        this.touched[delivery.id] = None
        channel = this.channels.get(delivery.channel)
        this.store.deliveries.keep(delivery.id, {**delivery.memo, outbox.DIED_AT: delivery.attempts})
        if personal.is_frozen(this.store, delivery) or _is_personal(this, channel):
            _settle(this, delivery.id, *personal.of_orphan(this.store, delivery, now=this.clock()))
            continue
        receipt: p.Receipt | None = None
        repeatable = False
        if channel is not None and channel.transport is not None:
            try:
                transport = this.plugins.transport(channel.transport)
            except p.PluginError as error:
                _log.warning("lookup failed", delivery=delivery.id, why=error.message)
            else:
                # of one to people no line was written: nobody was sent to
                repeatable = transport.REPEATABLE or personal.is_one(transport)
                receipt = _looked_up(this, delivery, channel, transport)
        _settle(this, delivery.id, outbox.of_orphan(repeatable=repeatable, receipt=receipt), receipt)


def _doubts(this: Round) -> None:
    """Ask carriers once more about what is in doubt: they may know by now (P44)."""
    for delivery in this.store.deliveries.list(states=(p.DeliveryState.UNKNOWN,)):
        channel = this.channels.get(delivery.channel)
        if channel is None or channel.transport != delivery.transport:
            continue  # the carrier that took it is no longer configured
        try:
            transport = this.plugins.transport(delivery.transport)
        except p.PluginError:
            continue
        if personal.is_one(transport):
            found = personal.clarify(this.store, delivery, channel, transport, this.http, now=this.clock())
            if found is None:
                continue
            this.touched[delivery.id] = None
            if found[0].state is p.DeliveryState.PENDING:  # nobody is in doubt any more, and some were never tried
                this.store.deliveries.resolve(delivery.id, "sent", now=this.clock())
            else:
                _settle(this, delivery.id, *found)
        elif receipt := _looked_up(this, delivery, channel, transport):
            this.touched[delivery.id] = None
            _settle(this, delivery.id, outbox.Settlement(p.DeliveryState.SENT, "found"), receipt)


def _looked_up(this: Round, delivery: p.Delivery, channel: p.ChannelSpec, transport: p.Transport) -> p.Receipt | None:
    """Ask a carrier what became of a whole delivery; ``None`` when it does not know or does not answer."""
    try:
        return transport.lookup(channel.transport_options, delivery, this.http)
    except p.PipelineError as error:
        _log.warning("lookup failed", delivery=delivery.id, why=error.message)
        return None


def _is_personal(this: Round, channel: p.ChannelSpec | None) -> bool:
    if channel is None or channel.transport is None:
        return False
    try:
        return personal.is_one(this.plugins.transport(channel.transport))
    except p.PluginError:
        return False


def _one(this: Round, delivery: p.Delivery) -> None:
    channel = this.channels.get(delivery.channel)
    if channel is None or channel.transport is None:
        _settle(this, delivery.id, outbox.Settlement(p.DeliveryState.HELD, "channel-removed"), None)
        return
    try:
        transport = this.plugins.transport(channel.transport)
    except p.PluginError as error:
        this.errors.append(error)
        return
    decision = outbox.decide(
        delivery,
        channel,
        now=this.clock(),
        reaches_people=transport.REACHES_PEOPLE,
        armed=this.is_armed,
        dry_run=this.is_dry,
    )
    if this.is_replay and (transport.REACHES_PEOPLE or decision.act is outbox.Act.EXPIRE):
        return
    if decision.act is outbox.Act.EXPIRE:
        _settle(this, delivery.id, outbox.Settlement(p.DeliveryState.EXPIRED, decision.reason), None)
    elif decision.act is outbox.Act.DRY and decision.reason == "not-armed":
        this.errors.append(_not_armed(this, delivery))
    elif decision.act is outbox.Act.SEND:
        _send(this, delivery, channel, transport)


def _send(this: Round, delivery: p.Delivery, channel: p.ChannelSpec, transport: p.Transport) -> None:
    try:
        rendering = output.read_rendering(
            this.output_dir,
            delivery.edition_id,
            delivery.channel,
            sha256=delivery.rendering_sha256,
            is_light=getattr(transport, "LINKS", False),
        )
    except p.PipelineError as error:
        error.subject = delivery.id
        this.errors.append(error)
        _settle(this, delivery.id, outbox.Settlement(p.DeliveryState.HELD, "bytes-changed"), None)
        return
    claimed = this.store.deliveries.claim(delivery.id, this.clock())
    if claimed is None:
        return  # another process took it
    if personal.is_one(transport):
        _send_each(this, personal.Errand(claimed, channel, rendering, transport))
    else:
        _send_whole(this, claimed, channel, rendering, transport)


def _send_whole(
    this: Round, claimed: p.Delivery, channel: p.ChannelSpec, rendering: p.Rendering, transport: p.Transport
) -> None:
    died = {outbox.DIED_AT: outbox.died_at(claimed)} if outbox.died_at(claimed) else {}
    try:
        receipt = transport.send(
            channel.transport_options,
            claimed,
            rendering,
            this.http,
            lambda memo: this.store.deliveries.keep(claimed.id, {**died, **memo}),
        )
    except p.StoreError:
        raise  # the row stays ``sending``: the next run asks what became of it
    except p.PipelineError as error:
        error.subject = claimed.id
        if not isinstance(error, p.NotNowError):
            this.errors.append(error)
        _settle(this, claimed.id, outbox.settle(error, claimed, now=this.clock()), None)
    except Exception as error:  # noqa: BLE001 - a transport's defect in mid-send: nobody knows what left
        defect = p.PluginError(f"transports.{channel.transport}: {type(error).__name__}"[:200], subject=claimed.id)
        defect.__cause__ = error
        this.errors.append(defect)
        _settle(this, claimed.id, outbox.settle(defect, claimed, now=this.clock()), None)
    else:
        _settle(this, claimed.id, outbox.Settlement(p.DeliveryState.SENT), receipt)


def _send_each(this: Round, errand: personal.Errand) -> None:
    """The lines of the receivers say what became of it, not the error that ended the attempt."""
    settlement, receipt, error = personal.send(errand, this.store, this.http, this.clock)
    if error is not None and not isinstance(error, p.NotNowError):
        this.errors.append(error)
    _settle(this, errand.delivery.id, settlement, receipt)


def _settle(this: Round, delivery_id: str, settlement: outbox.Settlement, receipt: p.Receipt | None) -> None:
    if this.is_dry:
        return
    this.store.deliveries.settle(
        delivery_id,
        settlement.state,
        receipt=receipt,
        reason=log.redact(settlement.reason),
        retry_at=settlement.retry_at,
    )
    _log.info("settled", delivery=delivery_id, state=settlement.state.value, why=settlement.reason)


def _not_armed(this: Round, delivery: p.Delivery) -> p.PipelineError:
    return p.CredentialError(
        _("보낼 준비가 되어 있지 않아 보내지 않았습니다."),
        subject=delivery.id,
        code="not-armed",
        hint=_(
            "이 서버에서 정말 보내려면 환경 변수 MOA_ARM={code} 를 넣고, 터미널에서는 --send 를 붙여 주세요."
        ).format(code=this.store.stamp.id),
    )
