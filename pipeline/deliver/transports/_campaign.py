"""What mailing services have in common: a stored mail taken apart for them, and their answers read by what is known.

What does not live here: any one service. Tool of this room.
"""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final, Literal

import pipeline.model as p
from pipeline.i18n import _

LEAVING: Final = "leaving"
"""Memo: the call that lets a campaign go may have been made. From then on only its state tells that it has not."""
_SURELY_NOT: Final = frozenset({"connect", "dns", "dns-timeout", "tls", "address"})  # codes of the http room


@dataclass(frozen=True, slots=True)
class Mail:
    """The parts of a stored message."""

    subject: str
    html: str
    text: str


def mail_of(rendering: p.Rendering) -> Mail:
    """Return the parts of the stored message, placeholders and all.

    Raises:
        RejectedError: It has no HTML part.
    """
    body = next(a.body for a in rendering.artifacts if a.media_type == "message/rfc822")
    message = email.message_from_bytes(body, policy=email.policy.default)
    html, text = _part(message, "html"), _part(message, "plain")
    if not html:
        raise p.RejectedError(_("소식지에 HTML 본문이 없습니다."), code="no-html")
    return Mail(str(message["Subject"] or ""), html, text)


def _part(message: EmailMessage, subtype: Literal["html", "plain"]) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""


class RefusedError(Exception):
    """A service's definite no.

    Attributes:
        status: HTTP status, of the answer or named in it.
        code: The service's own word.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class SilentError(Exception):
    """Nobody knows: the request may have been carried out."""


@dataclass(frozen=True, slots=True)
class Api:
    """A service over the one door to the web: no retries, no redirects, every answer sorted by what is known.

    Attributes:
        base: Address without a trailing slash.
        headers: Credentials.
    """

    http: p.Http
    base: str
    headers: tuple[tuple[str, str], ...]

    def call(
        self,
        method: Literal["GET", "POST", "PUT"],
        path: str,
        body: Mapping[str, Any] | str | None = None,
    ) -> p.Document:
        """Ask and return a 2xx answer that names no error.

        Args:
            method: GET changes nothing; the others may have, whenever no answer comes.
            path: From the base, with its query.
            body: JSON, or HTML text.

        Raises:
            RefusedError: A definite no (4xx, or 2xx whose body says so).
            SilentError: 5xx, no answer, half an answer.
            DeliveryError: It surely did not arrive: no connection, or asked to come later (429).
        """
        raw = body if isinstance(body, str) or body is None else json.dumps(body, ensure_ascii=False)
        type_ = "text/html; charset=utf-8" if isinstance(body, str) else "application/json"
        kind = (("Content-Type", type_),) if raw else ()
        request = p.Request(
            url=self.base + path,
            method=method,
            headers=(*self.headers, *kind),
            body=raw.encode("utf-8", "replace") if raw is not None else (b"" if method != "GET" else None),
            purpose=p.Purpose.API,
            conditional=False,
            retry=False,
            follow=False,
        )
        try:
            document = self.http.fetch(request)
        except p.QuotaError as error:
            raise p.DeliveryError(_("발송 서비스가 나중에 다시 보내라고 했습니다."), code="later") from error
        except p.SourceError as error:
            raise _sorted(error) from error
        if named := named_error(document.body):
            raise named
        return document


def _sorted(error: p.SourceError) -> Exception:
    status = error.status
    if status == 429:
        return p.DeliveryError(_("발송 서비스가 나중에 다시 보내라고 했습니다."), code="later")
    if 400 <= status < 500:
        named = named_error(error.body)
        return RefusedError(status, named.code if named else "")
    if status == 0 and error.code in _SURELY_NOT:
        return p.DeliveryError(_("발송 서비스에 연결하지 못했습니다."), code="connect")
    return SilentError(error.code)


def named_error(body: bytes) -> RefusedError | None:
    """Return the error a JSON body names, also under status 200; ``None`` for an answer that names none."""
    told = json_of(body)
    if not isinstance(told, dict):
        return None
    status = told.get("httpStatusCode")
    code = str(told.get("code") or "")
    if isinstance(status, int) and status >= 400:
        return RefusedError(status, code.removeprefix("stberror."))
    if "message" in told and "data" not in told and "id" not in told:  # listmonk: {"message": "…"}
        return RefusedError(400, code or "message")
    return None


def json_of(body: bytes) -> Any:
    """Return a body's JSON, ``None`` when it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None
