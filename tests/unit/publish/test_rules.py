"""The exact rules: what joins two entries, and above all what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

import pipeline.model as p
from pipeline.publish.rules import joins, title_key
from tests.factories import NIGHT, course, entry, said

TITLE = "가온시 겨울 인문학 강연 참여 안내"


def reasons(*entries: p.Entry) -> list[str]:
    return [join.reason for join in joins(entries)]


def test_one_page_given_by_two_sources_is_one_thing():
    """The same canonical address in two sources joins, the older entry first."""
    old = entry("1", title="가", url="https://a.example/x", first_seen_at=NIGHT - timedelta(days=1))
    new = entry("2", title="나", url="http://www.a.example/x", source_id="portal")
    assert joins([new, old]) == (p.Join(a=old.id, b=new.id, reason="same-url"),)


def test_an_address_shared_by_items_of_one_source_names_none_of_them():
    """A feed whose items all carry the home page must not become one story (rss2email 111)."""
    url = "https://a.example/"
    assert (
        reasons(
            entry("1", url=url, title="가"),
            entry("2", url=url, title="나"),
            entry("3", url=url, title="다", source_id="x"),
        )
        == []
    )


@pytest.mark.parametrize("kind", [p.Kind.NOTICE, p.Kind.COURSE, p.Kind.EVENT])
def test_a_post_that_links_to_one_notice_announces_it(kind: p.Kind):
    """A blog post with one link to a notice, course or event is about that."""
    notice = entry("1", kind=kind)
    post = entry(
        "2", kind=p.Kind.POST, source_id="blog", title="놀러 오세요", links=(notice.url, "https://else.example/")
    )
    assert reasons(notice, post) == ["links-to"]


def test_the_same_video_by_any_of_its_addresses_is_embedded():
    """A post that embeds a video under its short address is about the video."""
    video = entry(
        "v", kind=p.Kind.VIDEO, url="https://www.youtube.com/watch?v=abcdefghijk", source_id="tube", title="영상"
    )
    post = entry("2", kind=p.Kind.POST, source_id="blog", title="글", links=("https://youtu.be/abcdefghijk",))
    assert reasons(video, post) == ["embeds-video"]


def test_a_round_up_announces_none_of_its_links():
    """A weekly post with links to two notices joins neither; its one video still is its own."""
    notices = [entry(str(n), title=f"공지 {n}") for n in range(2)]
    video = entry("v", kind=p.Kind.VIDEO, source_id="tube", title="영상")
    post = entry("9", kind=p.Kind.POST, source_id="blog", title="모음", links=(*(n.url for n in notices), video.url))
    assert reasons(*notices, video, post) == ["embeds-video"]


def test_a_link_in_every_footer_is_no_announcement():
    """Three posts of one blog with the same link: boilerplate."""
    notice = entry("1")
    posts = [entry(f"p{n}", kind=p.Kind.POST, source_id="blog", title=f"글 {n}", links=(notice.url,)) for n in range(3)]
    assert reasons(notice, *posts) == []


def test_a_link_to_itself_or_to_its_own_kind_joins_nothing():
    """A notice pointing to an earlier notice, a video to the last one, a post to itself: separate things."""
    one, two = entry("1", title="가"), entry("2", title="나", links=("https://notice.gaon.example/view/1",))
    v1 = entry("v1", kind=p.Kind.VIDEO, source_id="tube", title="다")
    v2 = entry(
        "v2", kind=p.Kind.VIDEO, source_id="tube", title="라", links=(v1.url, "https://tube.gaon.example/view/v2")
    )
    assert reasons(one, two, v1, v2) == []


@pytest.mark.parametrize(
    "title", ["인문학 강연 후기", "강연 참여자 선정 결과", "추가 모집 안내", "2차 모집", "사업 설명회"]
)
def test_a_later_stage_is_not_the_announcement_it_links_to(title: str):
    """Reviews, results, second calls and briefings link to the notice and stay stories of their own."""
    post = entry("2", kind=p.Kind.POST, source_id="blog", title=title, links=("https://notice.gaon.example/view/1",))
    assert reasons(entry("1", title="겨울 인문학 강연"), post) == []


def test_a_post_long_after_the_notice_looks_back():
    """A link from a post more than a month later is not its announcement."""
    post = entry(
        "2",
        kind=p.Kind.POST,
        source_id="blog",
        title="글",
        links=("https://notice.gaon.example/view/1",),
        published=said(NIGHT + timedelta(days=40)),
    )
    assert reasons(entry("1"), post) == []


def test_same_title_of_one_agency_within_a_week():
    """Two media of one agency with one title within seven days are one thing; spaces and punctuation do not matter."""
    one = entry("1", title=TITLE)
    two = entry(
        "2", title="[가온시] 겨울인문학 강연, 참여안내!", source_id="blog", published=said(NIGHT - timedelta(days=6))
    )
    assert reasons(one, two) == ["same-title"]


@pytest.mark.parametrize(
    "other",
    [
        {"agency": "나래시"},
        {"published": said(NIGHT - timedelta(days=9))},
        {"title": TITLE + " 2차"},
        {"title": TITLE.replace("안내", "안내 1, 2")},
    ],
    ids=["agency", "days", "round", "digits"],
)
def test_what_differs_in_agency_time_or_number_stays_apart(other: dict):
    """Another agency, more than a week, another round: other things."""
    assert reasons(entry("1", title=TITLE), entry("2", **({"title": TITLE, "source_id": "blog"} | other))) == []


def test_a_weekly_series_of_one_source_stays_a_series():
    """One source repeating its title a week later starts a new story; a repost after days does not."""
    first = entry("1", title=TITLE)
    assert reasons(first, entry("2", title=TITLE, published=said(NIGHT + timedelta(days=6)))) == []
    assert reasons(first, entry("2", title=TITLE, published=said(NIGHT + timedelta(days=3)))) == ["same-title"]


def test_two_rows_of_one_course_list_are_two_sessions():
    """Equal titles in one course list are two courses; in two lists they are one if their dates agree."""
    one = entry("1", title=TITLE, kind=p.Kind.COURSE, source_id="courses")
    assert reasons(one, entry("2", title=TITLE, kind=p.Kind.COURSE, source_id="courses")) == []
    assert reasons(one, entry("2", title=TITLE, kind=p.Kind.COURSE, source_id="portal")) == ["same-title"]
    later = course(starts_on=None, apply_until_at=NIGHT)
    assert reasons(one, entry("2", title=TITLE, kind=p.Kind.COURSE, source_id="portal", course=later)) == []


@pytest.mark.parametrize(
    "title", ["휴관 안내", "2026년 2학기 수강생 모집 안내", "프로그램 접수 결과 발표 공고", "채용 공고 (제3차)"]
)
def test_a_title_too_short_or_too_general_tells_nothing(title: str):
    """Generic titles recur everywhere and join nothing."""
    assert title_key(title) is None


def test_signs_that_make_a_name_are_kept():
    """C++ is not C, and 1·2차 is not 12차."""
    assert title_key("C++ 프로그래밍 기초반") != title_key("C 프로그래밍 기초반")
    assert title_key("인문학 산책 1, 2부") != title_key("인문학 산책 12부")


def test_an_entry_without_dates_or_address_joins_nothing_by_accident():
    """Entries from outside the store (no first-seen, no address) are compared without failing."""
    bare = {"url": "", "published": None, "first_seen_at": None}
    assert reasons(entry("1", title="가", **bare), entry("2", title="나", **bare)) == []
