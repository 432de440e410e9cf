"""Which board software made a page: the presets whose marks it carries, whatever its host (pure).

What does not live here: the marks (``match:`` of ``presets/*.yaml``), lists of software nobody knows (``induce``), fetching.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from pipeline.settings.presets import Preset
from pipeline.text.sanity import is_sane


def recognise(url: str, page: str, presets: Iterable[Preset]) -> tuple[str, ...]:
    """Return the names of the presets that fit a list page, the most telling first; empty for unknown software.

    A preset fits when one of its addresses does (if it names any) and every mark stands on the page. One whose rows are
    there goes before one whose list is empty; then the one with more marks, then the one with an address.

    Args:
        url: Where the page came from, after redirects.
        page: Its markup, decoded.
        presets: Those to try, ``settings.presets.Presets`` gives them.

    Cost: one tree, then a few look-ups a preset; 1 to 5 ms a page.
    """
    if "<" not in page or not is_sane(page):
        return ()
    tree = LexborHTMLParser(page)
    found = []
    for preset in presets:
        is_named = any(re.search(pattern, url) for pattern in preset.urls)
        if (preset.urls and not is_named) or not all(_stands(tree, mark) for mark in preset.marks):
            continue
        rows = str(preset.use.get("rows", ""))
        found.append((not _stands(tree, rows), -len(preset.marks), not is_named, preset.name))
    return tuple(name for *_rank, name in sorted(found))


def _stands(tree: LexborHTMLParser, css: str) -> bool:
    try:
        return bool(css) and tree.css_first(css) is not None
    except SelectolaxError:  # a mark an editor mistyped fits nothing; ``moa check`` has said so
        return False
