"""Builders of values: valid by default, override one field; ``entry(kind=p.Kind.COURSE)`` is a whole open course.

What does not live here: fixtures, fakes, servers.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.text import urls

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""03:00 on Monday 23 November 2026 in Seoul."""

INSTITUTE = p.Institute(
    name="가온시 평생학습원",
    site_url="https://learn.gaon.example",
    tag_authority="learn.gaon.example,2026",
    email="news@learn.gaon.example",
)


def seoul(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    """Return an instant on Seoul's clock, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL).astimezone(UTC)


def said(at: datetime, **override: Any) -> p.DateFact:
    """Return a date a source stated."""
    return p.DateFact(**({"at": at, "raw": at.isoformat(), "method": "iso8601"} | override))


def item(**override: Any) -> p.Item:
    """Return what a board said of one notice."""
    base: dict[str, Any] = {
        "key": "1001",
        "kind": p.Kind.NOTICE,
        "title": "가온시 겨울 인문학 강연 안내",
        "url": "https://www.gaon.example/notice/1001",
        "base_url": "https://www.gaon.example/notice",
        "body": "<p>겨울 인문학 강연을 엽니다.</p>",
        "published": p.RawDate(text="2026-11-22T09:00:00+09:00"),
        "row": 1,
    }
    return p.Item(**(base | override))


def course(**override: Any) -> p.Course:
    """Return a course open for application from 20 to 30 November."""
    base: dict[str, Any] = {
        "apply_from_at": seoul(11, 20, 10),
        "apply_from_has_time": True,
        "apply_until_at": seoul(11, 30, 18),
        "apply_until_has_time": True,
        "starts_on": date(2026, 12, 7),
        "ends_on": date(2026, 12, 28),
        "status": p.CourseStatus.OPEN,
        "capacity": 20,
        "fee": "무료",
        "place": "평생학습관 201호",
    }
    return p.Course(**(base | override))


def entry(key: str = "1001", **override: Any) -> p.Entry:
    """Return a stored notice of the source ``notice``; id, address and title follow from ``key`` and ``source_id``."""
    source = override.get("source_id", "notice")
    kind = override.get("kind", p.Kind.NOTICE)
    url = override.get("url", f"https://{source}.gaon.example/view/{key}")
    base: dict[str, Any] = {
        "id": f"{source}:{hashlib.sha256(key.encode()).hexdigest()[:12]}",
        "source_id": source,
        "key": key,
        "kind": kind,
        "title": f"가온시 겨울 인문학 강연 {key}",
        "url": url,
        "url_hash": urls.url_hash(url) if url else "",
        "agency": "가온시",
        "lead": "겨울 인문학 강연을 엽니다.",
        "text": "겨울 인문학 강연을 엽니다.",
        "body_html": "<p>겨울 인문학 강연을 엽니다.</p>",
        "published": said(NIGHT - timedelta(hours=9)),
        "fingerprint": "",
        "content_hash": f"content-{key}",
        "first_seen_at": NIGHT,
        "last_seen_at": NIGHT,
    }
    if kind is p.Kind.COURSE:
        base["course"] = course()
    if kind is p.Kind.VIDEO:
        base["video"] = p.Video(duration_s=312)
    return p.Entry(**(base | override))


def story(*members: p.Entry, **override: Any) -> p.Story:
    """Return a story of these entries (one notice if none), the first speaking for it."""
    told = members or (entry(),)
    base: dict[str, Any] = {
        "id": f"s{hashlib.sha256(told[0].id.encode()).hexdigest()[:12]}",
        "primary": told[0],
        "members": told,
        "first_seen_at": min(e.first_seen_at or NIGHT for e in told),
    }
    return p.Story(**(base | override))


def section(*stories: p.Story, key: str = "news", title: str = "소식", label: str = "new", note: str = "") -> p.Section:
    """Return a section with a card for each story."""
    return p.Section(key=key, title=title, cards=tuple(p.Card(story=s, label=label, note=note) for s in stories))


def digest(*sections: p.Section, **override: Any) -> p.Digest:
    """Return the edition of 23 November 2026 with these sections (one notice if none)."""
    told = sections or (section(story()),)
    base: dict[str, Any] = {
        "id": "daily/2026-11-23",
        "digest_id": "daily",
        "title": "가온 배움소식 11월 23일",
        "institute": INSTITUTE,
        "start_at": NIGHT - timedelta(days=1),
        "end_at": NIGHT + timedelta(microseconds=1),
        "as_of": NIGHT,
        "sections": told,
    }
    return p.Digest(**(base | override))


def rendering(*artifacts: p.Artifact, **override: Any) -> p.Rendering:
    """Return a rendering of these artifacts (one page if none) with its true hash."""
    from pipeline import output

    told = tuple(sorted(artifacts, key=lambda a: a.path)) or (
        p.Artifact(path="index.html", media_type="text/html", body="<p>소식</p>".encode()),
    )
    base: dict[str, Any] = {
        "digest_id": "daily/2026-11-23",
        "channel": "website",
        "sha256": output.hash_of(told),
        "artifacts": told,
    }
    return p.Rendering(**(base | override))
