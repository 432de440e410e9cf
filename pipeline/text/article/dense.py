"""The densest text of a page: the block to fall back on when no name says which one the article is.

A paragraph's text that is no link counts for its parent, and less for the blocks around it; a block of links counts for
little. What does not live here: pages that name their blocks (``body``). Source: ADR-0022 (measured against libraries).
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text.article import names

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT: Final = frozenset("nav footer aside header form button select option textarea iframe figure".split())  # noqa: SIM905
_SHORT: Final = 25  # a shorter paragraph is a label or a menu's line
_SENTENCE: Final = re.compile(r"[.!?。！？,，、…؟।]\s|다\.|[。！？]")
_FARTHER: Final = (1.0, 0.6, 0.3)  # what a paragraph's text counts for the blocks around it
_NODES: Final = 60_000


class _Tally:
    """Adds up text by block while it walks a page once."""

    def __init__(self) -> None:
        self.scores: dict[int, float] = {}
        self.nodes: dict[int, LexborNode] = {}
        self.text: dict[int, int] = {}
        self.links: dict[int, int] = {}
        self._left = _NODES

    def walk(self, node: LexborNode, around: tuple[LexborNode, ...], *, is_link: bool) -> tuple[int, int, str]:
        """Return ``(text, linked text, own inline text)`` of an element; scores blocks on the way."""
        total, linked, own = 0, 0, ""
        is_block = node.tag in _BLOCKS
        outer = (node, *around[:2]) if is_block else around
        for child in node.iter(include_text=True):
            self._left -= 1
            if self._left < 0:
                break
            if child.is_text_node:
                text = " ".join((child.text_content or "").split())
                total += len(text)
                linked += len(text) if is_link else 0
                own += "" if is_link or not text else text + " "
            elif child.tag not in _SILENT:
                more, more_linked, inline = self.walk(child, outer, is_link=is_link or child.tag == "a")
                total, linked = total + more, linked + more_linked
                own += inline
        if not is_block:
            return total, linked, own
        self._settle(node, around, total, linked, own.strip())
        return total, linked, ""

    def _settle(self, node: LexborNode, around: tuple[LexborNode, ...], total: int, linked: int, own: str) -> None:
        self.text[node.mem_id], self.links[node.mem_id] = total, linked
        self.nodes[node.mem_id] = node
        if len(own) < _SHORT:
            return
        worth = len(own) * (1.0 + min(len(_SENTENCE.findall(own)), 10) / 10)
        is_paragraph = node.tag in ("p", "pre", "blockquote", "li", "dd", "dt", "h2", "h3", "h4", "h5", "h6")
        blocks = around if is_paragraph else (node, *around)
        for block, share in zip(blocks, _FARTHER, strict=False):
            self.scores[block.mem_id] = self.scores.get(block.mem_id, 0.0) + worth * share
            self.nodes[block.mem_id] = block


def block(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the block that holds the page's densest text; ``None`` on a page without any. Cost: about 10 ms for 100 KB."""
    root = tree.body
    if root is None:
        return None
    tally = _Tally()
    tally.walk(root, (), is_link=False)
    ranked = sorted(tally.scores, key=lambda mem: _rank(tally, mem), reverse=True)
    if not ranked:
        return None
    best = tally.nodes[ranked[0]]
    return _widened(tally, best)


def _rank(tally: _Tally, mem: int) -> float:
    node = tally.nodes[mem]
    text = tally.text.get(mem, 0)
    density = tally.links.get(mem, 0) / text if text else 0.0
    attributes = node.attributes
    words = [*(attributes.get("class") or "").split()[:8], attributes.get("id") or ""]
    bonus = (
        1.25
        if node.tag in ("article", "main") or any(names.role(w) in ("text", "page", "content") for w in words)
        else 1.0
    )
    malus = 0.3 if any(names.is_furniture(w) for w in words) else 1.0
    return tally.scores[mem] * (1.0 - density) ** 2 * bonus * malus


def _widened(tally: _Tally, best: LexborNode) -> LexborNode:
    """Return the block around the best one as long as it brings much more text that is no link."""
    here = best
    while (around := here.parent) is not None and around.tag not in ("body", "html"):
        text, linked = tally.text.get(around.mem_id, 0), tally.links.get(around.mem_id, 0)
        mine = tally.text.get(here.mem_id, 0) - tally.links.get(here.mem_id, 0)
        if (
            text - linked < 1.25 * mine
            or linked > 0.25 * text
            or tally.scores.get(around.mem_id, 0) < 0.35 * _top(tally)
        ):
            break
        here = around
    return here


def _top(tally: _Tally) -> float:
    return max(tally.scores.values(), default=0.0)
