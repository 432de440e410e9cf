"""Shortening text for people: whole characters, whole words, whole addresses and dates.

What does not live here: each channel's counting rule (renderers pass it as ``length``). Source: reliability P53.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final

_ELLIPSIS: Final = "…"
# Nothing here joins: every character of such a text is a grapheme of its own.
_PLAIN: Final = re.compile(
    "[\x0a\x20-\u02ff\u0370-\u0482\u1e00-\u1fff\u2010-\u2027\u2030-\u205f\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uff01-\uff9d]*"
)
_JOINED_MARKS: Final = frozenset(("Mn", "Me", "Mc"))
_ZWJ: Final = "\u200d"
_WHOLE: Final = re.compile(
    r"https?://[^\s<>\"']+|www\.[^\s<>\"']+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|#\{[^{}]*\}"
    r"|['’]?[0-9]{2,4}\s?[.년/-]\s?[0-9]{1,2}\s?[.월/-]\s?[0-9]{1,2}\s?[.일]?(?:\s?\([월화수목금토일]\))?(?:\s?[0-9]{1,2}:[0-9]{2})?"
    r"|[0-9]{1,2}월\s?[0-9]{1,2}일(?:\s?\([월화수목금토일]\))?|[0-9]{1,2}[./][0-9]{1,2}\.?\s?\([월화수목금토일]\)"
    r"|[0-9]{2,4}-[0-9]{3,4}-[0-9]{4}|[0-9]{1,3}(?:,[0-9]{3})+원?|[0-9]{1,2}:[0-9]{2}"
)
_SIGN: Final = re.compile(r"[0-9@#hw](?:(?<=[0-9@#])|(?<=h)ttps?://|(?<=w)ww\.)")  # every whole has one of these in it
_TAIL: Final = " \t\n,.·-–—~:;/|([{<「『“‘"
_REACH: Final = 256  # how far past the cut an address may go on and still be kept whole
_LEAST_SHARE: Final = 0.5  # a word border that costs more than half of the room is not worth it


def trim(text: str, limit: int, *, length: Callable[[str], int] = len) -> str:
    """Shortens to at most ``limit`` by ``length``, at a word border, with ``…``.

    A grapheme (emoji sequence, flag, jamo syllable), an address, a date, a number or ``#{}`` is never cut through.
    ``length`` must not shrink when text is added. Text within the limit comes back unchanged.
    """
    if length(text) <= limit:
        return text
    room = limit - length(_ELLIPSIS)
    if room < 0:
        return ""
    fits = _fitting(text, room, length)
    wholes = _wholes(text, fits)
    cut = next((start for start, end in wholes if start < fits < end), fits)
    if cut and cut < len(text) and not text[cut].isspace():
        border = max(text.rfind(" ", 0, cut + 1), text.rfind("\n", 0, cut + 1))
        if border >= cut * _LEAST_SHARE and not any(start < border < end for start, end in wholes):
            cut = border
    return text[:cut].rstrip(_TAIL) + _ELLIPSIS


def graphemes(text: str) -> tuple[str, ...]:
    """Extended grapheme clusters (UAX #29 for what occurs: marks, emoji sequences, flags, conjoining jamo, CRLF)."""
    if _PLAIN.fullmatch(text):
        return tuple(text)
    clusters: list[str] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _joins(text, start, index):
            clusters.append(text[start:index])
            start = index
    return tuple(clusters)


def _joins(text: str, start: int, index: int) -> bool:
    before, char = text[index - 1], text[index]
    if before in "\r\n" or char in "\r\n":
        return before == "\r" and char == "\n"
    code = ord(char)
    if char == _ZWJ or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or 0xFF9E <= code <= 0xFF9F:
        return True
    if unicodedata.category(char) in _JOINED_MARKS:
        return True
    if before == _ZWJ:
        return code >= 0x203C and unicodedata.category(char) in ("So", "Sm", "Po") and ord(text[start]) >= 0xA9
    if 0x1F1E6 <= code <= 0x1F1FF:
        return 0x1F1E6 <= ord(before) <= 0x1F1FF and (index - start) % 2 == 1
    return _jamo(char) in _FOLLOWS.get(_jamo(before), "")


_FOLLOWS: Final = {"L": "LVSB", "V": "VT", "S": "VT", "T": "T", "B": "T"}


def _jamo(char: str) -> str:
    """Hangul class: L, V, T of the jamo, S for a syllable without a final, B for one with; ``-`` for the rest."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "B" if (code - 0xAC00) % 28 else "S"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    return "-"


def _fitting(text: str, room: int, length: Callable[[str], int]) -> int:
    """The last grapheme border at which the text fits; looks at little more of the text than fits."""
    if length is len and _PLAIN.fullmatch(text, 0, room + 1):
        return room
    window = room + 1
    while window < len(text) and length(text[:window]) <= room:
        window *= 2
    return _last_fitting(text, _edges(text[:window]), room, length)


def _edges(text: str) -> Sequence[int]:
    if _PLAIN.fullmatch(text):
        return range(len(text) + 1)
    return [0, *accumulate(map(len, graphemes(text)))]


def _last_fitting(text: str, edges: Sequence[int], room: int, length: Callable[[str], int]) -> int:
    low, high = 0, len(edges) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[: edges[middle]]) <= room:
            low = middle
        else:
            high = middle - 1
    return edges[low]


def _wholes(text: str, fits: int) -> list[tuple[int, int]]:
    """Where addresses, dates and numbers stand that begin before the cut; most texts have a sign of none."""
    if not _SIGN.search(text, 0, fits + _REACH):
        return []
    return [found.span() for found in _WHOLE.finditer(text, 0, fits + _REACH) if found.start() < fits]
