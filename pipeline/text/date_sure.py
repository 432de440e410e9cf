"""Which spans are surely dates: cells hold nothing else, titles and free text hold numbers of every kind.

What does not live here: what a span means (``date_fold``, ``date_years``). Source: extraction §2 (design 6).
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.text.date_values import Field
from pipeline.text.date_years import Point, Span

_SLASHED: Final = re.compile(r"(?:\d\d/\d{1,2}|\d/\d\d)(?!\d)(?!\s?(?:이상|수준|로|이하|분기))")
_SMALL: Final = re.compile(r"\d/\d(?!\d)")
_OPENED: Final = re.compile(
    r"(?:[(\[<]|(?:일시|일자|날짜|시간|기간|개강|종강|예선|본선|결선|개막|폐막|추첨|접수|신청|모집|발표|개최|시험|필기|실기|면접|행사|예정|공연|공고|제출"
    r"|납부|등록|출발|설명회|교육)(?:일|일시|일자)?\s?:?|[1-9]차\s?:?)\s?$"
)
_EVENT: Final = r"(?:개강|개최|개막|개장|개소|개관|개원|오픈|시작|시행|예정|발표|접수|신청|모집|공연|상영|출발|휴[관강장무원]|종강|면접|필기|실기|시험|당일|하루)"
_FOLLOWED: Final = re.compile(rf"[ .]*(?:[)\]>]|,\s?\d{{1,2}}[/.]\s?\d|[,/](?!\s?\d+(?!차))|$|{_EVENT})")
_HAPPENS: Final = re.compile(rf" ?{_EVENT}")
_BRACKETED_WORD: Final = re.compile(r"\s?\w{1,8}\s?[)\]]")


def counting(spans: list[Span], field: Field, text: str) -> list[Span]:
    """Return the spans that are surely dates; a countdown gives way to a stated deadline, a further day follows its date."""
    kept: list[Span] = []
    before: Span | None = None
    for span in spans:
        follows = before is not None and kept[-1:] == [before] and span.first is not None and span.first.m is not None
        if _counts(span, field, text) or (follows and span.first is not None and span.first.form == "day"):
            kept.append(span)
        before = span
    if any(span.last is not None and span.last.form != "left" for span in kept):
        kept = [span for span in kept if span.last is None or span.last.form != "left"]
    return kept


def _counts(span: Span, field: Field, text: str) -> bool:
    """Whether a span is surely a date: cells hold nothing else, titles and text hold numbers of every kind."""
    if field not in ("title", "text"):
        return True
    point = span.tail
    if point is None or span.is_decoy or (point.label == "edited" and not span.is_marked):
        return False
    if point.exact is not None or (point.d is not None and point.strong and point.form != "day"):
        return True
    if span.is_marked:
        return point.d is not None or span.last is not None
    if field == "text":
        return point.hint != 0
    return point.hint != 0 or (point.form == "md" and (point.h is not None or _is_sure(point, text)))


def _is_sure(point: Point, text: str) -> bool:
    """A month and day without a weekday: ``11/26``, ``7/5 개장``, ``(11.20., 시청)``; not ``1/2``, ``10.15 대책``, ``(3.1 버전)``."""
    if _SLASHED.match(text, point.start):
        return True
    is_dotted = text[point.end - 1] == "." and (point.d or 0) > 9
    if (is_dotted or _SMALL.match(text, point.start)) and _HAPPENS.match(text, point.end):
        return True
    is_full = point.end - point.start >= 5 and bool(_BRACKETED_WORD.match(text, point.end))
    return bool(_OPENED.search(text, 0, point.start) and (is_full or _FOLLOWED.match(text, point.end)))
