"""Looks at a finished mail as mail programs will: size, links, images, CSS they drop, contrast, subject, preheader.

What does not live here: making it. A finding is a sentence for staff. The mail is read by BeautifulSoup, as leniently as mail
programs read. Source: caniemail.com data 2.0.2 (MIT, read on 2026-11-28) for what Gmail, Outlook, Samsung and Yahoo drop (it knows
nothing of Naver and Daum); korea §2; RFC 5322; WCAG 2.2 1.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline.i18n import _

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# script, iframe, embed and canvas are dropped by every program and stand in no table; the rest by caniemail: unsupported (`n`) in at least one of Gmail, Outlook for Windows, Samsung Email or Yahoo, and harmful when dropped
_TAGS: Final = frozenset(
    word
    for line in (
        "script form input button select textarea iframe object",
        "embed video audio svg canvas dialog link base",
    )
    for word in line.split()
)
_CSS: Final = (
    (re.compile(r"(?<![-\w])(position|float|clear|object-fit|clip-path|filter|mix-blend-mode)\s*:"), 1),
    (re.compile(r"(?<![-\w])(?:display\s*:\s*)(flex|inline-flex|grid|inline-grid)\b"), 1),
    (re.compile(r"(?<![-\w])(calc|var|min|max|clamp|url)\("), 1),
    (re.compile(r"(@import|@font-face|@supports)\b"), 1),
)
_URL: Final = re.compile(r"https?://[^\s\"<>]+\Z|mailto:|tel:")
_TEXT: Final = re.compile(r"(?:^|;)\s*color\s*:\s*(#[0-9a-f]{6})", re.IGNORECASE)
_PAPER: Final = "#ffffff"
_CONTRAST: Final = 4.5
_PREHEADER: Final = 100
_WIDTH: Final = 640


def findings(subject: str, preheader: str, html: str) -> Iterator[str]:
    """Yield what is wrong with a mail, one sentence each; nothing when it may go.

    Args:
        subject: Decoded.
        preheader: What inboxes show behind the subject.
        html: The HTML part with its placeholders.

    Cost: a few passes over at most 100 kB.
    """
    if not subject.strip() or "\n" in subject:
        yield _("제목이 비었거나 여러 줄입니다.")
    if len(preheader) > _PREHEADER:
        yield _("미리 보기 글이 {most}자를 넘습니다.").format(most=_PREHEADER)
    size = len(html.encode("utf-8", "replace"))
    if size > p.limits.MAIL_HTML_BYTES:
        yield _("소식지가 {most}KB를 넘어 지메일이 뒤를 자릅니다.").format(most=p.limits.MAIL_HTML_BYTES // 1000)
    tree = _tree(html)
    yield from _links(tree)
    yield from _pictures(tree)
    yield from _forbidden(tree)
    found = (_TEXT.search(style) for style in _styles(tree))
    for colour in sorted({one[1].lower() for one in found if one}):
        if max(contrast(colour, _PAPER), contrast(colour, "#0b50d0")) < _CONTRAST:
            yield _("글자 색 {colour}은 바탕과 잘 구별되지 않습니다.").format(colour=colour)
    widths = (_said(table, "width") for table in tree.find_all("table"))
    if wide := [width for width in widths if width.isdecimal() and int(width) > _WIDTH]:
        yield _("표의 너비 {width}가 {most}보다 큽니다.").format(width=wide[0], most=_WIDTH)


def _tree(html: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup  # noqa: PLC0415 - once an edition; a quiet night has none

    return BeautifulSoup(html, "html.parser")


def _said(tag: Tag, name: str) -> str:
    return str(tag.get(name) or "")


def _links(tree: BeautifulSoup) -> Iterator[str]:
    addresses = dict.fromkeys(_said(tag, "href") for tag in tree.find_all("a", href=True))
    for url in addresses:
        if url != p.UNSUBSCRIBE_MARK and not _URL.match(url):
            yield _("주소가 온전하지 않은 링크가 있습니다: {url}").format(url=url[:80])
    if p.UNSUBSCRIBE_MARK not in addresses:
        yield _("수신 거부 링크가 없습니다.")


def _pictures(tree: BeautifulSoup) -> Iterator[str]:
    for tag in tree.find_all("img"):
        if missing := sorted({"alt", "width", "src"} - tag.attrs.keys()):
            yield _("그림에 {names} 항목이 없습니다.").format(names=", ".join(missing))
        elif not _said(tag, "src").startswith(("http://", "https://")):
            yield _("그림의 주소가 온전하지 않습니다.")


def _forbidden(tree: BeautifulSoup) -> Iterator[str]:
    if bad := sorted({tag.name for tag in tree.find_all(list(_TAGS))}):
        yield _("메일에서 쓸 수 없는 태그가 있습니다: {tags}").format(tags=", ".join(bad))
    css = " ; ".join((*_styles(tree), *(sheet.get_text() for sheet in tree.find_all("style"))))
    words = sorted({found[group] for pattern, group in _CSS for found in pattern.finditer(css)})
    if words:
        yield _("메일 프로그램이 지우는 CSS가 있습니다: {words}").format(words=", ".join(words))


def _styles(tree: BeautifulSoup) -> list[str]:
    """Of elements only: a source may write ``style="…"`` as text."""
    return [_said(tag, "style") for tag in tree.find_all(style=True)]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours. Source: WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
