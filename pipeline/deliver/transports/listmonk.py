"""Send a stored newsletter through listmonk: a campaign is made, then started; one is started once whatever happens.

What does not live here: the readers, consents and refusals (listmonk keeps them), making the mail.
A campaign that is no draft any more is never started again; one whose making went unanswered is found by its name.
Source: korea §2 listmonk; its API of 2026-07.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from pydantic import Field

import pipeline.model as p
from pipeline.deliver.transports._campaign import LEAVING, Api, Mail, RefusedError, SilentError, json_of, mail_of
from pipeline.i18n import _

TITLE = "listmonk"
ACCEPTS = frozenset({"message/rfc822"})
REACHES_PEOPLE = True
REPEATABLE = True  # the campaign's state is asked first: what was started is not started again
_DRAFT: Final = "draft"


class Options(p.Options):
    """The server, the account and the lists."""

    base_url: p.WebUrl = Field(description="listmonk 주소", examples=["https://mail.example.go.kr"])
    user: str = Field(description="API 사용자 이름", examples=["moa"])
    token: p.SecretName = Field(description="API 토큰이 든 환경 변수", examples=["MOA_LISTMONK_TOKEN"])
    lists: tuple[int, ...] = Field(min_length=1, description="받는 사람 목록 번호", examples=["[1]"])
    template_id: int = Field(
        default=0,
        ge=0,
        description="본문을 그대로 내보내는 템플릿 번호. 0이면 listmonk의 기본 템플릿",
        examples=["3"],
    )
    sender: str = Field(default="", description="보내는 주소", examples=["소식 <news@example.go.kr>"])


def send(
    options: Options, delivery: p.Delivery, rendering: p.Rendering, http: p.Http, keep: Callable[[p.Memo], None]
) -> p.Receipt:
    """Make the campaign and start it; resumable from any step.

    Raises:
        RejectedError: listmonk refuses the campaign.
        CredentialError: The account is refused.
        DeliveryError: Nothing was sent and another try is safe.
        UnknownOutcomeError: It may have been started, and its state could not be asked.
    """
    api = _api(options, http)
    memo = dict(delivery.memo)
    if "id" not in memo:
        found = _named(api, delivery.id) if memo.get("making") else None
        if found is None:
            memo["making"] = True
            keep(memo)
            found = _made(options, api, delivery, mail_of(rendering))
        memo["id"] = found
        keep(memo)
    number = int(memo["id"])
    status = _asked(api, number) if memo.get(LEAVING) else _state(api, number)
    if status != _DRAFT:
        return _receipt(number, status)
    keep({**memo, LEAVING: True})
    try:
        api.call("PUT", f"/api/campaigns/{number}/status", {"status": "running"})
    except RefusedError as error:
        status = _asked(api, number)  # refused perhaps because an earlier call started it
        if status != _DRAFT:
            return _receipt(number, status)
        raise _refused(error) from error
    except SilentError as error:
        status = _asked(api, number)
        if status == _DRAFT:
            raise p.DeliveryError(_("listmonk가 아직 보내지 않았습니다."), code="later") from error
        return _receipt(number, status)
    return _receipt(number, "running")


def lookup(options: Options, delivery: p.Delivery, http: p.Http) -> p.Receipt | None:
    """Return a receipt when the campaign is no draft any more; ``None`` when it still is, or nobody can tell."""
    if "id" not in delivery.memo:
        return None
    number = int(delivery.memo["id"])
    status = _state(_api(options, http), number)
    return _receipt(number, status) if status != _DRAFT else None


def templated(text: str) -> str:
    """Return text in which only our placeholders are template actions: a source's ``{{`` is shown, not run (P34)."""
    safe = text.replace("{{", '{{ "{{" }}')
    safe = safe.replace(p.UNSUBSCRIBE_MARK, "{{ UnsubscribeURL }}")
    return safe.replace(p.NAME_MARK, "{{ .Subscriber.Name }}")


def _api(options: Options, http: p.Http) -> Api:
    credentials = f"token {options.user}:{options.token.value}"
    return Api(http, options.base_url.rstrip("/"), (("Authorization", credentials),))


def _made(options: Options, api: Api, delivery: p.Delivery, mail: Mail) -> int:
    told: dict[str, Any] = {
        "name": delivery.id,
        "subject": templated(mail.subject),
        "lists": list(options.lists),
        "type": "regular",
        "content_type": "html",
        "body": templated(mail.html),
        "altbody": templated(mail.text),
        "messenger": "email",
        "headers": [{"X-Moa-Edition": delivery.edition_id}],
        "tags": ["moa"],
    }
    if options.template_id:
        told["template_id"] = options.template_id
    if options.sender:
        told["from_email"] = options.sender
    found = _data(_definite(lambda: api.call("POST", "/api/campaigns", told)))
    if not isinstance(found, dict) or not isinstance(found.get("id"), int):
        raise _unread()
    return int(found["id"])


def _named(api: Api, name: str) -> int | None:
    """Return the campaign of an earlier try whose answer was lost."""
    query = f"/api/campaigns?query={quote(name)}&per_page=100&no_body=true"
    found = _data(_definite(lambda: api.call("GET", query)))
    rows = found.get("results") if isinstance(found, dict) else None
    mine = [int(row["id"]) for row in rows or () if isinstance(row, dict) and row.get("name") == name]
    return min(mine) if mine else None


def _state(api: Api, number: int) -> str:
    found = _data(_definite(lambda: api.call("GET", f"/api/campaigns/{number}?no_body=true")))
    status = found.get("status") if isinstance(found, dict) else None
    if not isinstance(status, str):
        raise _unread()
    return status


def _asked(api: Api, number: int) -> str:
    """Return the state of a campaign that may have been started. Raises ``UnknownOutcomeError`` when nobody tells."""
    try:
        return _state(api, number)
    except p.DeliveryError as silence:
        message = _("listmonk가 보냈는지 알 수 없습니다. 다시 보내지 않았습니다.")
        raise p.UnknownOutcomeError(message) from silence


def _data(document: p.Document) -> Any:
    told = json_of(document.body)
    return told.get("data") if isinstance(told, dict) else None


def _definite(step: Callable[[], p.Document]) -> p.Document:
    """Take a step that sends nothing, whatever becomes of it."""
    try:
        return step()
    except RefusedError as error:
        raise _refused(error) from error
    except SilentError as error:
        raise p.DeliveryError(_("listmonk가 답하지 않았습니다. 아직 보내지 않았습니다."), code="later") from error


def _refused(error: RefusedError) -> p.DeliveryError:
    if error.status in (401, 403):
        return p.CredentialError(_("listmonk가 계정을 받아들이지 않았습니다 ({status}).").format(status=error.status))
    return p.RejectedError(_("listmonk가 거절했습니다 ({status}).").format(status=error.status), code="listmonk")


def _unread() -> p.DeliveryError:
    return p.DeliveryError(_("listmonk의 답을 읽지 못했습니다. 아직 보내지 않았습니다."), code="answer")


def _receipt(number: int, status: str) -> p.Receipt:
    return p.Receipt(provider_id=str(number), accepted=1, status=status)
