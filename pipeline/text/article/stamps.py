"""When an article was posted and changed, by what its page says: never the closing date, the view count or the edit.

Order: what the page tells machines (JSON-LD, article:published_time), a labelled pair (등록일, 작성일, 입력 …), a labelled date
in a line, ``time`` elements, an unlabelled date where pages write theirs.
What does not live here: the date grammar (``text/dates``). Source: extraction §3 (label rule: 12 of 13), boards §2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

import pipeline.model as p
from pipeline.text import clean, dates
from pipeline.text.article import words
from pipeline.text.article.facts import Pair
from pipeline.text.article.structured import Structured

_CLOCK: Final = r"(?:[T\s,|]{0,3}(?:오[전후]|[AP]M)?\s?\d{1,2}\s?[:시]\s?\d{1,2}(?:\s?[:분]\s?\d{0,2})?(?:\.\d+)?(?:\s?[AP]M)?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?)?"
_DAY: Final = (
    r"(?:(?:19|20)\d{2}|\d{2})\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?!\d)\s?(?:일|\.)?(?:\s?\([^)]{1,3}\))?"
    r"|(?<!\d)20\d{6}(?!\d)|(?<!\d)20\d{12}(?!\d)"
)
_AGO: Final = r"\d{1,2}\s?(?:분|시간|일)\s?전|방금(?:\s?전)?|어제|오늘"
_ENGLISH: Final = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
    r"|\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s\d{4}"
)
DATE: Final = re.compile(rf"(?:{_DAY}){_CLOCK}|(?:{_ENGLISH}){_CLOCK}|{_AGO}", re.IGNORECASE)
_SAID: Final = re.compile(
    rf"(?:{words.WHO_POSTED}|Date|Posted|Published)\s?(?:일|일자|일시|날짜|시간|시각)?\s*[:：|]?\s*((?:{_DAY}){_CLOCK}|{_AGO})",
    re.IGNORECASE,
)
_EDITED: Final = re.compile(
    rf"(?:수정|변경|갱신|업데이트)\s?(?:일|일자|일시|날짜|시간|시각)?\s*[:：|]?\s*((?:{_DAY}){_CLOCK})"
)
_NOT_POSTED: Final = re.compile(r"수정|마감|접수|신청|기간|종료|조회|modif|updated?", re.IGNORECASE)
_PLACES: Final = (
    "time, [class*=date], [class*=Date], [class*=DATE], [class*=info], [class*=time], [class*=write], [class*=wdate], [class*=reg], [class*=meta],"
    " [class*=byline], [class*=day], [itemprop=datePublished], [class*=txt_sub], [class*=data], [class*=sum], [class*=util]"
)
_META: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "og:published_time", "pubdate", "publishdate",
    "publish_date", "dc.date.issued", "dcterms.created", "dc.date", "dc.date.created", "date", "regdate", "sailthru.date", "parsely-pub-date",
)  # fmt: skip
_META_MODIFIED: Final = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod")
_LEAVES: Final = "div, span, p, em, i, td, li, dd, small"
_LEAVES_MOST: Final = 3000
_SHORT_DATE: Final = 30
_SHORT: Final = 80
_LINE: Final = 300
_MOST: Final = 200
_LABELLED: Final = (20, 40, 60)  # ranks of dates with a word before them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A posting date a page may mean: the smaller the rank the surer; where it stands, by element or by the line's words."""

    rank: int
    text: str
    place: int = 0
    line: str = ""


def said_on(tree: LexborHTMLParser, pairs: Sequence[Pair], said: Structured) -> tuple[list[Candidate], str]:
    """Return candidates for the posting date, and the raw date of the last change (``""`` when none).

    Reads the tree with its hidden labels (``작성일`` for screen readers), so it comes before they are taken out.
    """
    whole = clean.one_line(tree.body.text(separator=" ")[: p.limits.BODY_HTML_BYTES]) if tree.body is not None else ""
    found = [*_machine(said), *_labelled(pairs), *_placed(tree), *_bare(tree), *_lined(whole)]
    edited = said.modified or next((said.meta[name] for name in _META_MODIFIED if name in said.meta), "")
    if not edited:
        edited = next((date_in(pair.value) for pair in pairs if words.MODIFIED.match(pair.label)), "")
    if not edited:
        line = _EDITED.search(whole)
        edited = line.group(1) if line else ""
    return found, edited


def posted(candidates: Sequence[Candidate], inside: frozenset[int], text: str) -> str:
    """Return the surest raw date; ``""`` when none is said.

    Args:
        candidates: As ``said_on`` gives them.
        inside: ``mem_id`` of the elements of the article's text: a date there counts only when it is labelled and the page
            says no other.
        text: The article's text.
    """
    told = clean.one_line(text)
    outside = [c for c in candidates if c.place not in inside and not (c.line and c.line in told)]
    best = min(outside or [c for c in candidates if c.rank in _LABELLED], key=lambda c: c.rank, default=None)
    return best.text if best else ""


def date_in(text: str) -> str:
    """Return the first date written in a text, as written; ``""`` when there is none."""
    found = DATE.search(text[:_LINE])
    return clean.one_line(found.group()).strip(" ,|") if found else ""


def _machine(said: Structured) -> Iterator[Candidate]:
    stamps = [said.published, *(said.meta.get(name, "") for name in _META)]
    for rank, stamp in enumerate(s for s in stamps if s):
        if dates.machine(stamp[: p.limits.STAMP_CHARS]) is not None:
            yield Candidate(rank, stamp[: p.limits.STAMP_CHARS])


def _labelled(pairs: Sequence[Pair]) -> Iterator[Candidate]:
    for pair in pairs:
        if words.POSTED.match(pair.label) and (date := date_in(pair.value)):
            yield Candidate(20, date, pair.place)


def _placed(tree: LexborHTMLParser) -> Iterator[Candidate]:
    """Yield dates in elements where pages write theirs, and labelled dates in any line of the page."""
    for node in tree.css(_PLACES)[:_MOST]:
        attributes = node.attributes
        stamp = (attributes.get("datetime") or attributes.get("content") or "").strip()
        name = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}"
        if stamp and dates.machine(stamp[: p.limits.STAMP_CHARS]) and not _NOT_POSTED.search(name):
            yield Candidate(30, stamp[: p.limits.STAMP_CHARS], node.mem_id)
            continue
        text = clean.one_line(node.text(separator=" "))
        if len(text) > _LINE:
            continue
        line = _SAID.search(text)
        if line:
            yield Candidate(40, clean.one_line(line.group(1)), node.mem_id)
        elif (
            len(text) <= _SHORT and not _NOT_POSTED.search(text + name) and "~" not in text and (date := date_in(text))
        ):
            is_named = "date" in name.lower() or node.tag == "time"
            yield Candidate(50 if is_named else 70, date, node.mem_id)


def _lined(whole: str) -> Iterator[Candidate]:
    line = _SAID.search(whole)
    if line:
        yield Candidate(60, clean.one_line(line.group(1)), line=line.group())


def _bare(tree: LexborHTMLParser) -> Iterator[Candidate]:
    """Yield elements that hold a complete date and nothing else, in any page that names its classes after nothing."""
    for node in tree.css(_LEAVES)[:_LEAVES_MOST]:
        first = node.first_child
        if first is None or not first.is_text_node or first.next is not None:
            continue
        text = clean.one_line(first.text_content or "")
        if 8 <= len(text) <= _SHORT_DATE and DATE.fullmatch(text) and text[:2].isdigit():
            yield Candidate(80, text, node.mem_id)
