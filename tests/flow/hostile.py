"""What a hostile or careless publisher writes, and strict readers for what we make of it.

What does not live here: what must be true (``test_promises_output.py``).
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

TITLES = {
    "script": "<script>alert('t1')</script> 제목",
    "attribute": "\"><img src=x onerror=alert('t2')> '><svg/onload=alert(3)>",
    "raw text": "</title></textarea></style></script><iframe src=//evil.example></iframe>끝",
    "template": "{{ 7*7 }} {% raise %} {# c #} ${7*7} <%= 7*7 %> #{변수}",
    "format": "%s %(name)s %d {0} {title} {0.__class__} $title `id` $(id)",
    "placeholder": "%%MOA_UNSUBSCRIBE_URL%% 링크",
    "formula": "=cmd|'/C calc'!A1",
    "bidi": "안내\u202e거꾸로\u202c \u2066고립\u2069 \u200f표시",
    "invisible": "보이지\u200b않\u2060는\ufeff 글\u00ad자",
    "controls": "널\x00과 벨\x07과 \x1b[31m빨강\x1b]0;제목\x07 \x9b2J \x85끝",
    "long": "긴 제목 " * 1250,
    "unbroken": "ㄱ" * 1000,
    "emoji": "가족 👨\u200d👩\u200d👧\u200d👦 깃발 🏳\ufe0f\u200d🌈 끝",
    "ends": "끝 ]]> --> <!-- <![CDATA[ ?> &lt;b&gt; &amp;amp; &#0; &bogus; R&D",
    "lines": "줄\r\nBcc: victim@example.com\r\n\r\n바뀜",
    "encoded word": "=?UTF-8?B?PHNjcmlwdD4=?= =?utf-8?q?a?=",
    "path": "../../../etc/passwd",
    "calendar": "BEGIN:VEVENT\nEND:VCALENDAR;X=1,2\\n",
    "noncharacter": "비문자 \ufffe\uffff\U0001ffff 끝",
}
BODY = """<h2 style="position:fixed" onclick="alert(1)">본문 {{ 7*7 }}</h2><script>alert('b1')</script>
<img src=x onerror="alert('b2')"><svg onload="alert(3)"><math><mi//xlink:href="data:x,<script>alert(4)</script>"></math>
<a href="javascript:alert(5)">하나</a><a href="JaVaScRiPt&colon;alert(6)">둘</a><a href="data:text/html,<script>alert(7)</script>">셋</a>
<a href=" vbscript:x">넷</a><iframe srcdoc="<script>alert(8)</script>"></iframe><form action="https://evil.example"><input autofocus
onfocus=alert(9)></form><style>*{background:url(https://evil.example/s)}</style><link rel=stylesheet href=https://evil.example/c>
<meta http-equiv=refresh content="0;url=https://evil.example"><base href="https://evil.example/"><object data=x></object>
<template><script>alert(10)</script></template><noscript><p title="</noscript><img src=x onerror=alert(11)>"></noscript>
<p>끝까지 읽은 글입니다.\u202e</p><!-- --><video src="https://evil.example/v" autoplay></video><audio src=//evil.example/a autoplay>"""
LINKS = {
    "script": "javascript:alert(document.domain)",
    "attribute": 'https://a.example/"onmouseover="alert(1)',
    "raw text": "https://a.example/</script><script>alert(2)</script>",
    "template": "https://a.example/{{7*7}}?x=%s&y=${z}",
    "format": "data:text/html,<script>alert(3)</script>",
    "bidi": "https://a.example/\u202egnp.exe",
    "lines": "https://a.example/x\r\nSet-Cookie: a=b",
    "long": "https://a.example/" + "b" * 5000,
    "path": "file:///etc/passwd",
}
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What must stand in nothing we make: C0, C1, bidi, zero-width (ZWJ apart)."""


def json_feed() -> bytes:
    """A JSON Feed: the one format that can carry every one of these characters."""
    items = [
        {
            "id": f"i-{n}",
            "url": LINKS.get(name, f"https://a.example/{n}"),
            "title": title,
            "content_html": BODY,
            "authors": [{"name": title[:80]}],
            "tags": [title[:40]],
            "date_published": "2026-11-22T10:00:00+09:00",
            "attachments": [{"url": "https://a.example/f.pdf", "mime_type": "text/html", "title": title[:120]}],
        }
        for n, (name, title) in enumerate(TITLES.items())
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": TITLES["script"], "items": items}
    ).encode()


class Strict(HTMLParser):
    """Reads a page and complains of anything that is not closed, nested or quoted as it should be."""

    VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        assert all(re.fullmatch(r"[a-z][a-z-]*", name) for name in names), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def text(self) -> str:
        """Everything a reader sees."""
        return " ".join("".join(self.words).split())


def calendar_lines(body: bytes) -> list[str]:
    """RFC 5545: CRLF only, lines of 75 octets, balanced components; returns the unfolded lines."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    lines = body.decode().replace("\r\n ", "").split("\r\n")[:-1]
    depth: list[str] = []
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon, line
        if name == "BEGIN":
            depth.append(value)
        elif name == "END":
            assert depth.pop() == value
    assert not depth
    return lines


def strings(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return [value] if isinstance(value, str) else []
