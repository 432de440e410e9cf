"""Feed text to an XML tree without DTD or entities: strict first, then a few named repairs, else no tree.

What does not live here: what the elements mean (``_feed_fast``), other parsers (``_feed_oracle``).
Source: reliability P5 and P12; a document that stops before its root is closed is never read as a whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from typing import Any, Final

from lxml import etree

_DECLARATION: Final = re.compile(r"<\?xml\b[^>]{0,400}\?>\s*")
_MISC: Final = re.compile(r"[\s\ufeff]+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\b[^\[<>]*(?:\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\]\s*)?>", re.IGNORECASE)
_ROOT: Final = re.compile(r"<([A-Za-z_][\w:.\-]*)")
_WRAPPED: Final = re.compile(r"<(rss|feed|rdf:RDF)\s[^>]*(?:version|xmlns)\s*=")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOSE: Final = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(?:(#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z]\w{1,31});)?", re.DOTALL
)
_FIVE: Final = frozenset(["amp", "lt", "gt", "quot", "apos"])


@dataclass(slots=True)
class Prologue:
    """A document without its XML declaration, misc and DOCTYPE.

    Attributes:
        root: Qualified name of the first element, ``""`` when there is none.
        has_doctype: Whether a DOCTYPE (with whatever it declared) was cut away.
        is_html: DOCTYPE html.
        is_clean: Nothing but legal things stood before the root.
    """

    text: str
    root: str
    has_doctype: bool = False
    is_html: bool = False
    is_clean: bool = True


def prologue(text: str) -> Prologue:
    """Cut what stands before the root element. Cost: linear in what is cut."""
    start = text.find("<")
    if start < 0:
        return Prologue(text, "")
    is_clean = not text[:start].strip()
    has_doctype = is_html = False
    while True:
        found = _DECLARATION.match(text, start) or _MISC.match(text, start)
        if found is None:
            found = _DOCTYPE.match(text, start)
            if found is None:
                break
            has_doctype = True
            is_html = is_html or found.group()[9:].strip()[:4].lower() == "html"
        start = found.end()
    root = _ROOT.match(text, start)
    return Prologue(text[start:], root.group(1) if root else "", has_doctype, is_html, is_clean)


def within_page(before: Prologue) -> Prologue | None:
    """Return the feed that a server wrapped in an HTML page, or ``None`` when there is none."""
    start = _WRAPPED.search(before.text)
    if start is None:
        return None
    end = before.text.rfind(f"</{start.group(1)}>")
    if end < start.start():
        return None
    text = before.text[start.start() : end] + f"</{start.group(1)}>"
    return Prologue(text, start.group(1), is_clean=False)


def tree(before: Prologue) -> tuple[Any, bool] | None:
    """Return ``(root element, was it repaired)``, or ``None`` when even the repaired text is no XML."""
    root = _parsed(before.text)
    if root is not None:
        return root, not before.is_clean
    root = _parsed(repaired(before.text, before.root))
    return None if root is None else (root, not before.has_doctype or not before.is_clean)


def is_truncated(before: Prologue) -> bool:
    """Whether the document stops before its entries end; only the root's own end may be missing after them."""
    if before.root.lower() == "rss" and before.text.rstrip()[-10:].lower() == "</channel>":
        return False
    closing = re.compile(rf"</\s*{re.escape(before.root)}\s*(?:>|\Z)", re.IGNORECASE)
    return not closing.search(before.text)


def repaired(text: str, root: str) -> str:
    """Undo what makes most ill-formed feeds ill-formed: control characters, HTML entities, bare ``&``, text after the end.

    Only HTML's own character names are replaced, outside CDATA; every other reference becomes plain text.
    """
    end = text.rfind(f"</{root}")
    if end >= 0:
        text = f"{text[:end]}</{root}>"
    return _LOOSE.sub(_reference, _CONTROL.sub("", text))


def _reference(match: re.Match[str]) -> str:
    whole, name = match.group(), match.group(1)
    if not whole.startswith("&"):
        return whole
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        code = int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:])
        legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        return whole if legal else ""
    if name in _FIVE:
        return whole
    known = html5.get(name + ";")
    return known if known is not None and not set(known) & set("<>&") else f"&amp;{name};"


def _parsed(text: str) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def inner(element: Any) -> str:
    """Return an element's content as markup: its text alone when it holds no elements, else HTML without namespaces."""
    if not len(element):
        return element.text or ""
    parts = [_escape(element.text)]
    for child in element:
        _write(child, parts)
        parts.append(_escape(child.tail))
    return "".join(parts)


_VOID: Final = frozenset(["area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"])


def _write(element: Any, parts: list[str]) -> None:
    name = etree.QName(element).localname
    parts.append(f"<{name}")
    for key, value in element.attrib.items():
        if not key.startswith("{"):
            parts.append(f' {key}="{_escape(value).replace(chr(34), "&quot;")}"')
    parts.append(">")
    if name in _VOID and not len(element):
        return
    parts.append(_escape(element.text))
    for child in element:
        _write(child, parts)
        parts.append(_escape(child.tail))
    parts.append(f"</{name}>")


def _escape(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
