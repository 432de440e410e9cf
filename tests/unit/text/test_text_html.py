"""Markup from strangers: harmless, linear, readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.model as p
from pipeline.text import html

_BASE = "https://a.kr/board/view.do?id=1"
_BOMBS = [
    "<div>" * 100_000, "<!--" * 100_000, "<" * 400_000, "<a " * 100_000, '<a "' * 100_000, '<a href="' * 50_000, "<script " * 50_000, "<svg>" * 80_000,
    "&" * 400_000, "<img src=" * 40_000, '<a x="<" ' * 40_000, "<" + "a" * 400_000, "<a " + "x='" * 100_000, "<b><i><u><a>" * 10_000, "<table>" * 20_000,
    "<a " + " ".join(f"x{i}=1" for i in range(60_000)) + ">", "<a " + " href" * 80_000, "<div></span>" * 15_000, "]]>" * 100_000, "a" * 400_000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("<p onclick=x()>가<script>alert(1)</script></p>", "<p>가</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="/b?x=1" target=_blank>x</a>', '<a href="https://a.kr/b?x=1" rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="mailto:a@b.kr">m</a>', '<a href="mailto:a@b.kr" rel="noopener noreferrer nofollow">m</a>'),
        ('<a href=" java\nscript:x">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<img src="i.png" alt="글" width="10" height="50%" onerror="x()">', '<img src="https://a.kr/board/i.png" alt="글" width="10">'),
        ('<img src="data:image/png;base64,AAAA">가', "가"),
        ('<img src="mailto:x@y.kr">가', "가"),
        ("<svg><a href='x'>z</a></svg><math><mi>1</mi></math><iframe src=x></iframe><form><input></form>끝", "끝"),
        ('<p style="color:red" class=a id=b>가</p>', "<p>가</p>"),
        ("<div>가</div><div>나</div>", "<p>가</p><p>나</p>"),
        ("<h1>제목</h1><h4>절</h4>", "<h3>제목</h3><h4>절</h4>"),
        ("<!-- c --><td colspan=2>x", "x"),
        ("<table><tr><td colspan=2 rowspan='a'>x</table>", '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'),
        ("1 < 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("", ""),
    ],
)  # fmt: skip
def test_only_harmless_markup_is_left(markup, want):
    """Scripts, styles, frames, handlers and foreign schemes go; structure, absolute links and pictures stay."""
    assert html.sanitise(markup, _BASE) == want


@pytest.mark.parametrize("bomb", _BOMBS, ids=lambda text: text[:12])
def test_small_inputs_cannot_cost_minutes(bomb):
    """Every tool ends at once on inputs that keep tree parsers busy (reliability, measured attacks)."""
    html.within_limits(bomb)
    html.sanitise(bomb, _BASE)
    html.text_of(bomb)
    html.links_of(bomb, _BASE)
    html.first_image(bomb, _BASE)
    html.lead_of(bomb)


def test_limits_see_depth_attributes_and_bytes():
    """Depth is counted by name, so stray end tags hide none; closed tags count nothing; sizes are bytes."""
    assert html.within_limits("<p><b>x</b></p>" * 1000)
    assert html.within_limits("<br><p><li>" * 1000)
    assert not html.within_limits("<div>" * (p.limits.NESTING + 1))
    assert not html.within_limits("<div></span>" * (p.limits.NESTING + 1))
    assert not html.within_limits("<a " + " ".join(f"attribute{i}=1" for i in range(p.limits.ATTRIBUTES + 1)) + ">")
    assert not html.within_limits("가" * (p.limits.BODY_HTML_BYTES // 3 + 1))


def test_markup_beyond_the_limits_becomes_text():
    """What no parser may see is shown as escaped text."""
    assert html.sanitise("<div>" * 300 + "가 &amp; <b>나</b>", _BASE) == "<p>가 &amp; 나</p>"


@pytest.mark.parametrize(
    ("markup", "want"),
    [
        ("<p>가나&amp;다<br>라 <b>마</b>바</p>", "가나&다\n라 마바"), ("<table><tr><th>대상</th><td>성인</td></tr><tr><td>x</td></tr></table>", "대상 성인\nx"),
        ("가<script>if(a<b){}</script>나<style>p{}</style>다", "가 나 다"), ("가<!-- <p>x</p> -->나<!-- y", "가나"), ('<img alt="a>b">x', "x"), ("a < b > c", "a < b > c"),
        ("<ul><li>하나<li>둘</ul>", "하나\n둘"), ("<i>가</i>\n나\n  다", "가 나 다"), ("글&nbsp;자&#8203;", "글 자"), ("잘린 <a href='x", "잘린"), ("그냥\n글", "그냥\n글"), ("<3 좋아요", "<3 좋아요"),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_sees(markup, want):
    """Blocks are lines, hidden parts are gone, references are characters."""
    assert html.text_of(markup) == want


def test_links_are_absolute_and_unique():
    """Links and embeds in order, http(s) only, each once."""
    markup = (
        '<a href="/a">1</a><a class=x href=b.do?x=1&amp;y=2>2</a><a href="/a">3</a><a href="javascript:x">4</a><a href="#t">5</a>'
        '<iframe src="//www.youtube.com/embed/abcdefghijk"></iframe><a data-href="/no">6</a>'
    )
    assert html.links_of(markup, _BASE) == (
        "https://a.kr/a", "https://a.kr/board/b.do?x=1&y=2", "https://www.youtube.com/embed/abcdefghijk",
    )  # fmt: skip


def test_the_first_picture_shows_something():
    """Counting pixels, spacers and inline data are passed over; lazy sources are followed."""
    markup = (
        '<img src="data:image/gif;base64,R0"><img src="/c.gif" width=1 height=1><img src=/img/blank.gif>'
        '<img src="/img/blank.gif" data-src="/p/포스터.jpg" alt=" 강좌  포스터 "><img src=/second.png>'
    )
    image = html.first_image(markup, _BASE)
    assert image == p.Image(url="https://a.kr/p/%ED%8F%AC%EC%8A%A4%ED%84%B0.jpg", alt="강좌 포스터")
    assert html.first_image("<img src=/a.png>", _BASE) == p.Image(url="https://a.kr/a.png", alt=None)
    assert html.first_image("<p>없음</p>", _BASE) is None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("안녕하세요. 시흥시 평생학습과입니다.\n12월 시민강좌 수강생을 모집합니다. 자세한 내용은 붙임을 참고하시기 바랍니다.\n붙임 1. 안내문", "12월 시민강좌 수강생을 모집합니다."),
        ("안녕하세요, 시민 여러분! 12월 5일 개강합니다.", "시민 여러분! 12월 5일 개강합니다."),
        ("1. 귀 기관의 무궁한 발전을 기원합니다.\n2. 강좌를 엽니다.", "2. 강좌를 엽니다."),
        ("붙임 1부. 끝.", "붙임 1부. 끝."),
        ("수신 내부결재\n(경유)\n1. 관련: 평생학습과-1234(2026.11.1.)\n2. 강좌는 12월에 시작합니다.", "2. 강좌는 12월에 시작합니다."),
        ("평생학습과-55호와 관련입니다.\n학습동아리를 모집합니다.", "학습동아리를 모집합니다."),
        ("【모집 안내】\n시민강사를 모집합니다.\n1. 일정\n가. 접수기간: 11.20. ~ 11.30.", "시민강사를 모집합니다. 접수기간: 11.20. ~ 11.30."),
        ("휴관 안내", "휴관 안내"),
        ("", ""),
    ],
)  # fmt: skip
def test_leads_say_something(text, want):
    """Greetings, introductions and boilerplate are passed over, unless nothing else is there."""
    assert html.lead_of(text) == want


def test_leads_keep_to_their_limit():
    """A lead is never longer than asked."""
    assert len(html.lead_of("긴 문장이 이어지고 " * 100, 120)) <= 120


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<a <img <p> <div </ script> <script <!-- --> href= src= \" ' > / x javascript: http://a.kr &lt; &#0; 가 <svg onload=".split(
                " "
            )
        ),
        max_size=20,
    ).map("".join)
)
def test_nothing_dangerous_survives(markup):
    """However tags are broken, no script, handler or foreign scheme comes out, and cleaning twice changes nothing."""
    safe = html.sanitise(markup, _BASE)
    assert not re.search(
        r"<(?:script|svg|iframe|style)|<[^<>]*\son\w+=|<[^<>]*\s(?:href|src)=\"(?!https?://|mailto:)",
        safe,
        re.IGNORECASE,
    )
    assert html.sanitise(safe, _BASE) == safe
    html.text_of(markup)
