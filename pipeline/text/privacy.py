"""Resident registration numbers (주민등록번호) made unreadable in what places wrote.

What does not live here: phone numbers and e-mail addresses of notices, which are how a citizen asks an office (they stay).
Source: korea rule 18; 개인정보 보호법 §24의2 (nobody may keep these numbers without a law that says so).
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.text import html

# six digits that are a day, a mark or none, a digit of century and sex, six more
_NUMBER: Final = re.compile(
    r"(?<![0-9])([0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(\s?[-–—‐－]\s?|)([1-8][0-9]{6})(?![0-9])"
)
_SEVEN: Final = re.compile(r"[1-8][0-9][0-9][0-9][0-9][0-9][0-9]")  # rare in prose, and found five times as fast
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_HIDDEN: Final = "*******"


def screen(text: str) -> str:
    """The text with the second half of every resident registration number starred out.

    With a hyphen anything of that form counts; thirteen digits in a row only when their check digit is right, because
    order and document numbers look alike. Idempotent. Cost: about 10 µs per KB.
    """
    return _NUMBER.sub(_starred, text) if _SEVEN.search(text) else text


def screen_body(body_html: str, text: str) -> tuple[str, str]:
    """``screen`` for markup and its text; markup that hides a number between its tags is given up for the text."""
    kept = screen(text)
    if kept == text:
        return body_html, text
    body_html = screen(body_html)
    seen = html.text_of(body_html)
    return body_html if screen(seen) == seen else "", kept


def _starred(found: re.Match[str]) -> str:
    birth, mark, rest = found.groups()
    if not mark and not _is_checked(birth + rest):
        return found.group()
    return f"{birth}{mark or '-'}{_HIDDEN}"


def _is_checked(digits: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return (11 - total % 11) % 10 == int(digits[12])
