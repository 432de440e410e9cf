"""What every Kakao transport does with a stored bubble: read it, its pictures and its limits (tool of this room).

What does not live here: a dealer's field names, making the bubble (``renderers/kakao``).
Source: ``docs/reference/kakao-bubble.schema.json``; korea.md rules 21, 26, 27; reliability P49, P50.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, model_validator

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model import windows

BUBBLE: Final = "application/vnd.moa.kakao+json"
SCHEMA: Final = "moa-kakao-bubble/1"
Targeting = Literal["I", "M", "N"]


class BubbleOptions(p.PeopleOptions):
    """What every dealer's options share: whom Kakao may reach, how many a day, how long a person may still stop it."""

    targeting: Targeting = Field(
        default="I",
        description="받는 사람: I 명단 가운데 채널 친구, M 광고 수신에 동의한 사람, N 그 가운데 친구가 아닌 사람",
        examples=["I"],
    )
    targeting_approved: bool = Field(
        default=False, description="M과 N을 카카오가 승인한 채널이면 true (친구 5만 명, 사업자 인증, 080 번호)"
    )
    ad: Literal["always", "never"] = Field(
        default="always", description="광고 표시: 브랜드 메시지는 광고라서 always만 보냅니다"
    )
    budget: int = Field(
        default=p.limits.KAKAO_BUDGET, ge=1, description="하루에 보낼 수 있는 메시지 수. 넘으면 한 건도 보내지 않습니다"
    )
    price_won: float = Field(
        default=0.0, ge=0, le=1000, description="메시지 한 건의 값(원). budget_won을 쓰려면 적습니다", examples=["20.5"]
    )
    budget_won: int = Field(
        default=0,
        ge=0,
        description="하루에 쓸 수 있는 돈(원). 넘게 되면 한 건도 보내지 않습니다. 0이면 없음",
        examples=["50000"],
    )
    delay: int = Field(
        default=0,
        ge=0,
        le=240,
        description="넘긴 뒤 이만큼(분) 기다렸다가 나가게 예약합니다. 0이면 바로",
        examples=["10"],
    )

    @model_validator(mode="after")
    def _approved(self) -> BubbleOptions:
        if self.targeting != "I" and not self.targeting_approved:
            message = _(
                "카카오가 승인한 채널만 M과 N으로 보낼 수 있습니다. 승인받았으면 targeting_approved: true를 적으세요."
            )
            raise ValueError(message)
        if self.budget_won and not self.price_won:
            raise ValueError(_("budget_won으로 돈을 제한하려면 메시지 한 건의 값을 price_won에 적어 주세요."))
        if self.ad != "always":
            raise ValueError(_("브랜드 메시지는 광고라서 광고 표시를 뺄 수 없습니다. ad: always로 두세요."))
        return self


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a bubble, ready to upload.

    Attributes:
        name: File name.
        media_type: ``image/jpeg`` or ``image/png``.
        body: Its bytes, of the exact ratio its place demands.
    """

    name: str
    media_type: str
    body: bytes

    @property
    def key(self) -> str:
        """What remembers an upload: the hash of the bytes."""
        return sha256(self.body).hexdigest()[:32]


def bubble(rendering: p.Rendering) -> Mapping[str, Any]:
    """Return the stored bubble.

    Raises:
        RejectedError: It is none, or of another schema.
    """
    body = next((a.body for a in rendering.artifacts if a.media_type == BUBBLE), b"")
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise p.RejectedError(_("카카오톡 말풍선 문서가 아니어서 보내지 않았습니다."), code="bubble")
    return document


def picture(rendering: p.Rendering, image: Mapping[str, Any]) -> Picture:
    """Return the stored copy of one picture of the bubble.

    Raises:
        RejectedError: There is no copy of our own: a source's picture is never sent as it stands.
    """
    path = str(image.get("file") or "")
    found = next((a for a in rendering.artifacts if path and a.path == path), None)
    if found is None:
        hint = _("fetch의 images를 켜거나, 채널의 render에 images: false를 적어 글 말풍선으로 보내 주세요.")
        raise p.RejectedError(_("말풍선에 넣을 그림의 사본이 없어 보내지 않았습니다."), code="picture", hint=hint)
    body = _bytes_of(found)
    if len(body) > p.limits.KAKAO_IMAGE_BYTES:
        raise p.RejectedError(_("말풍선에 넣을 그림이 5 MB를 넘습니다."), code="picture")
    return Picture(Path(path).name, found.media_type, body)


def _bytes_of(artifact: p.Artifact) -> bytes:
    on_disk = getattr(artifact, "on_disk", None)
    return artifact.body if on_disk is None else Path(on_disk.path).read_bytes()


def check_hours(now: datetime, delivery: p.Delivery) -> None:
    """Look at the clock just before a call that lets messages go.

    Raises:
        NotNowError: Kakao's night (20:50–08:00 in Seoul) has begun, or the message has grown too old.
    """
    opening, _closes = windows.next_opening(now, p.limits.KAKAO_OPENS, p.limits.KAKAO_CLOSES)
    if opening > now:
        raise p.NotNowError(_("카카오톡 메시지를 보낼 수 없는 시간입니다 (20:50부터 다음 날 08:00까지)."))
    if delivery.expires_at is not None and now >= delivery.expires_at:
        raise p.NotNowError(_("보낼 때가 지난 소식입니다."), code="expired")


def leaves_at(now: datetime, delivery: p.Delivery, options: BubbleOptions) -> datetime | None:
    """Return when the dealer shall let the message go; ``None`` for at once.

    Raises:
        NotNowError: That instant lies in Kakao's night or beyond the message's freshness.
    """
    at = max(now + timedelta(minutes=options.delay), delivery.not_before_at)
    if at <= now:
        check_hours(now, delivery)
        return None
    check_hours(at, delivery)
    return at


def check_budget(options: BubbleOptions, delivery: p.Delivery, people: p.People) -> None:
    """Refuse a sending that would exceed the day's cap on messages or on money, before the first message (P49).

    Raises:
        RejectedError: code ``budget``.
    """
    waiting = people.counts().get(p.DeliveryState.PENDING, 0)
    if waiting + delivery.sent_today > options.budget:
        text = _(
            "하루에 보낼 수 있는 {budget}건을 넘게 되어 한 건도 보내지 않았습니다 (오늘 {sent}건, 이번 {waiting}건)."
        )
        message = text.format(budget=options.budget, sent=delivery.sent_today, waiting=waiting)
        hint = _("받는 사람을 확인하고, 맞으면 채널의 budget을 늘린 뒤 다시 보내 주세요.")
        raise p.RejectedError(message, code="budget", hint=hint)
    cost = round((waiting + delivery.sent_today) * options.price_won, 2)
    if options.budget_won and cost > options.budget_won:
        text = _(
            "하루에 쓸 수 있는 {budget}원을 넘게 되어 한 건도 보내지 않았습니다 (오늘 {sent}건, 이번 {waiting}건, 모두 {cost}원)."
        )
        message = text.format(
            budget=f"{options.budget_won:,}", sent=delivery.sent_today, waiting=waiting, cost=f"{cost:,.0f}"
        )
        hint = _("받는 사람과 한 건의 값을 확인하고, 맞으면 채널의 budget_won을 늘린 뒤 다시 보내 주세요.")
        raise p.RejectedError(message, code="budget", hint=hint)


def key_of(delivery: p.Delivery, people: tuple[p.Person, ...]) -> str:
    """Return our own key of one call: of the delivery and of exactly these receivers; the same on every try (P47)."""
    whole = sha256("\n".join((delivery.idempotency_key, delivery.id, *(one.hash for one in people))).encode())
    return f"moa-{delivery.idempotency_key[:12]}-{whole.hexdigest()[:24]}"
