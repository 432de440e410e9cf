"""What an article's own page adds to its row: the editor's selectors over what the page says by itself.

What does not live here: which articles are looked at (``_board_talk``), reading a page (``text/article``), sanitising
(``normalize``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pipeline.model as p
from pipeline.text import article, select
from pipeline.text.article import Article
from pipeline.text.page import tree_of

if TYPE_CHECKING:
    from sources._board_options import Detail

_FACTS: Final = 20


def read(wanted: Detail, document: p.Document) -> Article | None:
    """Read one article's page; ``None`` when it is none we may or can read (the row alone must do)."""
    try:
        found = article.read(document, body=wanted.body, attachments=wanted.attachments)
    except p.ShapeError:
        return None
    found = replace(found, attachments=_reachable(found, document))
    if not (wanted.title or wanted.date or wanted.department or wanted.image):
        return found
    tree, _base, _charset = tree_of(document)
    headers = select.Headers()
    root = tree.root

    def said(selector: str) -> str:
        return select.text(root, selector, headers) if root is not None and selector else ""

    picture = tree.css_first(wanted.image) if wanted.image else None
    source = (picture.attributes.get("src") or "") if picture is not None else ""
    return replace(
        found,
        title=said(wanted.title) or found.title,
        published=said(wanted.date) or found.published,
        department=said(wanted.department) or found.department,
        image=p.Image(url=source) if source else found.image,
    )


def _reachable(found: Article, document: p.Document) -> tuple[p.Attachment, ...]:
    """A file that only the page's own script can open is reached from the page."""
    return tuple(file if file.url else replace(file, url=document.url) for file in found.attachments)


def extras(found: Article) -> tuple[tuple[str, str], ...]:
    """Return the page's facts as an item's extras."""
    return (*found.facts[:_FACTS], *((("image_only", "yes"),) if found.is_image_only else ()))
