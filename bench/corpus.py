"""A made-up corpus of feeds: the same documents for every contender.

What does not live here: serving them (``server``). Sizes follow what was measured on real feeds: about 35 items and 60 kB.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ITEMS = 35
_WORDS = [
    "평생학습",
    "강좌",
    "접수",
    "안내",
    "시민",
    "대학",
    "스마트폰",
    "활용",
    "교실",
    "마을",
    "교사",
    "양성",
    "과정",
    "모집",
    "인문학",
    "특강",
    "도서관",
    "사람책",
    "주말",
    "가족",
    "체험",
    "온라인",
    "강의",
    "수강생",
    "추가",
    "마감",
    "임박",
    "어르신",
    "한글",
    "문해",
    "교육",
    "동네",
    "배움터",
    "자격증",
    "취업",
    "연계",
    "프로그램",
    "개강",
    "설명회",
    "영상",
    "후기",
    "소식",
]


def sentence(chance: random.Random, words: int) -> str:
    """Return a run of Korean words."""
    return " ".join(chance.choice(_WORDS) for _ in range(words))


def feed(number: int, epoch: int) -> bytes:
    """Return feed ``number`` after ``epoch`` changes: each change adds one item on top and drops the last."""
    chance = random.Random(number)
    host = f"https://blog{number}.example.com"
    bodies = [(sentence(chance, 7), sentence(chance, 160)) for _ in range(ITEMS)]
    first = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    items = [
        (f"{number}-old-{i}", title, body, first - timedelta(hours=i * 7)) for i, (title, body) in enumerate(bodies)
    ]
    for change in range(1, epoch + 1):
        extra = random.Random(number * 1000 + change)
        at = first + timedelta(hours=change)
        items.insert(0, (f"{number}-new-{change}", sentence(extra, 7), sentence(extra, 160), at))
    items = items[:ITEMS]
    return (_rss if number % 3 else _atom)(host, number, items).encode()


def _rss(host: str, number: int, items: list[tuple[str, str, str, datetime]]) -> str:
    rows = "".join(
        f'<item><title>{escape(title)}</title><link>{host}/{key}</link><guid isPermaLink="false">{key}</guid>'
        f"<pubDate>{format_datetime(at)}</pubDate><category>강좌</category><author>담당자</author>"
        f'<description><![CDATA[<p>{body}</p><p><img src="{host}/{key}.jpg" alt=""></p>]]></description></item>'
        for key, title, body, at in items
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>블로그 {number}</title>'
        f"<link>{host}/</link><description>소식</description>{rows}</channel></rss>"
    )


def _atom(host: str, number: int, items: list[tuple[str, str, str, datetime]]) -> str:
    rows = "".join(
        f'<entry><title>{escape(title)}</title><link href="{host}/{key}"/><id>tag:{number},{key}</id>'
        f"<updated>{at.isoformat()}</updated><published>{at.isoformat()}</published><author><name>담당자</name></author>"
        f'<content type="html">{escape(f"<p>{body}</p>")}</content></entry>'
        for key, title, body, at in items
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>블로그 {number}</title>'
        f'<id>{host}/</id><updated>2026-11-20T09:00:00Z</updated><link href="{host}/"/>{rows}</feed>'
    )
