"""Send a stored newsletter through Stibee: draft, content, then send or reserve; a draft is sent once whatever happens.

What does not live here: the list of readers, consents and refusals (Stibee keeps them), making the mail.
There is no idempotency key, but a draft has a state: 0 may go on, anything else was sent or reserved (korea §2). So the
draft's id is kept before anything else, and its state is asked before each sending. Source: korea §2 Stibee API v2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports._campaign import LEAVING, Api, Mail, RefusedError, SilentError, json_of, mail_of
from pipeline.i18n import _

TITLE = "스티비(Stibee)"
ACCEPTS = frozenset({"message/rfc822"})
REACHES_PEOPLE = True
REPEATABLE = True  # the draft's state is asked first: what was sent is not sent again
_SEOUL: Final = ZoneInfo("Asia/Seoul")
_DRAFT: Final = 0
_SOON: Final = timedelta(minutes=5)
_STRIPPED: Final = frozenset(
    ["script", "head", "body", "html", "style", "form", "input", "button", "noscript", "meta", "iframe", "link", "base"]
)
_PLAN: Final = frozenset({"NeedProPlan", "NeedStandardPlan", "ExceededSubscribers"})


class Options(p.Options):
    """The account, the list and the sender."""

    base_url: p.WebUrl = Field(
        default="https://api.stibee.com/v2", description="스티비 API 주소", examples=["https://api.stibee.com/v2"]
    )
    access_token: p.SecretName = Field(description="API 키가 든 환경 변수", examples=["MOA_STIBEE_KEY"])
    list_id: int = Field(ge=1, description="주소록 번호", examples=["12345"])
    group_ids: tuple[int, ...] = Field(default=(), description="그룹 번호. 비우면 주소록 모두", examples=["[1, 2]"])
    sender_email: str = Field(
        description="보내는 주소. 스티비에 인증된 주소여야 합니다", examples=["news@example.go.kr"]
    )
    sender_name: str = Field(description="보내는 이름", examples=["배움소식"])
    at: str = Field(
        default="",
        pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$",
        description="예약해 보낼 시각(한국 시간). 비우면 바로 보냅니다",
        examples=["08:30"],
    )


def send(
    options: Options, delivery: p.Delivery, rendering: p.Rendering, http: p.Http, keep: Callable[[p.Memo], None]
) -> p.Receipt:
    """Create the draft, give it its content, send or reserve it; resumable from any step.

    Raises:
        RejectedError: Stibee's rules forbid this HTML, or it refuses the mail or the list.
        CredentialError: The key, the plan or the sender is refused.
        DeliveryError: Nothing was sent and another try is safe.
        UnknownOutcomeError: It may have been sent, and its state could not be asked.
    """
    html = content_of(mail_of(rendering))
    api = _api(options, http)
    memo = dict(delivery.memo)
    if "id" not in memo:
        memo = {"id": _created(options, api, mail_of(rendering))}
        keep(memo)
    status, now = (_asked if memo.get(LEAVING) else _state)(api, memo["id"])
    if status != _DRAFT:
        return _receipt(memo["id"], status)
    if not memo.get("content"):
        _definite(lambda: api.call("POST", f"/emails/{memo['id']}/content", html))
        memo["content"] = True
    keep({**memo, LEAVING: True})
    return _let_go(options, api, int(memo["id"]), now)


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt when the draft is no draft any more; ``None`` when it still is, or nobody can tell."""
    if "id" not in delivery.memo:
        return None
    status, _now = _state(_api(options, http), delivery.memo["id"])
    return _receipt(delivery.memo["id"], status) if status != _DRAFT else None


def content_of(mail: Mail) -> str:
    """Return the HTML Stibee takes: what stands in ``<body>``, styles inline, its own merge fields in our placeholders.

    Raises:
        RejectedError: A tag or handler that Stibee strips is in it; the mail would not be what was approved.
    """
    found = re.search(r"<body\b[^>]*>(.*)</body>", mail.html, re.DOTALL | re.IGNORECASE)
    inner = found[1] if found else mail.html
    inner = inner.replace("$%", "$&#37;")  # a source's text is no merge field
    inner = inner.replace(p.UNSUBSCRIBE_MARK, "$%unsubscribe%$").replace(p.NAME_MARK, "$%name%$")
    tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z][\w-]*)", inner)}
    if bad := sorted(tags & _STRIPPED):
        message = _("스티비가 지우는 태그가 소식지에 있습니다: {tags}").format(tags=", ".join(bad))
        raise p.RejectedError(message, code="html")
    if re.search(r"<[^>]*\son\w+\s*=", inner):
        raise p.RejectedError(_("스티비가 지우는 스크립트가 소식지에 있습니다."), code="html")
    if "$%unsubscribe%$" not in inner:
        raise p.RejectedError(_("소식지에 수신 거부 자리가 없습니다."), code="html")
    return inner.strip()


def _api(options: Options, http: p.Http) -> Api:
    return Api(http, options.base_url.rstrip("/"), (("AccessToken", options.access_token.value),))


def _created(options: Options, api: Api, mail: Mail) -> int:
    told = {
        "subject": mail.subject.replace("$%", "$ %"),
        "senderEmail": options.sender_email,
        "senderName": options.sender_name,
        "listId": options.list_id,
        "segmentIds": [],
        "groupIds": list(options.group_ids),
    }
    found: Any = json_of(_definite(lambda: api.call("POST", "/emails", told)).body)
    if not isinstance(found, dict) or not isinstance(found.get("id"), int):
        raise p.DeliveryError(_("스티비의 답을 읽지 못했습니다. 아직 보내지 않았습니다."), code="answer")
    return int(found["id"])


def _state(api: Api, number: int) -> tuple[int, datetime]:
    """Return the mail's state (0 draft, 1 reserved, 21/22 sending, 3 sent) and the instant of the answer."""
    document = _definite(lambda: api.call("GET", f"/emails/{number}"))
    told = json_of(document.body)
    status = told.get("status") if isinstance(told, dict) else None
    if not isinstance(status, int):
        raise p.DeliveryError(_("스티비의 답을 읽지 못했습니다. 아직 보내지 않았습니다."), code="answer")
    return status, document.fetched_at


def _asked(api: Api, number: int) -> tuple[int, datetime]:
    """Ask as ``_state`` for a mail that may have left. Raises ``UnknownOutcomeError`` when nobody tells."""
    try:
        return _state(api, number)
    except p.DeliveryError as silence:
        message = _("스티비가 보냈는지 알 수 없습니다. 다시 보내지 않았습니다.")
        raise p.UnknownOutcomeError(message) from silence


def _let_go(options: Options, api: Api, number: int, now: datetime) -> p.Receipt:
    """The one step that cannot be taken back; its outcome is asked of the draft's state when the answer is no answer."""
    path = f"/emails/{number}/send"
    if at := _reserved(options.at, now):
        path = f"/emails/{number}/reserve?reserveTime={at}"
    try:
        api.call("POST", path)
    except RefusedError as error:
        if error.code.endswith("WrongStatus") and (status := _asked(api, number)[0]) != _DRAFT:  # it went before
            return _receipt(number, status)
        raise _refused(error) from error
    except SilentError as error:
        status = _asked(api, number)[0]
        if status == _DRAFT:
            raise p.DeliveryError(_("스티비가 아직 보내지 않았습니다."), code="later") from error
        return _receipt(number, status)
    return p.Receipt(provider_id=str(number), accepted=1, status="reserved" if at else "ok")


def _reserved(at: str, now: datetime) -> str:
    """Return Stibee's ``reserveTime``, today's ``at`` in Seoul; ``""`` when there is none or it is (nearly) over."""
    if not at:
        return ""
    here = now.astimezone(_SEOUL)
    when = here.replace(hour=int(at[:2]), minute=int(at[3:]), second=0, microsecond=0)
    return when.strftime("%Y%m%d%H%M%S") if when > here + _SOON else ""


def _definite(step: Callable[[], p.Document]) -> p.Document:
    """Take a step before sending: whatever becomes of it, nothing was sent."""
    try:
        return step()
    except RefusedError as error:
        raise _refused(error) from error
    except SilentError as error:
        raise p.DeliveryError(_("스티비가 답하지 않았습니다. 아직 보내지 않았습니다."), code="later") from error


def _refused(error: RefusedError) -> p.DeliveryError:
    word = error.code.rpartition(".")[2]
    if word in _PLAN:
        return p.CredentialError(_("스티비 요금제로는 보낼 수 없습니다 ({word}).").format(word=word), code="plan")
    if error.status in (401, 403):
        return p.CredentialError(
            _("스티비가 API 키를 받아들이지 않았습니다 ({word}).").format(word=word or error.status)
        )
    known = {
        "EmptySubscriber": _("스티비 주소록에 받을 사람이 없습니다."),
        "IncompleteEmail": _("스티비 이메일에 빠진 것이 있습니다."),
        "Spamer": _("스티비가 이 계정의 발송을 막았습니다."),
    }
    message = known.get(word) or _("스티비가 거절했습니다 ({word}).").format(word=word or error.status)
    return p.RejectedError(message, code="stibee")


def _receipt(number: int, status: int) -> p.Receipt:
    return p.Receipt(provider_id=str(number), accepted=1, status=json.dumps(status))
