"""The licence an article's page shows: the marks of KOGL (공공누리) types 0 to 4 and of Creative Commons.

Returns the codes of ``licence:`` in configuration. A page that explains all types shows none.
What does not live here: what a licence allows (the renderers), the source's own (``settings``).
Source: korea §6 (type 0 and the AI type since 2026-01-28; the mark's file names must not be changed).
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text import clean
from pipeline.text.article import names

_MARK: Final = re.compile(
    r"(?:open(?:type|code)?|codetype|kogl|nuri|ggnr|gonggong)[_-]?(?:open|type|code)?[_-]?0?([0-4])(?![0-9])",
    re.IGNORECASE,
)
_TYPE: Final = re.compile(r"제?\s*([0-4])\s*유형")
_WORDS: Final = re.compile(
    r"(?:공공누리|KOGL)[^0-9]{0,40}?제?\s*([0-4])\s*유형|제\s*([0-4])\s*유형[^가-힣0-9]{0,6}(?:으로|:|\().{0,40}?(?:개방|출처|이용|공공누리)"
)
_CONDITIONS: Final = re.compile(r"공공누리[^0-9.]{0,30}?(출처\s?표시[^.]{0,40}?)(?:조건|에 따라)")
_CC: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(zero))/", re.IGNORECASE
)
_NEAR: Final = re.compile(r"공공누리|kogl|nuri|open_?type|open_?code|ggnr|mark_open|codetype", re.IGNORECASE)


def of(tree: LexborHTMLParser) -> str:
    """Return ``kogl-0`` … ``kogl-4``, ``cc-by`` …, ``cc0``, or ``""`` when no single licence is shown."""
    types = {kind for image in tree.css("img") if (kind := _mark(image))}
    if not types and tree.body is not None:
        text = tree.body.text(separator=" ")
        types = _told(clean.one_line(text)) if "공공누리" in text else set()
    if len(types) == 1:
        return f"kogl-{types.pop()}"
    return "" if types else _commons(tree)


def _mark(image: LexborNode) -> str:
    """Return the type a picture shows; ``""`` for other pictures and for marks that stand ready but hidden."""
    attributes = image.attributes
    source, alt = attributes.get("src") or "", attributes.get("alt") or ""
    if not _NEAR.search(f"{source} {alt}") or _is_hidden(image):
        return ""
    found = _TYPE.search(alt) or _MARK.search(source.rpartition("/")[2])
    return found.group(1) if found else _by_conditions(alt)


def _is_hidden(node: LexborNode) -> bool:
    around: LexborNode | None = node
    for _step in range(3):
        if around is None:
            return False
        called = (around.attributes.get("class") or "").split()
        if "hide" in called or "hidden" in called or names.is_unseen(around.attributes.get("style") or ""):
            return True
        around = around.parent
    return False


def _told(text: str) -> set[str]:
    types = {next(g for g in found.groups() if g) for found in _WORDS.finditer(text)}
    return types or {kind for found in _CONDITIONS.finditer(text) if (kind := _by_conditions(found.group(1)))}


def _by_conditions(text: str) -> str:
    """Return the type with these conditions: 1 attribution, 2 no commercial use, 3 no changes, 4 neither."""
    plain = "".join(text.split())
    if "출처표시" not in plain:
        return ""
    return str(1 + ("상업" in plain) + 2 * ("변경" in plain))


def _commons(tree: LexborHTMLParser) -> str:
    codes: set[str] = set()
    for link in tree.css("a[href*=creativecommons]"):
        found = _CC.search(link.attributes.get("href") or "")
        if found:
            codes.add("cc0" if found.group(2) else f"cc-{found.group(1).lower()}")
    return codes.pop() if len(codes) == 1 else ""
