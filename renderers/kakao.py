"""The Kakao message: one edition as a dealer-neutral bubble, its picture, and text for pasting.

What does not live here: a dealer's field names, receivers, uploading pictures (the transports), limits (``_bubble``).
The bubble is chosen by content (korea.md rule 22): four illustrated stories make a WIDE_ITEM_LIST, two to six others a
CAROUSEL_FEED, anything else a TEXT. Picture bubbles hold illustrated stories only, so they are chosen only where
pictures neither push the first news out nor hide a deadline.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, Literal

from pydantic import Field

import pipeline.model as p
from pipeline.i18n import _
from renderers import _bubble, _bubble_html, _links, _pictures, _views
from renderers._views import Shown

TITLE: Final = _("카카오톡 메시지")
PRODUCES: Final = frozenset(["application/vnd.moa.kakao+json", "text/html", "text/plain", "image/jpeg"])
PICTURES: Final = frozenset([p.Use.WIDE, p.Use.SQUARE])  # exactly 2:1 and 1:1
RATIOS: Final = {p.Use.WIDE: "2:1", p.Use.SQUARE: "1:1"}


class Options(p.RendererOptions):
    """Options of the Kakao message."""

    bubble: Literal["auto", "TEXT", "WIDE_ITEM_LIST", "CAROUSEL_FEED"] = Field(
        default="auto", description="말풍선 모양: auto면 내용에 맞게 고름", examples=["auto"]
    )
    images: bool = Field(default=True, description="그림을 쓸지. false면 늘 글 말풍선", examples=[True])


def render(options: Options, digest: p.Digest) -> Iterator[p.Artifact | p.LeftOut]:
    """Yield ``bubble.json``, ``bubble.html``, ``post.txt``, the bubble's pictures and a ``LeftOut`` for every story the bubble has no room for.

    Raises:
        RenderError: A limit would be exceeded, or no story can be linked for a picture bubble that was asked for.
    """
    stories = _Stories(digest)
    kind = _choose(options, stories)
    document, told = {"TEXT": _text, "WIDE_ITEM_LIST": _wide_list, "CAROUSEL_FEED": _carousel}[kind](stories)
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


class _Stories:
    """The cards of an edition, deadlines first, with their words and links."""

    def __init__(self, digest: p.Digest) -> None:
        self.digest = digest
        self.name = _bubble.said(digest.institute.name)
        self.title = _bubble.said(digest.title)
        names = {source.id: source.name for source in digest.sources}
        self.sections = sorted(digest.sections, key=lambda s: not all(card.label == "closing" for card in s.cards))
        self.cards = tuple(card for section in self.sections for card in section.cards)
        self.shown = {c.story.id: _views.shown(c, _views.tile(c.story, names)) for c in self.cards}
        self.illustrated = tuple(card for card in self.cards if self.is_illustrated(card) and self.link(card))
        self.files: list[p.ImageFile] = []  # of the pictures the bubble shows
        self.home = _short(_links.absolute(digest.institute, _links.edition_path(digest.id)))
        self.deadlines = _short(_links.absolute(digest.institute, _links.DEADLINES))

    def of(self, card: p.Card) -> Shown:
        """A card's words."""
        return self.shown[card.story.id]

    def title_of(self, card: p.Card) -> str:
        """A card's title as a message may carry it."""
        return _bubble.said(self.of(card).tile.title)

    def is_illustrated(self, card: p.Card) -> bool:
        """Whether we have this story's picture in both of Kakao's ratios."""
        figure = self.of(card).tile.figure
        return figure is not None and all(figure.file(use) for use in RATIOS)

    def image(self, card: p.Card, use: p.Use) -> dict[str, Any]:
        """A card's picture as the document names it: our own file, exactly of its ratio, beside the document."""
        figure = self.of(card).tile.figure
        file = figure.file(use) if figure else None
        if figure is None or file is None:
            raise p.RenderError(_("그림이 없는 소식입니다."), subject=self.digest.id, code="kakao-picture")
        self.files.append(file)
        return {
            "file": _pictures.path_of(file),
            "media_type": file.media_type,
            "width": file.width,
            "height": file.height,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "ratio": RATIOS[use],
            "url": figure.url,
            "alt": figure.said,
            "licence": card.story.primary.licence,
        }

    def link(self, card: p.Card) -> str:
        """Where a card leads: our own page, else the original; ``""`` when no usable address is short enough."""
        return _short(_links.story_link(self.digest.institute, card.story)) or _short(card.story.primary.url)

    def line(self, card: p.Card) -> str:
        """What decides, in one line: the correction, the deadline, or where it comes from."""
        shown = self.of(card)
        due = _("신청 {words}").format(words=shown.due) if shown.due else ""
        return _bubble.said(shown.note or " · ".join(part for part in (due, shown.tile.state) if part))


def _short(link: str) -> str:
    web = _links.web(link)
    return web if len(web) <= p.limits.KAKAO_LINK else ""


def _choose(options: Options, stories: _Stories) -> str:
    """The bubble's type. A picture bubble needs two illustrated stories, and at least half of what comes first."""
    pictured = len(stories.illustrated)
    least, most = p.limits.KAKAO_CARDS
    if options.bubble != "auto":
        needed = {"TEXT": 0, "WIDE_ITEM_LIST": p.limits.KAKAO_ITEMS, "CAROUSEL_FEED": least}[options.bubble]
        if pictured < needed or not options.images:
            return "TEXT"
        return options.bubble
    first = {card.story.id for card in stories.cards[:most]}
    leading = sum(card.story.id in first for card in stories.illustrated)
    if not options.images or pictured < least or leading * 2 < len(first):
        return "TEXT"
    if not (stories.home or pictured == len(stories.cards)):
        return "TEXT"  # what the pictures leave out could not be reached
    pictures = {card.story.id for card in stories.illustrated[:most]}
    if any(card.label == "closing" and card.story.id not in pictures for card in stories.cards):
        return "TEXT"  # a picture bubble never hides a deadline
    return "WIDE_ITEM_LIST" if pictured == p.limits.KAKAO_ITEMS else "CAROUSEL_FEED"


def _buttons(stories: _Stories, limit: int, names: tuple[str, str]) -> list[dict[str, str]]:
    """Where the rest is: the whole edition, and everything by deadline."""
    has_deadlines = any(shown.tile.deadline for shown in stories.shown.values())
    pairs = ((names[0], stories.home), (names[1], stories.deadlines if has_deadlines else ""))
    return [_bubble.button(name, link, limit) for name, link in pairs if link]


def _text(stories: _Stories) -> tuple[dict[str, Any], set[str]]:
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


def _paragraph(stories: _Stories, card: p.Card) -> str:
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


def _wide_list(stories: _Stories) -> tuple[dict[str, Any], set[str]]:
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


def _carousel(stories: _Stories) -> tuple[dict[str, Any], set[str]]:
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


def _post(stories: _Stories) -> str:
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
