"""One list page: decoded, checked before any tree is made, its rows found — or the reason why not.

What does not live here: the fields of a row (``_board_rows``), which pages are asked for (``_board_talk``).
Source: reliability Part 2 item 5 (small pages that cost minutes), peers pains 1 and 2, boards §2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

import pipeline.model as p
from pipeline.i18n import _
from pipeline.text import clean
from pipeline.text.list_marks import EMPTY
from pipeline.text.page import tree_of
from sources import _board_signs as signs

if TYPE_CHECKING:
    from sources._board_options import Options

_LOOK_CHARS: Final = 20_000
_FULL_LINKS: Final = 3  # a container with so many links and no row has rows we no longer find


@dataclass(slots=True)
class Page:
    """A list page with the row elements found in it, in page order; none when the list is there and empty."""

    tree: LexborHTMLParser
    nodes: list[LexborNode]
    url: str
    asked: str
    base: str
    charset: str


def read(options: Options, document: p.Document) -> Page:
    """Find the rows of one list page.

    Raises:
        ShapeError: ``container-missing`` (no list here, or a list whose rows are no longer found), ``login-page``,
            ``maintenance``, ``bot-page`` or ``unreadable``.
    """
    tree, base, charset = tree_of(document)
    found = tree.css(options.rows)
    nodes = [node for node in found if not _is_header(node) and not _is_empty_notice(node, options)]
    if not nodes and not (found and any(_is_empty_notice(n, options) for n in found)):
        _explain(options, document, tree)
    return Page(
        tree, nodes[: options.max_items + 1], document.url, options.url, base, charset
    )  # one too many, so that the cut is reported


def container_of(options: Options) -> str:
    """Return the CSS of the list around the rows: as given, else the rows selector without its last steps.

    ``""`` when the rows selector has one step only.
    """
    if options.container:
        return options.container
    parts = []
    for selector in _split(options.rows, ","):
        steps = [step for step in _split(selector.strip(), " >+~") if step]
        outer = steps[:-1]
        while len(outer) > 1 and outer[-1] in ("tbody", "thead", "tr", "a", "button", "form"):
            outer.pop()
        if outer == ["tbody"] or (not outer and steps[-1].startswith("tr")):
            outer = ["table"]
        if not outer:
            return ""
        parts.append(" ".join(outer))
    return ", ".join(parts)


def _split(selector: str, marks: str) -> list[str]:
    """Cut at characters that stand outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for i, c in enumerate(selector):
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif c in marks and not depth:
            parts.append(selector[start:i])
            start = i + 1
    return [*parts, selector[start:]]


def _is_header(node: LexborNode) -> bool:
    parent = node.parent
    if parent is not None and parent.tag == "thead":
        return True
    return node.tag == "tr" and node.css_first("td") is None


def _is_empty_notice(node: LexborNode, options: Options) -> bool:
    """A row that says there are none: one cell over all columns, or a short sentence without a link of its own."""
    said = clean.one_line(node.text())
    if len(said) > 120:
        return False
    cells = [c for c in node.iter() if c.tag in ("td", "th")]
    if options.empty and (node.css_matches(options.empty) if _is_css(options.empty) else options.empty in said):
        return True
    if len(cells) == 1 and cells[0].attributes.get("colspan") and (not said or node.css_first("a") is None):
        return True
    return bool(EMPTY.search(said)) and len(cells) <= 1 and node.css_first("a[href], a[onclick]") is None


def _is_css(text: str) -> bool:
    return bool(re.match(r"[.#\[]|[a-z][\w-]*(?:[.#\[:\s>]|$)", text))


def _explain(options: Options, document: p.Document, tree: LexborHTMLParser) -> None:
    """Return when the list is there and empty; raise what the page is otherwise."""
    if options.empty and (tree.css_first(options.empty) is not None if _is_css(options.empty) else False):
        return
    outer = container_of(options)
    container = tree.css_first(outer) if outer else None
    said = clean.one_line((container or tree.body or tree.root).text()[:_LOOK_CHARS]) if tree.root else ""
    is_none_said = options.empty in said if options.empty and not _is_css(options.empty) else bool(EMPTY.search(said))
    if container is not None:
        if is_none_said or len([a for a in container.css("tr td a, li a, dl a") if a.text().strip()]) < _FULL_LINKS:
            return
        message = _("목록은 있지만 '{rows}'에 맞는 줄이 없습니다. 게시판의 모양이 바뀐 것 같습니다.")
        raise p.ShapeError(message.format(rows=options.rows), code="container-missing")
    what = signs.kind_of_page(document, tree)
    if not what and not outer and is_none_said:
        return
    raise _missing(what, outer or options.rows, signs.frames_of(document, tree))


def missing(options: Options, document: p.Document, tree: LexborHTMLParser) -> p.ShapeError:
    """Return the error of a page that has no list at all, named as what it is."""
    return _missing(signs.kind_of_page(document, tree), options.rows, signs.frames_of(document, tree))


def _missing(what: str, where: str, frames: list[str]) -> p.ShapeError:
    hint = _("목록이 다른 틀(iframe) 안에 있으면 그 주소를 url에 적으세요: {urls}").format(urls=", ".join(frames))
    message = signs.sentence(what).format(where=where)
    return p.ShapeError(message, code=what or "container-missing", hint=hint if frames and not what else "")
