"""Sends stored bytes to one staff address, marked as a test; no delivery, no ledger, no receiver's line changes.

What does not live here: real sendings (``run``, ``personal``), the carriers (``transports``).
"""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.header import Header
from hashlib import sha256
from typing import Final, TypeGuard

import pipeline.model as p
from pipeline.deliver.personal import is_one
from pipeline.i18n import _
from pipeline.text.addresses import mail_address

_MAIL: Final = "message/rfc822"
_SUBJECT: Final = re.compile(rb"^Subject:.*?(?=^\S|\Z)", re.IGNORECASE | re.DOTALL | re.MULTILINE)


class _One:
    """The only receiver; lives as long as the call."""

    def __init__(self, person: p.Person) -> None:
        self._waiting = [person]
        self.fates: dict[str, p.Fate] = {}

    def begin(self, most: int) -> Sequence[p.Person]:
        del most
        taken, self._waiting = self._waiting, []
        return taken

    def leaving(self, people: Sequence[p.Person], ended: Mapping[str, p.Fate] | None = None) -> None:
        del people
        self.ended(ended or {})

    def ended(self, ended: Mapping[str, p.Fate]) -> None:
        self.fates |= ended

    def doubtful(self) -> Collection[str]:
        return ()

    def counts(self) -> Mapping[p.DeliveryState, int]:
        return Counter(fate.state for fate in self.fates.values())


def may_test(transport: object) -> TypeGuard[p.PersonalTransport]:
    """Whether a transport sends mail to people one by one: only a mail has a subject that can be marked."""
    return is_one(transport) and transport.ADDRESS == "email" and _MAIL in transport.ACCEPTS


def send_test(
    channel: p.ChannelSpec,
    transport: p.PersonalTransport,
    rendering: p.Rendering,
    to: str,
    http: p.Http,
    *,
    now: datetime,
) -> None:
    """Send a stored rendering to one address; only its subject differs from what readers get.

    Args:
        channel: Its way out, with resolved secrets.
        transport: One that ``may_test``.
        rendering: The stored bytes.
        to: One plain address.
        http: For carriers on the web.
        now: Becomes the mail's date.

    Raises:
        DeliveryError: It is no address, or the carrier did not take it; the sentence names no address.

    Cost: one message.
    """
    address = mail_address(to)
    if not address:
        raise p.DeliveryError(_("받는 주소를 읽을 수 없습니다."), code="address")
    name = f"test/{rendering.digest_id}/{channel.id}"
    whole = sha256(f"{name}\0{address}\0{now.isoformat()}".encode()).hexdigest()
    delivery = p.Delivery(
        id=name,
        edition_id=rendering.digest_id,
        channel=channel.id,
        transport=channel.transport or "",
        rendering_sha256=rendering.sha256,
        idempotency_key=whole[:32],
        not_before_at=now,
    )
    one = _One(p.Person(hash=whole, token=whole[:8], address=address))
    transport.send(channel.transport_options, delivery, marked(rendering), http, lambda _memo: None, one)
    fate = one.fates.get(whole)
    if fate is None or fate.state is not p.DeliveryState.SENT:
        raise p.DeliveryError(_("상대 서버가 시험 메일을 받지 않았습니다."), code="refused")


def marked(rendering: p.Rendering) -> p.Rendering:
    """Return a rendering whose mails say in their subject that they are a test; every other byte stays."""
    made = (replace(a, body=_marked(a.body)) if a.media_type == _MAIL else a for a in rendering.artifacts)
    return replace(rendering, artifacts=tuple(made))


def _marked(body: bytes) -> bytes:
    subject = str(email.message_from_bytes(body, policy=email.policy.default)["Subject"] or "")
    line = Header(_("[시험] {subject}").format(subject=subject), "utf-8", header_name="Subject").encode(linesep="\r\n")
    head, gap, rest = body.partition(b"\r\n\r\n")
    lines = _SUBJECT.sub(b"", head + b"\r\n").rstrip(b"\r\n")
    return lines + f"\r\nSubject: {line}".encode("ascii") + gap + rest
