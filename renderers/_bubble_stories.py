"""The stories of an edition as a Kakao message tells them, and which of the five bubbles fits them.

What does not live here: laying a bubble out (``kakao``), limits (``_bubble``). Source: korea.md rule 22, §1b.
"""

from __future__ import annotations

from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from renderers import _bubble, _links, _pictures, _views
from renderers._views import Shown

RATIOS: Final = {p.Use.WIDE: "2:1", p.Use.SQUARE: "1:1"}


class Stories:
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

    def wide_words(self, card: p.Card) -> tuple[str, bool]:
        """A card's title and deciding line within a WIDE bubble's few letters, and whether they are whole."""
        title, line = self.title_of(card), self.line(card)
        limit = _bubble.room(f"{title}{line}", p.limits.KAKAO_WIDE_TEXT)
        said = _bubble.fit(line, limit // 2)
        left = limit - _bubble.length(said) - 1 if said else limit
        told = _bubble.fit(title, left)
        words = f"{told}\n{said}" if said else told
        return words, (told, said) == (title, line)


def _short(link: str) -> str:
    web = _links.web(link)
    return web if len(web) <= p.limits.KAKAO_LINK else ""


def kind_of(wanted: str, stories: Stories, *, images: bool) -> str:
    """Return the bubble's type.

    One story with a picture is a WIDE where its words fit whole, else an IMAGE. Of several, two to six illustrated ones make a
    CAROUSEL_FEED and four a WIDE_ITEM_LIST, where they neither push the first news out nor hide a deadline; else an IMAGE
    shows the first story's picture above the whole list. Without pictures it is a TEXT.

    Args:
        wanted: ``auto`` or a type; one that cannot be had becomes a TEXT.
        stories: Of the edition.
        images: Whether pictures may be used.
    """
    pictured = len(stories.illustrated)
    if wanted != "auto":
        needed = {"WIDE_ITEM_LIST": p.limits.KAKAO_ITEMS, "CAROUSEL_FEED": p.limits.KAKAO_CARDS[0], "TEXT": 0}.get(
            wanted, 1
        )
        return wanted if pictured >= needed and (images or wanted == "TEXT") else "TEXT"
    if not images or not pictured:
        return "TEXT"
    if len(stories.cards) == 1:
        return "WIDE" if stories.wide_words(stories.cards[0])[1] else "IMAGE"
    if _is_led_by_pictures(stories):
        return "WIDE_ITEM_LIST" if pictured == p.limits.KAKAO_ITEMS else "CAROUSEL_FEED"
    return "IMAGE" if stories.cards[0] in stories.illustrated else "TEXT"


def _is_led_by_pictures(stories: Stories) -> bool:
    """Whether a bubble of illustrated stories only would tell what matters: at least half of what comes first, every deadline."""
    pictured = len(stories.illustrated)
    least, most = p.limits.KAKAO_CARDS
    first = {card.story.id for card in stories.cards[:most]}
    leading = sum(card.story.id in first for card in stories.illustrated)
    if pictured < least or leading * 2 < len(first):
        return False
    if not (stories.home or pictured == len(stories.cards)):
        return False  # what the pictures leave out could not be reached
    pictures = {card.story.id for card in stories.illustrated[:most]}
    return all(card.label != "closing" or card.story.id in pictures for card in stories.cards)
