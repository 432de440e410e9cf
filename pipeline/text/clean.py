"""Text made safe to store and show: NFC, no control, bidi or invisible characters, whitespace in order.

What does not live here: decoding bytes (``decode``), markup (``html``), escaping for an output (the renderers).
Source: reliability P26, P38, P39.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

# Characters nobody sees but machines obey: controls, zero-width, bidi, fillers, tags, non-characters, surrogates.
# U+FE0E/FE0F (text or emoji form) stay; ZWJ stays between emoji only.
_HIDDEN: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U000dffff\U000e0000-\U000effff\U000ffffe-\U0010ffff"
)
_SUSPECT: Final = re.compile(f"[{_HIDDEN}\u200d]")
_EMOJI: Final = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_UNSEEN: Final = re.compile(f"[{_HIDDEN}]|\u200d(?![{_EMOJI}])|(?<![{_EMOJI}\ufe0f])\u200d")
_FAST: Final = re.compile(
    r"[\x21-\x7e가-힣\u3131-\u3163\u2010-\u201f]+(?: [\x21-\x7e가-힣\u3131-\u3163\u2010-\u201f]+)*"
)
_BLANK: Final = re.compile(r"[\s\u2800]+")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")


def one_line(text: str) -> str:
    """One clean line: NFC, nothing invisible, every run of whitespace one space, stripped.

    Idempotent. Cost: about 1 µs for a clean title, one pass otherwise.
    """
    if _FAST.fullmatch(text):
        return text
    return _BLANK.sub(" ", _visible(text)).strip()


def many_lines(text: str) -> str:
    """Clean text that keeps its line breaks: as ``one_line`` for each line, empty lines dropped."""
    text = _visible(text).replace("\u2800", " ")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def unescape(text: str) -> str:
    """Character references to characters; a second time where the first leaves references (``&amp;lt;``).

    Only references that end in ``;`` count, so that ``R&D`` and ``a?x=1&copy=2`` stay as they are.
    """
    for _turn in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text


def _visible(text: str) -> str:
    if text.isascii():
        return _UNSEEN.sub("", text) if _SUSPECT.search(text) else text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not _SUSPECT.search(text):
        return text
    seen = _UNSEEN.sub("", text)  # what stood on both sides of a removed character may now compose
    while not unicodedata.is_normalized("NFC", seen) or _UNSEEN.search(seen):
        seen = _UNSEEN.sub("", unicodedata.normalize("NFC", seen))
    return seen
