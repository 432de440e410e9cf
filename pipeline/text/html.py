"""Markup from sources: made harmless, read as text, searched for links and pictures.

What does not live here: finding things on pages (``sources``), writing HTML (``renderers``).
Source: reliability P4, P33 and Part 2 item 5 (small inputs that cost minutes); extraction §3 (leads).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from html import escape
from html import unescape as _browser_unescape
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline.text import clean, urls
from pipeline.text.trim import trim

if TYPE_CHECKING:
    import nh3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS: Final = _words(
    "p br ul ol li dl dt dd table thead tbody tr th td caption a img strong em b i u s blockquote h3 h4 h5 h6 pre code "
    "figure figcaption hr span sub sup"
)
_GONE: Final = _words(
    "script style svg math iframe form object embed template noscript textarea select button title head"
)
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_NUMBER: Final = frozenset(("width", "height", "colspan", "rowspan", "start"))
_DIGITS: Final = re.compile(r"\d{1,4}", re.ASCII)
# One pass over tags; nothing here can look at a character more than a few times, whatever the input.
_OPEN: Final = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{130,}")
_ATTRIBUTE: Final = re.compile(r"""[^\s"'=/<>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_TAG: Final = re.compile(r"""<[/a-zA-Z!?](?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|<[/a-zA-Z!?][^<>]*+>""")
_UNFINISHED: Final = re.compile(r"<[/a-zA-Z!?][^<>]*\Z")
_LINES: Final = re.compile(
    r"</?(?:p|div|br|li|ul|ol|dl|dt|dd|tr|table|caption|h[1-6]|hr|blockquote|pre|section|article|header|footer|figure"
    r"|figcaption|address|center|form|fieldset|main|nav|aside|option|summary|details)\b[^<>]*+>",
    re.IGNORECASE,
)
_CELL: Final = re.compile(r"</?t[dh]\b[^<>]*+>", re.IGNORECASE)
_SILENT: Final = re.compile(r"<(script|style|template|noscript|svg|math|textarea|title|head)\b", re.IGNORECASE)
_ENDS: Final = {
    name: re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE)
    for name in ("script", "style", "template", "noscript", "svg", "math", "textarea", "title", "head")
}
_VOID_OR_IMPLIED: Final = _words(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option"
)
_LINK: Final = re.compile(
    r"""<(?:a|area)\b[^<>]*?\shref\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
    r"""|<(?:iframe|embed|video|source)\b[^<>]*?\ssrc\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"<img\b([^<>]*)", re.IGNORECASE)
_PAIR: Final = re.compile(r"""([a-zA-Z][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+)""")
_TINY: Final = 3  # a picture at most so many pixels wide or high counts readers, it shows nothing
_NO_PICTURE: Final = re.compile(
    r"(?:blank|spacer|pixel|dot|clear|transparent|1x1|ico_new|icon_new)\.(?:gif|png)", re.IGNORECASE
)

# a bare address says nothing in a lead, nor does the word that points at it (강좌 보기: https://…)
_ADDRESS: Final = re.compile(r"(?:[가-힣A-Za-z ]{1,14}[:：]\s*)?https?://\S+")
_SENTENCE: Final = re.compile(r"[\n!?。….](?:\s+|(?<=\n))")  # where one may end; a dot behind a number does not
_GREETING: Final = re.compile(
    r"^[\W_]*(?:여러분[,!]?\s*)?(?:안녕하(?:세요|십니까|신가요)|반갑습니다|감사합니다|고맙습니다)(?:\s?여러분)?[\s,.!~♡♥^?]*"
)
_INTRODUCTION: Final = re.compile(r".{1,40}(?:입니다|이에요|예요|에요)[\s.!~♡♥^]*")
_NEWS: Final = re.compile(r"모집|접수|신청|운영|개최|예정|강좌|교육|기간|\d")
_SENTENCE_CHARS: Final = 400  # what the patterns of leads may look at
_RENAMED: Final = re.compile(r"<(/?)(?:(div|section|article|center)|(h[12]))(?=[\s/>])", re.IGNORECASE)
_HOLLOW: Final = re.compile(r"<p>\s*</p>|<img(?![^<>]*\ssrc=)[^<>]*>")
# a cell, a heading or a bullet without a word after it: 구분, 인원, 1. 일정, 【안내】
_FRAGMENT: Final = re.compile(
    r"[\W_]*(?:[\d가-하ⅠⅡⅢ]{1,2}[.)]\s*)?[【<\[(]?\s*[가-힣]{1,6}(?:\s[가-힣]{1,4})?(?<![다요까죠])\s*[】>\])]?[\W_]*"
)
_OPENING: Final = re.compile(  # a letter's head, and what only points at a file
    r"[\W_]*(?:수\s*신(?:자|처)?|참\s*조|경\s*유|발\s*신|문서\s?번호|시행일?)\s*(?:[:：)]|\s{1,3}(?:내부|수신자|각))|[\W_\d]*관련\s?(?:근거)?\s*[:：]"
    r"|.{0,60}(?:호|공문|과)[와과]?\s?관련(?:입니다|됩니다)\.?$"
    r"|[\W_]*(?:붙임|첨부|별첨|이하\s*여백|끝\.?$|-\s*(?:아\s*래|다\s*음)\s*-|아\s+래|다\s+음|[1-9]\.\s*귀\s*(?:기관|사|댁)의)"
)
_CLOSING: Final = re.compile(  # sentences that only ask to look elsewhere, or to take part
    r"(?:아래|다음|붙임|첨부|본문|이미지|포스터|자세한 (?:내용|사항))(?:와|과)?\s?(?:같이|을|를|은|는|의)?\s.{0,30}"
    r"(?:안내|알려|공고|참고|참조|확인|바랍니다|부탁)[^.!?]{0,16}[.!?]?$"
    r"|(?:많은|적극적인|여러분의)\s.{0,20}(?:참여|관심|신청|이용|홍보).{0,20}(?:바랍니다|부탁드립니다|기다립니다)[.!~]*$"
    r"|귀\s*(?:기관|사|댁)의\s*무궁한\s*발전"
)
_CLOSING_END: Final = re.compile(
    r"안내|알려|공고|참고|참조|확인|바랍니다|부탁|기다립니다"
)  # cheap: at its end, or not at all
_CLOSING_CHARS: Final = 30


def within_limits(html: str) -> bool:
    """Whether a tree parser may see this markup: bytes, nesting and attributes are within bounds.

    Cheap (about 10 µs per KB): counts open tags by name, so a stray end tag hides no depth.
    """
    if len(html) > p.limits.BODY_HTML_BYTES or len(html.encode("utf-8", "replace")) > p.limits.BODY_HTML_BYTES:
        return False
    for match in _LONG_TAG.finditer(html):
        if sum(1 for _ in _ATTRIBUTE.finditer(match.group())) > p.limits.ATTRIBUTES:
            return False
    if html.count("<") <= p.limits.NESTING:
        return True
    depth, opened = 0, dict[str, int]()
    for closing, raw in _OPEN.findall(html):
        name = raw.lower()
        if name in _VOID_OR_IMPLIED:
            continue
        count = opened.get(name, 0)
        if not closing:
            opened[name] = count + 1
            depth += 1
            if depth > p.limits.NESTING:
                return False
        elif count:
            opened[name] = count - 1
            depth -= 1
    return True


def sanitise(html: str, base_url: str) -> str:
    """The markup with nothing in it that runs, loads or frames: a short allow-list, absolute http(s)/mailto links.

    Blocks we do not keep become paragraphs (``div``) and headings of the third level (``h1``), so that lines stay lines.

    Markup beyond the limits comes back as escaped text in one paragraph. Never raises on any text.
    """
    if not within_limits(html):
        text = text_of(html)[: p.limits.BODY_TEXT_CHARS]
        return f"<p>{escape(text)}</p>" if text else ""
    shaped = _RENAMED.sub(lambda match: f"<{match[1]}{'p' if match[2] else 'h3'}", html)
    _base.set(base_url)
    return _HOLLOW.sub("", _cleaner().clean(shaped)).strip()


_base: ContextVar[str] = ContextVar("base", default="")  # one cleaner serves every page


@cache
def _cleaner() -> nh3.Cleaner:
    """The allow-list made ready: that takes longer than a small body does."""
    import nh3  # noqa: PLC0415 - a quiet night sanitises nothing

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_GONE),
        attributes=_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _attribute(_base.get(), tag, name, value),
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
    )


def text_of(html: str) -> str:
    """The text a reader sees, a line for each block, clean (``clean.many_lines``).

    Works on the characters, without a tree: linear in the input whatever it holds. Cost: about 50 µs per KB.
    """
    if "<" not in html:
        return clean.many_lines(_browser_unescape(html))
    text = _without_silent(_without_comments(html))
    text = " ".join(text.splitlines())  # only blocks end a line; ``clean`` sees to the other blanks
    text = _CELL.sub(" ", _LINES.sub("\n", text))
    text = _UNFINISHED.sub("", _TAG.sub("", text))
    return clean.many_lines(_browser_unescape(text) if "&" in text else text)


def links_of(html: str, base_url: str) -> tuple[str, ...]:
    """Absolute http(s) addresses that the markup links to or embeds, in order, each once."""
    found = (a or b for a, b in _LINK.findall(html))
    links = (urls.absolute(base_url, _browser_unescape(value.strip("\"'"))) for value in found)
    return tuple(dict.fromkeys(link for link in links if link))


def first_image(html: str, base_url: str) -> p.Image | None:
    """The first picture that shows something; counting pixels, spacers and inline data are passed over."""
    for match in _IMAGE.finditer(html):
        pairs = {name.lower(): _browser_unescape(value.strip("\"'")) for name, value in _PAIR.findall(match.group(1))}
        if any(_DIGITS.fullmatch(pairs.get(side, "")) and int(pairs[side]) <= _TINY for side in ("width", "height")):
            continue
        for name in ("data-lazy-src", "data-src", "data-original", "src"):
            url = urls.absolute(base_url, pairs.get(name, ""))
            if url and not _NO_PICTURE.search(url):
                alt = pairs.get("alt")
                return p.Image(url=url, alt=None if alt is None else clean.one_line(alt))
    return None


def lead_of(text: str, limit: int = p.limits.LEAD_CHARS) -> str:
    """The first sentences that say something, on one line, at most ``limit`` characters.

    Salutations, self-introductions and boilerplate (붙임, 아래와 같이 …) are passed over; if nothing else is left, the
    text's own beginning is the lead.
    """
    text = text[: p.limits.BODY_TEXT_CHARS]
    telling = _first(filter(None, map(_said, _sentences(text))), limit)
    return trim(telling or _first(_sentences(text), limit), limit)


def _sentences(text: str) -> Iterator[str]:
    """One after the other: the first few are nearly always enough."""
    position = 0
    for border in _SENTENCE.finditer(text):
        at = border.start()
        if text[at] == "." and (at == 0 or text[at - 1].isdigit() or text[at - 1].isspace()):
            continue
        if sentence := clean.one_line(text[position : at + 1].strip()):
            yield sentence
        position = border.end()
    if sentence := clean.one_line(text[position:]):
        yield sentence


def _first(sentences: Iterable[str], limit: int) -> str:
    lead = ""
    for sentence in sentences:
        if lead and len(lead) + 1 + len(sentence) > limit:
            break
        lead = f"{lead} {sentence}".strip()
    return lead


def _said(sentence: str) -> str:
    """What a sentence says besides greeting, introducing its writer or pointing elsewhere; ``""`` when nothing."""
    head = sentence[:_SENTENCE_CHARS]
    greeting = _GREETING.match(head)
    rest = sentence[greeting.end() :] if greeting else sentence
    if (
        _OPENING.match(head)
        or ((_CLOSING_END.search(head[-_CLOSING_CHARS:]) or "무궁한" in head) and _CLOSING.search(head))
        or _FRAGMENT.fullmatch(head)
        or (_INTRODUCTION.fullmatch(rest) and not _NEWS.search(rest))
    ):
        return ""
    return _ADDRESS.sub("", rest).strip() if "://" in rest else rest


def _attribute(base_url: str, tag: str, name: str, value: str) -> str | None:
    if name in _NUMBER:
        return value if _DIGITS.fullmatch(value) else None
    if name == "src":
        return urls.absolute(base_url, value)
    if name == "href" and tag == "a":
        bare = value.strip()
        return bare if bare.lower().startswith("mailto:") else urls.absolute(base_url, bare)
    return value


def _without_comments(html: str) -> str:
    if "<!--" not in html:
        return html
    kept, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        kept.append(html[position:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        position = end + 3
    return "".join([*kept, html[position:]])


def _without_silent(html: str) -> str:
    kept, position = [], 0
    while match := _SILENT.search(html, position):
        kept.append(html[position : match.start()])
        end = _ENDS[match.group(1).lower()].search(html, match.end())
        if end is None:
            return " ".join(kept)
        position = end.end()
    return " ".join([*kept, html[position:]]) if kept else html
