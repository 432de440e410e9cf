"""What every answer of the preview obeys: its policies, its refusals, and which forms it takes.

What does not live here: the server (``server``), pages.
"""

from __future__ import annotations

from email.message import Message
from http import HTTPStatus
from io import BufferedIOBase
from typing import Final
from urllib.parse import parse_qs

import pipeline.model as p
from pipeline.i18n import _

_POPUPS: Final = "allow-popups allow-popups-to-escape-sandbox"
_FRAMED: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
SAY_POLICY: Final = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")  # may stand in a frame
STORED_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; font-src 'self';"
    f" {_FRAMED}; sandbox allow-scripts {_POPUPS}"
)
MAIL_POLICY: Final = (
    f"default-src 'none'; img-src https: http:; style-src 'unsafe-inline'; {_FRAMED}; sandbox {_POPUPS}"
)


class Refused(Exception):  # noqa: N818 - an answer
    """Ends a request with a page that says why."""

    def __init__(self, status: HTTPStatus, title: str, text: str, *, back: str = "/") -> None:
        super().__init__(text)
        self.status, self.title, self.text, self.back = status, title, text, back


def form_of(headers: Message, file: BufferedIOBase) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        Refused: It is too large, or no form of ours.
    """
    size = headers.get("Content-Length", "")
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not (size.isascii() and size.isdigit()) or int(size[:9]) > p.limits.PREVIEW_FORM_BYTES:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("받아들이지 않았습니다"), _("요청이 너무 큽니다."))
    if media_type != "application/x-www-form-urlencoded":
        raise Refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("받아들이지 않았습니다"), _("화면의 단추로만 보낼 수 있습니다.")
        )
    body = file.read(int(size)).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(body, max_num_fields=10).items()}


def missing() -> Refused:
    """Return the answer to what is not here."""
    return Refused(HTTPStatus.NOT_FOUND, _("찾을 수 없습니다"), _("미리보기에 없는 것입니다."))
