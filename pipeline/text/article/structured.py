"""What a page tells machines of its article: JSON-LD (Article, NewsArticle, Event, Course …) and meta elements.

What does not live here: believing it (``body``, ``stamps``, ``headline`` weigh it against what readers see).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.text import clean, html

_SCRIPT_CHARS: Final = 400_000
_DEPTH: Final = 8
_NODES: Final = 500
_ARTICLE: Final = (
    "article", "newsarticle", "reportagenewsarticle", "blogposting", "posting", "event", "educationevent", "course", "courseinstance",
    "socialmediaposting", "report", "scholarlyarticle", "techarticle", "liveblogposting", "webpage", "creativework",
)  # fmt: skip
_CONTROL: Final = dict.fromkeys(range(32), " ")


@dataclass(slots=True)
class Structured:
    """One page's machine-readable words; ``""`` where it says nothing.

    Attributes:
        meta: ``property``/``name``/``itemprop`` of meta elements, lower case, the first of each.
        facts: Label and value pairs of an Event or a Course, in the words a board would use.
    """

    headline: str = ""
    body: str = ""
    published: str = ""
    modified: str = ""
    author: str = ""
    image: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)


def read(tree: LexborHTMLParser) -> Structured:
    """Read a page's JSON-LD and meta elements. Broken JSON counts for nothing; never raises."""
    said = Structured()
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
        value = clean.one_line(attributes.get("content") or "")
        if name and value:
            said.meta.setdefault(name, value[:2000])
    found = [thing for script in tree.css('script[type="application/ld+json"]') for thing in _things(script.text())]
    found.sort(key=lambda thing: _ARTICLE.index(_type(thing)))
    for thing in found:
        _take(said, thing)
    return said


def _things(text: str) -> Iterator[dict[str, Any]]:
    if len(text) > _SCRIPT_CHARS:
        return
    try:
        data = json.loads(text.strip().removeprefix("<!--").removesuffix("-->").translate(_CONTROL))
    except (ValueError, RecursionError):
        return
    waiting, seen = [(data, 0)], 0
    while waiting and seen < _NODES:
        value, depth = waiting.pop(0)
        seen += 1
        if isinstance(value, list) and depth < _DEPTH:
            waiting.extend((v, depth + 1) for v in value)
        elif isinstance(value, dict) and depth < _DEPTH:
            if _type(value):
                yield value
            waiting.extend((value[k], depth + 1) for k in ("@graph", "mainEntity", "mainEntityOfPage") if k in value)


def _type(thing: dict[str, Any]) -> str:
    kinds = thing.get("@type")
    names = [str(k).lower() for k in (kinds if isinstance(kinds, list) else [kinds])]
    return next((name for name in names if name in _ARTICLE), "")


def _take(said: Structured, thing: dict[str, Any]) -> None:
    is_article = _type(thing) not in ("webpage", "creativework")
    said.headline = said.headline or (_word(thing.get("headline")) or (_word(thing.get("name")) if is_article else ""))
    said.body = said.body or _prose(thing.get("articleBody") or thing.get("text"))
    said.published = said.published or _word(thing.get("datePublished") or thing.get("dateCreated"))
    said.modified = said.modified or _word(thing.get("dateModified"))
    said.author = said.author or _word(thing.get("author"))
    said.image = said.image or _word(thing.get("image"), "url")
    if _type(thing) in ("event", "educationevent", "course", "courseinstance"):
        _take_facts(said.facts, thing)


def _take_facts(facts: dict[str, str], thing: dict[str, Any]) -> None:
    instances = thing.get("hasCourseInstance")
    for instance in [thing, *(instances if isinstance(instances, list) else [instances])][:5]:
        if not isinstance(instance, dict):
            continue
        dates = [_word(instance.get(k)) for k in ("startDate", "endDate")]
        said = {
            "교육기간": " ~ ".join(d for d in dates if d),
            "장소": _word(instance.get("location")),
            "강사": _word(instance.get("instructor")),
            "수강료": _word(instance.get("offers"), "price"),
            "교육방법": _word(instance.get("courseMode")),
        }
        for label, value in said.items():
            if value:
                facts.setdefault(label, value)


def _word(value: Any, *keys: str) -> str:
    """The words of a JSON-LD value: a text, a named thing or the first of several."""
    for _step in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = next((value[k] for k in (*keys, "name", "@value", "url", "address") if value.get(k)), "")
    return clean.one_line(clean.unescape(str(value)))[:500] if isinstance(value, str | int | float) else ""


def _prose(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return html.text_of(clean.unescape(value))
