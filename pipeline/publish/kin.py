"""By what entries find each other between nights, and how a story tells that it changed; pure.

What does not live here: whether two entries are one story (``rules``, ``grouping``), keeping keys and marks (``store/shelf``).
A key is what the exact rules compare, so that a night reads only entries whose joins may have changed (ADR-0038).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

import pipeline.model as p
from pipeline.publish.courses import SHUT, course_of
from pipeline.publish.rules import address, stated_at, title_key
from pipeline.text import urls

AFTER_DAYS: Final = "e"  # sorts after the key of every day
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


def keys_of(entry: p.Entry) -> frozenset[str]:
    """Return an entry's keys: ``a`` its address, ``l`` what it links to, ``t`` its title, ``p`` its picture, ``d`` its day.

    Cost: about 20 µs.
    """
    keys = {f"a{address(entry)}", day_key(stated_at(entry)), *(f"l{urls.url_hash(link)}" for link in entry.links)}
    title = title_key(entry.title)
    if title is not None:
        keys.add(f"t{_hash((entry.agency or entry.source_id, title))}")
    if entry.image is not None:
        keys.add(picture_key(entry.image.url))
    return frozenset(keys)


def day_key(at: datetime) -> str:
    """Return the key of the day (UTC) an entry was published; keys of days sort as days do."""
    return f"d{at.astimezone(UTC).date().isoformat()}"


def picture_key(url: str) -> str:
    """Return the key of entries with this picture."""
    return f"p{_hash(url)}"


def partners(keys: Iterable[str]) -> frozenset[str]:
    """Return the keys of those an entry with these keys may be joined with: equal addresses and titles, links both ways."""
    found: set[str] = set()
    for key in keys:
        if key[0] == "a":
            found |= {key, f"l{key[1:]}"}
        elif key[0] == "l":
            found.add(f"a{key[1:]}")
        elif key[0] == "t":
            found.add(key)
    return frozenset(found)


def mark_of(story: p.Story) -> str:
    """Return a digest of all that may be told of a story; bodies stand in for by the entries' content hashes.

    Cost: about 10 µs.
    """
    return _hash((story.id, story.first_seen_at.timestamp(), [_told(member) for member in story.members]))


def _told(entry: p.Entry) -> tuple[object, ...]:
    """What of an entry the content hash does not cover: an editor's title, how sure dates are, our own pictures."""
    asked = entry.course.status_as_of_at if entry.course else None
    return (
        entry.id,
        entry.source_id,
        entry.content_hash,
        entry.title,
        entry.published,
        entry.updated,
        asked,
        entry.picture,
        entry.language,
    )


def open_until(story: p.Story) -> datetime | None:
    """Return until when one can apply for the story's course, ``None`` where there is none or it is shut."""
    course = course_of(story)
    if course is None or course.status in SHUT:
        return None
    return course.apply_until_at or _NEVER


def _hash(told: object) -> str:
    return blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
