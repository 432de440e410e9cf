"""A small channel behind the Data API and its Atom feed, and nights of a youtube source against it.

What does not live here: assertions on behaviour. Answers are shaped as Google documents them (korea §5).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pipeline.model as p
from sources import youtube
from tests.unit.sources.talk import NIGHT, Web, document

CHANNEL = "UC" + "gaon" * 5 + "ga"
UPLOADS = "UU" + CHANNEL[2:]
KEY = p.Secret("MOA_YOUTUBE_KEY", "s3cret-key")
BASE = "http://127.0.0.1:9000/"


def refusal(kind: type[p.SourceError], reason: str, code: int = 403, message: str = "no") -> p.SourceError:
    """An error as the http door throws it: the answer's body beside a short message."""
    error = kind("refused")
    error.body = json.dumps({"error": {"code": code, "message": message, "errors": [{"reason": reason}]}}).encode()
    return error


@dataclass
class Studio:
    """A channel's uploads, newest first, behind the Data API and the Atom feed."""

    videos: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[str, p.SourceError] = field(default_factory=dict)  # resource -> error
    hidden: set[str] = field(default_factory=set)  # rows without a publication date
    at: datetime = NIGHT  # on the clock of whoever asks
    expired: set[str] = field(default_factory=set)  # page tokens

    def add(self, number: int, title: str = "", live: str = "none", **details: Any) -> str:
        name = f"video-{number:05d}"
        at = f"2024-11-{1 + number % 28:02d}T00:00:00Z"
        snippet = {
            "title": title or f"강좌 {number}",
            "description": "",
            "publishedAt": at,
            "liveBroadcastContent": live,
        }
        self.videos.insert(0, {"id": name, "snippet": snippet, "contentDetails": {"duration": "PT9M"}, **details})
        return name

    def __call__(self, request: p.Request) -> p.Document | p.SourceError:
        parts = urlsplit(request.url)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        resource = parts.path.rsplit("/", 1)[-1]
        if resource in self.refuse:
            return self.refuse[resource]
        if query.get("pageToken") in self.expired:
            return refusal(p.RefusedError, "invalidPageToken", 400)
        if resource == "videos.xml":
            return self.told(request, self.atom())
        assert ("X-Goog-Api-Key", KEY.value) in request.headers
        answers = {"channels": self.channels, "playlistItems": self.rows, "videos": self.find}
        return self.told(request, json.dumps(answers[resource](query), ensure_ascii=False))

    def told(self, request: p.Request, body: str) -> p.Document:
        return replace(document(request.url, body), requested_url=request.url, fetched_at=self.at)

    def channels(self, query: dict[str, str]) -> dict[str, Any]:
        found = query.get("forHandle") == "@gaontv" or query.get("id") == CHANNEL
        one = {"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}
        return {"kind": "youtube#channelListResponse", "items": [one]} if found else {"kind": "x", "pageInfo": {}}

    def rows(self, query: dict[str, str]) -> dict[str, Any]:
        start = int(query.get("pageToken", "p0")[1:])
        rows = []
        for video in self.videos[start : start + 50]:
            details = {"videoId": video["id"]}
            if video["id"] not in self.hidden:
                details["videoPublishedAt"] = video["snippet"]["publishedAt"]
            rows.append({"snippet": {"title": video["snippet"]["title"]}, "contentDetails": details})
        answer: dict[str, Any] = {"kind": "youtube#playlistItemListResponse", "items": rows}
        if start + 50 < len(self.videos):
            answer["nextPageToken"] = f"p{start + 50}"
        return answer

    def find(self, query: dict[str, str]) -> dict[str, Any]:
        wanted = query["id"].split(",")
        assert len(wanted) <= 50
        return {"kind": "youtube#videoListResponse", "items": [v for v in self.videos if v["id"] in wanted]}

    def atom(self) -> str:
        entries = "".join(
            f"<entry><id>yt:video:{v['id']}</id><yt:videoId>{v['id']}</yt:videoId><title>{v['snippet']['title']}</title>"
            f"<link rel='alternate' href='https://www.youtube.com/watch?v={v['id']}'/></entry>"
            for v in self.videos[:15]
        )
        spaces = "xmlns='http://www.w3.org/2005/Atom' xmlns:yt='http://www.youtube.com/xml/schemas/2015'"
        return f"<feed {spaces}><title>가온TV</title>{entries}</feed>"


class Night:
    """Nights of one youtube source against one studio."""

    def __init__(self, studio: Studio, **options: Any) -> None:
        self.studio = studio
        self.options = youtube.Options(**{"channel": "@gaontv", "key": KEY, "api_base": BASE, **options})
        self.web = Web(studio)
        self.memo: p.Memo = {}

    def run(self) -> p.Fetched | None:
        fetched = self.web.run(youtube.fetch(self.options, self.memo))
        if fetched is not None:
            self.memo = json.loads(json.dumps(fetched.memo))
        return fetched

    def titles(self) -> list[str]:
        fetched = self.run()
        return [i.title for i in self.items(fetched)]

    def items(self, fetched: p.Fetched | None) -> list[p.Item]:
        said = youtube.parse(self.options, fetched) if fetched else ()
        return [one for one in said if not one.skip]

    def dropped(self) -> list[tuple[str, str]]:
        fetched = self.run()
        said = youtube.parse(self.options, fetched) if fetched else ()
        return [(one.skip, one.title) for one in said if one.skip]

    def asked(self) -> list[str]:
        return [urlsplit(r.url).path.rsplit("/", 1)[-1] for r in self.web.asked]


def studio(count: int) -> Studio:
    made = Studio()
    for number in range(count):
        made.add(number)
    return made
