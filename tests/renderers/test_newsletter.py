"""The newsletter's bytes: what mail programs, receivers and the transport may rely on."""

from __future__ import annotations

import email
import email.policy
import re
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

import pipeline.model as p
from pipeline.deliver.transports._splice import Letter
from renderers import newsletter
from tests.renderers.digest import INSTITUTE, digest, entry, hostile, story

TOKEN = newsletter.UNSUBSCRIBE


def render(made: p.Digest, **options: object) -> tuple[bytes, list[p.LeftOut]]:
    first, *rest = newsletter.render(newsletter.Options(**options), made)
    assert isinstance(first, p.Artifact)
    assert (first.path, first.media_type) == ("newsletter.eml", "message/rfc822")
    return first.body, rest


def parts(body: bytes) -> tuple[str, str]:
    plain, html = email.message_from_bytes(body, policy=email.policy.default).iter_parts()
    return plain.get_content(), html.get_content()


def crowded(count: int, **more: object) -> p.Digest:
    """An edition with many long stories."""
    cards = tuple(
        p.Card(
            story=story(
                f"s{n}", entry(str(n), "blog", p.Kind.POST, f"{n}번째 소식 " + "길고 긴 제목 " * 8, lead="본문 " * 80)
            )
        )
        for n in range(count)
    )
    return digest(sections=(p.Section(key="news", title="소식", cards=cards),), **more)


def test_golden(golden):
    """Message, HTML and text are exactly what was last looked at."""
    body, _left = render(digest())
    plain, html = parts(body)
    golden("newsletter/newsletter.eml", body)
    golden("newsletter/newsletter.txt", plain.encode())
    golden("newsletter/newsletter.html", html.encode())


def test_a_greeting_names_each_receiver_and_nobody_in_the_stored_mail():
    """Both parts greet by a placeholder of its own lines; a name is data, and a title cannot greet."""
    made = digest(title=f"{p.NAME_MARK} 소식")
    body, _left = render(made, greeting=True)
    letter = Letter(body)
    assert letter.marks == {p.NAME_MARK, TOKEN}
    for name, shown in (
        ("홍길동", "홍길동"),
        ("<b>김 & 이</b>", "&lt;b&gt;김 &amp; 이&lt;/b&gt;"),
        ("가" * 40, "가" * 40),
    ):
        whole = b"".join(letter.pieces(b"", {TOKEN: "https://example.go.kr/u/x", p.NAME_MARK: name}))
        plain, html = parts(whole)
        assert f"\n{name} 님, 안녕하세요." in plain
        assert f">{shown} 님, 안녕하세요." in html
        assert "%%" not in plain + html
    assert "안녕하세요" not in "".join(parts(render(made)[0]))


def test_bytes_are_plain_mail():
    """ASCII, CRLF only, lines far below 998 octets, two parts, and the same bytes every time (P54)."""
    body, _left = render(digest())
    assert body.isascii()
    assert body.count(b"\n") == body.count(b"\r\n") == body.count(b"\r")
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert body == render(digest())[0]
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


def test_headers_of_the_receiver_are_the_transports():
    """Nothing that differs by receiver or hour is in the stored bytes; there is one Subject."""
    message = email.message_from_bytes(render(digest())[0], policy=email.policy.default)
    assert message.get_all("Subject") == ["가온 배움소식 11월 23일"]
    for name in ("From", "To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert name not in message


@pytest.mark.parametrize(
    "title",
    [
        "x =?UTF-8?Q?=0A?=Bcc: a@b.example",
        "소식\r\nBcc: a@b.example",
        "소식\nBcc: a@b.example\n\nbody",
        "a\x0bb\x0cc\x1cd\x85e\u2028Bcc: a@b.example",
        "끝에 줄바꿈\n",
        "가" * 400,
        "🎉" * 100,
    ],
)
def test_no_title_becomes_a_header(title):
    """Whatever a title holds, the headers stay ours, also when they are read and written again (P55)."""
    body, _left = render(digest(title=title))
    message = email.message_from_bytes(body, policy=email.policy.SMTP)
    ours = ["Subject", "Content-Language", "X-Moa-Edition", "MIME-Version", "Content-Type"]
    assert message.keys() == ours
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.SMTP)
    assert again.keys() == ours
    assert "\n" not in again["Subject"]
    assert max(map(len, body.split(b"\r\n"))) <= 78 or title.isascii()


def test_the_placeholder_is_one_line_in_each_part():
    """A transport gives a receiver an address by exchanging one known base64 line in each part."""
    body, _left = render(digest())
    address = "https://learn.gaon.example/u/" + "t" * 90
    for after in (b"", b'"'):
        line = b64encode((TOKEN.encode() + after).ljust(57))
        assert body.count(b"\r\n" + line + b"\r\n") == 1
        filled = address.encode() + after
        filled = filled.ljust(-(-len(filled) // 57) * 57)
        body = body.replace(line, b"\r\n".join(b64encode(filled[n : n + 57]) for n in range(0, len(filled), 57)))
    plain, html = parts(body)
    assert f"\n{address} " in plain
    assert f'href="{address}"' in html
    assert TOKEN not in plain + html


def test_a_story_cannot_bring_its_own_placeholder():
    """The placeholder stands once in each part even if a title holds it; hostile text stays text."""
    plain, html = parts(render(hostile())[0])
    assert plain.count(TOKEN) == html.count(TOKEN) == 1
    assert "<script" not in html
    assert "javascript:" not in html
    assert "{{ institute }}" in html
    assert "\u202e" not in plain + html


def test_html_is_made_for_mail_programs():
    """Inline styles, tables, at most 640 px, no script or form, dark colours, a preheader."""
    _plain, html = parts(render(digest())[0])
    assert not re.search(r"<(script|form|iframe|link|object)\b", html)
    assert html.count("<style") == 1
    assert "prefers-color-scheme: dark" in html
    assert max(int(w) for w in re.findall(r"(?:max-)?width: (\d+)px", html)) <= 640
    assert all("style=" in tag for tag in re.findall(r"<(?:p|h1|h2|h3)\b[^>]*>", html))
    assert html.index("퇴근 뒤 허리 튼튼 교실") < html.index("<table")
    assert "https://learn.gaon.example/e/daily/2026-11-23.html" in html


def test_pictures_of_a_mail_are_our_own_and_few():
    """From our own site only (P54), described, never more than five; none while the site has no address."""
    _plain, html = parts(render(digest())[0])
    pictures = re.findall(r"<img\b[^>]*>", html)
    assert 1 <= len(pictures) <= newsletter.PICTURES_SHOWN
    assert all('src="https://learn.gaon.example/media/' in tag and re.search(r'alt="[^"]+"', tag) for tag in pictures)
    _plain, html = parts(render(digest(institute=replace(INSTITUTE, site_url="")))[0])
    assert "<img" not in html


def test_text_part_says_the_same():
    """Every story of the edition stands in both parts, with its link."""
    plain, html = parts(render(digest())[0])
    for section in digest().sections:
        for card in section.cards:
            assert card.story.primary.title in plain
            assert f"/{card.story.id}.html" in plain
            assert f"/{card.story.id}.html" in html
    for words in (INSTITUTE.address, INSTITUTE.phone, INSTITUTE.name):
        assert words in plain
        assert words in html


def test_a_large_edition_is_shortened_and_says_so():
    """HTML stays below 100 kB; what is left out is named, in order, and a link leads to the rest (CS3)."""
    body, left = render(crowded(300))
    plain, html = parts(body)
    assert len(html.encode()) <= p.limits.MAIL_HTML_BYTES
    kept = 300 - len(left)
    assert kept > 40
    assert [x.story_id for x in left] == [f"s{n}" for n in range(kept, 300)]
    assert {x.reason for x in left} == {"mail-size"}
    assert f"소식 {300 - kept}건 더 보기" in html
    assert f"소식 {300 - kept}건 더 보기" in plain


def test_without_an_address_links_lead_to_the_originals():
    """Before ``site_url`` is configured the mail links the sources and promises no page of ours."""
    plain, html = parts(render(digest(institute=replace(INSTITUTE, site_url="")))[0])
    assert "https://course.gaon.example/list/61834" in plain
    assert "웹에서 보기" not in html


@pytest.mark.parametrize(("policy", "marked"), [("never", False), ("always", True), ("if_paid", True)])
def test_ad_mark(policy, marked):
    """``(광고)`` is the very start of the subject or nowhere (정보통신망법 §50)."""
    message = email.message_from_bytes(render(digest(), ad=policy)[0], policy=email.policy.default)
    assert message["Subject"].startswith("(광고) ") is marked


def test_parts_decode_line_by_line():
    """Each full base64 line stands for 57 bytes, so lines may be exchanged."""
    body, _left = render(digest())
    lines = [line for line in body.split(b"\r\n") if len(line) == 76]
    assert len(lines) > 100
    assert {len(b64decode(line)) for line in lines} == {57}
