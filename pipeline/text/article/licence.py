"""The licence an article's page shows: the marks of KOGL (공공누리) types 0 to 4 and of Creative Commons.

Returns the codes of ``licence:`` in configuration. A page that explains all types shows none.
What does not live here: what a licence allows (the renderers), the source's own (``settings``).
Source: korea §6 (type 0 and the AI type since 2026-01-28; the mark's file names must not be changed).
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.text import clean

_MARK: Final = re.compile(
    r"(?:img_?)?(?:opentype|opencode|codetype|kogl|nuri|new_?img_?opentype)[_-]?(?:type)?[_-]?0?([0-4])(?:[_.\-a-z]|$)",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"(?:공공누리|KOGL|출처\s?표시)[^0-9]{0,40}?제?\s*([0-4])\s*유형|제\s*([0-4])\s*유형[^가-힣0-9]{0,6}(?:으로|:|\().{0,40}?(?:개방|출처|이용|공공누리)"
)
_CC: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(zero))/", re.IGNORECASE
)
_NEAR: Final = re.compile(r"공공누리|kogl|nuri|opentype|opencode", re.IGNORECASE)


def of(tree: LexborHTMLParser) -> str:
    """Return ``kogl-0`` … ``kogl-4``, ``cc-by`` …, ``cc0``, or ``""`` when no single licence is shown."""
    types: set[str] = set()
    for image in tree.css("img"):
        attributes = image.attributes
        source, alt = attributes.get("src") or "", attributes.get("alt") or ""
        if not _NEAR.search(f"{source} {alt}"):
            continue
        found = _WORDS.search(alt) or _MARK.search(source.rpartition("/")[2])
        if found:
            types.add(next(g for g in found.groups() if g))
    if not types and tree.body is not None:
        text = tree.body.text(separator=" ")
        if "공공누리" in text:
            types |= {next(g for g in found.groups() if g) for found in _WORDS.finditer(clean.one_line(text))}
    if len(types) == 1:
        return f"kogl-{types.pop()}"
    return "" if types else _commons(tree)


def _commons(tree: LexborHTMLParser) -> str:
    codes: set[str] = set()
    for link in tree.css("a[href*=creativecommons]"):
        found = _CC.search(link.attributes.get("href") or "")
        if found:
            codes.add("cc0" if found.group(2) else f"cc-{found.group(1).lower()}")
    return codes.pop() if len(codes) == 1 else ""
