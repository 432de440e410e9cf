"""The practice city's blogs: a feed like Naver's (tracking links, CDATA, cut summaries), one like Tistory's (whole text).

What does not live here: the posts (``content/``). Shapes: korea §3.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from pipeline.demo.answers import Answer, newest, not_found, page, paragraphs
from pipeline.demo.stories import Post, address, linked

_RSS = "application/rss+xml"
_SUMMARY = 180


def naver_feed(posts: Sequence[Post], base_url: str) -> Answer:
    """Return RSS 2.0 as a Naver blog writes it: ``link`` is tracked, ``guid`` is clean, the text is cut."""
    tracked = "?fromRss=true&trackingCode=rss"
    items = "".join(
        f"<item><author>neulbom-learn</author><category><![CDATA[{post.category}]]></category>"
        f"<title><![CDATA[{post.title}]]></title><link><![CDATA[{address(base_url, 'naver', post.id)}{tracked}]]></link>"
        f"<guid>{address(base_url, 'naver', post.id)}</guid><description><![CDATA[{_summary(post, base_url)}]]></description>"
        f"<pubDate>{format_datetime(post.at)}</pubDate><tag><![CDATA[{','.join(post.tags)}]]></tag></item>\n"
        for post in posts
    )
    return _feed("늘봄시 평생학습원 블로그", f"{base_url}/blog/neulbom-learn{tracked}", items, posts)


def tistory_feed(posts: Sequence[Post], base_url: str) -> Answer:
    """Return RSS 2.0 as Tistory writes it: whole text escaped, categories and tags alike."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{escape(address(base_url, 'tistory', post.id))}</link>"
        f"<description>{escape(_absolute(paragraphs(post, base_url), base_url))}</description>"
        f"{''.join(f'<category>{escape(word)}</category>' for word in (post.category, *post.tags))}"
        f'<author>늘봄시립도서관</author><guid isPermaLink="true">{escape(address(base_url, "tistory", post.id))}</guid>'
        f"<comments>{escape(address(base_url, 'tistory', post.id))}#entry{post.id}comment</comments>"
        f"<pubDate>{format_datetime(post.at)}</pubDate></item>\n"
        for post in posts
    )
    return _feed("늘봄시립도서관 이야기", f"{base_url}/library", items, posts)


def naver_page(path: str, posts: Sequence[Post], base_url: str) -> Answer:
    """Return one Naver-like post, or the list of them."""
    return _post(path.removeprefix("/blog/neulbom-learn").strip("/"), "naver", posts, base_url, "se-main-container")


def tistory_page(path: str, posts: Sequence[Post], base_url: str) -> Answer:
    """Return one Tistory-like post, or the list of them."""
    return _post(path.removeprefix("/library").strip("/"), "tistory", posts, base_url, "entry-content")


def _post(number: str, place: str, posts: Sequence[Post], base_url: str, frame: str) -> Answer:
    if not number:
        links = "".join(
            f'<li><a href="{address(base_url, place, post.id)}">{escape(post.title)}</a></li>' for post in posts
        )
        feed = '<link rel="alternate" type="application/rss+xml" href="{}">'
        path = "/rss/neulbom-learn.xml" if place == "naver" else "/library/rss"
        return page("블로그", f"<ul>{links}</ul>", changed_at=newest(posts), head=feed.format(path))
    post = next((post for post in posts if post.id == number), None)
    if post is None:
        return not_found()
    inside = (
        f'<article><h2>{escape(post.title)}</h2><p class="date">{post.at:%Y. %m. %d. %H:%M}</p><div class="{frame}">'
    )
    return page(post.title, f"{inside}{paragraphs(post, base_url)}</div></article>", changed_at=post.at)


def _summary(post: Post, base_url: str) -> str:
    """The first picture and a cut text without line breaks, addresses kept whole as Naver keeps its link cards."""
    picture = f'<img src="{base_url}/media/cover/{post.image}.png">' if post.image else ""
    text = linked(" ".join(post.paragraphs), base_url)
    words = text.split(" ")
    links = " ".join(word for word in words if word.startswith("http"))
    plain = " ".join(word for word in words if not word.startswith("http"))
    cut = plain[:_SUMMARY] + ("......" if len(plain) > _SUMMARY else "")
    return f"{picture}{cut} {links}".strip()


def _absolute(markup: str, base_url: str) -> str:
    return markup.replace('src="/', f'src="{base_url}/')


def _feed(title: str, link: str, items: str, posts: Sequence[Post]) -> Answer:
    at = newest(posts)
    built = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title><![CDATA[{title}]]></title><link><![CDATA[{link}]]></link><description><![CDATA[{title}]]></description>"
        f"<language>ko</language>{built}\n{items}</channel></rss>\n"
    )
    return Answer(body=text.encode(), media_type=f"{_RSS}; charset=UTF-8", changed_at=at)
