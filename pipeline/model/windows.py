"""When a channel may send: Seoul wall-clock windows turned into instants, pure.

What does not live here: deciding whether a delivery leaves (``deliver/outbox``) or what is in it (``publish/``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def seoul_date(at: datetime) -> date:
    """Return the Seoul date of an aware instant: "today" for readers, whatever the server's zone is."""
    return at.astimezone(SEOUL).date()


def day_start(on: date) -> datetime:
    """Return 00:00 of a Seoul date as UTC; ``day_start(on + 1 day)`` is its 24:00, exclusive."""
    return datetime.combine(on, time(), SEOUL).astimezone(UTC)


def clock(text: str) -> time:
    """Read ``HH:MM``; ``24:00`` is midnight.

    Raises:
        ValueError: The text is no time of day.
    """
    return time() if text == "24:00" else time.fromisoformat(text)


def next_opening(now: datetime, opens: str, closes: str) -> tuple[datetime, datetime | None]:
    """Return the next stretch in which a channel may send, as UTC instants.

    Args:
        now: Aware instant.
        opens: Seoul ``HH:MM``, inclusive.
        closes: Seoul ``HH:MM``, exclusive; equal to ``opens`` means always, earlier means after midnight.

    Returns:
        ``(not_before, closes_at)``: ``now`` itself when the window is open; ``closes_at`` is ``None`` when it never closes.

    Raises:
        ValueError: ``opens`` or ``closes`` is no time of day.

    Source: reliability P50; korea §0.3.
    """
    first, last = clock(opens), clock(closes)
    if first == last:
        return now, None
    today = seoul_date(now)
    for offset in (-1, 0, 1):
        day = today + timedelta(days=offset)
        start = datetime.combine(day, first, SEOUL)
        end = datetime.combine(day if last > first else day + timedelta(days=1), last, SEOUL)
        if now < end:
            return max(now, start).astimezone(UTC), end.astimezone(UTC)
    raise AssertionError("tomorrow's window always ends later than now")  # pragma: no cover
