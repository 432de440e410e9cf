"""Values for the store's tests: every field filled with something that could be lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pipeline.model as p

NOW = datetime(2026, 11, 22, 18, 0, 0, 123456, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def entry(key: str = "1", source_id: str = "notices", **fields: object) -> p.Entry:
    """A plain entry of a source."""
    given: dict[str, object] = {
        "id": f"{source_id}:{key}",
        "source_id": source_id,
        "key": key,
        "kind": p.Kind.NOTICE,
        "title": f"공지 {key}",
        "url": f"https://www.example.go.kr/{key}",
        "url_hash": f"hash-{key}",
        "content_hash": f"content-{key}",
        "fingerprint": "{}",
    }
    return p.Entry(**(given | fields))


def full_entry() -> p.Entry:
    """An entry with every field set, in Korean, with marks and an emoji of several code points."""
    fact = p.DateFact(at=NOW, has_time=False, raw="2026.11.23.", method="korean", inferred=True, zone="Asia/Seoul")
    return entry(
        "가-1",
        kind=p.Kind.COURSE,
        title="「가을」 한글 강좌 👩‍👩‍👧 100%_'\"\\",
        agency="시흥시 평생학습과",
        department="학습팀",
        lead="첫 문장.",
        text="본문\n둘째 줄 {{ 그대로 }}",
        body_html="<p>본문</p>",
        author="홍길동",
        image=p.Image(url="https://x/1.png", alt=""),
        tags=("강좌", "성인"),
        topics=("문화",),
        links=("https://x/2",),
        attachments=(p.Attachment(url="https://x/a.hwp", name="안내.hwp", media_type="application/x-hwp", bytes=12),),
        licence="kogl-1",
        language="en",
        published=fact,
        updated=p.DateFact(at=NOW + HOUR),
        course=p.Course(
            apply_from_at=NOW,
            apply_until_at=NOW + DAY,
            apply_until_has_time=True,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 31),
            status=p.CourseStatus.WAITLIST,
            status_raw="대기",
            status_as_of_at=NOW,
            capacity=20,
            applied=0,
            waiting=2,
            fee="무료",
            fee_won=0,
            material_fee="10,000원",
            selection="선착순",
            weekdays=("TU", "TH"),
            starts_time="10:00",
            ends_time="12:00",
            apply_raw="우선 11.20 ~ 11.21 / 일반 11.22 ~ 11.30",
            mode="offline",
            online=False,
            target="성인",
        ),
        video=p.Video(duration_s=0, live="upcoming", starts_at=NOW, short=False),
        is_pinned=True,
        fingerprint='{"course.apply_until":"2026-11-23"}',
        first_seen_at=NOW,
        last_seen_at=NOW,
        is_quiet=True,
    )


def delivery(batch: int = 0, **fields: object) -> p.Delivery:
    """A planned sending, due now."""
    given: dict[str, object] = {
        "id": f"daily/2026-11-23/newsletter/all/{batch}",
        "edition_id": "daily/2026-11-23",
        "channel": "newsletter",
        "transport": "smtp",
        "batch": batch,
        "rendering_sha256": "ab" * 32,
        "not_before_at": NOW,
        "created_at": NOW,
    }
    return p.Delivery(**(given | fields))
