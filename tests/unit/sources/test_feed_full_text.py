"""``full_text: true``: posts of which the feed tells the beginning are read on their own pages, a few a night."""

from __future__ import annotations

import json

import pytest

import pipeline.model as p
from sources import _feed_pages, feed
from tests.unit.sources.talk import Web, document

URL = "https://blog.gaon.example/rss.xml"
OPTIONS = feed.Options(url=URL, full_text=True)
BEGINNING = "가온시 배움터에서 겨울 학기를 준비했습니다. 이번 학기에는 모두 스무 개의..."
REST = "가온시 배움터에서 겨울 학기를 준비했습니다. 이번 학기에는 모두 스무 개의 강좌가 열리며 신청은 다음 주부터 받습니다."


class Blog:
    """A blog with a feed of summaries and a page for each post; ``down`` pages fail, ``asked`` lists what was read."""

    def __init__(self, *numbers: int, host: str = "https://blog.gaon.example") -> None:
        self.host = host
        self.titles = {n: f"겨울 학기 이야기 {n}" for n in numbers}
        self.down: dict[int, p.SourceError] = {}
        self.text = REST
        self.memo: p.Memo = {}
        self.web = Web(self.answer)

    def answer(self, request: p.Request) -> p.Document | p.SourceError:
        if request.url == URL:
            return document(URL, self.rss())
        assert p.Purpose.PAGE is request.purpose
        number = int(request.url.rsplit("/", 1)[-1])
        if number in self.down:
            return self.down[number]
        body = f'<div class="se-main-container"><p>{self.text}</p><img src="/{number}.jpg" alt="사진"></div>'
        return document(request.url, f"<!doctype html><html><body>{body}</body></html>", requested_url=request.url)

    def rss(self) -> str:
        items = "".join(
            f"<item><title>{title}</title><link>{self.host}/{n}</link><guid>{self.host}/{n}</guid>"
            f"<description>{BEGINNING}</description></item>"
            for n, title in self.titles.items()
        )
        return f'<rss version="2.0"><channel><title>가온</title><link>{self.host}/</link>{items}</channel></rss>'

    def night(self) -> dict[int, p.Item]:
        """Read once; return the told items by number."""
        fetched = self.web.run(feed.fetch(OPTIONS, self.memo))
        self.fetched = fetched
        if fetched is None:
            return {}
        self.memo = json.loads(json.dumps(dict(fetched.memo)))
        return {int(i.url.rsplit("/", 1)[-1]): i for i in feed.parse(OPTIONS, fetched)}

    @property
    def asked(self) -> list[str]:
        return [r.url.removeprefix(self.host) for r in self.web.asked]


def test_new_posts_come_with_their_whole_text():
    """The page's text replaces the beginning; pictures come along; a quiet night asks for the feed only."""
    blog = Blog(2, 1)
    told = blog.night()
    assert [REST in told[n].body for n in (1, 2)] == [True, True]
    assert ["/rss.xml", "/2", "/1"] == blog.asked
    assert told[1].image == p.Image(url="https://blog.gaon.example/1.jpg", alt="사진")
    assert {} == blog.night()
    assert ["/rss.xml"] == blog.asked


def test_only_new_and_edited_posts_are_read_again():
    """Known posts are carried; what the feed says anew of one reads its page once more."""
    blog = Blog(2, 1)
    blog.night()
    blog.titles = {3: "새 글", 2: "고친 제목", 1: blog.titles[1]}
    assert {3, 2} == blog.night().keys()
    assert ["/rss.xml", "/3", "/2"] == blog.asked
    assert 1 == blog.fetched.carried


def test_a_long_feed_is_read_a_part_a_night(monkeypatch: pytest.MonkeyPatch):
    """What is over tonight's measure comes with the feed's words, and with its text when its night has come."""
    monkeypatch.setattr(p.limits, "ARTICLES_PER_FEED", 2)
    blog = Blog(3, 2, 1)
    told = blog.night()
    assert [True, True, False] == [REST in told[n].body for n in (3, 2, 1)]
    assert BEGINNING in told[1].body
    told = blog.night()
    assert ({1}, True) == (told.keys(), REST in told[1].body)
    assert {} == blog.night()


def test_a_page_that_fails_is_asked_for_on_three_nights():
    """Then the feed's words must do, and nobody asks any more."""
    blog = Blog(1)
    blog.down[1] = p.RefusedError("robots")
    assert [BEGINNING in blog.night()[1].body for _night in range(3)] == [True] * 3
    assert ("page-failed", "robots") in blog.fetched.warnings
    assert {} == blog.night()
    assert ["/rss.xml"] == blog.asked


def test_an_edit_never_costs_the_text_that_was_read():
    """While the page fails, an edited post waits; given up, what its page said before still stands."""
    blog = Blog(1)
    blog.night()
    blog.titles[1] = "고친 제목"
    blog.down[1] = p.FetchError("503")
    assert [{}, {}] == [blog.night(), blog.night()]
    told = blog.night()[1]
    assert ("고친 제목", "", True) == (told.title, told.body, told.is_partial)


def test_a_site_that_is_down_is_left_alone():
    """Three failures in a row end the night's asking."""
    blog = Blog(*range(9, 0, -1))
    blog.down = {n: p.FetchError("503") for n in range(1, 10)}
    assert 9 == len(blog.night())
    assert 4 == len(blog.asked)


def test_a_page_that_says_less_than_the_feed_is_not_the_post():
    """A login wall or an empty shell does not replace what the feed told."""
    blog = Blog(1)
    blog.text = "로그인이 필요합니다."
    assert BEGINNING in blog.night()[1].body


def test_a_blog_whose_text_stands_elsewhere_is_read_there():
    """Naver shows a frame at a post's address; its text stands on the page for phones. The address for people stays."""
    blog = Blog(223456789012, host="https://blog.naver.com/gaonlearn")
    (told,) = blog.night().values()
    assert "https://m.blog.naver.com/gaonlearn/223456789012" == blog.web.asked[1].url
    assert ("https://blog.naver.com/gaonlearn/223456789012", True) == (told.url, REST in told.body)
    assert "naver:gaonlearn:223456789012" == told.key
    assert "https://blog.gaon.example/1" == _feed_pages.page_of("https://blog.gaon.example/1")


def test_what_is_no_feed_is_named_as_ever():
    """No page is asked for, and parse says what came instead."""
    web = Web(lambda request: document(request.url, "<!doctype html><html><body>점검</body></html>"))
    fetched = web.run(feed.fetch(OPTIONS, {}))
    assert fetched is not None
    assert 1 == len(web.asked)
    with pytest.raises(p.ShapeError):
        list(feed.parse(OPTIONS, fetched))


def test_a_saved_feed_is_read_without_pages():
    """``moa source test --page`` has no night behind it."""
    blog = Blog(2, 1)
    items = list(feed.parse(OPTIONS, p.Fetched(documents=(document(URL, blog.rss()),))))
    assert [BEGINNING] * 2 == [item.body for item in items]
