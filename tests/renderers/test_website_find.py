"""Finding in the reader's browser: Korean words whatever their spacing, filters that the address carries, sharing, players."""

from __future__ import annotations

from datetime import datetime

import pytest

import pipeline.model as p
from renderers import _links, _segments, website
from tests.renderers.digest import INSTITUTE, SMARTPHONE, VIDEO_TEACHER, digest, entry, story


def render(made: p.Digest) -> dict[str, p.Artifact]:
    return {a.path: a for a in website.render(website.Options(), made) if isinstance(a, p.Artifact)}


def many(count: int) -> list[p.Story]:
    return [
        story(f"s{n}", entry(f"k{n}", "blog", p.Kind.POST, f"소식 {n}", text="배움터에서 알립니다." * (n % 7)))
        for n in range(count)
    ]


def asked(page) -> list[str]:
    """Titles found, once the page has said how many."""
    page.wait_for_function("() => /건을 찾았|없습니다/.test(document.querySelector('[data-found]').textContent)")
    return page.locator("[data-rows] .row__title").all_inner_texts()


@pytest.mark.slow
@pytest.mark.parametrize("fresh", [0, _segments.FRESH])
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("스마트폰 활용", SMARTPHONE.primary.title),
        ("활용교실", SMARTPHONE.primary.title),  # other spacing than the title's
        ("기차표", SMARTPHONE.primary.title),  # stands in the text only
        ("차표 예매", SMARTPHONE.primary.title),  # a part of a word
        ("손안의 세상", SMARTPHONE.primary.title),  # another place's title of the same story
        ("배움로 평생학습관 201호", SMARTPHONE.primary.title),  # where it is held
        ("밤", "작가와 만나는 밤: 『느린 우체통』 북콘서트"),  # one letter
        ("pdf 없는말", ""),
    ],
)
def test_words_find_stories(visit, monkeypatch, words, title, fresh):
    """A word is found in titles, texts and facts, in parts of words, whatever the spacing; all words must be there."""
    monkeypatch.setattr(_segments, "FRESH", fresh)  # by pairs of letters, and by whole texts
    visit._files = render(digest())
    found = asked(visit(f"find.html?q={words}"))
    assert (title in found) if title else found == []
    assert visit.complaints == []


@pytest.mark.slow
def test_a_title_that_says_it_comes_first(visit):
    """What names the words in its title stands before what only mentions them."""
    found = asked(visit("find.html?q=스마트폰"))
    assert found[0] == SMARTPHONE.primary.title


@pytest.mark.slow
def test_filters_are_carried_by_the_address(visit):
    """Choosing changes the list, the spoken count and the address; the address alone shows the same list again."""
    page = visit("find.html")
    everything = asked(page)
    page.select_option("[name=topic]", "디지털")
    page.wait_for_function("() => location.search.includes('topic')")
    page.select_option("[name=status]", "open")
    page.wait_for_function("() => location.search.includes('status')")
    found = asked(page)
    assert found == ["어르신 스마트폰 활용 교실(기초) 12월 수강생 모집", "겨울방학 어린이 코딩 놀이터"]
    assert len(everything) > len(found)
    assert page.locator("[data-found]").get_attribute("role") == "status"
    assert page.locator("[data-found]").inner_text() == "소식 2건을 찾았습니다."
    again = visit(page.url.removeprefix(f"{INSTITUTE.site_url}/"))
    assert asked(again) == found
    assert again.locator("[name=topic]").input_value() == "디지털"
    again.locator("button[type=reset]").click()
    again.wait_for_function("() => !location.search")
    assert asked(again) == everything


@pytest.mark.slow
def test_what_is_open_is_asked_of_the_readers_clock(visit):
    """A course that closed after the site was made is not among those one can apply for."""
    title = SMARTPHONE.primary.title
    assert title in asked(visit("find.html?status=open", at="2026-11-25T17:59:00+09:00"))
    assert title not in asked(visit("find.html?status=open", at="2026-11-25T18:00:00+09:00"))
    assert title in asked(visit("find.html?status=closed", at="2026-11-25T18:00:00+09:00"))
    assert "내 삶을 쓰는 글쓰기: 한 사람, 한 권의 책" in asked(visit("find.html?status=soon"))


@pytest.mark.slow
def test_other_filters(visit):
    """Agency, kind and level choose what they say; an address that names what is gone shows everything."""
    assert len(asked(visit("find.html?kind=video"))) == 3
    assert asked(visit("find.html?level=처음 배우는 분")) == [SMARTPHONE.primary.title]
    assert asked(visit("find.html?agency=가온시보건소")) == ["퇴근 뒤 허리 튼튼 교실"]
    assert len(asked(visit("find.html?topic=없어진 주제"))) > 10


@pytest.mark.slow
def test_news_of_other_years_says_so(visit):
    """A list that goes through years names the year where it is not the reader's."""
    days = {2024: "2024-03-05", 2026: "2026-11-05"}
    stories = [
        story(f"y{year}", entry(f"y{year}", "blog", p.Kind.POST, f"{year}년 소식", published=stated(day)))
        for year, day in days.items()
    ]
    visit._files = render(digest(sections=(), library=tuple(stories)))
    page = visit("find.html?q=소식")
    assert sorted(asked(page)) == ["2024년 소식", "2026년 소식"]
    shown = page.locator("[data-rows] time").all_inner_texts()
    assert sorted(shown) == ["11.5.", "2024.\n3.5."]


def stated(day: str) -> p.DateFact:
    return p.DateFact(at=datetime.fromisoformat(f"{day}T09:00:00+09:00"), raw=day, method="iso8601")


@pytest.mark.slow
def test_finding_works_from_a_folder(browser, city, tmp_path):
    """The site searches when it is opened from a disk, without any server."""
    for artifact in city.values():
        path = tmp_path / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    page = browser.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.fill("#seek", "기차표")
    page.press("#seek", "Enter")
    page.wait_for_url("**/find.html?q=*")
    assert asked(page) == [SMARTPHONE.primary.title]
    page.close()


@pytest.mark.slow
def test_no_reader_meets_youtube_unasked(visit):
    """Before the press nothing of YouTube is asked for; after it the player without cookies takes the picture's place."""
    path = _links.story_path(VIDEO_TEACHER.id)
    made = story("tube", entry("t", "youtube", p.Kind.VIDEO, "영상", url="https://www.youtube.com/watch?v=abcDEF_1234"))
    visit._files = visit._files | render(digest(sections=(), library=(made,)))
    page = visit(_links.story_path("tube"))
    assert not [url for url in visit.asked if "youtube" in url or "ytimg" in url]
    page.locator("[data-tube] a").click()
    frame = page.locator("iframe")
    assert frame.get_attribute("src").startswith("https://www.youtube-nocookie.com/embed/abcDEF_1234?")
    assert frame.get_attribute("title") == "영상 재생 화면"
    assert "youtube" not in visit(path).content().split("</head>")[0]  # a page without a player may hold no frame


@pytest.mark.slow
def test_the_link_of_a_story_is_copied(visit):
    """Copying takes the canonical address and says so to screen readers."""
    page = visit(_links.story_path(SMARTPHONE.id), permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy] button").click()
    page.wait_for_function("() => document.querySelector('[data-said]').textContent === '주소를 복사했습니다.'")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"{INSTITUTE.site_url}/{_links.story_path(SMARTPHONE.id)}"


@pytest.mark.slow
@pytest.mark.parametrize(("asks", "rows"), [("", 10), ("?count=3", 3), ("?list=closing&count=2", 2)])
def test_a_frame_shows_what_was_asked_for(visit, asks, rows):
    """The embedded list keeps to the number and the list its page asks for."""
    page = visit(f"embed.html{asks}")
    assert page.locator(".row:visible").count() == rows
    assert page.locator("h1").count() == 1
