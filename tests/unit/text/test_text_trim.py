"""Shortening: whole characters, whole words, whole addresses and dates."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.trim import graphemes, trim


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("가나다", 3), ("e\u0301a", 2), ("👨‍👩‍👧", 1), ("🇰🇷🇺🇸", 2), ("🇰🇷🇺", 2), ("👍🏽", 1), ("❤️", 1), ("\u1100\u1161\u11a8가", 2), ("각\u11a8", 1), ("\r\n", 1), ("1️⃣2", 2), ("🏴\U000e0067\U000e007f", 1), ("", 0),
        ("A\u200dB", 2), ("👩‍💻님", 2),
    ],
)  # fmt: skip
def test_graphemes(text, count):
    """What a reader counts as one character is one cluster."""
    assert len(graphemes(text)) == count
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "limit", "want"),
    [
        ("짧은 글", 10, "짧은 글"), ("시민강좌 수강생 모집 안내", 10, "시민강좌 수강생…"), ("가나다라마바사아자차", 5, "가나다라…"), ("신청 https://a.kr/very/long/path 에서", 20, "신청…"),
        ("모집 기간 2026. 11. 20.(금) 10:00", 20, "모집 기간…"), ("가족 👨‍👩‍👧‍👦 모두", 6, "가족…"), ("#{이름}님 안녕하세요", 4, "…"), ("가나다", 1, "…"), ("가나다", 0, ""), ("모집 (선착순) 안내", 5, "모집…"), ("금액은 30,000원입니다", 8, "금액은…"),
    ],
)  # fmt: skip
def test_trim(text, limit, want):
    """Cut at a word, never through an address, a date, a number, an emoji or a variable."""
    assert trim(text, limit) == want


def test_length_is_the_channel_s_own():
    """A channel that counts bytes gets at most its bytes."""
    size = lambda text: len(text.encode())  # noqa: E731 - the shortest way to say it
    got = trim("시민강좌 수강생을 모집합니다", 20, length=size)
    assert got == "시민강좌…"
    assert size(got) <= 20


@settings(max_examples=500, deadline=None)
@given(st.text(), st.integers(0, 40))
def test_trim_keeps_to_the_limit_and_to_the_text(text, limit):
    """Never longer than asked, always a beginning of the text, and clusters rebuild the text."""
    got = trim(text, limit)
    assert len(got) <= max(limit, 0) or got == text
    assert got == text or text.startswith(got.removesuffix("…"))
    assert "".join(graphemes(text)) == text
