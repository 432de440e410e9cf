"""Resident registration numbers are starred out; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.privacy import screen

_REAL = "900101123456"  # with the check digit that fits
_CHECK = (11 - sum(w * int(d) for w, d in zip((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), _REAL, strict=True)) % 11) % 10


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("홍길동(900101-1234567)", "홍길동(900101-*******)"),
        ("생년월일 051231 - 3456789 입니다", "생년월일 051231 - ******* 입니다"),
        (f"번호 {_REAL}{_CHECK}.", "번호 900101-*******."),
        ("외국인 850630-6123456", "외국인 850630-*******"),
    ],
)
def test_numbers_are_starred_out(said: str, kept: str) -> None:
    """The half that names the person goes, the rest of the sentence stays."""
    assert screen(said) == kept


@pytest.mark.parametrize(
    "text",
    [
        "문의 031-310-0000, 010-1234-5678",
        "담당 learn@example.go.kr",
        "계좌 901301-1234567",  # no thirteenth month
        "공고 제2026-1503호, 접수 202611201030",
        f"주문번호 {_REAL}{(_CHECK + 1) % 10}",
        "1900101-12345678",
    ],
)
def test_official_contacts_and_other_numbers_stay(text: str) -> None:
    """A notice's telephone and e-mail are how a citizen asks; other long numbers are no person's."""
    assert screen(text) == text


@given(st.text(alphabet="0123456789-– 가", max_size=60))
def test_screening_again_changes_nothing(text: str) -> None:
    """Idempotent on any text."""
    assert screen(screen(text)) == screen(text)
