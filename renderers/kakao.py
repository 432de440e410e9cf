"""The Kakao message: one edition as a dealer-neutral bubble, its picture, and text for pasting.

What does not live here: a dealer's field names, receivers, uploading pictures (the transports), limits (``_bubble``).
Which stories there are and which bubble fits them: ``_bubble_stories``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from renderers import _bubble, _bubble_html, _pictures
from renderers._bubble_stories import RATIOS, Stories, kind_of

TITLE: Final = _("카카오톡 메시지")
PRODUCES: Final = frozenset(["application/vnd.moa.kakao+json", "text/html", "text/plain", "image/jpeg"])
PICTURES: Final = frozenset([p.Use.WIDE, p.Use.SQUARE])  # exactly 2:1 and 1:1


class Options(p.RendererOptions):
    """Options of the Kakao message."""

    bubble: Literal["auto", "TEXT", "IMAGE", "WIDE", "WIDE_ITEM_LIST", "CAROUSEL_FEED"] = Field(
        default="auto", description="말풍선 모양: auto면 내용에 맞게 고름", examples=["auto"]
    )
    images: bool = Field(default=True, description="그림을 쓸지. false면 늘 글 말풍선", examples=[True])


def render(options: Options, digest: p.Digest) -> Iterator[p.Artifact | p.LeftOut]:
    """Yield ``bubble.json``, ``bubble.html``, ``post.txt``, the bubble's pictures and a ``LeftOut`` for every story the bubble has no room for.

    Raises:
        RenderError: A limit would be exceeded, or no story can be linked for a picture bubble that was asked for.
    """
    stories = Stories(digest)
    document, told = _LAYOUTS[kind_of(options.bubble, stories, images=options.images)](stories)
    document = _bubble.closed(document)
    yield p.Artifact(
        path="bubble.json",
        media_type="application/vnd.moa.kakao+json",
        body=(json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace"),
    )
    page = _bubble_html.page(document, name=stories.name, templates_dir=options.templates_dir)
    yield p.Artifact(path="bubble.html", media_type="text/html", body=page.encode("utf-8", "replace"))
    yield from _pictures.artifacts(stories.files, RATIOS)
    yield p.Artifact(path="post.txt", media_type="text/plain", body=_post(stories).encode("utf-8", "replace"))
    for card in stories.cards:
        if card.story.id not in told:
            yield p.LeftOut(story_id=card.story.id, title=card.story.primary.title, reason="kakao-budget")


def _buttons(stories: Stories, limit: int, names: tuple[str, str]) -> list[dict[str, str]]:
    """Where the rest is: the whole edition, and everything by deadline."""
    has_deadlines = any(shown.tile.deadline for shown in stories.shown.values())
    pairs = ((names[0], stories.home), (names[1], stories.deadlines if has_deadlines else ""))
    return [_bubble.button(name, link, limit) for name, link in pairs if link]


def _text(stories: Stories) -> tuple[dict[str, Any], set[str]]:
    """A TEXT bubble: headings and titles; addresses in the text only while we have no pages of our own."""
    document = _bubble.empty("TEXT", stories.digest.id)
    document["buttons"] = _buttons(stories, p.limits.KAKAO_BUTTON, (_("전체 소식 보기"), _("마감 순으로 보기")))
    told: set[str] = set()
    text = stories.title
    for section in stories.sections:
        heading = f"\n\n■ {_bubble.said(section.title)}"
        for card in section.cards:
            grown = text + heading + _paragraph(stories, card)
            if _has_room(grown):
                text, heading = grown, ""
                told.add(card.story.id)
    left = len(stories.cards) - len(told)
    document["text"] = text + (_rest_words(left) if left else "")
    return document, told


def _image(stories: Stories) -> tuple[dict[str, Any], set[str]]:
    """An IMAGE: the list of a TEXT below the picture of its first illustrated story."""
    document, told = _text(stories)
    lead = stories.illustrated[0]
    document["type"] = "IMAGE"
    document["images"].append({**stories.image(lead, p.Use.WIDE), "link": stories.link(lead)})
    return document, told


def _wide(stories: Stories) -> tuple[dict[str, Any], set[str]]:
    """A WIDE: one story in a few words below its picture."""
    document = _bubble.empty("WIDE", stories.digest.id)
    lead = stories.illustrated[0]
    document["text"] = stories.wide_words(lead)[0]
    pairs = ((_("자세히 보기"), stories.link(lead)), (_("전체 보기"), stories.home))
    document["buttons"] = [_bubble.button(name, link, p.limits.KAKAO_WIDE_BUTTON) for name, link in pairs if link]
    document["images"].append({**stories.image(lead, p.Use.WIDE), "link": stories.link(lead)})
    return document, {lead.story.id}


def _paragraph(stories: Stories, card: p.Card) -> str:
    lines = [f"\n· {_bubble.fit(stories.title_of(card), 60)}"]
    if line := stories.line(card):
        lines.append(f"\n  {_bubble.fit(line, 60)}")
    if not stories.home and (link := stories.link(card)):
        lines.append(f"\n  {link}")
    return "".join(lines)


def _rest_words(left: int) -> str:
    return "\n\n" + _("이 밖에 소식 {n}건이 더 있습니다.").format(n=left)


def _has_room(text: str) -> bool:
    """Whether a text still fits with the closing sentence about the rest."""
    whole = text + _rest_words(999)
    limits = p.limits
    return (
        _bubble.length(whole) <= _bubble.room(whole, limits.KAKAO_TEXT)
        and whole.count("\n") <= limits.KAKAO_TEXT_BREAKS
    )


def _wide_list(stories: Stories) -> tuple[dict[str, Any], set[str]]:
    """A WIDE_ITEM_LIST: a wide first story and three square ones."""
    document = _bubble.empty("WIDE_ITEM_LIST", stories.digest.id)
    document["header"] = _bubble.fit(stories.title, p.limits.KAKAO_HEADER)
    document["buttons"] = _buttons(stories, p.limits.KAKAO_WIDE_BUTTON, (_("전체 보기"), _("마감 순 보기")))
    chosen = stories.illustrated[: p.limits.KAKAO_ITEMS]
    for n, card in enumerate(chosen):
        limit = p.limits.KAKAO_ITEM_TITLE if n else p.limits.KAKAO_MAIN_TITLE
        document["items"].append(
            {"title": _bubble.fit(stories.title_of(card), limit), "link": stories.link(card), "image": n}
        )
        document["images"].append(stories.image(card, p.Use.SQUARE if n else p.Use.WIDE))
    return document, {card.story.id for card in chosen}


def _carousel(stories: Stories) -> tuple[dict[str, Any], set[str]]:
    """A CAROUSEL_FEED: two to six illustrated cards, each with a button, and the way to the rest at its tail."""
    document = _bubble.empty("CAROUSEL_FEED", stories.digest.id)
    chosen = stories.illustrated[: p.limits.KAKAO_CARDS[1]]
    for n, card in enumerate(chosen):
        tile = stories.of(card).tile
        lines = (stories.title_of(card), stories.line(card), _bubble.said(tile.facts or tile.lead))
        text = "\n".join(_bubble.fit(line, 58) for line in lines if line)
        document["cards"].append(
            {
                "header": _bubble.fit(f"{tile.kind} · {_bubble.said(tile.source)}", p.limits.KAKAO_HEADER),
                "text": _bubble.fit(text, p.limits.KAKAO_CARD_TEXT),
                "image": n,
                "link": stories.link(card),
                "buttons": [_bubble.button(_("자세히 보기"), stories.link(card), p.limits.KAKAO_WIDE_BUTTON)],
            }
        )
        document["images"].append(stories.image(card, p.Use.WIDE))
    if stories.home:
        document["tail"] = {"name": _("더보기"), "link": stories.home}
    return document, {card.story.id for card in chosen}


def _post(stories: Stories) -> str:
    """Plain text for a channel post: every story with its address, for a person to paste."""
    parts = [stories.title]
    for section in stories.sections:
        parts.append(f"\n■ {_bubble.said(section.title)}")
        for card in section.cards:
            lines = (f"· {stories.title_of(card)}", stories.line(card), stories.link(card))
            parts.append("\n  ".join(line for line in lines if line))
    if stories.home:
        parts.append("\n" + _("전체 소식 보기: {link}").format(link=stories.home))
    return "\n".join(parts) + "\n"


_LAYOUTS: Final[Mapping[str, Callable[[Stories], tuple[dict[str, Any], set[str]]]]] = {
    "TEXT": _text,
    "IMAGE": _image,
    "WIDE": _wide,
    "WIDE_ITEM_LIST": _wide_list,
    "CAROUSEL_FEED": _carousel,
}
