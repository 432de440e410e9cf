"""Which element of a page holds its article, and what inside it does not belong to it.

In order: what an editor named; blocks whose name says they are an article's text; the cell of a view table; the block
around an article without its title, names and dates; the densest text (``dense``). The machine-readable text of a page
(JSON-LD) chooses among them. Source: extraction §3, boards §2 "Detail pages"; measured in ADR-0022.
What does not live here: names (``names``), writing it out (``lean``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.text import clean
from pipeline.text.article import dense, furniture, names, words

_NAMED: Final = ", ".join(
    f"{tag}[{attribute}]"
    for tag in (
        "div",
        "section",
        "article",
        "td",
        "p",
        "dd",
        "li",
        "ul",
        "dl",
        "table",
        "textarea",
        "span",
        "tbody",
        "pre",
    )
    for attribute in ("class", "id")
)
_SHARE: Final = 0.8  # the innermost block with so much of the outermost one's text is the article
_LINKED: Final = 0.65  # a block of links is a menu or a list
_LONG: Final = 200
_ALIKE: Final = 0.4
_END: Final = 20
_SHOWING: Final = "img, iframe, video, object"


@dataclass(slots=True)
class Body:
    """The element of an article, what in it is left out (``mem_id``), and the rule that found it."""

    node: LexborNode
    cut: frozenset[int]
    how: str


def find(tree: LexborHTMLParser, *, wanted: str = "", said: str = "") -> Body | None:
    """Find the article's element.

    Args:
        tree: A checked page without scripts.
        wanted: CSS an editor wrote; nothing else is tried when it fits.
        said: The text the page gives machines, to choose by; ``""`` when none.

    Cost: 1 to 5 ms; the densest-block fallback about 10 ms for 100 KB.
    """
    for node in tree.css(wanted) if wanted else ():
        if _shows(node):
            return _made(node, "wanted")
    for css in names.SURE:
        nodes = [n for n in tree.css(css) if _shows(n)]
        known = _inner(tops(nodes), nodes)
        if known is not None:
            return _made(known, "sure")
    densest = dense.block(tree)
    choices = [*_choices(tree, densest), *([(densest, "dense")] if densest is not None else [])]
    if not choices and tree.body is not None and _tells(tree.body) and furniture.length_of(tree.body):
        choices.append((tree.body, "dense"))
    if not choices and len(said) < _LONG:
        return None
    if len(said) >= _LONG:
        choices[:0] = [(node, "said") for node in _saying(tree, said)]
        best, how = max(choices, key=lambda choice: _likeness(choice[0], said))
        return _made(best, how) if _covers(best, said) >= _ALIKE else None
    return _made(*choices[0])


def _made(node: LexborNode, how: str) -> Body:
    return Body(node, frozenset(furniture.inside(node, is_wide=how in ("wide", "dense"))), how)


def _choices(tree: LexborHTMLParser, densest: LexborNode | None) -> Iterator[tuple[LexborNode, str]]:
    """Yield elements that may be the article, likeliest first.

    A name is believed as far as the densest text of the page agrees: a block named like an article that holds a caption
    beside a long text elsewhere is none.
    """
    texts, contents, wides = _named(tree)
    mass = _weight(densest) if densest is not None else 0
    for nodes, how, least in ((texts, "text", 0.02), (list(_cells(tree)), "cell", 0.0), (contents, "content", 0.3)):
        node = _inner(tops(nodes), nodes)
        if node is None or (node.css_first(_SHOWING) is None and _weight(node) < least * mass):
            continue
        if densest is not None and _is_purer(densest, mass, node, how):
            yield densest, how
        yield node, how
    around = _inner(tops(wides), wides)
    if around is None:
        return
    if densest is not None and holds(around, densest) and mass >= 0.5 * _weight(around):
        yield densest, "dense"
    elif densest is None or holds(around, densest) or _weight(around) >= 0.3 * mass:
        yield around, "wide"


def _is_purer(densest: LexborNode, mass: int, node: LexborNode, how: str) -> bool:
    """Whether the densest text inside a named block is the article, and the rest of the block links and captions."""
    if how == "cell" or not holds(node, densest):
        return False
    weight = _weight(node)
    is_mixed = weight < 0.8 * furniture.length_of(node)
    return mass >= (0.75 if how == "content" else 0.9) * weight and (how == "content" or is_mixed)


def _named(tree: LexborHTMLParser) -> tuple[list[LexborNode], list[LexborNode], list[LexborNode]]:
    """Return blocks named as an article's text, named as content within an article's block, and such blocks."""
    texts: list[LexborNode] = []
    contents: list[LexborNode] = []
    pages: dict[int, LexborNode] = {}
    for node in tree.css(_NAMED):
        attributes = node.attributes
        called = [*(attributes.get("class") or "").split()[:12], attributes.get("id") or ""]
        roles = {names.role(name) for name in called}
        if "text" in roles:
            texts.append(node)
        elif "content" in roles:
            contents.append(node)
        if "page" in roles:
            pages[node.mem_id] = node
    inside = [node for node in contents if _is_inside(node, pages)]
    wides = [*pages.values(), *tree.css("article, main, [role=main]")] or contents
    return (
        [n for n in texts if _tells(n)],
        [n for n in inside if _tells(n)],
        [n for n in wides if _tells(n) and n.tag not in ("li", "span", "p")],
    )


def _cells(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the cells of view tables and lists that hold the text: after 내용, or across the table without a label."""
    for table in tree.css("table"):
        labels = [_plain(th) for th in table.css("th, dt, td.th, td strong")[:40]]
        if not any(words.VIEW.match(label) for label in labels):
            continue
        for row in table.css("tr"):
            cells = [c for c in row.iter() if c.tag in ("td", "th")]
            if len(cells) == 1 and cells[0].tag == "td" and _tells(cells[0]):
                yield cells[0]
            elif len(cells) == 2 and words.BODY.match(_plain(cells[0])) and _shows(cells[1]):
                yield cells[1]
    for label in tree.css("dt"):
        after = label.next
        while after is not None and not after.is_element_node:
            after = after.next
        if after is not None and after.tag == "dd" and words.BODY.match(_plain(label)) and _shows(after):
            yield after


def tops(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Return the nodes that stand in no other of them."""
    known = {node.mem_id: node for node in nodes}
    return [node for node in nodes if not _is_inside(node, known)]


def _inner(tops: Iterable[LexborNode], nodes: Sequence[LexborNode]) -> LexborNode | None:
    """Return the innermost of the nodes with nearly all text of the outer one with the most."""
    best = max(tops, key=lambda node: (_weight(node), furniture.length_of(node)), default=None)
    if best is None:
        return None
    whole = max(_weight(best), 1)
    inside = {best.mem_id: best}
    innermost = best
    for node in nodes:  # in page order: an inner one comes after its outer one
        if node.mem_id != innermost.mem_id and _is_inside(node, inside) and _weight(node) >= _SHARE * whole:
            innermost = node
    return innermost


def holds(outer: LexborNode, node: LexborNode) -> bool:
    """Whether an element is another or stands in it."""
    return outer.mem_id == node.mem_id or _is_inside(node, {outer.mem_id: outer})


def _is_inside(node: LexborNode, outer: dict[int, LexborNode]) -> bool:
    around = node.parent
    while around is not None:
        if around.mem_id in outer and around.tag not in ("body", "html"):
            return True
        around = around.parent
    return False


def _plain(node: LexborNode) -> str:
    return re.sub(r"[\s:：*·]+", "", node.text())[:20]


def _weight(node: LexborNode) -> int:
    """Return the length of an element's text that is no link."""
    return furniture.length_of(node) - sum(furniture.length_of(link) for link in node.css("a")[:400])


def _shows(node: LexborNode) -> bool:
    return bool(node.text().strip()) or node.css_first(_SHOWING) is not None


def _tells(node: LexborNode) -> bool:
    """Whether a block can be an article: it shows something, and is no list of links."""
    length = furniture.length_of(node)
    if not length:
        return node.css_first(_SHOWING) is not None
    return _weight(node) >= (1 - _LINKED) * length


def _saying(tree: LexborHTMLParser, said: str) -> Iterator[LexborNode]:
    """Yield the innermost element that holds the beginning and the end of a text."""
    words = "".join(said.split())
    ends = (words[:_END], words[-_END:])
    here = tree.body
    if here is None or not all(end in "".join(here.text().split()) for end in ends):
        return
    while True:
        inner = (c for c in here.iter() if all(end in "".join(c.text().split()) for end in ends))
        child = next(inner, None)
        if child is None:
            break
        here = child
    if here.tag not in ("body", "html"):
        yield here


def _likeness(node: LexborNode, said: str) -> float:
    """Return how much an element's text and the page's own words for machines have in common, 0 to 1."""
    here, there = set(clean.one_line(node.text(separator=" ")).split()), set(said.split())
    return 2 * len(here & there) / max(len(here) + len(there), 1)


def _covers(node: LexborNode, said: str) -> float:
    """Return the share of the page's own words for machines, which may be a summary, that an element's text holds."""
    here, there = set(clean.one_line(node.text(separator=" ")).split()), set(said.split())
    return len(here & there) / max(len(there), 1)
