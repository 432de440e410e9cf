"""``kind: youtube`` on lists that are long, change under the reader's hands, or hold what is no video for people."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import pipeline.model as p
from sources import _youtube_items, youtube
from tests.unit.sources.studio import CHANNEL, UPLOADS, Night, refusal, studio

WEEK = timedelta(days=7)


def token_pages(night: Night) -> list[str]:
    """The page tokens asked for tonight, in order."""
    return [r.url.partition("pageToken=")[2].partition("&")[0] for r in night.web.asked if "playlistItems" in r.url]


def settled(count: int, **options: Any) -> Night:
    """A channel that was read once and then found unchanged."""
    night = Night(studio(count), **options)
    night.run()
    assert night.run() is None
    return night


def publish_late(night: Night, place: int) -> str:
    """A video far down the list is made public tonight."""
    snippet = night.studio.videos[place]["snippet"]
    snippet["title"], snippet["publishedAt"] = "뒤늦게 공개한 강좌", night.studio.at.isoformat()
    return str(snippet["title"])


def test_the_pages_below_are_scanned_once_a_week():
    """A quiet night reads three pages; a week later the whole list is gone through, and not again the night after."""
    night = settled(900)
    assert 3 == len(token_pages(night))
    night.studio.at += WEEK
    night.run()
    assert 18 == len(set(token_pages(night)))
    night.studio.at += timedelta(days=1)
    assert night.run() is None
    assert 3 == len(token_pages(night))


def test_what_only_a_scan_finds_is_news_when_it_was_published_lately():
    """A video published late is told; the thousands that were there before us are neither asked for nor stored."""
    night = settled(900)
    night.studio.at += WEEK
    title = publish_late(night, 850)
    assert [title] == night.titles()
    assert 1 == night.asked().count("videos")


def test_a_very_long_list_is_scanned_a_part_a_night(monkeypatch: pytest.MonkeyPatch):
    """The scan goes on where it stopped, until the end; then a week is quiet again."""
    monkeypatch.setattr(p.limits, "SCAN_PAGES", 4)
    night = settled(500, pages=1)
    night.studio.at += WEEK
    scanned = []
    for _number in range(3):
        night.run()
        scanned += token_pages(night)[1:]
        night.studio.at += timedelta(days=1)
    assert [f"p{start}" for start in range(50, 500, 50)] == [token for token in scanned if token]
    assert night.run() is None


def test_a_scan_that_is_cut_short_goes_on_the_next_night():
    """A failing page in the depth costs neither tonight's news nor the place reached."""
    night = settled(400)
    night.studio.at += WEEK
    night.studio.expired = {"p250"}
    new = night.studio.add(9_999, "오늘 올린 강좌")
    assert ["오늘 올린 강좌"] == night.titles()
    night.studio.expired = set()
    night.run()
    assert {f"p{start}" for start in range(50, 400, 50)} <= set(token_pages(night))
    assert new in night.memo["known"]


def test_an_expired_page_token_starts_the_list_anew():
    """Remembered tokens may be refused: the list is read again from its top, and every video comes once."""
    night = settled(120)
    night.studio.expired = {"p50"}
    answers = night.studio.rows

    def renumbered(query: dict[str, str]) -> dict[str, Any]:
        answer = answers({**query, "pageToken": "p" + query.get("pageToken", "p0").lstrip("pq")})
        if "nextPageToken" in answer:
            answer["nextPageToken"] = answer["nextPageToken"].replace("p", "q")
        return answer

    night.studio.rows = renumbered  # type: ignore[method-assign]
    night.studio.add(9_999, "오늘 올린 강좌")
    assert ["오늘 올린 강좌"] == night.titles()
    assert ["", "q50", "q100"] == token_pages(night)[-3:]


def test_a_token_that_is_refused_twice_is_a_passing_failure():
    """The source fails tonight and is read tomorrow; nothing loops."""
    night = Night(studio(120))
    night.studio.expired = {"p50"}
    with pytest.raises(p.FetchError):
        night.run()
    assert 4 == len(token_pages(night))


def test_a_playlist_is_read_whole_because_people_order_it():
    """A video added at the end of a long playlist is found the same night."""
    night = settled(300, channel=None, playlists=[UPLOADS])
    night.studio.videos.append(
        {"id": "appended-01", "snippet": {"title": "맨 끝에 더한 강좌", "publishedAt": "2020-01-01T00:00:00Z"}}
    )
    assert ["맨 끝에 더한 강좌"] == night.titles()


def test_rows_that_are_no_videos_are_told_with_their_reason():
    """Private, deleted, unwanted short: an editor sees why a row is missing."""
    made = studio(4)
    made.hidden |= {made.videos[0]["id"], made.videos[1]["id"]}
    made.videos[0]["snippet"]["title"], made.videos[1]["snippet"]["title"] = "Private video", "Deleted video"
    made.videos[2] |= {
        "contentDetails": {"duration": "PT30S"},
        "player": {"embedHeight": "720", "embedWidth": "405"},
    }
    night = Night(made, include_shorts=False)
    short = made.videos[2]["snippet"]["title"]
    assert [("private", "Private video"), ("deleted", "Deleted video"), ("short", short)] == night.dropped()


def test_a_video_deleted_between_two_questions_is_told():
    """Listed a moment ago, unknown now."""
    made = studio(2)
    lost = made.videos[0]["id"]
    whole = made.find
    made.find = lambda query: {**whole(query), "items": whole(query)["items"][1:]}  # type: ignore[method-assign]
    assert [("deleted", lost)] == Night(made).dropped()


def test_a_new_video_between_two_pages_makes_no_double():
    """Pages shift while they are read: the last row of one is the first of the next."""
    made = studio(60)
    rows = made.rows
    made.rows = lambda query: rows({"pageToken": "p49"}) if "pageToken" in query else rows(query)  # type: ignore[method-assign]
    night = Night(made)
    assert 60 == len(night.titles()) == len(set(night.memo["known"]))


def test_a_channel_whose_list_vanished_is_empty_or_gone():
    """All videos hidden: an empty list for the judge to doubt. No such channel any more: an error for the editor."""
    night = settled(20)
    night.studio.refuse["playlistItems"] = refusal(p.GoneError, "playlistNotFound", 404)
    fetched = night.run()
    assert fetched is not None
    assert ([], 0) == (night.items(fetched), fetched.carried)
    assert night.run() is None
    night = settled(20)
    night.studio.refuse["playlistItems"] = refusal(p.GoneError, "playlistNotFound", 404)
    night.studio.channels = lambda _query: {"kind": "youtube#channelListResponse", "pageInfo": {}}  # type: ignore[method-assign]
    with pytest.raises(p.GoneError, match="gaontv"):
        night.run()


def test_a_stream_that_begins_late_keeps_its_announced_start():
    """Upcoming, live, ended are states of one video; only a new schedule moves its start."""
    made = studio(1)
    made.add(9, "생중계", live="upcoming", liveStreamingDetails={"scheduledStartTime": "2026-11-28T05:00:00Z"})
    night = Night(made)
    (before,) = [item for item in night.items(night.run()) if item.title == "생중계"]
    made.videos[0]["snippet"]["liveBroadcastContent"] = "live"
    made.videos[0]["liveStreamingDetails"]["actualStartTime"] = "2026-11-28T05:04:10Z"
    (after,) = night.items(night.run())
    assert before.video is not None and after.video is not None
    assert ("upcoming", "live") == (before.video.live, after.video.live)
    assert before.video.starts_at == after.video.starts_at
    made.videos[0]["liveStreamingDetails"]["scheduledStartTime"] = "2026-11-28T07:00:00Z"
    (moved,) = night.items(night.run())
    assert moved.video is not None
    assert moved.video.starts_at != before.video.starts_at


@pytest.mark.parametrize(("said", "captions"), [("true", True), ("false", False), (None, None)])
def test_captions_are_noted(said: str | None, captions: bool | None):
    """Whether people wrote captions is told where YouTube says so."""
    made = studio(1)
    made.videos[0]["contentDetails"] |= {"caption": said} if said else {}
    ((item),) = (night := Night(made)).items(night.run())
    assert item.video is not None
    assert item.video.captions is captions


def test_a_feed_entry_and_its_video_are_one_thing():
    """What the Atom feed told while the units were spent has the key and address the API's word has."""
    night = Night(studio(3), channel=CHANNEL)
    night.studio.refuse["playlistItems"] = refusal(p.RefusedError, "quotaExceeded")
    feed = {item.key: item.url for item in night.items(night.run())}
    night.studio.refuse.clear()
    assert feed == {item.key: item.url for item in night.items(night.run())}


def test_a_spent_quota_names_its_end_even_when_no_feed_answers():
    """The instant comes from the refusal itself; the budget is the key's, for all sources that share it."""
    night = Night(studio(1), channel=CHANNEL)
    error = refusal(p.RefusedError, "quotaExceeded")
    error.at = night.studio.at
    night.studio.refuse |= {"playlistItems": error, "channels": error, "videos.xml": p.FetchError("404")}
    with pytest.raises(p.QuotaError) as caught:
        night.run()
    assert caught.value.until is not None
    assert ("2026-11-23T08:00:00+00:00", "youtube:MOA_YOUTUBE_KEY") == (
        caught.value.until.isoformat(),
        caught.value.budget,
    )
    assert {"youtube:MOA_YOUTUBE_KEY"} == {r.budget for r in night.web.asked if "v3" in r.url}


def test_known_videos_do_not_make_a_fallback_look_empty():
    """The judge is told of what the API told before, so a feed without news is no empty channel."""
    night = settled(20)
    night.studio.refuse["playlistItems"] = refusal(p.RefusedError, "quotaExceeded")
    fetched = night.run()
    assert fetched is not None
    assert ([], 20) == (night.items(fetched), fetched.carried)
    assert json.dumps(dict(fetched.memo))


def test_rows_of_a_list_say_themselves_whether_people_can_see_them():
    """A public row without a date (an upcoming stream) counts; one without an id does not."""
    row = {"contentDetails": {"videoId": "abcdefghijk"}, "snippet": {"title": "생중계"}}
    assert "" == _youtube_items.unseen({**row, "status": {"privacyStatus": "public"}})
    assert "private" == _youtube_items.unseen({**row, "status": {"privacyStatus": "private"}})
    assert "deleted" == _youtube_items.unseen({"snippet": {"title": "Deleted video"}})
    assert youtube.TITLE


def withdrawn(night: Night) -> list[str]:
    fetched = night.run()
    said = youtube.parse(night.options, fetched) if fetched else ()
    return [one.key for one in said if one.is_withdrawn]


def test_a_stream_that_was_called_off_is_withdrawn_after_two_nights():
    """One empty answer may be a hiccup; the second is YouTube's word. Then nobody asks for it any more."""
    made = studio(1)
    name = made.add(9, "생중계", live="upcoming", liveStreamingDetails={"scheduledStartTime": "2026-11-28T05:00:00Z"})
    night = Night(made)
    night.run()
    made.videos.pop(0)
    assert [[], [name], []] == [withdrawn(night) for _night in range(3)]
    assert ["playlistItems"] == night.asked()


def test_a_video_made_private_is_withdrawn_and_comes_back():
    """A playlist shows it as private: what is stored of it goes; public again, it is asked for again."""
    night = settled(5, channel=None, playlists=[UPLOADS])
    video = night.studio.videos[2]
    night.studio.hidden.add(video["id"])
    assert [video["id"]] == withdrawn(night)
    night.studio.hidden.clear()
    assert [video["snippet"]["title"]] == night.titles()
