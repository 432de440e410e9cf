"""What the preview says of a delivery and of what was left out, in Korean; pure.

What does not live here: the page (``templates/``), the words of states (``report``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model import windows
from pipeline.publish import notes

_WAITING: Final = (p.DeliveryState.PENDING, p.DeliveryState.HELD)


def moment(at: datetime) -> str:
    """``11월 24일(화) 08:00``, on Seoul's clock."""
    local = at.astimezone(windows.SEOUL)
    return f"{notes.day(local.date())} {local:%H:%M}"


def opening(delivery: p.Delivery, channel: p.ChannelSpec, now: datetime) -> datetime | None:
    """Return the earliest instant a waiting delivery may leave; ``None`` when it expires before that (CS4).

    Args:
        delivery: ``pending`` or ``held``; a held one is looked at as if it were approved now.
        channel: Its configured way out, as it stands today.
        now: Aware UTC.

    Source: P50; the same order as ``deliver/outbox.decide``.
    """
    earliest = max(now, delivery.not_before_at, delivery.retry_at or now)
    at = windows.next_opening(earliest, channel.opens, channel.closes)[0]
    return None if delivery.expires_at is not None and at >= delivery.expires_at else at


def departure(delivery: p.Delivery, channel: p.ChannelSpec | None, now: datetime) -> str:
    """Say when a delivery leaves, or that it will not."""
    if delivery.state not in _WAITING:
        return ""
    if channel is None or channel.transport is None:
        return _("이 채널은 설정에서 빠져 보내지 않습니다.")
    at = opening(delivery, channel, now)
    if at is None:
        until = moment(delivery.expires_at) if delivery.expires_at else ""
        return _("보낼 수 있는 시간이 되기 전에 기한({until})이 지나므로 보내지 않습니다.").format(until=until)
    if delivery.state is p.DeliveryState.HELD:
        if at <= now:
            return _("승인하면 다음 실행 때 바로 보냅니다.")
        return _("승인하면 {at}부터 보낼 수 있습니다.").format(at=moment(at))
    if at <= now:
        return _("다음 실행 때 바로 보냅니다.")
    return _("{at}부터 보낼 수 있습니다.").format(at=moment(at))


def falls() -> str:
    """Say of an approved delivery whose edition would be another one now that it does not leave as it is."""
    return _("승인한 것과 달라졌으므로 다음 실행 때 보내지 않고 다시 승인을 기다립니다.")


def deadline(delivery: p.Delivery) -> str:
    """Say until when a waiting delivery may leave; ``""`` when it may always."""
    if delivery.state not in _WAITING or delivery.expires_at is None:
        return ""
    return _("기한: {until}. 그 뒤에는 보내지 않습니다.").format(until=moment(delivery.expires_at))


def why_held(reason: str) -> str:
    """Say why a delivery is held, failed or given up; what this version does not know is shown as it is."""
    return {
        "approval-void": _("승인한 뒤에 내용이 바뀌어 승인이 풀렸습니다. 달라진 것을 보고 다시 승인해 주세요."),
        "auto-after": _("그때까지 붙잡지 않으면 저절로 나갑니다."),
        "nothing-left": _("실을 소식이 남지 않아 멈췄습니다."),
        "not-rendered": _("다시 만들지 못해 멈췄습니다."),
        "approval": _("담당자의 승인을 기다립니다."),
        "person": _("담당자가 붙잡아 두었습니다."),
        "shrunk": _("누리집 쪽수가 갑자기 줄어 멈췄습니다. 내용을 확인해 주세요."),
        "bytes-changed": _("저장된 발행물이 바뀌어 보내지 않았습니다."),
        "channel-removed": _("이 채널은 설정에서 빠졌습니다."),
        "restored": _("백업에서 되살린 것이라 멈춰 두었습니다."),
        "interrupted": _("보내는 도중 실행이 끊겼습니다."),
        "expired": _("보낼 기한이 지났습니다."),
        "superseded": _("더 새로운 것이 나와 보내지 않습니다."),
    }.get(reason, reason)


def why_left_out(reason: str) -> str:
    """Say why a story is not there."""
    return {
        "cap": _("한 번에 실을 수 있는 건수를 넘어서"),
        "already-published": _("앞선 소식에 이미 실어서"),
        "hidden": _("편집자가 숨겨서"),
        "quarantined": _("확인이 필요해 보류해서"),
        "over": _("이미 마감되어서"),
        "gone": _("원문이 사라져서"),
        "kakao-budget": _("카카오톡 말풍선에 자리가 모자라서"),
        "mail-size": _("메일 크기 한도를 넘어서"),
    }.get(reason, reason)


def problem(error: p.PipelineError) -> str:
    """Say why a stored rendering cannot be shown."""
    return {
        "not-rendered": _("저장된 발행물이 없습니다. `moa publish` 를 실행하면 다시 만듭니다."),
        "damaged": _("저장된 발행물이 훼손되었거나 지금 새로 쓰는 중입니다. 잠시 뒤 다시 열어 주세요."),
        "superseded": _("저장된 발행물이 발행할 때의 것과 다릅니다. 이대로는 보내지 않습니다."),
    }.get(error.code, error.message)
