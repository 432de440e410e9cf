"""One feed document of any format to ``Feed``: decode, choose a reader, or say why it is no feed.

What does not live here: the readers themselves, what entries become (``_feed_items``).
"""

from __future__ import annotations

import re
from typing import Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean
from pipeline.text.decode import decode
from pipeline.text.feed_links import feed_links
from sources import _feed_fast, _feed_json, _feed_mend, _feed_xml
from sources._feed_said import Feed

_HTML_ROOTS: Final = frozenset(
    [
        "html",
        "head",
        "body",
        "script",
        "meta",
        "title",
        "div",
        "p",
        "link",
        "style",
        "table",
        "center",
        "h1",
        "h2",
        "br",
        "form",
        "iframe",
        "a",
    ]
)
_TITLE: Final = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_LOGIN: Final = re.compile(r"로그인|\blog ?in\b|\bsign ?in\b|type=[\"']?password", re.IGNORECASE)
_CLOSED: Final = re.compile(r"점검|maintenance|서비스 ?중단|일시 ?중지", re.IGNORECASE)
_ROBOT: Final = re.compile(
    r"captcha|자동 ?입력|비정상적인|just a moment|access denied|checking your browser|\brobot\b", re.IGNORECASE
)
_LOST_FREE: Final = 3  # places
_LOST_SHARE: Final = 0.001  # unreadable places ÷ characters: above it the text is broken, not scratched
_NAMED: Final = 3  # feeds of a page told to an editor
_PEEK: Final = 20_000  # characters looked at to name a wrong page


def read(document: p.Document) -> Feed:
    """Read one document.

    Raises:
        ShapeError: ``truncated`` for a document that stops half-way, ``unreadable`` for anything that is no feed; the
            message says which page came instead.

    Cost: about 1 ms for 35 entries in a well-formed document, 16 ms otherwise.
    """
    decoded = decode(document.body, charset=document.charset, media_type=document.media_type)
    text = decoded.text
    if not text.strip("\x00 \t\r\n\ufeff"):
        raise _unreadable(_("빈 문서가 왔습니다."))
    if decoded.replaced:
        western = _feed_mend.western(document.body)
        if western is not None:
            text = western
        elif decoded.replaced > _LOST_FREE and decoded.replaced > _LOST_SHARE * len(text):
            raise _unreadable(_("글자를 읽을 수 없는 곳이 {count}군데 있습니다.").format(count=decoded.replaced))
    text = _feed_mend.once(text, document.body)
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    before = _feed_xml.prologue(text)
    is_page = before.is_html or before.root.lower() in _HTML_ROOTS
    if not before.root or (is_page and not before.is_clean and not before.is_html):
        raise _unreadable(_("피드가 아닌 문서가 왔습니다: {start}").format(start=_short(text)))
    if is_page:
        wrapped = _feed_xml.within_page(before)
        if wrapped is None:
            raise _page(text, document.url)
        before = wrapped
    return _xml(before)


def _xml(before: _feed_xml.Prologue) -> Feed:
    found = _feed_xml.tree(before)
    if found is None and _feed_xml.is_truncated(before):
        raise p.ShapeError(_("문서가 중간에 끊겼습니다."), code="truncated")
    feed = None
    if found is not None:
        feed = _feed_fast.read(found[0])
        if feed is not None:
            feed.is_repaired = found[1]
    if feed is None:
        from sources import _feed_oracle  # noqa: PLC0415 - only what the fast reader refuses

        feed = _feed_oracle.read(before)
    if feed is None:
        text = _("XML 문서이지만 피드가 아닙니다(첫 요소: {root}).").format(root=before.root[:60])
        raise _unreadable(text)
    return feed


def _json(text: str) -> Feed:
    try:
        feed = _feed_json.read(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip()[0] == "{" and '"https://jsonfeed.org' in text[:_PEEK]:
            raise p.ShapeError(_("문서가 중간에 끊겼습니다."), code="truncated") from error
        raise _unreadable(_("피드가 아닌 문서가 왔습니다: {start}").format(start=_short(text))) from error
    if feed is None:
        raise _unreadable(_("피드 대신 다른 JSON 응답이 왔습니다: {start}").format(start=_short(text)))
    return feed


def _page(text: str, url: str) -> p.ShapeError:
    """Say which page came instead; one that names its feeds names the fix."""
    from sources import _feed_ld  # noqa: PLC0415 - most documents are feeds

    peek = text[:_PEEK]
    title = _TITLE.search(peek)
    name = clean.one_line(clean.unescape(title.group(1)))[:60] if title else ""
    hint = ""
    if _ROBOT.search(peek):
        sentence = _("피드 대신 자동 접속을 막는 화면이 왔습니다")
    elif _CLOSED.search(peek):
        sentence = _("피드 대신 점검 안내 화면이 왔습니다")
    elif (links := feed_links(text, url)) and url not in [link.url for link in links]:
        sentence = _("피드 대신 웹 페이지(HTML)가 왔습니다")
        said = ", ".join(link.url for link in links[:_NAMED])
        hint = _("이 페이지가 알리는 피드로 url을 바꿔 주세요: {feeds}").format(feeds=said)
    elif _feed_ld.listed(text):
        sentence = _("피드 대신 웹 페이지(HTML)가 왔습니다")
        hint = _("이 페이지의 글 목록(JSON-LD)을 읽으려면 `structured_data: true`를 더해 주세요.")
    elif _LOGIN.search(peek):
        sentence = _("피드 대신 로그인 화면이 왔습니다")
    else:
        sentence = _("피드 대신 웹 페이지(HTML)가 왔습니다")
    sentence = f"{sentence}: {name}" if name else f"{sentence}."
    return p.ShapeError(f"{sentence} {hint}".strip(), hint=hint, code="unreadable")


def _short(text: str) -> str:
    return clean.one_line(text[:200])[:80]


def _unreadable(sentence: str) -> p.ShapeError:
    return p.ShapeError(sentence, code="unreadable")
