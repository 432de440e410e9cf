"""What mail programs would spoil is found before it is sent."""

from __future__ import annotations

import pytest

from renderers._mail_lint import contrast, findings

GOOD = '<table width="600"><tr><td style="color:#1e2124"><a href="https://x.example/">가</a></td></tr></table>'
OUT = '<a href="%%MOA_UNSUBSCRIBE_URL%%">수신 거부</a>'


def found(html: str, subject: str = "소식", preheader: str = "오늘") -> list[str]:
    return list(findings(subject, preheader, html))


def test_a_good_mail_has_no_findings() -> None:
    """Nothing is said about what may go; CSS and tags that a source only writes about are text."""
    assert found(GOOD + OUT) == []
    assert found(GOOD + '<p>이렇게 style="position:fixed" 쓰고 &lt;form&gt;을 씁니다</p>' + OUT) == []


@pytest.mark.parametrize(
    ("html", "word"),
    [
        (GOOD, "수신 거부"),
        (GOOD + OUT + '<a href="/s/1.html">가</a>', "링크"),
        (GOOD + OUT + '<a href="javascript:alert(1)">가</a>', "링크"),
        (GOOD + OUT + '<img src="https://x.example/a.png" width="1" height="1">', "alt"),
        (GOOD + OUT + '<img src="cid:1" alt="" width="1" height="1">', "온전"),
        (GOOD + OUT + '<p style="display:flex">가</p>', "flex"),
        (GOOD + OUT + '<p style="margin:0;position:absolute">가</p>', "position"),
        (GOOD + OUT + "<style>@import 'x'</style>", "@import"),
        (GOOD + OUT + "<video></video>", "video"),
        (GOOD + OUT + '<p style="color:#9a9a9a">가</p>', "#9a9a9a"),
        (GOOD + OUT + '<table width="720"></table>', "720"),
        (GOOD + OUT + "가" * 40_000, "100KB"),
    ],
)
def test_each_fault_is_named(html: str, word: str) -> None:
    """One sentence for staff, with what it is about."""
    (sentence,) = found(html)
    assert word in sentence


def test_subject_and_preheader() -> None:
    """One line each, the preheader short."""
    assert len(found(GOOD + OUT, subject=" ")) == 1
    assert len(found(GOOD + OUT, preheader="가" * 101)) == 1


def test_contrast_is_wcags() -> None:
    """Black on white is 21:1, a colour on itself 1:1."""
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert contrast("#0b50d0", "#0b50d0") == 1.0
