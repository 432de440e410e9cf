"""Google's own client as a writer of requests and reader of answers: it never opens a connection here.

What does not live here: sending (the conversation's loop does), what the answers mean (``youtube``, ``_youtube_items``).
The API description is the one bundled with google-api-python-client, so nothing is discovered over the network. The key
travels as the header ``X-Goog-Api-Key``, never in an address (reliability Part 2 item 7).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _

_PACIFIC: Final = ZoneInfo("America/Los_Angeles")
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_QUOTA: Final = frozenset(["quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"])
_LATER: Final = frozenset(["rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "backendError"])
_MISSING: Final = frozenset(["playlistNotFound", "channelNotFound", "videoNotFound", "notFound"])
_KEY: Final = frozenset(["keyInvalid", "keyExpired", "badRequest", "API_KEY_INVALID", "API_KEY_EXPIRED"])
_EXPIRED: Final = frozenset(["invalidPageToken"])
_OFF: Final = frozenset(["accessNotConfigured", "SERVICE_DISABLED", "ipRefererBlocked", "API_KEY_SERVICE_BLOCKED"])


class _Offline:
    """Stands where the client wants a transport; using it is a defect."""

    def request(self, *_arguments: object, **_named: object) -> None:
        """Refuse.

        Raises:
            PluginError: Always.
        """
        raise p.PluginError("the Google client must not open connections")


@lru_cache(maxsize=8)
def _service(api_base: str) -> Any:
    """The YouTube client for one endpoint. Cost: 0.9 s of imports once a process, hence only when something is new."""
    from googleapiclient import discovery  # noqa: PLC0415 - see above
    from googleapiclient.discovery_cache import get_static_doc  # noqa: PLC0415

    return discovery.build_from_document(
        get_static_doc("youtube", "v3"), http=_Offline(), client_options={"api_endpoint": api_base.rstrip("/") + "/"}
    )


def address(api_base: str, resource: str, **parameters: str | int) -> str:
    """Return the address of ``<resource>.list`` with these parameters, as Google's client writes it.

    Raises:
        PluginError: The bundled description knows no such resource or parameter.
    """
    try:
        return str(getattr(_service(api_base), resource)().list(**parameters).uri)
    except (AttributeError, TypeError) as error:
        raise p.PluginError(f"youtube.{resource}.list: {error}") from error


def request(url: str, key: p.Secret, *, budget: str, conditional: bool) -> p.Request:
    """Return the request for an address: the key in a header, robots.txt not asked (an API is made for machines)."""
    headers = (("Accept", "application/json"), ("X-Goog-Api-Key", key.value))
    return p.Request(url=url, headers=headers, purpose=p.Purpose.API, conditional=conditional, budget=budget)


def answer(document: p.Document) -> dict[str, Any]:
    """Return the JSON object of an answer.

    Raises:
        ShapeError: The body is no JSON object.
        SourceError: The body is an error although the status was 200.
    """
    try:
        found = json.loads(document.body)
    except ValueError as error:
        raise p.ShapeError(_("유튜브가 JSON이 아닌 답을 보냈습니다."), code="unreadable") from error
    if not isinstance(found, dict):
        raise p.ShapeError(_("유튜브의 답이 예상한 모양이 아닙니다."), code="unreadable")
    if isinstance(found.get("error"), dict):
        raise translated(p.FetchError(), body=document.body, at=document.fetched_at)
    return found


def reason(body: bytes) -> tuple[str, str]:
    """Return ``(reason word, message)`` of Google's error body; two empty texts when it is none."""
    try:
        error = json.loads(body)["error"]
        words = [str(each.get("reason") or "") for each in error.get("details") or () if isinstance(each, dict)]
        words += [str(each.get("reason") or "") for each in error.get("errors") or ()]
        telling = [word for word in words if word]
        known = _QUOTA | _LATER | _EXPIRED | _MISSING | _KEY | _OFF
        best = next((word for word in telling if word in known and word != "badRequest"), telling[0] if telling else "")
        return best, str(error.get("message") or "")[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def translated(error: p.SourceError, *, body: bytes = b"", at: datetime | None = None) -> p.SourceError:
    """Return what an error of the API means for us; the same error when Google gave no reason.

    Args:
        error: As the door threw it; its ``body`` attribute, where there is one, holds the answer.
        body: The answer, when it came as a document.
        at: When it came, to tell until when a spent quota lasts.
    """
    word, message = reason(body or getattr(error, "body", b"") or b"")
    if word in _QUOTA:
        until = next_midnight(at) if at else None
        text = _("유튜브 API의 오늘 사용량을 다 썼습니다.")
        if until is not None:
            text = _("유튜브 API의 오늘 사용량을 다 썼습니다. {until}부터 다시 쓸 수 있습니다.").format(
                until=in_seoul(until)
            )
        hint = _("그 뒤에 저절로 다시 읽습니다. 자주 그러면 Google Cloud 콘솔에서 할당량 증가를 요청해 주세요.")
        return p.QuotaError(text, hint=hint, until=until)
    if word in _LATER:
        return p.FetchError(_("유튜브가 잠시 뒤에 다시 물어 달라고 합니다."), code="rate-limit")
    if word in _EXPIRED:
        return p.FetchError(_("유튜브 목록을 읽는 사이에 쪽 번호가 바뀌었습니다."), code="page-token")
    if word in _MISSING:
        return p.GoneError(_("유튜브에 그 채널이나 재생목록이 없습니다."), code=word)
    if word in _KEY and (word != "badRequest" or "key" in message.lower()):
        text = _("유튜브 API 키가 맞지 않습니다.")
        return p.RefusedError(text, hint=_("환경 변수에 넣은 키를 확인해 주세요."), code="key-invalid")
    if word in _OFF:
        text = _("이 키로는 YouTube Data API를 쓸 수 없습니다.")
        hint = _("Google Cloud 콘솔에서 YouTube Data API v3를 사용 설정하고 키의 제한을 확인해 주세요.")
        return p.RefusedError(text, hint=hint, code="access-not-configured")
    if word:
        return p.RefusedError(_("유튜브가 요청을 거절했습니다: {why}").format(why=f"{word} {message}".strip()))
    return error


def pacific_day(at: datetime) -> str:
    """Return the quota day of an instant, ``YYYY-MM-DD`` in Pacific time (korea §5)."""
    return at.astimezone(_PACIFIC).date().isoformat()


def next_midnight(at: datetime) -> datetime:
    """Return when the quota of an instant's day is given anew: next midnight Pacific, in UTC."""
    day = at.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=_PACIFIC).astimezone(UTC)


def in_seoul(at: datetime) -> str:
    """Return an instant for people: ``11월 23일 17:00`` on Seoul's clock."""
    local = at.astimezone(_SEOUL)
    return f"{local.month}월 {local.day}일 {local:%H:%M}"
