"""``kind: youtube`` in conversation with a small channel: what is asked, what it costs, what happens when Google refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

import pipeline.model as p
from sources import _google, _youtube_items, youtube
from tests.unit.sources.studio import BASE, CHANNEL, KEY, Night, refusal, studio


def test_a_first_night_finds_the_channel_its_list_and_its_videos():
    """Handle to channel to uploads to videos, 50 at a time; every video comes once."""
    night = Night(studio(70))
    assert 70 == len(set(night.titles()))
    assert ["channels", "playlistItems", "playlistItems", "videos", "videos"] == night.asked()
    assert 5 == night.memo["units"]
    assert "2026-11-22" == night.memo["day"]


def test_the_key_is_in_a_header_and_never_in_an_address():
    """No address carries the key, nothing of it is remembered, and every question is an API's."""
    night = Night(studio(3))
    night.run()
    assert all(KEY.value not in r.url and r.purpose is p.Purpose.API for r in night.web.asked)
    assert KEY.value not in json.dumps(night.memo)
    assert all(r.url.startswith(BASE + "youtube/v3/") for r in night.web.asked)


def test_a_quiet_night_asks_for_the_lists_only_and_loads_no_google_client():
    """Nothing new: the configured pages are asked for conditionally, nothing goes on, remembered addresses are used."""
    night = Night(studio(170))
    night.run()
    _google._service.cache_clear()
    assert night.run() is None
    assert ["playlistItems"] * 3 == night.asked()
    assert all(r.conditional for r in night.web.asked)
    assert 0 == _google._service.cache_info().misses


def test_only_new_and_edited_videos_are_asked_for_again():
    """A new video and a retitled one cost one question; the others are carried."""
    night = Night(studio(20))
    night.run()
    night.studio.videos[5]["snippet"]["title"] = "고친 제목"
    night.studio.add(99, "새 강좌")
    assert {"새 강좌", "고친 제목"} == set(night.titles())
    assert ["playlistItems", "videos"] == night.asked()


def test_known_videos_are_counted_as_carried():
    """What was listed and known is told to the judge."""
    night = Night(studio(60))
    night.run()
    night.studio.add(99)
    fetched = night.run()
    assert fetched is not None
    assert 60 == fetched.carried


def test_a_video_made_public_late_is_found_deep_in_the_list():
    """The order is by upload: pages down to the configured depth are read every night (korea §5)."""
    made = studio(140)
    late = made.videos[120]["id"]
    made.hidden.add(late)
    night = Night(made)
    assert 139 == len(night.titles())
    made.hidden.clear()
    assert [made.videos[120]["snippet"]["title"]] == night.titles()


def test_pages_beyond_the_depth_are_read_while_they_hold_unknown_videos():
    """After a long pause no video between is lost."""
    night = Night(studio(10), pages=1)
    night.run()
    for number in range(100, 220):
        night.studio.add(number)
    assert 120 == len(night.titles())


def test_private_and_deleted_videos_are_not_asked_for():
    """A row without a publication date is no video for people."""
    made = studio(3)
    made.hidden.add(made.videos[0]["id"])
    night = Night(made)
    assert 2 == len(night.titles())
    assert made.videos[0]["id"] not in night.web.asked[-1].url


def test_an_upcoming_stream_is_asked_for_until_it_has_ended():
    """Its state is looked at every night although nothing in the list changed."""
    made = studio(2)
    made.add(9, "생중계", live="upcoming", liveStreamingDetails={"scheduledStartTime": "2026-11-28T05:00:00Z"})
    night = Night(made)
    night.run()
    assert ["생중계"] == night.titles()
    made.videos[0]["snippet"]["liveBroadcastContent"] = "none"
    made.videos[0]["liveStreamingDetails"]["actualEndTime"] = "2026-11-28T06:00:00Z"
    fetched = night.run()
    assert fetched is not None
    (item,) = youtube.parse(night.options, fetched)
    assert item.video is not None
    assert "ended" == item.video.live
    assert night.run() is None


def test_a_channel_without_a_public_video_is_empty():
    """404 playlistNotFound on a valid channel is no error (korea §5)."""
    made = studio(0)
    made.refuse["playlistItems"] = refusal(p.GoneError, "playlistNotFound", 404)
    fetched = Night(made).run()
    assert fetched is not None
    assert [] == list(youtube.parse(youtube.Options(channel="@gaontv"), fetched))


def test_a_configured_playlist_that_is_missing_is_an_error():
    """The editor wrote an id that does not exist."""
    made = studio(0)
    made.refuse["playlistItems"] = refusal(p.GoneError, "playlistNotFound", 404)
    with pytest.raises(p.GoneError):
        Night(made, channel=None, playlists=["PL0123456789abcdef"]).run()


def test_an_unknown_channel_is_an_error_for_the_editor():
    """An empty answer to a handle means there is no such channel."""
    with pytest.raises(p.GoneError, match="@nobody"):
        Night(studio(1), channel="@nobody").run()


def test_a_spent_quota_falls_back_to_the_feed_and_loses_nothing():
    """The feed's newest videos come with a warning; the API is asked anew, without validators, the next night."""
    made = studio(60)
    night = Night(made)
    night.run()
    new = made.add(200, "새 강좌")
    made.refuse["videos"] = refusal(p.RefusedError, "quotaExceeded")
    fetched = night.run()
    assert fetched is not None
    assert ["새 강좌"] == [i.title for i in youtube.parse(night.options, fetched)]
    ((code, text),) = fetched.warnings
    assert "quota" == code
    assert "11월 23일 17:00" in text
    made.refuse.clear()
    assert ["새 강좌"] == night.titles()
    assert not night.web.asked[0].conditional
    assert new in night.memo["known"]
    night.run()  # the first night with validators again
    assert night.run() is None


def test_a_quota_spent_is_asked_once_and_never_again():
    """No retry after quotaExceeded: it would eat tomorrow's quota."""
    made = studio(1)
    made.refuse["playlistItems"] = refusal(p.RefusedError, "quotaExceeded")
    made.refuse["videos.xml"] = p.FetchError("404")
    night = Night(made)
    with pytest.raises(p.QuotaError):
        night.run()
    assert 1 == night.asked().count("playlistItems")


def test_a_rate_limit_is_tried_once_more():
    """rateLimitExceeded may pass: asked twice, then a transient failure."""
    made = studio(1)
    made.refuse["playlistItems"] = refusal(p.RefusedError, "rateLimitExceeded")
    night = Night(made)
    with pytest.raises(p.FetchError):
        night.run()
    assert 2 == night.asked().count("playlistItems")


@pytest.mark.parametrize(
    ("reason", "code"),
    [("keyInvalid", "key-invalid"), ("accessNotConfigured", "access-not-configured"), ("forbidden", "refused")],
)
def test_a_bad_key_is_the_operators_business(reason: str, code: str):
    """A wrong key, or one without the API, is refused with a hint, and no feed hides it."""
    made = studio(1)
    made.refuse["channels"] = refusal(p.RefusedError, reason)
    with pytest.raises(p.RefusedError) as caught:
        Night(made).run()
    assert code == caught.value.code
    assert p.Remedy.OPERATOR is caught.value.remedy


def test_google_rpc_reasons_are_read_too():
    """Newer errors carry the reason in ``details``."""
    body = json.dumps(
        {"error": {"code": 400, "errors": [{"reason": "badRequest"}], "details": [{"reason": "API_KEY_INVALID"}]}}
    )
    assert "API_KEY_INVALID" == _google.reason(body.encode())[0]
    assert ("", "") == _google.reason(b"<html>")
    assert ("", "") == _google.reason(b'{"error": "x"}')


def test_an_error_without_googles_reason_stays_what_it_was():
    """A broken connection is not translated."""
    made = studio(1)
    made.refuse["channels"] = p.FetchError("server-error", status=503)
    with pytest.raises(p.FetchError, match="server-error"):
        Night(made).run()


def test_without_a_key_the_feed_is_read_and_said_so():
    """No key: the Atom feed of the channel's id, with a warning; unchanged feeds end the night."""
    night = Night(studio(20), channel=CHANNEL, key=p.Secret("MOA_YOUTUBE_KEY"))
    fetched = night.run()
    assert fetched is not None
    assert 15 == len(list(youtube.parse(night.options, fetched)))
    assert "no-key" == fetched.warnings[0][0]
    assert [f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"] == [r.url for r in night.web.asked]
    assert night.run() is None


def test_without_a_key_a_handle_cannot_be_found():
    """The error names the variable and the way out."""
    with pytest.raises(p.RefusedError) as caught:
        Night(studio(1), key=p.Secret("MOA_YOUTUBE_KEY")).run()
    assert "MOA_YOUTUBE_KEY" in caught.value.hint


@pytest.mark.parametrize(
    "written",
    [CHANNEL, "@gaontv", f"https://www.youtube.com/channel/{CHANNEL}", "https://www.youtube.com/@gaontv/videos"],
)
def test_a_channel_may_be_written_in_four_ways(written: str):
    """Id, handle and both addresses lead to the same videos."""
    assert 3 == len(Night(studio(3), channel=written).titles())


@pytest.mark.parametrize(
    "options", [{}, {"channel": "gaontv"}, {"channel": "https://vimeo.example/x"}, {"playlists": ["x"]}]
)
def test_what_names_no_place_is_refused(options: dict[str, Any]):
    """An editor's mistake is told in Korean before the night."""
    with pytest.raises(ValidationError, match=r"쓰세요|있어야"):
        youtube.Options(**options)


def test_the_quota_day_ends_at_midnight_pacific():
    """Winter and summer: 08:00 and 07:00 UTC."""
    winter = _google.next_midnight(datetime(2026, 11, 22, 18, tzinfo=UTC))
    summer = _google.next_midnight(datetime(2026, 7, 1, 6, 59, tzinfo=UTC))
    assert (datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC)) == (winter, summer)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT45S", 45), ("PT1H2M3S", 3723), ("P1DT1S", 86401), ("P0D", None), ("", None), ("PT", None), ("45", None)],
)
def test_durations(text: str, seconds: int | None):
    """ISO 8601 durations in seconds; an unfinished or unreadable one is unknown."""
    assert seconds == _youtube_items.duration_s(text)
