"""One HTML document opened: decoded, checked before any tree is made, its address and charset known.

What does not live here: the check itself (``sanity``), what stands on the page (``article``, ``sources``).
Source: reliability Part 2 item 5 (small pages that cost minutes).
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import urls
from pipeline.text.decode import decode
from pipeline.text.sanity import is_sane

_DEEP: Final = ">".join(["*"] * (p.limits.NESTING + 1))


def tree_of(document: p.Document) -> tuple[LexborHTMLParser, str, str]:
    """Return ``(tree, base address, charset)`` of an HTML document.

    Raises:
        ShapeError: ``unreadable``: nested or attributed beyond every real page, or no HTML at all.
    """
    decoded = decode(document.body, charset=document.charset, media_type=document.media_type)
    unreadable = _("게시판 문서를 읽을 수 없습니다. 웹페이지가 아니거나 지나치게 복잡합니다.")
    if "<" not in decoded.text or not is_sane(decoded.text):
        raise p.ShapeError(unreadable, code="unreadable")
    tree = LexborHTMLParser(decoded.text)
    if tree.css_first(_DEEP) is not None:  # misnested markup can be deeper than its tags say
        raise p.ShapeError(unreadable, code="unreadable")
    head = tree.css_first("base[href]")
    base = urls.absolute(document.url, (head.attributes.get("href") or "") if head else "") or document.url
    return tree, base, decoded.encoding
