"""Addresses of people: one form each, and never more than one receiver in a field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.addresses import mail_address, masked, mobile_number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hong@Example.COM", "hong@example.com"),
        (" 홍길동 <Hong.G@example.com> ", "Hong.G@example.com"),
        ("ｈong＠example．com", ""),
        ("hong＠example．com", "hong@example.com"),
        ("news@한글.kr", "news@xn--bj0bj06e.kr"),
        ("a@b.kr, c@d.kr", ""),
        ("a@b.kr\r\nRCPT TO:<c@d.kr>", ""),
        ("a@b", ""),
        ("홍길동@example.com", ""),
        (f"{'a' * 65}@example.com", ""),
        ("", ""),
    ],
)
def test_mail_addresses(written: str, read: str) -> None:
    """A lower-case ASCII domain, exactly one address, nothing that could be a command."""
    assert mail_address(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "010-1234-5678",
        "+82 10 1234 5678",
        "(010)1234.5678",
        "1012345678",
        "０１０－１２３４－５６７８",
        "8201012345678",
    ],
)
def test_one_phone_has_one_form(written: str) -> None:
    """However an office writes it, a mobile number is E.164 (P52)."""
    assert mobile_number(written) == "+821012345678"


@pytest.mark.parametrize("written", ["02-123-4567", "031-310-2114", "1588-0000", "010-12-34", "", "전화 없음"])
def test_what_takes_no_message_is_no_mobile(written: str) -> None:
    """Land lines, service numbers and words are none."""
    assert mobile_number(written) == ""


@given(st.text(max_size=40))
def test_reading_twice_reads_the_same(text: str) -> None:
    """Whatever is written, a read address reads as itself, and holds no control character."""
    for read in (mail_address, mobile_number):
        once = read(text)
        assert read(once) == once
        assert once.isascii()
        assert once.isprintable()


def test_a_shown_address_does_not_tell_whose_it_is() -> None:
    """Enough to recognise one's own, not enough to write to it (P72)."""
    assert masked("honggildong@example.com") == "ho*********@example.com"
    assert masked("a@example.com") == "**@example.com"
    assert masked("+821012345678") == "010-****-5678"
