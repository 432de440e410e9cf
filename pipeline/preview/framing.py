"""What the frames load: bytes of one file of one rendering, with the policy they stand under (P61, P62, P64).

What does not live here: http (``server``), finding renderings (``shelf``), drawing frames (``pages``).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.preview.answering import MAIL_POLICY, STORED_POLICY, Refused, missing
from pipeline.preview.mail import MEDIA_TYPE, part_of
from pipeline.preview.shelf import Shelf, Stored, file_of

ROOMS: Final = {"stored": 5, "mail": 6}
"""How many parts an address has: ``<key>/<sha256>/<edition>/<channel>[/<reading>]/<path>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """An answer a frame may show."""

    media_type: str
    body: bytes
    policy: str
    more: Mapping[str, str] = field(default_factory=dict)


def bytes_of(shelf: Shelf, room: str, rest: str) -> Framed:
    """Return the named bytes of a named rendering, and nothing else.

    Args:
        shelf: Where renderings are found; its key stands first in every address.
        room: ``stored`` for a file as it is, ``mail`` for a reading (``html``, ``text``) of a message.
        rest: What follows the room in the address.

    Raises:
        Refused: There is no such file, it changed, or the rendering was made anew meanwhile.
    """
    parts = rest.split("/", ROOMS[room] - 1)
    if len(parts) != ROOMS[room] or not hmac.compare_digest(parts[0].encode(), shelf.key.encode()):
        raise missing()
    stored = _stored(shelf, sha256=parts[1], edition=parts[2].replace("~", "/"), channel=parts[3])
    found = _file(stored, parts[-1])
    return _as_it_is(*found) if room == "stored" else _read(*found, parts[4])


def _stored(shelf: Shelf, *, sha256: str, edition: str, channel: str) -> Stored:
    try:
        return shelf.rendering(edition, channel, sha256)
    except p.StoreError as error:
        if error.code == "superseded":
            again = _("그 사이 새로 만들어졌습니다. 미리보기 화면을 새로 고쳐 주세요.")
            raise Refused(HTTPStatus.CONFLICT, _("다른 발행물입니다"), again) from error
        raise missing() from error


def _file(stored: Stored, path: str) -> tuple[str, bytes]:
    try:
        found = file_of(stored, path)
    except p.PipelineError as error:
        raise Refused(HTTPStatus.CONFLICT, _("보여 드릴 수 없습니다"), str(error)) from error
    if found is None:
        raise missing()
    return found


def _as_it_is(media_type: str, body: bytes) -> Framed:
    more = {}
    if media_type == MEDIA_TYPE:
        more["Content-Disposition"] = "attachment"
    elif media_type.startswith("font/"):
        # A sandboxed page has the origin "null", and browsers ask fonts as another origin's. Fonts are public files, and
        # their address holds the key of this start.
        more["Access-Control-Allow-Origin"] = "null"
    if media_type.startswith("text/") or media_type.endswith(("json", "xml", "javascript")):
        media_type += "; charset=utf-8"
    return Framed(media_type=media_type, body=body, policy=STORED_POLICY, more=more)


def _read(media_type: str, body: bytes, reading: str) -> Framed:
    if reading not in ("html", "text") or media_type != MEDIA_TYPE:
        raise missing()
    part = part_of(body, "html" if reading == "html" else "text")
    if part is None:
        raise missing()
    shown = "text/html" if reading == "html" else "text/plain"
    return Framed(media_type=f"{shown}; charset=utf-8", body=part.encode("utf-8", "replace"), policy=MAIL_POLICY)
