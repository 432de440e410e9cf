"""Reads a stored message for people's eyes: its subject, its HTML part, its text part.

What does not live here: making one (``renderers/``), sending one (``deliver/transports``).
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Final, Literal

import pipeline.model as p
from pipeline.i18n import _
from pipeline.preview.shelf import Stored, file_of

MEDIA_TYPE: Final = "message/rfc822"


def subject_of(stored: Stored) -> str:
    """Return the decoded subject of a rendering that is a message; ``""`` otherwise.

    Raises:
        StoreError: Its bytes changed since they were verified.
    """
    path = next((path for path, (media, _sha) in stored.files.items() if media == MEDIA_TYPE), None)
    found = file_of(stored, path) if path is not None else None
    return str(_message(found[1])["Subject"] or "") if found is not None else ""


def part_of(body: bytes, kind: Literal["html", "text"]) -> str | None:
    """Return one reading of a message, decoded, as a receiver without a name reads it; ``None`` when it has no such part.

    Args:
        body: The stored message.
        kind: ``html`` or ``text``.
    """
    part = _message(body).get_body(preferencelist=("html",) if kind == "html" else ("plain",))
    if part is None:
        return None
    try:
        return str(part.get_content()).replace(p.NAME_MARK, _("구독자"))
    except (LookupError, KeyError):  # an unknown charset or no text at all
        return None


def _message(body: bytes) -> EmailMessage:
    return email.message_from_bytes(body, policy=email.policy.default)
