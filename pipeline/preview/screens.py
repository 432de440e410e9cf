"""Which frames and links show a rendering, and where their bytes are.

What does not live here: reading bytes (``shelf``), the page around the frames (``looking``, ``pages``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.i18n import _
from pipeline.preview import mail
from pipeline.preview.shelf import Stored
from pipeline.publish.site import SITE

_HTML: Final = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One frame or link: what it is called and where its bytes are.

    Attributes:
        kind: ``site`` (may run its own script), ``still`` (may not), ``text``.
    """

    title: str
    src: str
    kind: str = "still"


Screens: TypeAlias = tuple[Screen | None, tuple[Screen, ...], tuple[Screen, ...]]
"""What the frames show; other readings of the same bytes; files to take as they are."""


def screens_of(stored: Stored, key: str, page: str = "") -> Screens:
    """Return what to show of a rendering, by the media types it holds, whatever the channel is called.

    Args:
        stored: The rendering, or its draft.
        key: Of the shelf (``Shelf.key``).
        page: The earlier edition whose own page of the website is wanted.
    """
    place = f"{key}/{stored.sha256}/{stored.edition_id.replace('/', '~')}/{stored.channel}"
    paths: dict[str, list[str]] = {}
    for path, (media, _sha) in stored.files.items():
        paths.setdefault(media, []).append(path)
    letters = paths.get(mail.MEDIA_TYPE)
    if letters:
        return (
            Screen(title=_("HTML 메일"), src=f"/mail/{place}/html/{letters[0]}"),
            (Screen(title=_("글자만 나오는 메일"), src=f"/mail/{place}/text/{letters[0]}", kind="text"),),
            (Screen(title=letters[0], src=f"/stored/{place}/{letters[0]}"),),
        )
    if stored.edition_id == SITE:
        return Screen(title=_("누리집"), src=f"/stored/{place}/{_front(stored, page)}", kind="site"), (), ()
    pages = paths.get(_HTML, [])
    texts = paths.get("text/plain", [])
    main = [Screen(title=_("화면"), src=f"/stored/{place}/{path}") for path in pages[:1]]
    plain = [Screen(title=_("붙여 넣을 글"), src=f"/stored/{place}/{path}", kind="text") for path in texts]
    raw = tuple(Screen(title=path, src=f"/stored/{place}/{path}") for path in sorted(stored.files))
    return next(iter((*main, *plain)), None), tuple(plain if main else plain[1:]), raw


def _front(stored: Stored, edition_id: str) -> str:
    """The page of the site to open: an earlier edition's own, else the front page (``edition_id`` is empty)."""
    own = f"e/{edition_id}.html"
    return own if own in stored.files else "index.html"
