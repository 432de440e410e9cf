"""The dealer-neutral Kakao bubble: its limits, and the check every document passes before it leaves the renderer.

What does not live here: what a bubble says (``kakao``), how it is drawn (``_bubble_html``), any dealer's own names.
Limits are the smaller of the documented ones (korea.md §1b, rule 21). The schema in ``docs/reference`` says the same
about shapes; this says it about lengths, which depend on what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pipeline.model as p
from pipeline.text.trim import trim
from renderers import _links, _words

SCHEMA: Final = "moa-kakao-bubble/1"
TYPES: Final = ("TEXT", "IMAGE", "WIDE", "WIDE_ITEM_LIST", "CAROUSEL_FEED")
WIDE: Final = ("WIDE", "WIDE_ITEM_LIST", "CAROUSEL_FEED")


def length(text: str) -> int:
    """Length as the strictest counter sees it: UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def room(text: str, limit: int) -> int:
    """The limit for this text: with emoji in it 10 % less, because how Kakao counts them is not documented."""
    has_emoji = any(
        character > "\uffff" or "\u2600" <= character <= "\u27bf" or character == "\ufe0f" for character in text
    )
    return int(limit * p.limits.KAKAO_HEADROOM) if has_emoji else limit


def fit(text: str, limit: int) -> str:
    """Shorten to the limit at a grapheme and word border (P53)."""
    return trim(text, room(text, limit), length=length)


def said(text: str) -> str:
    """Text of others as a message may carry it: ``#{`` would start a dealer's variable (P53)."""
    return _words.plain(text).replace("#{", "# {")


def button(name: str, link: str, limit: int) -> dict[str, str]:
    """A web link button."""
    return {"name": fit(name, limit), "type": "WL", "link": link}


def empty(kind: str, edition_id: str) -> dict[str, Any]:
    """A document with every member of the schema, nothing said yet."""
    return {
        "schema": SCHEMA,
        "edition": edition_id,
        "type": kind,
        "is_ad": True,  # Brand Message is always treated as advertising (korea §2)
        "header": "",
        "text": "",
        "items": [],
        "cards": [],
        "buttons": [],
        "tail": None,
        "images": [],
        "links": [],
    }


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its ``links`` gathered, checked.

    Raises:
        RenderError: A limit is exceeded: nothing beyond a limit ever reaches a transport.
    """
    found = [link for link in _links_of(document) if link]
    document["links"] = list(dict.fromkeys(found))
    mistakes = list(problems(document))
    if mistakes:
        raise p.RenderError("; ".join(mistakes), subject=document["edition"], code="kakao-budget")
    return document


def _links_of(document: Mapping[str, Any]) -> Iterator[str]:
    for part in (*document["items"], *document["cards"], *document["buttons"], *document["images"]):
        yield part.get("link", "")
        for inner in part.get("buttons", ()):
            yield inner["link"]
    if document["tail"]:
        yield document["tail"]["link"]


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every limit this document breaks, as words for the log; empty when it may be sent."""
    limits, kind = p.limits, document["type"]
    if kind not in TYPES:
        yield f"type {kind}"
    yield from _over("header", document["header"], limits.KAKAO_HEADER, 0)
    text = (
        (limits.KAKAO_WIDE_TEXT, limits.KAKAO_WIDE_BREAKS)
        if kind == "WIDE"
        else (limits.KAKAO_TEXT, limits.KAKAO_TEXT_BREAKS)
    )
    yield from _over("text", document["text"], *text)
    for n, item in enumerate(document["items"]):
        yield from _over(f"item {n + 1}", item["title"], limits.KAKAO_ITEM_TITLE if n else limits.KAKAO_MAIN_TITLE, 1)
    for n, card in enumerate(document["cards"]):
        yield from _over(f"card {n + 1}", card["header"], limits.KAKAO_HEADER, 0)
        yield from _over(f"card {n + 1}", card["text"], limits.KAKAO_CARD_TEXT, limits.KAKAO_CARD_BREAKS)
        if not 1 <= len(card["buttons"]) <= limits.KAKAO_WIDE_BUTTONS:
            yield f"card {n + 1}: {len(card['buttons'])} buttons"
    yield from _counts(document)
    yield from _buttons(document)
    for link in document["links"]:
        if len(link) > limits.KAKAO_LINK or not _links.web(link):
            yield f"link {link[:80]}"


def _over(what: str, text: str, limit: int, breaks: int) -> Iterator[str]:
    if length(text) > room(text, limit):
        yield f"{what}: {length(text)} > {room(text, limit)}"
    if text.count("\n") > breaks:
        yield f"{what}: {text.count(chr(10))} line breaks > {breaks}"


def _counts(document: Mapping[str, Any]) -> Iterator[str]:
    kind, least, most = document["type"], *p.limits.KAKAO_CARDS
    if kind in ("TEXT", "IMAGE", "WIDE") and not document["text"]:
        yield "no text"
    if kind in ("IMAGE", "WIDE") and len(document["images"]) != 1:
        yield f"{len(document['images'])} images"
    if kind == "WIDE_ITEM_LIST" and len(document["items"]) != p.limits.KAKAO_ITEMS:
        yield f"{len(document['items'])} items"
    if kind == "CAROUSEL_FEED" and not least <= len(document["cards"]) <= most:
        yield f"{len(document['cards'])} cards"


def _buttons(document: Mapping[str, Any]) -> Iterator[str]:
    is_wide = document["type"] in WIDE
    name = p.limits.KAKAO_WIDE_BUTTON if is_wide else p.limits.KAKAO_BUTTON
    if len(document["buttons"]) > (p.limits.KAKAO_WIDE_BUTTONS if is_wide else p.limits.KAKAO_BUTTONS):
        yield f"{len(document['buttons'])} buttons"
    inner = (one for card in document["cards"] for one in card["buttons"])
    for one in (*document["buttons"], *inner):
        if not one["name"] or length(one["name"]) > name:
            yield f"button {one['name']}: {length(one['name'])} > {name}"
