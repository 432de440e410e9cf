"""What the practice city answers with: status, type, bytes; and the pieces every page shares.

What does not live here: sending it (``server``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from pipeline.demo.stories import Post, linked

HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer.

    Attributes:
        changed_at: Sent as Last-Modified; ``None`` sends none.
        has_etag: Old servers send no validators at all.
    """

    body: bytes
    media_type: str = HTML
    status: int = 200
    changed_at: datetime | None = None
    has_etag: bool = True


def page(title: str, inside: str, *, changed_at: datetime | None = None, head: str = "") -> Answer:
    """Return a UTF-8 page with the city's menu around ``inside``."""
    menu = "".join(f'<li><a href="/{name}">{word}</a></li>' for name, word in _MENU)
    text = (
        f'<!doctype html>\n<html lang="ko"><head><meta charset="utf-8"><title>{escape(title)} | 늘봄시 (연습)</title>{head}'
        f'</head>\n<body><header><h1><a href="/">늘봄시 (연습)</a></h1><ul id="gnb">{menu}</ul></header>\n{inside}\n'
        "<footer><p>이 도시는 연습을 위해 지어낸 곳입니다.</p></footer></body></html>\n"
    )
    return Answer(body=text.encode(), changed_at=changed_at)


_MENU: Final = (
    ("a/bbs/board.php?bo_table=notice", "평생학습원 공지"),
    ("b/cop/bbs/selectBoardList.do?bbsId=BBSMSTR_000000000101", "시청 새소식"),
    ("c/board/list.asp?code=gongji", "도서관 알림"),
    ("lecture/list.do", "강좌"),
    ("user/course/offline/list", "배움포털"),
    ("blog/neulbom-learn", "배움 블로그"),
    ("library", "도서관 블로그"),
)


def not_found() -> Answer:
    """Return a 404 page."""
    inside = "<p>찾으시는 페이지가 없습니다.</p>"
    return Answer(body=page("없음", inside).body, status=404, has_etag=False)


def paragraphs(post: Post, base_url: str) -> str:
    """Return a post's body as HTML: its picture, its paragraphs, addresses as links."""
    picture = f'<p><img src="/media/cover/{post.image}.png" alt="{escape(post.title)}"></p>' if post.image else ""
    return picture + "".join(f"<p>{_text(part, base_url)}</p>" for part in post.paragraphs)


def newest(posts: Sequence[Post]) -> datetime | None:
    """Return when a list last changed."""
    return max((post.at for post in posts), default=None)


def _text(part: str, base_url: str) -> str:
    words = []
    for word in linked(part, base_url).split(" "):
        is_link = word.startswith(("http://", "https://"))
        words.append(f'<a href="{escape(word)}">{escape(word)}</a>' if is_link else escape(word))
    return " ".join(words)
