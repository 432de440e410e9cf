"""A course's own page on a GSEEK platform: the periods, place and fees its list does not tell.

What does not live here: the list (``_gseek_rows``), asking (``_gseek_talk``). Loaded only where a page is read.
Source: korea §7 (``div.course-detail-container``, ``dl dt/dd`` and its labels).
"""

from __future__ import annotations

import re
from typing import Final

import pipeline.model as p
from pipeline.text import clean
from pipeline.text.page import tree_of

_APPLY: Final = re.compile(r"(?:신청|접수|모집)(?:기간|일자|일시)$")
_LABELS: Final = (
    ("teach", re.compile(r"^(?:학습|교육|강의)(?:기간|일자)$")),
    ("hours", re.compile(r"^(?:교육|학습|강의)시간$")),
    ("target", re.compile(r"^(?:교육|학습|모집)대상$")),
    ("capacity", re.compile(r"^(?:모집)?(?:인원|정원)$")),
    ("fee", re.compile(r"^(?:수강료|교육비|학습비)$")),
    ("material_fee", re.compile(r"^(?:재료비|교재비)")),
    ("place", re.compile(r"^(?:교육|학습|강의)?장소$")),
)
_CONTAINER: Final = "div.course-detail-container"
_VALUE_CHARS: Final = 300


def words(document: p.Document) -> dict[str, str]:
    """Return what the page tells, by ``RawCourse`` field; several application periods stand on lines of their own.

    Raises:
        ShapeError: The page has no such list of terms: it is another page, or the platform changed.
    """
    tree, _base, _charset = tree_of(document)
    within = tree.css_first(_CONTAINER) or tree.body
    found: dict[str, str] = {}
    periods: list[tuple[str, str]] = []
    for term in within.css("dl dt") if within is not None else ():
        value = term.next
        while value is not None and value.tag != "dd":
            value = value.next if value.tag != "dt" else None
        label = re.sub(r"[\s:：*]+", "", term.text())[:30]
        said = clean.one_line(value.text(separator=" "))[:_VALUE_CHARS] if value is not None else ""
        if not label or not said:
            continue
        if _APPLY.search(label):
            periods.append((label, said))
        elif name := next((name for name, pattern in _LABELS if pattern.search(label)), ""):
            found.setdefault(name, said)
    if periods:
        found["apply"] = periods[0][1] if len(periods) == 1 else "\n".join(" ".join(pair) for pair in periods)
    if not found:
        raise p.ShapeError(code="container-missing")
    return found
