"""A page as a light tree: elements in document order with what the search for lists needs to know of each.

What does not live here: groups and fields (``groups``, ``columns``). The tree is a view: each node keeps its lexbor element,
because what is offered to an editor is read by that engine and no other (ADR-0015).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

import pipeline.model as p
from pipeline.discover import words
from pipeline.text import clean, page, select

_SILENT: Final = frozenset(
    ["script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe", "object", "datalist"]
)
_QUIET: Final = frozenset(part.strip()[1:] for part in select.NOISE.split(",") if part.strip().startswith("."))
_BLOCKS: Final = select.BLOCK_TAGS
DATE: Final = re.compile(
    r"(?<![\d.])(?:(?:19|20)\d{2}|\d{2})\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}(?!\d)|(?:(?:19|20)\d{2}|\d{2})년\s?\d{1,2}월\s?\d{1,2}일|(?<!\d)20\d{6}(?:\d{6})?(?!\d)"
)
BLANK: Final = re.compile(r"\s+")


@dataclass(slots=True, eq=False)
class Node:
    """One element.

    Attributes:
        parts: Own text pieces and children, in order.
        links, dates, chars, size: Of the whole subtree: elements that lead somewhere, texts with a full date, characters, elements.
    """

    element: LexborNode
    tag: str
    attributes: dict[str, str | None]
    parent: Node | None
    classes: tuple[str, ...] = ()
    at: int = 0
    parts: list[Node | str] = field(default_factory=list)
    kids: list[Node] = field(default_factory=list)
    links: int = 0
    dates: int = 0
    chars: int = 0
    size: int = 1
    _said: str | None = None

    @property
    def stable(self) -> tuple[str, ...]:
        """Classes that are the site's own words."""
        return words.stable(self.classes) if self.classes else ()

    @property
    def is_noise(self) -> bool:
        """Whether its text belongs to nobody: hidden words, badges, icons."""
        return any(name in _QUIET for name in self.classes)

    @property
    def own(self) -> str:
        """Text that stands in this element itself."""
        return BLANK.sub(" ", "".join(part for part in self.parts if isinstance(part, str))).strip()

    @property
    def said(self) -> str:
        """Text without noise, one line, as ``select.quiet_text`` reads it."""
        if self._said is None:
            gathered: list[str] = []
            self._gather(gathered)
            self._said = clean.one_line("".join(gathered))
        return self._said

    def _gather(self, gathered: list[str]) -> None:
        for part in self.parts:
            if isinstance(part, str):
                gathered.append(part)
            elif part.is_noise:
                gathered.append(" ")
            elif part.tag in _BLOCKS:
                gathered.append(" ")
                part._gather(gathered)  # noqa: SLF001 - its own kind
                gathered.append(" ")
            else:
                part._gather(gathered)  # noqa: SLF001

    def within(self, limit: int = 400) -> list[Node]:
        """Return this element and those inside it, in document order, at most ``limit``."""
        found: list[Node] = []
        waiting = [self]
        while waiting and len(found) < limit:
            node = waiting.pop()
            found.append(node)
            waiting.extend(reversed(node.kids))
        return found

    def above(self, stop: Node | None = None) -> list[Node]:
        """Return the elements around it, nearest first, up to and without ``stop``."""
        found, node = [], self.parent
        while node is not None and node is not stop:
            found.append(node)
            node = node.parent
        return found


@dataclass(slots=True)
class Tree:
    """A page: its elements in document order, its lexbor tree, the base of its links and how it was written."""

    nodes: list[Node]
    html: LexborHTMLParser
    base: str
    charset: str
    is_cut: bool = False
    by_id: dict[int, Node] = field(default_factory=dict)


def tree_of(document: p.Document) -> Tree | None:
    """Return the page as a tree, ``None`` when no parser may see it or it holds no markup.

    Cost: 5 ms for 400 KB and 5,000 elements; elements past ``limits.DISCOVER_NODES`` are not looked at.
    """
    try:
        html, base, charset = page.tree_of(document)
    except p.ShapeError:
        return None
    if html.root is None:
        return None
    tree = Tree([], html, base, charset)
    _fill(tree, html.body or html.root)
    _sum(tree)
    return tree


def _fill(tree: Tree, root: LexborNode) -> None:
    known, nodes = tree.by_id, tree.nodes
    for element in root.traverse(include_text=True):
        if element.is_text_node:
            above = element.parent
            holder = known.get(above.mem_id) if above is not None else None
            if holder is not None and (text := element.text_content):
                holder.parts.append(text)
            continue
        tag = element.tag or ""
        above = element.parent
        parent = known.get(above.mem_id) if above is not None else None
        if not element.is_element_node or tag in _SILENT or (parent is None and nodes):
            continue
        if len(nodes) >= p.limits.DISCOVER_NODES:
            tree.is_cut = True
            return
        attributes = element.attributes
        node = Node(element, tag, attributes, parent, tuple((attributes.get("class") or "").split()[:8]), len(nodes))
        nodes.append(node)
        known[element.mem_id] = node
        if parent is not None:
            parent.parts.append(node)
            parent.kids.append(node)


def _sum(tree: Tree) -> None:
    for node in reversed(tree.nodes):
        own = node.own
        node.chars += len(own)
        node.links += leads(node)
        if own and DATE.search(own):
            node.dates += 1
        if (above := node.parent) is not None:
            above.links += node.links
            above.dates += node.dates
            above.chars += node.chars
            above.size += node.size


def leads(node: Node) -> bool:
    """Whether an element is a link, good or empty, or calls a script when it is clicked."""
    return node.tag in ("a", "area") or "onclick" in node.attributes
