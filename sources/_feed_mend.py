"""Encoding accidents of publishers, undone: UTF-8 encoded twice, Windows-1252 numbers, undeclared Western bytes.

What does not live here: decoding itself (``pipeline.text.decode``). feedparser undoes the first two as well; none touches
Korean text, because Hangul never looks like either. Source: peers pain 22, reliability P26.
"""

from __future__ import annotations

import re
from typing import Final

_HIGH: Final = "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_TWICE: Final = re.compile(f"(?:[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00ef][{_HIGH}]{{2}}|[\u00f0-\u00f4][{_HIGH}]{{3}})+")
_LEAD: Final = b"\xc3"  # every lead byte of a second encoding is written with it in UTF-8
_LONG: Final = re.compile(rb"[\x80-\xff]{4,}")
_ANY: Final = re.compile(rb"[\x80-\xff]+")
_LONG_SHARE: Final = 0.1  # accents stand between ASCII letters; the bytes of Korean words stand together
_C1: Final = re.compile("[\x80-\x84\x86-\x9f]")
_TWICE_NUMBERS: Final = re.compile("(?:&#(?:19[4-9]|2[0-3]\\d|24[0-4]);(?:&#(?:12[89]|1[3-8]\\d|19[01]);){1,3})+")
_C1_NUMBER: Final = re.compile("&#(?:0*(1[2-5]\\d)|[xX]0*([89][0-9a-fA-F]));")


def once(text: str, body: bytes) -> str:
    """Return the text with what was encoded twice decoded again. Cost: one ``memchr`` for clean text."""
    if b"&#" in body:
        text = _TWICE_NUMBERS.sub(_bytes_in_numbers, text)
        text = _C1_NUMBER.sub(lambda match: _windows(int(match[1]) if match[1] else int(match[2], 16)), text)
    if _LEAD not in body and b"\xc2" not in body:
        return text
    return _C1.sub(lambda match: _windows(ord(match.group())), _TWICE.sub(_again, text))


def _bytes_in_numbers(match: re.Match[str]) -> str:
    """``&#226;&#128;&#166;``: the bytes of one character, each written as a character of its own."""
    try:
        return bytes(map(int, re.findall(r"\d+", match.group()))).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _windows(code: int) -> str:
    """What Windows-1252 means by a number that Unicode gives to controls (WHATWG HTML, numeric references)."""
    if not 0x80 <= code < 0xA0:
        return f"&#{code};"
    return bytes((code,)).decode("cp1252", "ignore")


def _again(match: re.Match[str]) -> str:
    raw = bytearray()
    for character in match.group():
        if ord(character) < 0x100:
            raw.append(ord(character))
        else:
            raw += character.encode("cp1252")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def western(body: bytes) -> str | None:
    """Return the text of undeclared Windows-1252 bytes, ``None`` when they do not look like that.

    UTF-8 with a few scratched places does not: most of its runs of high bytes can still be read.
    """
    runs = _ANY.findall(body)
    high = sum(map(len, runs))
    if not high or sum(map(len, _LONG.findall(body))) > _LONG_SHARE * high:
        return None
    if 2 * sum(map(_is_utf8, runs)) >= len(runs):
        return None
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
