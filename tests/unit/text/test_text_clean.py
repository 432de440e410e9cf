"""Clean text: nothing invisible, nothing that commands a machine, and nothing lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.clean import many_lines, one_line, unescape


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("  시민강좌\t\n 모집  ", "시민강좌 모집"), ("a\u200bb\u202ec\u2066d\ufeff", "abcd"), ("a\x00b\x1b[31mc\x7f\x85d", "ab[31mc d"),
        (unicodedata.normalize("NFD", "각 안내"), "각 안내"), ("가\u00a0나\u3000다\u2800라", "가 나 다 라"), ("👨\u200d👩\u200d👧 가족", "👨\u200d👩\u200d👧 가족"),
        ("❤️\u200d🔥", "❤️\u200d🔥"), ("가\u200d나", "가나"), ("\u3164", ""), ("제목\u00ad이", "제목이"), ("a\udc80b", "ab"), ("\U000e0041x", "x"), ("☎️ 02", "☎️ 02"),
        ("", ""), ("plain", "plain"),
    ],
)  # fmt: skip
def test_one_line(text, want):
    """One visible line in NFC; ZWJ stays inside emoji only."""
    assert one_line(text) == want


def test_many_lines_keeps_breaks():
    """Line breaks of every kind become one, empty lines go."""
    assert many_lines(" a  b\r\n\r\n c\u2028d\x85e\n\n\n") == "a b\nc\nd\ne"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("&lt;b&gt;", "<b>"), ("&amp;lt;b&amp;gt;", "<b>"), ("&amp;amp;", "&"), ("&amp;amp;lt;", "&lt;"), ("R&D", "R&D"), ("a?x=1&copy=2", "a?x=1&copy=2"), ("&#44032;&#xAC01;", "가각"),
        ("&nbsp;", "\u00a0"), ("&unknown;", "&unknown;"), ("&#99999999;", "\ufffd"), ("AT&amp;T", "AT&T"),
    ],
)  # fmt: skip
def test_unescape(text, want):
    """References are read once, and a second time where they were doubled; a bare ``&`` stays."""
    assert unescape(text) == want


@settings(max_examples=500, deadline=None)
@given(st.text())
def test_cleaning_is_idempotent_and_safe(text):
    """A second cleaning changes nothing; no control, bidi or broken character is left; the result is NFC."""
    for tool in (one_line, many_lines):
        once = tool(text)
        assert tool(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not [c for c in once if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
        assert not set(once) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
        once.encode()
    assert "\n" not in one_line(text)
