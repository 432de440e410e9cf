"""Texts as pairs of letters: how the search index compares, and how a segment's pairs are found and written.

What does not live here: which stories and files there are (``_segments``, ``_find``). All is done for a whole segment at
once, in the few calls Python answers in C: a loop over pairs in Python costs five times as much. Source: ADR-0036.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice, repeat
from typing import Final

FIELD: Final = " "  # between the fields of a story; a pair never crosses it, and each letter has one with what follows
_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BORDER: Final = "_"  # of fields, while all are one text
_ODD: Final = re.compile(r"\W")
_FREQUENT: Final = " .,()-:·~/'\"!?"  # taken out before the rest, ten times faster
_RARE: Final = re.compile("[\U00010000-\U0010ffff]")  # letters of two UTF-16 units stand in as one private one
_PRIVATE: Final = range(0xE000, 0xF900)
_BLANK: Final = ord(FIELD)
_END: Final = FIELD * 3  # a text of no letter has two pairs too: a view of nothing cannot be cast


def letters(stories: Iterable[Iterable[str]]) -> list[str]:
    """Return stories as they are compared, their fields with a blank between: letters and digits, small. ``find.js`` too.

    Cost: about 15 ns a character.
    """
    counts: list[int] = []
    fields: list[str] = []
    for story in stories:
        before = len(fields)
        fields += story
        counts.append(len(fields) - before)
    kept = iter(_letters_only(fields))
    return [FIELD.join(islice(kept, count)) for count in counts]


def _letters_only(fields: list[str]) -> list[str]:
    """Strip all fields at once, ``_`` between them: the one sign that regular expressions take for a letter."""
    text = _BORDER.join(fields)
    if text.count(_BORDER) != len(fields) - 1:
        text = _BORDER.join([field.replace(_BORDER, "") for field in fields])
    if not unicodedata.is_normalized("NFC", text):
        text = _BORDER.join([unicodedata.normalize("NFC", field) for field in text.split(_BORDER)])
    text = text.lower()
    for sign in _FREQUENT:
        text = text.replace(sign, "")
    text = _ODD.sub("", text)
    if len(text.encode("utf-16-le")) != 2 * len(text):
        text = _RARE.sub(lambda found: chr(_PRIVATE[ord(found[0]) % len(_PRIVATE)]), text)
    return text.split(_BORDER)


@cache
def _codes() -> list[str]:
    return [a + b for a in _DIGITS for b in _DIGITS]


def positions(numbers: Iterable[int]) -> str:
    """Return positions, below 4,096, as two signs each."""
    codes = _codes()
    return "".join([codes[number] for number in numbers])


def parts(texts: Sequence[str], count: int) -> list[tuple[str, str]]:
    """Return the pairs of a segment in so many parts, by their first letter.

    Args:
        texts: By position, from ``letters``.
        count: Of parts.

    Returns:
        Of each part: its pairs, joined, and the positions of each with commas between.

    Cost: about 0.1 µs for each different pair of a story.
    """
    places: defaultdict[int, list[str]] = defaultdict(list)
    of = places.__getitem__
    for text, code in zip(texts, _codes(), strict=False):
        units = memoryview(f"{text}{_END}".encode("utf-16-le"))
        found = set(_two_by_two(units))
        found.update(_two_by_two(units[2:]))
        deque(map(list.append, map(of, found), repeat(code)), maxlen=0)
    groups: list[list[int]] = [[] for _part in range(count)]
    for pair in places:
        groups[(pair & 0xFFFF) % count].append(pair)
    return [_written(group, places) for group in groups]


def _two_by_two(units: memoryview) -> memoryview:
    """Pairs of UTF-16 units as numbers, the first letter in the lower half."""
    return units[: len(units) & ~3].cast("I")


def _written(group: Iterable[int], places: defaultdict[int, list[str]]) -> tuple[str, str]:
    kept = sorted(pair for pair in group if pair & 0xFFFF != _BLANK)
    pairs = array("I", kept).tobytes().decode("utf-16-le")
    return pairs, ",".join(map("".join, map(places.__getitem__, kept)))
