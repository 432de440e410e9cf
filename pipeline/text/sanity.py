"""Whether markup may be given to a tree parser at all: small pages exist that cost one minutes.

What does not live here: cleaning (``html``), the tree (``sources/_board_page``, ``discover``).
Source: reliability Part 2 item 5.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.model import limits

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{130,}")
_ATTRIBUTE: Final = re.compile(r"""[^\s"'=/<>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_SILENT: Final = re.compile(r"<(?:!--|(script|style|textarea|title)\b)", re.IGNORECASE)
_ATTRIBUTES: Final = 8 * limits.ATTRIBUTES  # real pages have tags of 100; 50,000 on one tag stall a tree parser
_UNNESTED: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "option",
        "tbody",
        "thead",
    ]
)


def is_sane(text: str) -> bool:
    """Whether a tree parser may see this page: nesting and attributes are within bounds, bytes within the fetch cap.

    ``text.html.within_limits`` is the same for one item's body; whole pages are larger (menus of 350 KB).
    Cost: about 1 ms for 100 KB.
    """
    if any(len(_ATTRIBUTE.findall(m.group())) > _ATTRIBUTES for m in _LONG_TAG.finditer(text)):
        return False
    depth, opened = 0, dict[str, int]()
    for closing, raw in _TAG.findall(_without_silent(text)):
        name = raw.lower()
        if name in _UNNESTED:
            continue
        count = opened.get(name, 0)
        if not closing:
            opened[name] = count + 1
            depth += 1
            if depth > limits.NESTING:
                return False
        elif count:
            opened[name] = count - 1
            depth -= 1
    return True


def _without_silent(text: str) -> str:
    """Return markup without comments and scripts, whose tags are no tags; linear in any input."""
    lowered, kept, position = text.lower(), [], 0
    while match := _SILENT.search(lowered, position):
        kept.append(text[position : match.start()])
        closing = f"</{match.group(1)}" if match.group(1) else "-->"
        position = lowered.find(closing, match.end())
        if position < 0:
            return "".join(kept)
    return "".join([*kept, text[position:]]) if kept else text
