"""The practice city's YouTube: the Data API's ``channels``, ``playlistItems`` and ``videos``, and the channel's feed.

What does not live here: the videos (``content/posts.yaml``). Shapes: korea §5; errors as Google words them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from html import escape
from typing import Any, Final

from pipeline.demo.answers import Answer, newest
from pipeline.demo.stories import Post, linked

HANDLE: Final = "@neulbom-learn"
CHANNEL: Final = "UCneulbom0learn0practice"
UPLOADS: Final = "UU" + CHANNEL[2:]
_NAME: Final = "늘봄배움"


def api(resource: str, query: Mapping[str, str], posts: Sequence[Post], base_url: str, key: str) -> Answer:
    """Answer ``<resource>.list``; a request without any key is refused as Google refuses it."""
    if not key:
        return _error(403, "forbidden", "Method doesn't allow unregistered callers.")
    if resource == "channels":
        return _channels(query)
    if resource == "playlistItems":
        return _playlist_items(query, posts, base_url)
    if resource == "videos":
        wanted = query.get("id", "").split(",")
        return _list("video", [_video(post, base_url) for post in posts if post.id in wanted], len(wanted))
    return _error(404, "notFound", "Not Found")


def quota_spent() -> Answer:
    """Return Google's answer once the day's units are gone."""
    return _error(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.")


def feed(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    """Return the channel's Atom feed of its newest fifteen videos."""
    if query.get("channel_id") != CHANNEL and query.get("playlist_id") != UPLOADS:
        return Answer(body=b"Not Found", media_type="text/html", status=404, has_etag=False)
    entries = "".join(
        f"<entry><id>yt:video:{post.id}</id><yt:videoId>{post.id}</yt:videoId><yt:channelId>{CHANNEL}</yt:channelId>"
        f'<title>{escape(post.title)}</title><link rel="alternate" href="https://www.youtube.com/watch?v={post.id}"/>'
        f"<author><name>{_NAME}</name></author><published>{_iso(post.at)}</published><updated>{_iso(post.at)}</updated>"
        f"<media:group><media:title>{escape(post.title)}</media:title>"
        f'<media:thumbnail url="{_cover(post, base_url)}" width="800" height="400"/>'
        f"<media:description>{escape(linked(post.body, base_url))}</media:description></media:group></entry>\n"
        for post in posts[:15]
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>yt:channel:{CHANNEL[2:]}</id><title>{_NAME}</title>\n{entries}</feed>\n"
    )
    return Answer(body=text.encode(), media_type="text/xml; charset=UTF-8", changed_at=newest(posts))


def _channels(query: Mapping[str, str]) -> Answer:
    is_ours = query.get("forHandle", "").lstrip("@") == HANDLE[1:] or CHANNEL in query.get("id", "").split(",")
    item = {
        "kind": "youtube#channel",
        "etag": "practice-channel",
        "id": CHANNEL,
        "snippet": {
            "title": _NAME,
            "description": "늘봄시 평생학습원의 배움 영상",
            "customUrl": HANDLE,
            "country": "KR",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}},
    }
    return _list("channel", [item] if is_ours else [], 1 if is_ours else 0)


def _playlist_items(query: Mapping[str, str], posts: Sequence[Post], base_url: str) -> Answer:
    if query.get("playlistId") != UPLOADS:
        return _error(404, "playlistNotFound", "The playlist identified with the request's playlistId cannot be found.")
    size = int(query.get("maxResults", "5"))
    start = int(query.get("pageToken", "T0")[1:])
    items = [_playlist_item(post, at, base_url) for at, post in enumerate(posts)][start : start + size]
    more = {"nextPageToken": f"T{start + size}"} if start + size < len(posts) else {}
    return _list("playlistItem", items, len(posts), per_page=size, **more)


def _playlist_item(post: Post, at: int, base_url: str) -> dict[str, Any]:
    return {
        "kind": "youtube#playlistItem",
        "etag": _etag(post),
        "id": f"{UPLOADS}.{post.id}",
        "snippet": {**_snippet(post, base_url), "playlistId": UPLOADS, "position": at,
                    "resourceId": {"kind": "youtube#video", "videoId": post.id}},
        "contentDetails": {"videoId": post.id, "videoPublishedAt": _iso(post.at)},
        "status": {"privacyStatus": "public"},
    }  # fmt: skip


def _video(post: Post, base_url: str) -> dict[str, Any]:
    starts = post.facts.get("starts")
    live = {"liveStreamingDetails": {"scheduledStartTime": _iso(starts)}} if starts else {}
    is_short = "shorts" in post.tags
    return {
        "kind": "youtube#video",
        "etag": _etag(post),
        "id": post.id,
        "snippet": {**_snippet(post, base_url), "tags": list(post.tags), "categoryId": "27",
                    "liveBroadcastContent": "upcoming" if starts else "none"},
        "contentDetails": {"duration": "P0D" if starts else _duration(post.facts.get("seconds", 60)), "definition": "hd"},
        "status": {"uploadStatus": "uploaded" if starts else "processed", "privacyStatus": "public", "embeddable": True},
        "player": {"embedHtml": "", "embedWidth": "405" if is_short else "1280", "embedHeight": "720"},
        **live,
    }  # fmt: skip


def _snippet(post: Post, base_url: str) -> dict[str, Any]:
    picture = {"url": _cover(post, base_url), "width": 800, "height": 400}
    return {
        "publishedAt": _iso(post.at),
        "channelId": CHANNEL,
        "title": post.title,
        "description": linked(post.body, base_url).strip(),
        "thumbnails": {"default": {**picture, "width": 120, "height": 90}, "standard": picture},
        "channelTitle": _NAME,
    }


def _list(kind: str, items: list[dict[str, Any]], total: int, *, per_page: int = 50, **more: str) -> Answer:
    answer = {
        "kind": f"youtube#{kind}ListResponse",
        **more,
        "pageInfo": {"totalResults": total, "resultsPerPage": per_page},
        "items": items,
    }
    digest = blake2b(json.dumps(answer, sort_keys=True).encode(), digest_size=12).hexdigest()
    return _json({"etag": digest, **answer})


def _error(status: int, reason: str, message: str) -> Answer:
    each = {"message": message, "domain": "youtube.quota" if reason == "quotaExceeded" else "youtube", "reason": reason}
    return _json({"error": {"code": status, "message": message, "errors": [each]}}, status=status)


def _json(value: dict[str, Any], *, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False, indent=2).encode()
    return Answer(body=body, media_type="application/json; charset=UTF-8", status=status, has_etag=status < 300)


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return "PT" + "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if n)


def _cover(post: Post, base_url: str) -> str:
    return f"{base_url}/media/cover/{post.image or 'channel'}.png"


def _etag(post: Post) -> str:
    return blake2b(f"{post.title}{post.body}{post.at}".encode(), digest_size=9).hexdigest()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
