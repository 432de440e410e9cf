"""``kind: feed`` where a web page stands instead of a feed, beside it, or is one for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

import pipeline.model as p
from sources import _feed_ld, _feed_read, feed
from tests.unit.sources.talk import Web, document

URL = "https://www.gaon.example/news"


def read_page(body: str, url: str = "https://www.gaon.example/blog") -> p.ShapeError:
    with pytest.raises(p.ShapeError) as caught:
        _feed_read.read(document(url, body))
    return caught.value


def test_a_page_instead_of_a_feed_names_its_feeds():
    """An editor who wrote the blog's own address reads which address to write instead."""
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    error = read_page(f"<!doctype html><html><head><title>가온 블로그</title>{link}</head><body>글</body></html>")
    assert "가온 블로그" in error.message
    assert "https://www.gaon.example/rss.xml" in error.message
    assert "https://www.gaon.example/rss.xml" in error.hint


def test_a_blog_known_by_its_address_needs_to_name_nothing():
    """A script-drawn blog page tells its feed by its address."""
    error = read_page("<!doctype html><html><body><script></script></body></html>", "https://blog.naver.com/gaoncity")
    assert "https://rss.blog.naver.com/gaoncity.xml" in error.hint


def test_a_page_without_feeds_or_one_that_names_itself_has_no_such_advice():
    """No advice is better than one that leads back here; a login or maintenance page is named as what it is."""
    link = '<link rel="alternate" type="application/rss+xml" href="https://www.gaon.example/blog">'
    assert "" == read_page("<!doctype html><html><body>안내</body></html>").hint
    assert "" == read_page(f"<!doctype html><html><head>{link}</head><body>안내</body></html>").hint
    assert "점검" in read_page(f"<!doctype html><html><head>{link}</head><body>서비스 점검 중</body></html>").message


@pytest.mark.parametrize(
    "address",
    [
        "https://blog.naver.com/gaonlearn/223456789012",
        "https://blog.naver.com/gaonlearn/223456789012?fromRss=true&amp;trackingCode=rss",
        "https://blog.naver.com/PostView.naver?blogId=gaonlearn&amp;logNo=223456789012",
        "http://m.blog.naver.com/gaonlearn/223456789012",
        "https://gaonlearn.blog.me/223456789012",
    ],
)
@pytest.mark.parametrize("guid", [True, False], ids=["guid", "link only"])
def test_a_naver_post_is_one_post_whatever_its_address(address: str, guid: bool):
    """The blog's own number names it, so that no form of address announces it again (korea rule 2)."""
    named = f"<guid>{address}</guid>" if guid else ""
    body = f"<rss version='2.0'><channel><item><title>글</title><link>{address}</link>{named}</item></channel></rss>"
    (item,) = feed.parse(feed.Options(url=URL), p.Fetched(documents=(document(URL, body),)))
    assert "naver:gaonlearn:223456789012" == item.key


LD = feed.Options(url=URL, structured_data=True)


def page(*blocks: Any, around: str = "") -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b, ensure_ascii=False)}</script>'
        for b in blocks
    )
    return f"<!doctype html><html><head><title>가온 소식</title>{scripts}{around}</head><body>글</body></html>"


def ld(*blocks: Any, options: feed.Options = LD) -> list[p.Item]:
    return list(feed.parse(options, p.Fetched(documents=(document(URL, page(*blocks)),))))


def post(number: int, **more: Any) -> dict[str, Any]:
    return {"@type": "BlogPosting", "headline": f"가온 소식 {number}", "url": f"/news/{number}", **more}


LISTS: dict[str, list[Any]] = {
    "item list of things": [
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": n, "item": post(n)} for n in (1, 2)]}
    ],
    "item list of addresses": [
        {
            "@context": "https://schema.org",
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "name": f"가온 소식 {n}", "url": f"/news/{n}"} for n in (1, 2)],
        }
    ],
    "graph": [{"@graph": [{"@type": "WebSite", "name": "가온", "url": "/"}, post(1), post(2)]}],
    "blog": [{"@type": "Blog", "name": "가온 블로그", "url": "/news", "blogPost": [post(1), post(2)]}],
    "collection": [{"@type": "CollectionPage", "name": "소식", "url": "/news", "mainEntity": {"@type": "ItemList", "itemListElement": [post(1), post(2)]}}],
    "array": [[post(1), post(2)]],
    "blocks": [post(1), post(2)],
    "references": [{"@graph": [{"@type": "ItemList", "itemListElement": [{"@id": "#1"}, {"@id": "#2"}]}, post(1, **{"@id": "#1"}), post(2, **{"@id": "#2"})]}],
    "wrapped": [f"<!-- {json.dumps([post(1), post(2)])} -->", f"//<![CDATA[\n{json.dumps([post(2)])}\n//]]>"],
    "types": [[post(1, **{"@type": ["Article", "schema:NewsArticle"]}), post(2, **{"@type": "http://schema.org/Article"})]],
}  # fmt: skip


@pytest.mark.parametrize("blocks", LISTS.values(), ids=LISTS)
def test_every_way_to_list_articles_is_read(blocks: list[Any]):
    """Lists, graphs, blogs, arrays and references give the same two articles, each once, in order."""
    told = [(item.title, item.url) for item in ld(*blocks)]
    assert [(f"가온 소식 {n}", f"https://www.gaon.example/news/{n}") for n in (1, 2)] == told


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        ["{ not json"],
        [post(1)],
        [{"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": n, "item": f"/{n}"} for n in "ab"]}],
        [{"@type": "Organization", "name": "가온시", "url": "/"}, {"@type": "WebSite", "name": "가온", "url": "/"}],
        ["[" * 5000],
    ],
    ids=["nothing", "broken", "one article", "breadcrumbs", "the house itself", "deep"],
)  # fmt: skip
def test_a_page_that_lists_nothing_is_no_empty_list(blocks: list[Any]):
    """No list and an empty list never look alike."""
    with pytest.raises(p.ShapeError) as caught:
        ld(*blocks)
    assert "container-missing" == caught.value.code
    assert [] == ld({"@type": "ItemList", "itemListElement": []})


def test_an_article_says_what_it_is():
    """Dates, author, picture, words and tags come along; the editor's kind wins."""
    one = post(
        1,
        datePublished="2026-11-20T10:00:00+09:00",
        dateModified="2026-11-21",
        author=[{"@type": "Person", "name": "김가온"}],
        image={"@type": "ImageObject", "url": "/a.jpg"},
        description="짧은 말",
        articleBody="<p>긴 말</p>",
        keywords="배움, 나눔",
    )
    item = ld([one, post(2)])[0]
    assert ("2026-11-20T10:00:00+09:00", "2026-11-21") == (
        item.published and item.published.text,
        item.updated and item.updated.text,
    )
    assert ("김가온", "짧은 말", "<p>긴 말</p>", ("배움", "나눔")) == (item.author, item.lead, item.body, item.tags)
    assert item.image == p.Image(url="/a.jpg")
    assert p.Kind.POST is item.kind
    assert (
        p.Kind.NOTICE
        is ld([one, post(2)], options=feed.Options(url=URL, structured_data=True, **{"as": "notice"}))[0].kind
    )


def test_events_and_courses_tell_their_days_and_terms():
    """What citizens must know stands in schema.org's own fields."""
    event = {
        "@type": "Event", "name": "가온 책 잔치", "url": "/e/1", "startDate": "2026-12-05T01:00:00Z", "endDate": "2026-12-06",
        "location": {"@type": "Place", "name": "가온 도서관"}, "offers": {"price": "0"},
        "eventStatus": "https://schema.org/EventCancelled",
    }  # fmt: skip
    course = {
        "@type": "Course", "name": "생활 도예", "url": "/c/1", "provider": {"name": "가온 배움터"},
        "hasCourseInstance": [{"@type": "CourseInstance", "courseMode": "onsite", "startDate": "2026-12-01", "endDate": "2026-12-22",
                               "maximumAttendeeCapacity": 15}],
        "offers": [{"price": 30000, "priceCurrency": "KRW", "availabilityStarts": "2026-11-20T09:00:00+09:00",
                    "availabilityEnds": "2026-11-27T18:00:00+09:00"}],
    }  # fmt: skip
    first, second = ld([event, course])
    assert (p.Kind.EVENT, p.Kind.COURSE) == (first.kind, second.kind)
    assert first.course == p.RawCourse(teach="2026-12-05 ~ 2026-12-06", status="취소", fee="무료", place="가온 도서관")
    assert second.course == p.RawCourse(
        apply="2026-11-20 09:00 ~ 2026-11-27 18:00", teach="2026-12-01 ~ 2026-12-22", fee="30000원", capacity="15"
    )


def test_a_page_is_asked_for_as_a_page():
    """robots.txt binds it, and an unchanged one ends the night."""
    web = Web(lambda request: document(request.url, page([post(1), post(2)])))
    assert web.run(feed.fetch(LD, {})) is not None
    assert [p.Purpose.PAGE] == [r.purpose for r in web.asked]
    assert web.run(feed.fetch(LD, {})) is None


def test_a_page_with_a_list_for_machines_names_the_option():
    """Whoever wrote a page's address as a feed is told how it can be read."""
    assert "structured_data" in read_page(page([post(1), post(2)])).hint


def test_scripts_that_never_end_are_no_list():
    """What a hostile page leaves open is passed over once."""
    assert _feed_ld.listed('<script type="application/ld+json">' * 20_000) is None
