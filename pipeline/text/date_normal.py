"""The normal form of a text with dates: one kind of digit, tilde, dash, quote and dot; no addresses, no file names.

What does not live here: what the patterns find in it (``date_atoms``). Source: extraction §2 (design 1).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pipeline.model import limits

_CIRCLED: Final = re.compile("[\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]")
_DASHES: Final = str.maketrans(
    {
        **dict.fromkeys("∼～〜˜⁓∽", "~"),
        **dict.fromkeys("–—―−‒‐‑ㅡ", "-"),
        **dict.fromkeys("‘’`´′ʼ", "'"),
        **dict.fromkeys("．。", "."),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", None),
        **dict.fromkeys("ㆍ・･‧∙⋅ᆞ", "·"),
        "年": "년",
        "月": "월",
        "日": "일",
    }
)
_BLANKS: Final = re.compile(r"[^\S\n]+")
_FILES: Final = re.compile(
    r"\S{0,80}\.(?:hwpx?|pdf|zip|jpe?g|png|gif|xlsx?|docx?|pptx?|mp4|txt|html?|do|php|jsp)\b\S*", re.IGNORECASE
)
_ADDRESSES: Final = re.compile(r"(?:https?://|www\.)\S+|\S{1,64}@\S+", re.IGNORECASE)


def normal(text: str) -> str:
    """The form the patterns know: NFKC, one kind of tilde, dash and quote, no traps that are addresses or files."""
    text = _CIRCLED.sub("; ", text[: limits.DATE_TEXT_CHARS])
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    text = _BLANKS.sub(" ", text.replace("\r", "\n"))
    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESSES.sub(lambda match: "_" * len(match.group()), text)
    if "." in text:
        text = _FILES.sub(lambda match: "_" * len(match.group()), text)
    return text
