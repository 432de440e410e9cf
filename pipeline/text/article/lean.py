"""An element written out as lean markup: what a reader sees, without styles, scripts and furniture.

What does not live here: which element (``body``), making markup harmless (``html.sanitise``, which always follows).
Lazy pictures get their real address; a picture that only fills a hole is left out.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from html import escape
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

import pipeline.model as p

_GONE: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "object",
        "embed",
        "button",
        "textarea",
        "select",
        "option",
        "input",
        "nav",
        "canvas",
        "head",
        "title",
        "meta",
        "link",
        "audio",
        "dialog",
    ]
)
_KEPT: Final = frozenset(
    [
        "p",
        "br",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "a",
        "img",
        "strong",
        "em",
        "b",
        "i",
        "u",
        "s",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "code",
        "figure",
        "figcaption",
        "hr",
        "sub",
        "sup",
        "div",
        "section",
        "article",
        "center",
    ]
)
_VOID: Final = frozenset(("br", "img", "hr"))
_LAZY: Final = ("data-lazy-src", "data-src", "data-original", "data-lazy", "data-url", "src")
_BLOCKS: Final = frozenset(
    "address aside details fieldset footer form header main summary legend".split()  # noqa: SIM905 - a list of words
)
_SAYS_NOTHING: Final = re.compile(r"(?:youtube )?video player|iframe|동영상|", re.IGNORECASE)
_UNIT: Final = (
    re.compile(  # a number and its unit in different styles: a blank by rule (한글 맞춤법 §43), never before a particle
        r"\d(?!(?:에|의|을|를|이|가|은|는|로|과|와|도|만|부터|까지|이나|나)(?![가-힣]))[가-힣]"
    )
)
_NUMBERS: Final = ("colspan", "rowspan")
_CLOSING_BYTES: Final = 16 * p.limits.NESTING  # what the end tags of everything open may need


class Writer:
    """Writes one element; stops in good order at the limit of a body's size."""

    def __init__(self, cut: AbstractSet[int]) -> None:
        """``cut``: ``mem_id`` of elements that are left out."""
        self._cut = cut
        self._parts: list[str] = []
        self._last = ""  # the letter written last
        self._is_listing = False  # inside ``pre``: its line breaks are lines
        self._room = p.limits.BODY_HTML_BYTES - _CLOSING_BYTES

    def inner(self, node: LexborNode) -> str:
        """The lean markup inside an element. Cost: about 1 ms for 1,000 elements."""
        self._children(node)
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        self._room -= len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        self._parts.append(text)

    def _children(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            if self._room <= 0:
                return
            if child.is_text_node:
                self._text(child.text_content or "")
            elif child.mem_id not in self._cut:
                self._element(child)

    def _text(self, text: str) -> None:
        text = text[: max(self._room // 4, 0)]
        if self._is_listing:
            self._put(escape(text, quote=False).replace("\n", "<br>"))
        elif text.isspace():
            self._put(" ")
        elif text:
            self._put(" " * bool(_UNIT.match(self._last + text)) + escape(text, quote=False))
        self._last = text[-1:]

    def _element(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _GONE:
            return
        if tag == "img":
            self._put(picture(node))
        elif tag in _VOID:
            self._put(f"<{tag}>")
        elif tag == "iframe":
            self._frame(node)
        elif tag in _KEPT or tag in _BLOCKS:
            name = tag if tag in _KEPT else "div"
            was_listing, self._is_listing = self._is_listing, self._is_listing or tag == "pre"
            self._put(f"<{name}{_attributes(node, name)}>")
            self._children(node)
            self._put(f"</{name}>")
            self._is_listing = was_listing
        else:
            self._children(node)

    def _frame(self, node: LexborNode) -> None:
        """A frame becomes a link to what it shows: sanitising would drop it without a word."""
        source = (node.attributes.get("src") or "").strip()
        title = (node.attributes.get("title") or "").strip()
        if source.startswith(("http", "//")):
            words = urlsplit(source).hostname or "" if _SAYS_NOTHING.fullmatch(title) else title
            self._put(f'<a href="{escape(source)}">{escape(words)}</a>')


def picture(node: LexborNode) -> str:
    """An ``img`` with the address it will show; ``""`` without one."""
    source = source_of(node)
    if not source:
        return ""
    alt = escape((node.attributes.get("alt") or "").strip())
    return f'<img src="{escape(source)}" alt="{alt}">'


def source_of(node: LexborNode) -> str:
    """The address of a picture: the lazy one before the blurred or empty one that holds its place."""
    attributes = node.attributes
    for name in _LAZY:
        value = (attributes.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value
    return ""


def _attributes(node: LexborNode, name: str) -> str:
    if name == "a":
        href = (node.attributes.get("href") or "").strip()
        return f' href="{escape(href)}"' if href and not href.lower().startswith(("javascript:", "#")) else ""
    if name in ("td", "th"):
        values = [(n, (node.attributes.get(n) or "").strip()) for n in _NUMBERS]
        return "".join(f' {n}="{v}"' for n, v in values if v.isascii() and v.isdigit() and v != "1")
    return ""
