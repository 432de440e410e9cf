"""Addresses of the world's own places, over a scripted web: channels by handle, video and id, playlists, blogs, platforms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pipeline.model as p
from pipeline.drafting.desk import Desk
from pipeline.drafting.proving import Wish
from pipeline.drafting.ranking import find
from pipeline.registry import Registry
from pipeline.settings.project import load
from tests.fakes import NOW, FakeHttp, document

CHANNEL = "UCabcdefghijklmnopqrstuv"
PLAYLIST = "PL0123456789abcdef"
FEEDS = "https://www.youtube.com/feeds/videos.xml"
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <yt:channelId>abc</yt:channelId><title>가온배움</title>
 <entry><id>yt:video:abcdefghijk</id><yt:videoId>abcdefghijk</yt:videoId><title>겨울 강좌를 소개합니다</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/><published>2026-11-20T01:00:00+00:00</published>
  <updated>2026-11-20T01:00:00+00:00</updated></entry>
</feed>""".encode()
PAGE = f'<html><head><title>가온배움 - YouTube</title><meta itemprop="identifier" content="{CHANNEL}"></head><body></body></html>'


def desk(tmp_path: Path, script: dict[str, Any], **environment: str) -> Desk:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "moa.yaml").write_text("institute:\n  name: 시험 학습관\n", "utf-8")
    registry = Registry(installed=False)
    settings = load(tmp_path, environment=environment, registry=registry)
    return Desk(
        project=tmp_path, settings=settings, registry=registry, environment=environment, http=FakeHttp(script), now=NOW
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.youtube.com/@gaon", "https://www.youtube.com/@gaon"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "https://youtu.be/abcdefghijk?si=x"),
        ("https://www.youtube.com/c/gaon", "https://www.youtube.com/c/gaon"),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", None),
    ],
)
def test_a_channel_is_found_by_any_of_its_addresses(tmp_path: Path, url: str, asked: str | None) -> None:
    """Without a key the id is looked up on the page, once; the channel's feed proves it."""
    script: dict[str, Any] = {f"{FEEDS}?channel_id={CHANNEL}": document("https://x", ATOM)}
    if asked:
        script[asked] = document(asked, PAGE.encode())
    got = find(url, desk(tmp_path, script), Wish()).candidates[0]
    assert (got.kind, got.spec.options.channel) == ("youtube", CHANNEL)
    assert [entry.title for entry in got.entries] == ["겨울 강좌를 소개합니다"]
    assert got.spec.id.endswith("-youtube")


def test_a_playlist_is_found(tmp_path: Path) -> None:
    """A playlist's address gives a source of the playlist alone."""
    script = {f"{FEEDS}?playlist_id={PLAYLIST}": document("https://x", ATOM)}
    got = find(f"https://www.youtube.com/playlist?list={PLAYLIST}", desk(tmp_path, script), Wish()).candidates[0]
    assert got.spec.options.playlists == (PLAYLIST,)


def test_a_page_that_names_no_channel_says_so(tmp_path: Path) -> None:
    """Nothing is guessed."""
    url = "https://www.youtube.com/watch?v=abcdefghijk"
    found = find(url, desk(tmp_path, {url: document(url, b"<html><body>x</body></html>")}), Wish())
    assert (found.candidates, found.warnings[-1][0]) == ((), "no-channel")


def test_a_channel_that_does_not_answer_is_not_offered(tmp_path: Path) -> None:
    """A channel without a feed is told with the reason."""
    script = {f"{FEEDS}?channel_id={CHANNEL}": p.GoneError("없습니다.")}
    found = find(f"https://www.youtube.com/channel/{CHANNEL}", desk(tmp_path, script), Wish())
    assert (found.candidates, found.warnings[0][0]) == ((), "not-read")


def test_a_naver_blog_is_its_feed(tmp_path: Path) -> None:
    """The form of the address tells the feed; its account names the source, and no other blog's file is joined."""
    feed = "<rss version='2.0'><channel><title>가온 블로그</title><item><title>배움터 소식</title><link>https://blog.naver.com/gaoncity/1</link></item></channel></rss>"
    url = "https://blog.naver.com/gaoncity"
    script = {
        url: document(url, "<html><head><title>가온시 : 네이버 블로그</title></head><body><p>글</p></body></html>".encode()),
        "https://rss.blog.naver.com/gaoncity.xml": document("https://rss.blog.naver.com/gaoncity.xml", feed.encode(), media_type="text/xml"),
    }  # fmt: skip
    got = find(url, desk(tmp_path, script), Wish()).candidates[0]
    assert (got.kind, got.spec.url, got.spec.id) == ("feed", "https://rss.blog.naver.com/gaoncity.xml", "gaoncity-blog")
    assert "feed-no-date" in [code for code, _message in got.warnings]


def test_the_editors_own_names_win(tmp_path: Path) -> None:
    """--id, --name and --agency are taken as they are."""
    script = {f"{FEEDS}?channel_id={CHANNEL}": document("https://x", ATOM)}
    wish = Wish(id="tube", name="배움 영상", agency="가온시평생교육원")
    got = find(f"https://www.youtube.com/channel/{CHANNEL}", desk(tmp_path, script), wish).candidates[0]
    assert (got.spec.id, got.spec.name, got.spec.agency) == ("tube", "배움 영상", "가온시평생교육원")
