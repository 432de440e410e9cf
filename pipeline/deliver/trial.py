"""Sends stored bytes to one member of staff, marked as a test; no delivery, no ledger, no receiver's line changes.

What does not live here: real sendings (``run``, ``personal``), the carriers (``transports``).
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.header import Header
from hashlib import sha256
from typing import Any, Final

import pipeline.model as p
from pipeline.deliver.personal import is_one
from pipeline.i18n import _
from pipeline.text.addresses import mail_address, mobile_number
from pipeline.text.trim import trim

ME: Final = "me"  # instead of an address: the operator's own KakaoTalk
_MAIL: Final = "message/rfc822"
_BUBBLE: Final = "application/vnd.moa.kakao+json"
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


def may_test(transport: p.Transport) -> bool:
    """Whether something can be sent to one person by it: it sends to people one by one, or to the operator alone."""
    return bool({_MAIL, _BUBBLE} & transport.ACCEPTS) and (is_one(transport) or is_own(transport))


def is_own(transport: p.Transport) -> bool:
    """Whether a transport reaches nobody but the operator who logged in."""
    return bool(getattr(transport, "OWN_ONLY", False))


def send_test(
    channel: p.ChannelSpec,
    transport: p.Transport,
    rendering: p.Rendering,
    to: str,
    http: p.Http,
    *,
    now: datetime,
) -> None:
    """Send a stored rendering to one address; only the mark before its subject or its words differs.

    Args:
        channel: Its way out, with resolved secrets.
        transport: One that ``may_test``.
        rendering: The stored bytes.
        to: One plain address, a mobile number where the channel sends to those, or ``me``.
        http: For carriers on the web.
        now: Becomes the message's date.

    Raises:
        NotNowError: A Kakao message in Kakao's night.
        DeliveryError: It is no address, or the carrier did not take it; the sentence names no address.

    Cost: one message.
    """
    is_phone = getattr(transport, "ADDRESS", "") == "phone"
    address = ME if is_own(transport) else mobile_number(to) if is_phone else mail_address(to)
    if not address or (address == ME) != (to == ME):
        raise p.DeliveryError(_wrong(transport, is_phone=is_phone), code="address")
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
    if not is_one(transport):
        transport.send(channel.transport_options, delivery, marked(rendering), http, lambda _memo: None)
        return
    one = _One(p.Person(hash=whole, token=whole[:8], address=address))
    transport.send(channel.transport_options, delivery, marked(rendering), http, lambda _memo: None, one)
    fate = one.fates.get(whole)
    if fate is None or fate.state is not p.DeliveryState.SENT:
        raise p.DeliveryError(_("상대 서버가 시험으로 보낸 것을 받지 않았습니다."), code="refused")


def _wrong(transport: p.Transport, *, is_phone: bool) -> str:
    if is_own(transport):
        return _("이 채널의 시험은 로그인한 본인에게만 갑니다. --to me 라고 적어 주세요.")
    if is_phone:
        return _("휴대전화 번호 하나를 적어 주세요. 예: 010-0000-0000")
    return _("받는 주소를 읽을 수 없습니다.")


def marked(rendering: p.Rendering) -> p.Rendering:
    """Return a rendering that says it is a test: mails in their subject, bubbles before their words; the rest stays."""
    marks = {_MAIL: _marked, _BUBBLE: _marked_bubble}
    made = (replace(a, body=marks[a.media_type](a.body)) if a.media_type in marks else a for a in rendering.artifacts)
    return replace(rendering, artifacts=tuple(made))


def _marked_bubble(body: bytes) -> bytes:
    """Mark whatever is read first, within the limit of its place."""
    document: dict[str, Any] = json.loads(body)
    wide = document["type"] == "WIDE"
    _mark(document, "header", p.limits.KAKAO_HEADER)
    _mark(document, "text", p.limits.KAKAO_WIDE_TEXT if wide else p.limits.KAKAO_TEXT)
    for item in document["items"][:1]:
        _mark(item, "title", p.limits.KAKAO_MAIN_TITLE)
    for card in document["cards"]:
        _mark(card, "header", p.limits.KAKAO_HEADER)
        _mark(card, "text", p.limits.KAKAO_CARD_TEXT)
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _mark(part: dict[str, Any], name: str, limit: int) -> None:
    if part[name]:
        said = _("[시험] {subject}").format(subject=part[name])
        part[name] = trim(said, int(limit * p.limits.KAKAO_HEADROOM), length=lambda t: len(t.encode("utf-16-le")) // 2)


def _marked(body: bytes) -> bytes:
    subject = str(email.message_from_bytes(body, policy=email.policy.default)["Subject"] or "")
    line = Header(_("[시험] {subject}").format(subject=subject), "utf-8", header_name="Subject").encode(linesep="\r\n")
    head, gap, rest = body.partition(b"\r\n\r\n")
    lines = _SUBJECT.sub(b"", head + b"\r\n").rstrip(b"\r\n")
    return lines + f"\r\nSubject: {line}".encode("ascii") + gap + rest
