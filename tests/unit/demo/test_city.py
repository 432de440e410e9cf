"""The practice city over real loopback HTTP, read by the project it writes."""

import http.client
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from urllib.parse import urlsplit

import pytest

import pipeline.model as p
from pipeline.collect.normalize import normalize
from pipeline.demo import City, pictures, project, serve
from pipeline.demo.stories import PLACES
from pipeline.registry import Registry
from pipeline.settings import load

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
KEY = {"MOA_YOUTUBE_KEY": "practice"}


@pytest.fixture
def city():
    with serve(NOW) as running:
        yield running


@pytest.fixture
def settings(city: City, tmp_path) -> p.Settings:
    project(tmp_path, city.url, NOW)
    return load(tmp_path, environment=KEY, registry=Registry())


def get(
    city: City, url: str, headers: dict[str, str] | None = None, timeout_s: float = 10.0, body: bytes | None = None
):
    parts = urlsplit(url)
    link = http.client.HTTPConnection(city.host, city.port, timeout=timeout_s)
    try:
        where = parts.path + (f"?{parts.query}" if parts.query else "")
        link.request("GET" if body is None else "POST", where, body=body, headers=headers or {})
        answer = link.getresponse()
        return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
    finally:
        link.close()


def collected(city: City, spec: p.SourceSpec, memo: p.Memo | None = None) -> tuple[list[p.Entry], p.Fetched | None]:
    """Play the night's loop for one source over http.client."""
    plugin = Registry().source(spec.kind)
    talk = plugin.fetch(spec.options, memo or {})
    try:
        request = next(talk)
        while True:
            status, headers, body = get(city, request.url, dict(request.headers), body=request.body)
            if status >= 400:
                error = {404: p.GoneError(str(status)), 403: p.RefusedError(str(status))}.get(
                    status, p.FetchError(str(status))
                )
                error.status, error.body = status, body
                request = talk.throw(error)
                continue
            media_type, _, charset = headers.get("content-type", "").partition("; charset=")
            request = talk.send(
                p.Document(
                    url=request.url, requested_url=request.url, media_type=media_type, charset=charset, body=body,
                    body_hash=blake2b(body, digest_size=16).hexdigest(), fetched_at=NOW,
                )
            )  # fmt: skip
    except StopIteration as end:
        fetched = end.value
    if fetched is None:
        return [], None
    return normalize(plugin.parse(spec.options, fetched), spec, now=NOW).entries, fetched


def source(settings: p.Settings, name: str) -> p.SourceSpec:
    return next(spec for spec in settings.sources if spec.id == name)


def test_the_project_it_writes_has_no_mistake(settings: p.Settings) -> None:
    """Every source of the practice project is complete: nothing disabled, nothing noted."""
    assert [q.message for q in settings.problems] == []
    assert len(settings.sources) == 8


def test_every_place_tells_all_its_posts(city: City, settings: p.Settings) -> None:
    """What the city holds is what the sources bring: no post lost, dated and linked."""
    places = {
        "institute-notice": "board-a", "hall-news": "board-b", "library-notice": "board-c", "institute-course": "courses",
        "institute-portal": "gseek", "institute-blog": "naver", "library-blog": "tistory", "institute-youtube": "youtube",
    }  # fmt: skip
    total = 0
    for name, place in places.items():
        entries, _fetched = collected(city, source(settings, name))
        told = {
            (entry.title, entry.published.at if entry.published and entry.published.has_time else None)
            for entry in entries
        }
        assert {title for title, _at in told} == {post.title for post in city.posts[place]}
        assert all(entry.url_hash and (entry.published or place == "gseek") for entry in entries), name
        total += len(entries)
    assert total >= 40


def test_articles_come_with_their_text(city: City, settings: p.Settings) -> None:
    """Boards' own pages are read: body, picture, file and department are there."""
    entries, _fetched = collected(city, source(settings, "hall-news"))
    feast = next(entry for entry in entries if "축제" in entry.title)
    assert "배우고 나눈 한 해" in feast.text
    assert (feast.department, feast.attachments[0].name) == ("평생학습과", "축제_일정표.pdf")
    assert feast.image == p.Image(url=f"{city.url}/media/cover/festival.png", alt=feast.title)


def test_one_story_stands_in_several_places(city: City, settings: p.Settings) -> None:
    """A blog post names the notice it repeats and the video it shows; a video names the notice."""
    notice = city.address("board-a", "342")
    blog, _fetched = collected(city, source(settings, "institute-blog"))
    videos, _fetched = collected(city, source(settings, "institute-youtube"))
    walk = next(entry for entry in blog if "길 위의 문장들" in entry.title)
    assert {notice, "https://www.youtube.com/watch?v=nb-walk-012"} <= set(walk.links)
    assert notice in next(entry for entry in videos if entry.key == "nb-walk-012").links


def test_course_states_follow_the_clock(city: City, settings: p.Settings) -> None:
    """Open, closing, not yet and over are all there, whatever day the city stands on."""
    for days in (0, 40, 400):
        with serve(NOW + timedelta(days=days)) as later:
            words = {post.facts["status"] for post in later.posts["courses"]}
        assert words == {"접수중", "마감임박", "접수예정", "접수마감", "교육종료"}
    entries, _fetched = collected(city, source(settings, "institute-course"))
    states = {entry.title: entry.course.status for entry in entries if entry.course}
    assert states["처음 배우는 생활 통기타"] is p.CourseStatus.OPEN
    assert states["주말 목공방 작은 의자 만들기"] is p.CourseStatus.SCHEDULED
    photo = next(entry for entry in entries if entry.title.startswith("스마트폰"))
    assert photo.course is not None
    assert (photo.course.apply_until_at, photo.course.capacity, photo.course.applied, photo.course.place) == (
        datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
        20,
        7,
        "평생학습원 301호",
    )


def test_the_same_moment_gives_the_same_city(city: City) -> None:
    """Two cities of one moment differ in their port only."""
    paths = (
        "/a/bbs/board.php?bo_table=notice",
        "/c/board/list.asp",
        "/lecture/list.do",
        "/library/rss",
        "/rss/neulbom-learn.xml",
    )
    with serve(NOW) as twin:
        for path in paths:
            ours, theirs = get(city, city.url + path)[2], get(twin, twin.url + path)[2]
            assert ours.replace(city.url.encode(), b"") == theirs.replace(twin.url.encode(), b"")


def test_googles_own_client_is_answered(city: City) -> None:
    """google-api-python-client, pointed at the city, finds channel, uploads and videos."""
    from googleapiclient.discovery import build

    service = build(
        "youtube", "v3", developerKey="practice", static_discovery=True, cache_discovery=False,
        client_options={"api_endpoint": city.url + "/"},
    )  # fmt: skip
    try:
        channel = service.channels().list(part="contentDetails,snippet", forHandle="@neulbom-learn").execute()
        uploads = channel["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
        pages = service.playlistItems()
        asked, ids = pages.list(part="snippet,contentDetails", playlistId=uploads, maxResults=4), []
        while asked is not None:
            answer = asked.execute()
            ids += [item["contentDetails"]["videoId"] for item in answer["items"]]
            asked = pages.list_next(asked, answer)
        videos = service.videos().list(part="snippet,contentDetails,liveStreamingDetails", id=",".join(ids)).execute()
    finally:
        service.close()
    assert ids == [post.id for post in city.posts["youtube"]]
    live = next(video for video in videos["items"] if video["id"] == "nb-live-004")
    assert (live["snippet"]["liveBroadcastContent"], live["contentDetails"]["duration"]) == ("upcoming", "P0D")


def test_known_pages_are_304(city: City) -> None:
    """ETag for what has one; the old board has no validators at all."""
    url = city.url + "/a/bbs/board.php?bo_table=notice"
    status, headers, _body = get(city, url)
    assert status == 200
    assert parsedate_to_datetime(headers["last-modified"]) <= NOW
    assert get(city, url, {"If-None-Match": headers["etag"]})[::2] == (304, b"")
    city.add("board-a", "새로 올린 글")
    assert get(city, url, {"If-None-Match": headers["etag"]})[0] == 200
    assert not {"etag", "last-modified"} & get(city, city.url + "/c/board/list.asp")[1].keys()


@pytest.mark.parametrize("place", PLACES)
def test_a_new_post_is_the_next_nights_only_news(city: City, settings: p.Settings, place: str) -> None:
    """After one night, one added post is one item in every kind of place."""
    names = dict(zip(PLACES, ("institute-notice", "hall-news", "library-notice", "institute-course",
                              "institute-portal", "institute-blog", "library-blog", "institute-youtube"), strict=True))  # fmt: skip
    spec = source(settings, names[place])
    _entries, first = collected(city, spec)
    city.add(place, "방금 올라온 소식", body="새로운 배움이 열립니다.")
    entries, second = collected(city, spec, first.memo if first else {})
    assert second is not None
    assert "방금 올라온 소식" in [entry.title for entry in entries]
    assert len(entries) == 1 or (place == "youtube" and len(entries) == 2)  # the upcoming live is always looked at


@pytest.mark.parametrize(
    ("place", "how", "expected"),
    [
        ("institute-notice", "500", p.FetchError),
        ("institute-notice", "404", p.GoneError),
        ("hall-news", "container-missing", p.ShapeError),
        ("library-notice", "login", p.ShapeError),
        ("institute-course", "container-missing", p.ShapeError),
        ("institute-portal", "login", p.ShapeError),
        ("institute-portal", "500", p.FetchError),
    ],
)
def test_a_broken_place_fails_as_asked_and_mends(
    city: City, settings: p.Settings, place: str, how: str, expected: type[Exception]
) -> None:
    """Each fault is the error the night will report; mended, the place reads as before."""
    spot = {
        "institute-notice": "board-a",
        "hall-news": "board-b",
        "library-notice": "board-c",
        "institute-course": "courses",
        "institute-portal": "gseek",
    }
    city.break_(spot[place], how)
    with pytest.raises(expected):
        collected(city, source(settings, place))
    city.mend(spot[place])
    assert collected(city, source(settings, place))[0]


@pytest.mark.parametrize(
    "place", ["institute-notice", "hall-news", "library-notice", "institute-course", "institute-portal", "library-blog"]
)
def test_an_emptied_place_is_empty_not_broken(city: City, settings: p.Settings, place: str) -> None:
    """A list without rows is a list: no error, no items."""
    for spot in PLACES:
        city.break_(spot, "empty")
    assert collected(city, source(settings, place))[0] == []


def test_a_spent_quota_is_googles_403(city: City, settings: p.Settings) -> None:
    """The API refuses, the feed still answers."""
    city.break_("youtube", "quota")
    status, _headers, body = get(city, city.url + "/youtube/v3/videos?id=x", {"X-Goog-Api-Key": "practice"})
    assert (status, b"quotaExceeded" in body) == (403, True)
    spec = source(settings, "institute-youtube")
    by_id = replace(spec, options=spec.options.model_copy(update={"channel": "UCneulbom0learn0practice"}))
    assert len(collected(city, by_id)[0]) == len(city.posts["youtube"])


def test_a_slow_place_answers_too_late(city: City) -> None:
    """Nothing comes within a reader's patience, and the city can still be stopped at once."""
    city.break_("board-b", "slow")
    with pytest.raises(TimeoutError):
        get(city, city.url + "/b/cop/bbs/selectBoardList.do", timeout_s=0.2)


def test_an_edit_shows_in_list_and_article(city: City, settings: p.Settings) -> None:
    """A changed deadline reaches the next night's reader."""
    spec = source(settings, "institute-course")
    _entries, first = collected(city, spec)
    city.edit("courses", "731", facts={"status": "폐강"})
    entries, _fetched = collected(city, spec, first.memo if first else {})
    assert [(entry.key, entry.course.status if entry.course else None) for entry in entries] == [
        ("731", p.CourseStatus.CANCELLED)
    ]


def test_an_unknown_place_is_named() -> None:
    """A test that breaks a place which is not there hears it."""
    with serve(NOW) as running, pytest.raises(ValueError, match="no such place: board-z"):
        running.break_("board-z", "500")


def test_covers_are_real_pictures() -> None:
    """A whole PNG of 800 by 400 with its checksums, the same for the same name."""
    body = pictures.cover("walk")
    assert body == pictures.cover("walk") != pictures.cover("books")
    at, pixels, names = 8, b"", []
    while at < len(body):
        (size,) = struct.unpack(">I", body[at : at + 4])
        kind, inside = body[at + 4 : at + 8], body[at + 8 : at + 8 + size]
        assert struct.unpack(">I", body[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + inside)
        names.append(kind)
        pixels += inside if kind == b"IDAT" else b""
        at += 12 + size
    assert names == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert len(zlib.decompress(pixels)) == 400 * 801


def test_nothing_but_loopback_is_served(city: City) -> None:
    """The city listens where nobody else can hear it, and asks robots to stay out of one folder only."""
    assert city.url.startswith("http://127.0.0.1:")
    assert b"Disallow: /admin/" in get(city, city.url + "/robots.txt")[2]
    assert get(city, city.url + "/nowhere")[0] == 404
