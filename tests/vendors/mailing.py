"""A stored newsletter and its delivery, for mailing services."""

from __future__ import annotations

from datetime import UTC, datetime

import pipeline.model as p
from renderers import _mail

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
HTML = (
    '<!doctype html>\n<html><head><style>p{}</style></head><body class="paper" style="margin:0">\n'
    f"<p>{p.NAME_MARK} 님, 소식 {{{{ .Secret }}}} 값 $%email%$</p>\n"
    f'<p><a href="{p.UNSUBSCRIBE_MARK}">수신 거부</a></p>\n</body></html>'
)
TEXT = f"소식 {{{{ .Secret }}}}\n{p.UNSUBSCRIBE_MARK}\n"


def rendering(html: str = HTML) -> p.Rendering:
    headers = [("Subject", _mail.phrase("배움소식 {{x}} $%name%$"))]
    body = _mail.message(headers, TEXT.replace("\n", "\r\n"), html.replace("\n", "\r\n"), "seed")
    artifact = p.Artifact(path="newsletter.eml", media_type="message/rfc822", body=body)
    return p.Rendering(digest_id="daily/2026-11-23", channel="mail", sha256="1" * 64, artifacts=(artifact,))


def delivery(memo: p.Memo | None = None) -> p.Delivery:
    return p.Delivery(
        id="daily/2026-11-23/mail/all/0",
        edition_id="daily/2026-11-23",
        channel="mail",
        transport="x",
        rendering_sha256="1" * 64,
        not_before_at=NOW,
        memo=memo or {},
    )
