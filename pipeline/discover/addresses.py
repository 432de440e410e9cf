"""What an address alone tells of a place, whatever stands behind it: video channels, course platforms. Tables, no I/O.

What does not live here: board software (presets, recognised on the page), blogs and their feeds (``text/feed_links``).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

_TUBE: Final = r"(?:https?://)?(?:www\.|m\.|music\.)?youtube\.com/"
_CHANNEL: Final = re.compile(rf"{_TUBE}channel/(UC[\w-]{{22}})(?:[/?#].*)?")
_HANDLE: Final = re.compile(rf"{_TUBE}(@[^\s/?#]+)(?:[/?#].*)?")
_OLD: Final = re.compile(rf"{_TUBE}(?:user|c)/[^\s/?#]+(?:[/?#].*)?")
_PLAYLIST: Final = re.compile(rf"{_TUBE}playlist\?(?:[^#\s]*&)?list=([\w-]{{12,64}})(?:[&#].*)?")
_FEED: Final = re.compile(rf"{_TUBE}feeds/videos\.xml\?(?:channel_id=(UC[\w-]{{22}})|playlist_id=([\w-]{{12,64}}))")
_VIDEO: Final = re.compile(rf"(?:{_TUBE}(?:watch\?|shorts/|live/|embed/)|(?:https?://)?youtu\.be/)\S+")
_CHANNEL_ID: Final = (  # where a page of the site names the channel it belongs to, surest first
    re.compile(r"""<meta\s+itemprop=["'](?:channelId|identifier)["']\s+content=["'](UC[\w-]{22})["']"""),
    re.compile(r"""<link\s+rel=["']canonical["']\s+href=["'][^"']*/channel/(UC[\w-]{22})["']"""),
    re.compile(r'"(?:externalId|externalChannelId)":"(UC[\w-]{22})"'),
    re.compile(r"/feeds/videos\.xml\?channel_id=(UC[\w-]{22})"),
    re.compile(r'"channelId":"(UC[\w-]{22})"'),
)
_PLATFORM: Final = re.compile(r"/user/course/(?:off|on)line/(?:list|view)\b")
_PLATFORM_HOST: Final = re.compile(r"(?:[\w-]+\.)*gseek\.kr")
_PLATFORM_LIST: Final = "/user/course/offline/list"


class Tube(NamedTuple):
    """What an address of the video site names; ``page`` says that the channel must be looked up on it."""

    channel: str = ""
    playlist: str = ""
    page: bool = False


def tube(url: str) -> Tube | None:
    """Return the channel or playlist an address names, ``None`` when it is no address of the video site."""
    url = unquote(url.strip())
    if match := _PLAYLIST.fullmatch(url):
        return Tube(playlist=match[1])
    if match := _FEED.fullmatch(url):
        return Tube(channel=match[1] or "", playlist=match[2] or "")
    if match := _CHANNEL.fullmatch(url):
        return Tube(channel=match[1])
    if match := _HANDLE.fullmatch(url):
        return Tube(channel=match[1], page=True)
    return Tube(page=True) if _OLD.fullmatch(url) or _VIDEO.fullmatch(url) else None


def channel_id(page: str) -> str:
    """Return the id of the channel a page of the video site belongs to, ``""`` when it names none."""
    return next((match[1] for form in _CHANNEL_ID if (match := form.search(page))), "")


def course_platform(url: str) -> str:
    """Return the list's address when a site runs the GSEEK platform (SSOC and its sisters), else ``""``. Source: korea §7."""
    parts = urlsplit(url)
    match = _PLATFORM.search(parts.path)
    if not match and not _PLATFORM_HOST.fullmatch(parts.hostname or ""):
        return ""
    path = parts.path if match and parts.path.endswith("/offline/list") else _PLATFORM_LIST
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
