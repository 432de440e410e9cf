"""One call to a carrier's JSON interface: what is known afterwards, as our errors (tool of this room).

What does not live here: any carrier's own codes. What decides is whether the request may have been read, never the error's
class alone. Source: reliability Part 4 (3); korea.md rules 30 and 37.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode

import pipeline.model as p
from pipeline.i18n import _

JSON_TYPE: Final = "application/json; charset=utf-8"
FORM_TYPE: Final = "application/x-www-form-urlencoded; charset=utf-8"
_NOT_READ: Final = frozenset(["dns", "dns-timeout", "connect", "tls", "address", "request"])
_LATER: Final = frozenset(["too-many"])  # 429, and a 5xx that names a time: read and put off
_POLICY: Final = p.FetchPolicy(timeout_s=p.limits.CARRIER_S, deadline_s=p.limits.CARRIER_S)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a carrier said.

    Attributes:
        status: HTTP status.
        body: Its JSON object; empty when the answer of an error was none.
    """

    status: int
    body: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a member as text, ``""`` when it is absent."""
        value = self.body.get(name)
        return "" if value is None else str(value)


def call(
    http: p.Http,
    url: str,
    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    query: Mapping[str, str] | None = None,
) -> Answer:
    """Make one call; a definite refusal (4xx) is an answer too, for the carrier's own table.

    Raises:
        DeliveryError: Nothing was accepted and another try is safe: not connected (``connect``), or put off (``later``).
        UnknownOutcomeError: The request may have been read: no answer, half an answer, a server error, no JSON.
    """
    request = p.Request(
        url=f"{url}?{urlencode(query)}" if query else url,
        method=method,
        headers=tuple((headers or {}).items()),
        body=body,
        purpose=p.Purpose.API,
        conditional=False,
        follow=False,
        retry=False,  # a signature is taken once: every try is signed anew by its transport
        policy=_POLICY,
    )
    try:
        document = http.fetch(request)
    except p.SourceError as error:
        return _refused(error)
    return Answer(document.status, _object(document.body))


def _refused(error: p.SourceError) -> Answer:
    if error.code in _NOT_READ:
        raise p.DeliveryError(error.message, code="connect") from error
    if error.code in _LATER:
        raise p.DeliveryError(error.message, code="later") from error
    if 400 <= error.status < 500 and error.status != 408:
        try:
            return Answer(error.status, _object(error.body))
        except p.UnknownOutcomeError:
            return Answer(error.status, {})
    if error.code == "redirect":
        raise p.CredentialError(error.message, code="address") from error
    raise p.UnknownOutcomeError(error.message) from error


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise p.UnknownOutcomeError(_("발송 서비스의 답을 읽지 못했습니다.")) from error
    if not isinstance(told, dict):
        raise p.UnknownOutcomeError(_("발송 서비스의 답을 읽지 못했습니다."))
    return told


def as_json(value: object) -> bytes:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def multipart(
    fields: Mapping[str, str], name: str, file: bytes, *, file_name: str, media_type: str, mark: str
) -> bytes:
    """Return a multipart/form-data body (RFC 7578) with one file; ``mark`` is its boundary."""
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\nContent-Type: {media_type}\r\n\r\n'
    return b"".join((*parts, head.encode(), file, f"\r\n--{mark}--\r\n".encode()))
