"""Lists that a web page tells machines in schema.org's words (JSON-LD): articles, events, courses, videos to ``Item``.

What does not live here: feeds (``_feed_read``), pages that say nothing to machines (``board``).
Source: schema.org; Google's guides to Article, Event, Course and ItemList carousels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import urls
from pipeline.text.decode import decode

_ZONE: Final = ZoneInfo("Asia/Seoul")
_DEPTH: Final = 12
_SCRIPT: Final = re.compile(r"<script\b[^>]{0,300}?application/ld\+json\b[^>]{0,300}>", re.IGNORECASE)
_END: Final = re.compile(r"</script", re.IGNORECASE)
_WRAPPING: Final = re.compile(
    r"\A\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[\s*(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*\Z"
)
_KINDS: Final = {
    "NewsArticle": p.Kind.NEWS,
    "ReportageNewsArticle": p.Kind.NEWS,
    "SpecialAnnouncement": p.Kind.NOTICE,
    "Course": p.Kind.COURSE,
    "CourseInstance": p.Kind.COURSE,
    "EducationEvent": p.Kind.COURSE,
    "VideoObject": p.Kind.VIDEO,
    **dict.fromkeys(("Article", "BlogPosting", "SocialMediaPosting", "TechArticle", "Report", "WebPage"), p.Kind.POST),
}
_EVENT: Final = re.compile(r"(?:\w+)?Event|Festival|Hackathon")
_INSIDE: Final = (  # where a list keeps its things
    "@graph", "itemListElement", "blogPost", "blogPosts", "dataFeedElement", "hasPart", "mainEntity", "item",
    "hasCourseInstance", "subEvent", "event", "events", "itemReviewed",
)  # fmt: skip
_LISTS: Final = frozenset(["ItemList", "Blog", "CollectionPage", "DataFeed", "OfferCatalog", "EventSeries"])
_NO_LISTS: Final = frozenset(["BreadcrumbList", "SiteNavigationElement", "WPHeader", "WPFooter", "FAQPage", "HowTo"])
_CALLED_OFF: Final = {"EventCancelled": "취소", "EventPostponed": "연기"}


def items(document: p.Document, kind: p.Kind | None) -> Iterator[p.Item]:
    """Yield the things of a page's lists, in its order, each once; a list without things yields none.

    Raises:
        ShapeError: ``container-missing``: the page tells machines of no list.
    """
    text = decode(document.body, charset=document.charset, media_type=document.media_type).text
    things = listed(text)
    if things is None:
        message = _("이 페이지에는 기계가 읽는 글 목록(JSON-LD)이 없습니다.")
        raise p.ShapeError(message, code="container-missing")
    seen: set[str] = set()
    for row, thing in enumerate(things, start=1):
        item = _item(thing, document.url, kind, row)
        if item.url not in seen:
            seen.add(item.url)
            yield item


def listed(text: str) -> list[dict[str, Any]] | None:
    """Return the things a page lists, ``None`` when it has no list: one article about itself is none."""
    blocks = [block for written in _written(text) if (block := _loaded(written)) is not None]
    named: dict[str, dict[str, Any]] = {}
    for block in blocks:
        _name(block, named, 0)
    walk = _Walk(named)
    for block in blocks:
        walk.into(block, 0)
    return walk.things if walk.is_list or len(walk.things) > 1 else None


def _written(text: str) -> Iterator[str]:
    """What stands in the page's scripts for machines. Cost: linear, whatever is left unclosed."""
    at = 0
    while (start := _SCRIPT.search(text, at)) and (end := _END.search(text, start.end())):
        yield text[start.end() : end.start()]
        at = end.end()


def _loaded(written: str) -> Any:
    try:
        return json.loads(_WRAPPING.sub("", _WRAPPING.sub("", written.strip())), strict=False)
    except (ValueError, RecursionError):
        return None


def _name(value: Any, named: dict[str, dict[str, Any]], depth: int) -> None:
    """Note every node that says more than its ``@id``, for references to it."""
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        if isinstance(value.get("@id"), str) and len(value) > 1:
            named.setdefault(value["@id"], value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _name(each, named, depth + 1)


class _Walk:
    """Gathers things in page order; ``is_list`` once a list was met, even an empty one."""

    def __init__(self, named: dict[str, dict[str, Any]]) -> None:
        self.things: list[dict[str, Any]] = []
        self.is_list = False
        self._named = named

    def into(self, value: Any, depth: int) -> None:
        """Go into a node or nodes, not into what a thing is made of."""
        if depth > _DEPTH or len(self.things) >= p.limits.ITEMS_PER_FETCH:
            return
        if isinstance(value, list):
            for each in value:
                self.into(each, depth + 1)
            return
        if not isinstance(value, dict):
            return
        node = self._named.get(str(value.get("@id")), value) if len(value) == 1 else value
        types = set(_types(node))
        if types & _NO_LISTS:
            return
        self.is_list = self.is_list or bool(types & _LISTS)
        inside = [node[name] for name in _INSIDE if name in node]
        is_plain = types <= {"ListItem", "WebPage"} and bool(types)
        if _title(node) and _link(node) and (_kind(types) or "ListItem" in types) and not (is_plain and inside):
            if "WebPage" not in types or depth > 1:
                self.things.append(node)
            return
        self.into(inside, depth)


def _types(node: dict[str, Any]) -> list[str]:
    said = node.get("@type") or ()
    return [str(t).rpartition("/")[2].rpartition(":")[2] for t in (said if isinstance(said, list) else [said])]


def _kind(types: set[str]) -> p.Kind | None:
    found = next((_KINDS[name] for name in sorted(types) if name in _KINDS), None)
    return found or (p.Kind.EVENT if any(_EVENT.fullmatch(name) for name in types) else None)


def _item(thing: dict[str, Any], url: str, kind: p.Kind | None, row: int) -> p.Item:
    told = kind or _kind(set(_types(thing))) or p.Kind.POST
    published = _words(thing, "datePublished", "uploadDate", "dateCreated", "datePosted")
    updated = _words(thing, "dateModified")
    picture = _address(thing.get("image") or thing.get("thumbnailUrl"))
    body = _words(thing, "articleBody")
    return p.Item(
        kind=told,
        title=_title(thing),
        url=urls.absolute(url, _link(thing)) or "",
        base_url=url,
        lead=_words(thing, "description", "abstract") if body else "",
        body=body or _words(thing, "description", "abstract"),
        body_is_text="<" not in (body or _words(thing, "description", "abstract")),
        author=_words(thing, "author", "creator", "organizer", "provider", "publisher"),
        published=p.RawDate(text=published) if published else None,
        updated=p.RawDate(text=updated) if updated and updated != published else None,
        image=p.Image(url=picture) if picture else None,
        tags=_tags(thing.get("keywords")),
        course=_course(thing) if told in (p.Kind.COURSE, p.Kind.EVENT) else None,
        video=p.Video() if told is p.Kind.VIDEO else None,
        row=row,
    )


def _course(thing: dict[str, Any]) -> p.RawCourse:
    """Days, place, fee and state, of the first session where a course has several."""
    session = _first(thing.get("hasCourseInstance")) or thing
    offer = _first(thing.get("offers")) or _first(session.get("offers")) or {}
    place = session.get("location") or thing.get("location")
    mode = _words(session, "courseMode", "eventAttendanceMode").rpartition("/")[2].lower()
    price = _words(offer, "price")
    state = _words(thing, "eventStatus").rpartition("/")[2]
    return p.RawCourse(
        apply=_span(offer, ("availabilityStarts", "validFrom"), ("availabilityEnds", "validThrough"), clock=True),
        teach=_span(session, ("startDate",), ("endDate",), clock=False),
        status=_CALLED_OFF.get(state, ""),
        fee=_fee(price, _words(offer, "priceCurrency")),
        capacity=_words(session, "maximumAttendeeCapacity"),
        place=_words({"place": place}, "place"),
        online="온라인" if "online" in mode and "mixed" not in mode else "",
        target=_words({"audience": thing.get("audience")}, "audience"),
    )


def _fee(price: str, currency: str) -> str:
    if not price:
        return ""
    if price.replace(".", "").strip("0") == "":
        return "무료"
    return f"{price}원" if currency in ("", "KRW") else f"{price} {currency}"


def _span(node: dict[str, Any], starts: tuple[str, ...], ends: tuple[str, ...], *, clock: bool) -> str:
    first, last = (_when(_words(node, *names), clock=clock) for names in (starts, ends))
    return f"{first} ~ {last}" if first and last and first != last else first or (f"~ {last}" if last else "")


def _when(stamp: str, *, clock: bool) -> str:
    """A machine stamp as people write it, on Seoul's clock where it has a zone."""
    try:
        at = datetime.fromisoformat(stamp.strip())
    except ValueError:
        return stamp.strip()
    at = at.astimezone(_ZONE) if at.tzinfo else at
    return f"{at:%Y-%m-%d %H:%M}" if clock and len(stamp.strip()) > 10 else f"{at:%Y-%m-%d}"


def _title(node: dict[str, Any]) -> str:
    return _words(node, "headline", "name", "title")


def _link(node: dict[str, Any]) -> str:
    found = next(
        (a for key in ("url", "mainEntityOfPage", "sameAs", "contentUrl") if (a := _address(node.get(key)))), ""
    )
    name = str(node.get("@id") or "")
    return found or (name if name.startswith(("http", "/")) and "#" not in name else "")


def _address(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
        return _address(value)
    return value.strip() if isinstance(value, str) else ""


def _words(node: dict[str, Any], *names: str) -> str:
    """The first of these that says something: a text, a number, or the name of a thing."""
    for name in names:
        value = _first_value(node.get(name))
        if isinstance(value, dict):
            value = _first_value(
                value.get("name") or value.get("@value") or value.get("audienceType") or value.get("address")
            )
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _first_value(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _first(value: Any) -> dict[str, Any]:
    value = _first_value(value)
    return value if isinstance(value, dict) else {}


def _tags(value: Any) -> tuple[str, ...]:
    said = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(text for each in said if isinstance(each, str) and (text := each.strip()))
