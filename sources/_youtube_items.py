"""YouTube's answers to ``Item``: videos of the Data API, and entries of the Atom feed where the API cannot be asked.

What does not live here: asking (``youtube``), Google's errors (``_google``). Source: korea §5, peers pain 25.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

import pipeline.model as p
from pipeline.i18n import _
from sources import _google

WATCH: Final = "https://www.youtube.com/watch?v="
LOST_NIGHTS: Final = 2
SHORT_S: Final = 180  # longest Short since 2024-10-15 (korea §5)
_DURATION: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS: Final = (604800, 86400, 3600, 60, 1)
_URL: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]{4,1000}")
_HASHTAG: Final = re.compile(r"#shorts?\b", re.IGNORECASE)
_UNSEEN: Final = frozenset(["private", "privacyStatusUnspecified"])
_UNMADE: Final = frozenset(["deleted", "failed", "rejected"])
_LINKS: Final = 20
_CAPTIONS: Final = {"true": True, "false": False}

Live = Literal["none", "upcoming", "live", "ended"]


def videos(documents: tuple[p.Document, ...], lost: Mapping[str, int], *, include_shorts: bool) -> Iterator[p.Item]:
    """Yield items of ``videos.list`` answers, and what is no video for people with its reason.

    ``playlistItems.list`` answers before them give publication dates, and the rows that are private or deleted: YouTube's
    own word that they are withdrawn. A video that is only not there any more is withdrawn after ``LOST_NIGHTS`` nights,
    which ``lost`` counts.

    Raises:
        ShapeError: An answer without a list of items.
    """
    dates: dict[str, str] = {}
    place = row = 0
    for document in documents:
        asked = dict.fromkeys(_asked(document))
        for each in listed(_google.answer(document)):
            details = each.get("contentDetails") or {}
            if "videoId" in details:
                place += 1
                dates[str(details["videoId"])] = str(details.get("videoPublishedAt") or "")
                yield from _dropped(each, unseen(each), place)
                continue
            row += 1
            asked.pop(str(each.get("id") or ""), None)
            item = _item(each, dates, row)
            reason = _refused(each, item, include_shorts=include_shorts)
            yield from _dropped(each, reason, row)
            if item is not None and not reason:
                yield item
        for video_id in asked:  # listed a moment ago, or upcoming last night
            is_gone = lost.get(video_id, 0) >= LOST_NIGHTS
            yield p.Item(key=video_id, title=video_id, row=row, skip="deleted", is_withdrawn=is_gone)


def _dropped(row: dict[str, Any], reason: str, number: int) -> Iterator[p.Item]:
    if reason:
        key = str((row.get("contentDetails") or {}).get("videoId") or row.get("id") or "")
        title = str((row.get("snippet") or {}).get("title") or "")
        yield p.Item(key=key, title=title, row=number, skip=reason, is_withdrawn=reason != "short")


def _asked(document: p.Document) -> list[str]:
    """The videos that a ``videos.list`` answer is about."""
    parts = urlsplit(document.requested_url or document.url)
    return parse_qs(parts.query).get("id", [""])[0].split(",") if parts.path.endswith("/videos") else []


def unseen(row: dict[str, Any]) -> str:
    """Return why a list row is no video for people: ``private``, ``deleted``; ``""`` for one that is."""
    details, status = row.get("contentDetails") or {}, (row.get("status") or {}).get("privacyStatus")
    if not details.get("videoId"):
        return "deleted"
    if status == "private":
        return "private"
    if details.get("videoPublishedAt") or status == "public":
        return ""
    return "private" if (row.get("snippet") or {}).get("title") == "Private video" else "deleted"


def _refused(video: dict[str, Any], item: p.Item | None, *, include_shorts: bool) -> str:
    if item is None:
        return "private" if (video.get("status") or {}).get("privacyStatus") in _UNSEEN else "deleted"
    return "short" if not include_shorts and item.video and item.video.short else ""


def listed(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an answer's items; a list that YouTube leaves out because it would be empty is empty.

    Raises:
        ShapeError: It is no answer of a list method.
    """
    items = answer.get("items", [] if "pageInfo" in answer or "kind" in answer else None)
    if not isinstance(items, list):
        raise p.ShapeError(_("유튜브의 답에 목록이 없습니다."), code="container-missing")
    return [each for each in items if isinstance(each, dict)]


def entries(document: p.Document, known: frozenset[str]) -> Iterator[p.Item]:
    """Yield the entries of a channel's Atom feed that the API has not told us more of already.

    Raises:
        ShapeError: As ``kind: feed``.
    """
    from sources import _feed_items, _feed_read  # noqa: PLC0415 - lxml: only without a key or quota

    feed = _feed_read.read(document)
    for said, item in zip(feed.entries, _feed_items.items(feed, document.url, p.Kind.VIDEO), strict=True):
        video_id = said.video_id or said.id.removeprefix("yt:video:")
        if not re.fullmatch(r"[\w-]{11}", video_id) or video_id in known:
            continue
        yield replace(item, key=video_id, url=WATCH + video_id, body_is_text=True, links=links_in(item.body))


def links_in(text: str) -> tuple[str, ...]:
    """Return the addresses written in a description."""
    found = (url.rstrip(".,;:!?…·") for url in _URL.findall(text))
    return tuple(dict.fromkeys(found))[:_LINKS]


def duration_s(text: str) -> int | None:
    """Return seconds of an ISO 8601 duration; ``None`` for ``P0D`` (not finished) and anything unreadable."""
    match = _DURATION.fullmatch(text or "")
    if match is None:
        return None
    return sum(int(part or 0) * unit for part, unit in zip(match.groups(), _SECONDS, strict=True)) or None


def live_of(video: dict[str, Any]) -> Live:
    """Return the live state: ``ended`` once it has an end, ``none`` for an ordinary upload."""
    now = (video.get("snippet") or {}).get("liveBroadcastContent")
    if now == "live":
        return "live"
    if now == "upcoming":
        return "upcoming"
    streaming = video.get("liveStreamingDetails") or {}
    return "ended" if streaming.get("actualEndTime") or streaming.get("actualStartTime") else "none"


def _item(video: dict[str, Any], dates: dict[str, str], row: int) -> p.Item | None:
    snippet, status = video.get("snippet") or {}, video.get("status") or {}
    video_id = str(video.get("id") or "")
    if not video_id or not snippet or status.get("privacyStatus") in _UNSEEN or status.get("uploadStatus") in _UNMADE:
        return None
    description = str(snippet.get("description") or "")
    published = dates.get(video_id) or str(snippet.get("publishedAt") or "")
    return p.Item(
        key=video_id,
        kind=p.Kind.VIDEO,
        title=str(snippet.get("title") or ""),
        url=WATCH + video_id,
        base_url=WATCH + video_id,
        body=description,
        body_is_text=True,
        author=str(snippet.get("channelTitle") or ""),
        published=p.RawDate(text=published) if published else None,
        image=_image(snippet.get("thumbnails") or {}),
        tags=tuple(str(tag) for tag in snippet.get("tags") or ()),
        links=links_in(description),
        video=_video(video, snippet, description),
        row=row,
    )


def _video(video: dict[str, Any], snippet: dict[str, Any], description: str) -> p.Video:
    live = live_of(video)
    seconds = duration_s(str((video.get("contentDetails") or {}).get("duration") or ""))
    streaming = video.get("liveStreamingDetails") or {}
    # What was announced stays the start: that it began four minutes late is no news afterwards.
    starts = streaming.get("scheduledStartTime") or streaming.get("actualStartTime")
    words = f"{snippet.get('title') or ''}\n{description}"
    return p.Video(
        duration_s=None if live in ("upcoming", "live") else seconds,
        live=live,
        starts_at=_instant(str(starts)) if starts else None,
        short=_short(seconds, video.get("player") or {}, words, live),
        captions=_CAPTIONS.get(str((video.get("contentDetails") or {}).get("caption"))),
    )


def _short(seconds: int | None, player: dict[str, Any], words: str, live: Live) -> bool | None:
    """A Short by length and form; the API has no field for it. ``None`` when length allows it and form is unknown."""
    if live != "none" or (seconds is not None and seconds > SHORT_S):
        return False
    if seconds is None:
        return None
    try:
        return int(player["embedHeight"]) > int(player["embedWidth"])
    except (KeyError, TypeError, ValueError):
        return True if _HASHTAG.search(words) else None


def _image(thumbnails: dict[str, Any]) -> p.Image | None:
    sized = [(int(each.get("width") or 0), str(each["url"])) for each in thumbnails.values() if each.get("url")]
    return p.Image(url=max(sized)[1]) if sized else None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
