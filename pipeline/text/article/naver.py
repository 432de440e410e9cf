"""What Naver's third editor keeps beside the text: formulas and video titles stand in data scripts, not in the page.

What does not live here: the blocks of the three editors (``names``). Source: korea §3, extraction §3.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.text import clean

_DATA: Final = "script.__se_module_data[data-module]"
_FORMULA: Final = re.compile(r'class="mq-selectable">\s*\$?(.*?)\$?\s*</span>', re.DOTALL)
_CHARS: Final = 100_000


def spell_out(tree: LexborHTMLParser) -> None:
    """Write formulas (LaTeX) and titles of videos where a reader sees them. Changes the tree; never raises."""
    for script in tree.css(_DATA):
        said = script.attributes.get("data-module") or ""
        if len(said) > _CHARS or not ("v2_formula" in said or "v2_video" in said):
            continue
        try:
            module = json.loads(said)
        except (ValueError, RecursionError):
            continue
        data = module.get("data") if isinstance(module, dict) else None
        words = _words(module.get("type"), data) if isinstance(data, dict) else ""
        if words:
            script.replace_with(f" {words} ")


def _words(kind: Any, data: dict[str, Any]) -> str:
    if kind == "v2_formula":
        found = _FORMULA.search(str(data.get("html") or ""))
        return clean.unescape(found.group(1)) if found else ""
    meta = data.get("mediaMeta")
    return clean.one_line(str(meta.get("title") or "")) if kind == "v2_video" and isinstance(meta, dict) else ""
