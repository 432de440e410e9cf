"""``kind: youtube`` over real HTTP: the Data API's documents, its refusals, and channels that merge (korea §5)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import pipeline.model as p
from tests import misbehave as m
from tests.flow.project import Project
from tests.unit.sources.studio import CHANNEL, UPLOADS, Studio, refusal

MONDAY, TUESDAY, WEDNESDAY = "2026-11-23", "2026-11-24", "2026-11-25"
OTHER = "UC" + "daon" * 5 + "da"


def behaving(studio: Studio) -> m.Behaviour:
    """The studio as a server: its refusals with Google's status and body."""

    def behave(exchange: m.Exchange) -> None:
        headers = tuple((name.title().replace("Api", "Api"), value) for name, value in exchange.request.headers.items())
        parts = urlsplit(exchange.request.path)
        if parts.path.startswith("/youtube/v3/"):
            assert exchange.request.headers["x-goog-api-key"] == "s3cret-key"
            assert "key" not in parse_qs(parts.query)
            headers = (("X-Goog-Api-Key", "s3cret-key"),)
        answer = studio(p.Request(url=f"http://x{exchange.request.path}", headers=headers))
        if isinstance(answer, p.SourceError):
            code = json.loads(answer.body)["error"]["code"] if answer.body else 404
            m.answer(answer.body, status=f"{code} Refused", headers=[("Content-Type", "application/json")])(exchange)
        else:
            kind = "text/xml" if "videos.xml" in exchange.request.path else "application/json; charset=UTF-8"
            m.answer(answer.body, headers=[("Content-Type", kind)])(exchange)

    return behave


@pytest.fixture
def tube(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Studio], tuple[Project, m.Site]]]:
    """A project and a server of one studio; the key is in the environment."""
    monkeypatch.setenv("MOA_YOUTUBE_KEY", "s3cret-key")
    sites: list[m.Site] = []

    def begin(studio: Studio) -> tuple[Project, m.Site]:
        site = m.Site(default=behaving(studio)).__enter__()
        sites.append(site)
        return Project(tmp_path, site.allowed), site

    yield begin
    for site in sites:
        site.__exit__()


def source(site: m.Site, name: str = "tube", **more: Any) -> dict[str, Any]:
    places = {"channel": CHANNEL, "api_base": site.url("/"), "feed_base": site.url("/feeds/videos.xml")}
    return {"id": name, "name": f"{name} 채널", "kind": "youtube", "backfill": "last 500", **places, **more}


def studio(count: int) -> Studio:
    made = Studio()
    for number in range(count):
        made.add(number, f"가온 배움 영상 {number}번째 이야기")
    return made


REFUSALS = {
    "keyInvalid": (400, "refused", "operator", "키"),
    "accessNotConfigured": (403, "refused", "operator", "YouTube Data API"),
    "forbidden": (403, "refused", "operator", "forbidden"),
    "rateLimitExceeded": (403, "fetch-failed", "nobody", "잠시"),
    "channelNotFound": (404, "gone", "editor", "채널"),
}


@pytest.mark.parametrize(("reason", "outcome"), REFUSALS.items(), ids=REFUSALS)
def test_a_refusal_names_who_must_act(tube: Any, reason: str, outcome: tuple[int, str, str, str]) -> None:
    """Google's reason decides, not the status; the key is in no word of it."""
    status, verdict, remedy, words = outcome
    made = studio(2)
    made.refuse["channels"] = refusal(p.RefusedError, reason, status)
    town, site = tube(made)
    town.sources(source(site))
    night = town.run()
    line = night.source("tube")
    assert (verdict, remedy) == (line["verdict"], line["error"]["remedy"])
    assert words in line["error"]["message"]
    assert "s3cret-key" not in night.out + night.err


def test_a_spent_quota_is_found_out_once_for_all_sources_of_a_key(tube: Any) -> None:
    """Six channels, one key: the API is asked a few times at most, each falls back to its feed and says until when."""
    made = studio(3)
    made.refuse["channels"] = made.refuse["playlistItems"] = refusal(p.RefusedError, "quotaExceeded")
    town, site = tube(made)
    town.moa(fetch={"per_host": 1})
    town.sources(*(source(site, f"tube{n}") for n in range(6)))
    night = town.run()
    lines = [night.source(f"tube{n}") for n in range(6)]
    assert [3] * 6 == [line["new"] for line in lines]
    assert all("다시 쓸 수 있습니다" in line["warnings"][0]["message"] for line in lines)
    assert 4 > sum("/youtube/v3/" in path for path in site.paths), site.paths
    made.refuse.clear()
    again = town.run(TUESDAY)
    assert [(0, 3)] * 6 == [
        (s["new"], s["revised"]) for s in again.json["sources"]
    ]  # the same videos, now with lengths


def test_a_spent_quota_without_a_feed_says_when_it_ends(tube: Any) -> None:
    """The source waits, nothing is lost, and the operator reads until when."""
    made = studio(3)
    made.refuse["channels"] = refusal(p.RefusedError, "quotaExceeded")
    made.refuse["videos.xml"] = p.FetchError("404")
    town, site = tube(made)
    town.sources(source(site))
    line = town.run().source("tube")
    assert ("quota", "operator") == (line["verdict"], line["error"]["remedy"])
    assert "부터 다시 쓸 수 있습니다" in line["error"]["message"]


def test_a_channel_without_a_public_video_is_empty(tube: Any) -> None:
    """404 playlistNotFound on a valid channel is no failure (korea §5)."""
    made = studio(0)
    made.refuse["playlistItems"] = refusal(p.RefusedError, "playlistNotFound", 404)
    town, site = tube(made)
    town.sources(source(site))
    assert "empty" == town.run().source("tube")["verdict"]


def test_a_moved_start_is_told_and_a_late_beginning_is_not(tube: Any) -> None:
    """A new schedule is a correction for citizens; upcoming, live and ended are plain edits."""
    made = studio(1)
    title = "온라인 시민 특강 생중계"
    made.add(9, title, live="upcoming", liveStreamingDetails={"scheduledStartTime": "2026-11-28T05:00:00Z"})
    town, site = tube(made)
    town.sources(source(site))
    town.run(MONDAY)
    made.videos[0]["liveStreamingDetails"]["scheduledStartTime"] = "2026-11-29T05:00:00Z"
    moved = town.run(TUESDAY)
    made.videos[0]["snippet"]["liveBroadcastContent"] = "live"
    made.videos[0]["liveStreamingDetails"]["actualStartTime"] = "2026-11-29T05:03:00Z"
    began = town.run(WEDNESDAY)
    assert [1, 1] == [night.source("tube")["revised"] for night in (moved, began)]
    told = json.loads(town.moa_says("why", title, "--json").out)["editions"]
    assert {"changed"} == {e["label"] for e in told if TUESDAY in e["id"]}
    assert [] == [e for e in told if WEDNESDAY in e["id"]]


def test_three_channels_become_one(tube: Any) -> None:
    """Films of the old channels, uploaded again to the merged one, are not told again; its own news is."""
    old = Studio()
    old.add(1, "사람책 이야기 첫 번째 만남")
    old.add(2, "시흥아카데미 가을 강연")
    town, site = tube(old)
    town.sources(source(site, "academy"))
    town.run(MONDAY)
    town.sources(source(site, "merged", formerly=["academy"], channel=OTHER))
    for video in old.videos:
        video["id"] = "again-" + video["id"][6:]
        video["snippet"]["publishedAt"] = "2026-11-23T06:00:00Z"
    old.add(3, "통합 채널 첫 소식을 전합니다")
    old.videos[0]["snippet"]["publishedAt"] = "2026-11-23T07:00:00Z"
    one = {"id": OTHER, "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}
    old.channels = lambda _query: {"kind": "youtube#channelListResponse", "items": [one]}  # type: ignore[method-assign]
    line = town.run(TUESDAY).source("merged")
    assert (1, 2) == (line["new"], line["unchanged"])
    assert 1 == len(town.editions("통합 채널 첫 소식을 전합니다"))
    assert 3 == len(town.items("merged"))
    assert [1, 0] == [
        len(town.editions(item["id"])) for item in sorted(town.items(), key=lambda i: i["source"])[:1]
    ] + [len(town.editions(item["id"])) for item in town.items("merged") if "사람책" in item["title"]]


def test_a_called_off_stream_leaves_the_page_and_may_return(tube: Any) -> None:
    """Withdrawn by YouTube's word on two nights: marked gone, kept in the store, live again when it is there again."""
    made = studio(6)
    title = "온라인 시민 특강 생중계"
    made.add(9, title, live="upcoming", liveStreamingDetails={"scheduledStartTime": "2026-11-28T05:00:00Z"})
    town, site = tube(made)
    town.sources(source(site))
    town.run(MONDAY)
    stream = made.videos.pop(0)
    gone = [town.run(day).source("tube")["gone"] for day in (TUESDAY, WEDNESDAY, "2026-11-26")]
    assert [0, 1, 0] == gone
    assert [True] == [bool(item["gone"]) for item in town.items("tube") if item["title"] == title]
    made.videos.insert(0, stream)
    back = town.run("2026-11-27").source("tube")
    assert 1 == back["revised"], back
    assert [False] == [bool(item["gone"]) for item in town.items("tube") if item["title"] == title]
