"""What happened in the practice city, as seen from one moment: every post, course and video with its dates.

What does not live here: how a place shows it (``boards``, ``blogs``, ``tube``), the words themselves (``content/``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

SEOUL: Final = ZoneInfo("Asia/Seoul")
PLACES: Final = ("board-a", "board-b", "board-c", "courses", "gseek", "naver", "tistory", "youtube")
COURSES: Final = ("courses", "gseek")  # the places that hold courses
_CONTENT: Final = Path(__file__).parent / "content"
_LINK: Final = re.compile(r"\[\[([\w-]+)/([\w-]+)\]\]")
_CLOSING_SOON_H: Final = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post, course or video.

    Attributes:
        id: The place's own number.
        at: When it was posted, Seoul time.
        body: Paragraphs; ``[[place/id]]`` stands for an address.
        image: Name of a cover (``pictures``), ``""`` for none.
        facts: What only this kind of place tells (course fields, seconds of a video).
    """

    id: str
    at: datetime
    title: str
    body: str = ""
    image: str = ""
    category: str = ""
    department: str = ""
    tags: tuple[str, ...] = ()
    file: str = ""
    is_pinned: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs."""
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]


def stories(now: datetime) -> dict[str, list[Post]]:
    """Return every place's posts, newest first, as of ``now`` (aware); the same for the same ``now``."""
    import yaml  # noqa: PLC0415 - only the practice city

    today = now.astimezone(SEOUL).date()
    city: dict[str, list[Post]] = {}
    for name in ("notices", "posts", "courses"):
        for place, rows in yaml.safe_load((_CONTENT / f"{name}.yaml").read_text("utf-8")).items():
            posts = [_course(row, today, now) if place in COURSES else _post(row, today) for row in rows]
            city[place] = sorted(posts, key=lambda post: post.at, reverse=True)
    return city


def linked(text: str, base_url: str) -> str:
    """Return text with every ``[[place/id]]`` written as its address."""
    return _LINK.sub(lambda match: address(base_url, match[1], match[2]), text)


def address(base_url: str, place: str, number: str) -> str:
    """Return the public address of a post."""
    paths = {
        "board-a": "/a/bbs/board.php?bo_table=notice&wr_id={}",
        "board-b": "/b/cop/bbs/selectBoardArticle.do?bbsId=BBSMSTR_000000000101&nttId={}",
        "board-c": "/c/board/view.asp?code=gongji&no={}",
        "courses": "/lecture/view.do?lectSeq={}",
        "gseek": "/user/course/offline/view?s_sbjct_sn={}&s_sbjct_cycl_sn=1",
        "naver": "/blog/neulbom-learn/{}",
        "tistory": "/library/{}",
    }
    if place == "youtube":
        return f"https://www.youtube.com/watch?v={number}"
    return base_url + paths[place].format(number)


def added(place: str, now: datetime, number: str, title: str, **more: Any) -> Post:
    """Return a new post of a place, posted at ``now``; courses are open for a week unless ``facts`` say otherwise."""
    post = Post(id=number, at=now.astimezone(SEOUL).replace(second=0, microsecond=0), title=title, **more)
    if place in COURSES and not post.facts:
        row = {"id": number, "title": title, "apply": [0, 7], "teach": [14, 28], "body": post.body}
        return replace(_course(row, now.astimezone(SEOUL).date(), now), at=post.at)
    return post


def korean(at: datetime) -> str:
    """Return ``2026.11.23.(월) 09:00``."""
    return f"{at:%Y.%m.%d.}({'월화수목금토일'[at.weekday()]}) {at:%H:%M}"


def _post(row: dict[str, Any], today: Any) -> Post:
    facts = {key: row[key] for key in ("seconds",) if key in row}
    if "starts" in row:
        facts["starts"] = _at(today, -row["starts"][0], row["starts"][1])
    return Post(
        id=str(row["id"]),
        at=_at(today, *row["when"]),
        title=row["title"],
        body=row.get("body", ""),
        image=row.get("image", ""),
        category=row.get("category", ""),
        department=row.get("department", ""),
        tags=tuple(row.get("tags", ())),
        file=row.get("file", ""),
        is_pinned=row.get("pinned", False),
        facts=facts,
    )


def _at(today: Any, days_ago: int, clock: str) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time.fromisoformat(clock), SEOUL)


def _course(row: dict[str, Any], today: Any, now: datetime) -> Post:
    opens, closes = _at(today, -row["apply"][0], "09:00"), _at(today, -row["apply"][1], "18:00")
    first, last = (today + timedelta(days=days) for days in row["teach"])
    capacity, applied = row.get("capacity", 20), row.get("applied", 0)
    facts = {
        "apply": f"{korean(opens)} ~ {korean(closes)}",
        "teach": f"{first:%Y.%m.%d.} ~ {last:%Y.%m.%d.}",
        "status": status(opens, closes, last < today, now, is_full=applied >= capacity),
        **{key: str(row.get(key, "")) for key in ("weekday", "place", "fee", "field", "level", "target")},
        "capacity": f"{capacity}명",
        "applied": f"{applied}명",
    }
    posted = min(opens - timedelta(days=3), _at(today, 1, "10:00"))
    return Post(
        id=str(row["id"]),
        at=posted,
        title=row["title"],
        body=row.get("body", ""),
        image=row.get("image", ""),
        department=row.get("department", ""),
        facts=facts,
    )


def status(opens: datetime, closes: datetime, is_over: bool, now: datetime, *, is_full: bool) -> str:
    """Return the word a course list would show."""
    if is_over:
        return "교육종료"
    if now < opens:
        return "접수예정"
    if now > closes or is_full:
        return "접수마감"
    return "마감임박" if closes - now <= timedelta(hours=_CLOSING_SOON_H) else "접수중"
