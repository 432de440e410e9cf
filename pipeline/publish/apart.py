"""What tells two items apart by what they say of themselves: facets, places, days, who speaks; pure.

What does not live here: how alike their words are, and what only the other items of a fold can tell (``likeness``).
"""

from __future__ import annotations

from typing import Final

from pipeline.publish.facets import conflict
from pipeline.publish.told import Told

_COPY_CHARS: Final = 8


def reason(a: Told, b: Told) -> str:
    """Return why two items are different news, ``""`` when nothing either says contradicts the other.

    Reasons: a dimension's name (``level``), two of kindred ones (``ordinal:강~ordinal:번째``), ``stage``, ``call``, ``form``, ``place``,
    ``day``, ``board``, ``period``, ``work``.
    """
    mine, theirs = a.facets, b.facets
    if stated := conflict(mine, theirs):
        return stated
    if mine.stages != theirs.stages and not mine.stages & theirs.stages:
        return "stage"
    if not (mine.wanted <= theirs.said and theirs.wanted <= mine.said):
        return "call"
    if (mine.forms and not mine.forms & theirs.formed) or (theirs.forms and not theirs.forms & mine.formed):
        return "form"
    if _elsewhere(a, b):
        return "place"
    if _otherwhen(a, b) or _otherwhen(b, a):
        return "day"
    if a.board == b.board and not _is_copy(a, b) and not (mine.is_repost or theirs.is_repost):
        return "board"
    if _otherwise_open(a, b):
        return "period"
    return "work" if _other_work(a, b) else ""


def _is_copy(a: Told, b: Told) -> bool:
    """Whether one title is the other's, with another label or cut."""
    if a.words == b.words:
        return True
    if a.labels and b.labels and set(a.labels) != set(b.labels):
        return False
    if a.content == b.content and a.numbers == b.numbers:
        return True
    few = min(len(a.letters), len(b.letters))
    if few < _COPY_CHARS or a.letters[:few] != b.letters[:few]:
        return False
    return len(a.letters) == len(b.letters) or min(a, b, key=_length).is_cut


def _length(told: Told) -> int:
    return len(told.letters)


def names(a: Told, b: Told) -> bool:
    """Whether ``b`` names the organisation behind ``a``."""
    if not a.body:
        return False
    whole = "".join(a.voice.split())
    last = a.body.split()[-1]
    return (
        a.voice == b.voice
        or whole in b.text
        or (len(last) > 2 and last in b.text and not towns_apart(a, b))
        or any(whole.endswith(label) for label in b.labels)
    )


def towns_apart(a: Told, b: Told) -> bool:
    """Whether houses or departments of two towns speak: each has its 가족센터 and its 교통과."""
    return a.has_voice and b.has_voice and bool(a.town and b.town) and a.town != b.town


def _otherwise_open(a: Told, b: Told) -> bool:
    """Whether the two calls are open at different times, or one item was posted after the other's call had closed."""
    if a.facets.is_repost or b.facets.is_repost:
        return False
    if a.period and b.period:
        return a.period.is_apart(b.period)
    return _too_late(a, b) or _too_late(b, a)


def _too_late(a: Told, b: Told) -> bool:
    """Whether ``b`` was posted after applications to ``a`` closed, and does not speak of that day."""
    if a.period is None or b.posted_on <= a.period.closes:
        return False
    return (a.period.closes.month, a.period.closes.day) not in b.days


def _other_work(a: Told, b: Told) -> bool:
    """Whether one house quotes two names in two titles, and neither item knows the other's."""
    if not a.works or not b.works or a.voice != b.voice:
        return False
    return not any(work in b.text for work in a.works) and not any(work in a.text for work in b.works)


def _otherwhen(a: Told, b: Told) -> bool:
    """Whether the titles name different days, or one of them a day outside of the other's month."""
    if a.event_days and b.event_days:
        return not a.event_days & b.event_days
    months = b.facets.titled.get("month", frozenset())
    return bool(months and a.event_days) and not months & {str(month) for month, _ in a.event_days}


def _elsewhere(a: Told, b: Told) -> bool:
    """Whether both name branches and no common one; the name of the other's own organisation is no branch."""
    mine = {place for place in a.facets.places if place not in b.body}
    theirs = {place for place in b.facets.places if place not in a.body}
    if not mine or not theirs or a.facets.places & b.facets.places:
        return False
    return not any(x.endswith(y) or y.endswith(x) for x in mine for y in theirs)
