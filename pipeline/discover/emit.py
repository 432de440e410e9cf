"""Short selectors for what was found, each tried on the page with the engine that will read it.

What does not live here: what was found (``fields``). Never written: chains of ``nth-child``, hashed or state classes
(extraction §4): they are what breaks first.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode, SelectolaxError

from pipeline.discover import words
from pipeline.discover.rows import is_empty, is_header
from pipeline.discover.tree import BLANK, Node, Tree
from pipeline.text import select

_PLAIN = frozenset(
    [
        "a",
        "strong",
        "b",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dt",
        "dd",
        "p",
        "em",
        "time",
        "span",
        "label",
        "i",
        "summary",
    ]
)
_NAMES = ("data-table", "aria-label", "data-label", "data-title", "data-th")

_STRANGERS = 40  # elements beside the rows; a selector that finds more says something else
_TRIAL = 30  # rows on which a selector is tried before it is tried on all

Read = Callable[[LexborNode, str], str]


def rows_selector(
    tree: Tree, pairs: list[tuple[Node, Node]], has_title: Callable[[LexborNode], bool]
) -> tuple[str, bool]:
    """Return ``(selector, exact)`` of row elements; what else it finds is a header, an empty notice or has no title.

    Not exact: the shortest that finds all of them and least besides.

    Args:
        tree: The page.
        pairs: Rows, each with its title element.
        has_title: Whether an element has a title where rows have theirs.
    """
    rows = [row for row, _title in pairs]
    wanted = {row.element.mem_id for row in rows}
    best, extras = "", 1 << 30
    for selector in itertools.chain(_row_selectors(rows), _by_shape(pairs)):
        found = _css(tree, selector)
        if not wanted <= {node.mem_id for node in found}:
            continue
        if len(found) > 2 * len(wanted) + _STRANGERS:
            best = best or selector
            continue
        others = sum(node.mem_id not in wanted and not _dropped(tree, node, has_title) for node in found)
        if not others:
            return selector, True
        if others < extras:
            best, extras = selector, others
    return best, False


def field_selector(
    pairs: list[tuple[Node, Node | None]], read: Read, wanted: list[str], head: str = ""
) -> tuple[str, float]:
    """Return ``(selector, share of rows it reads right)`` of a field.

    Args:
        pairs: Row and element of the field, ``None`` where the row has none.
        read: Text of a row by a selector.
        wanted: What must be read of each row.
        head: Column header over the field, ``""`` when there is none.

    Returns:
        The first selector that reads every row right, else the one that reads most.
    """
    best, share = "", 0.0
    tried: dict[str, float] = {}
    for row, node in _samples(pairs):
        for selector in _field_selectors(row, node, head):
            if selector in tried:
                continue
            tried[selector] = right = _right(pairs, read, wanted, selector)
            if right == 1:
                return selector, 1.0
            if right > share + 1e-9:
                best, share = selector, right
    for other in sorted(tried, key=lambda one: -tried[one])[1:12]:  # rows of two shapes
        if not other.startswith("th:") and not best.startswith("th:"):
            both = max((f"{best}, {other}", f"{other}, {best}"), key=lambda one: _right(pairs, read, wanted, one))
            if (right := _right(pairs, read, wanted, both)) > share + 1e-9:
                best, share = both, right
                break
    return best, share


def _right(pairs: list[tuple[Node, Node | None]], read: Read, wanted: list[str], selector: str) -> float:
    right = sum(read(row.element, selector) == text for (row, _n), text in zip(pairs[:_TRIAL], wanted, strict=False))
    if len(pairs) > _TRIAL and right * 2 > _TRIAL:
        more = zip(pairs[_TRIAL:], wanted[_TRIAL:], strict=True)
        right += sum(read(row.element, selector) == text for (row, _n), text in more)
    return right / len(pairs)


def _samples(pairs: list[tuple[Node, Node | None]]) -> list[tuple[Node, Node]]:
    """Return rows to learn from: the first of each shape."""
    shapes: dict[tuple[str, ...], tuple[Node, Node]] = {}
    for row, node in pairs:
        if node is not None:
            shapes.setdefault((*node.stable, node.tag, *(one.tag for one in node.above(row))), (row, node))
    return list(shapes.values())[:4]


def _dropped(tree: Tree, element: LexborNode, has_title: Callable[[LexborNode], bool]) -> bool:
    node = tree.by_id.get(element.mem_id)
    return node is None or is_header(node) or is_empty(node) or not has_title(element)


def _css(tree: Tree, selector: str) -> list[LexborNode]:
    try:
        return tree.html.css(selector)
    except SelectolaxError:
        return []


def _row_selectors(rows: list[Node]) -> Iterator[str]:
    steps = _row_steps(rows)
    around = _common(rows)
    contexts = [context for node in around[:6] for context in _contexts(node)]
    parents = {(row.parent.tag, row.parent.stable) for row in rows if row.parent is not None}
    tag = rows[0].tag
    if tag == "tr":
        for context in contexts:
            yield from (f"{context} tbody {step}" for step in steps)
        yield from (f"tbody {step}" for step in steps)
        yield from (f"{context} tbody {tag}:has({inner})" for context in contexts for inner in ("a", "td a"))
        return
    inner = {f"{above}.{kept[0]}" if kept else above for above, kept in parents}
    own = [step for step in steps if "." in step]
    if len(inner) == 1 and len({id(row.parent) for row in rows}) > 1:
        above = inner.pop()
        yield from (f"{above} > {step}" for step in steps if "." in above or "." in step)
        yield from (f"{context} {above} > {step}" for context in contexts for step in steps)
    for context in contexts[:3]:
        yield from (f"{context} > {step}" for step in steps)
    yield from own
    for context in contexts:
        yield from (f"{context} {step}" for step in steps)
    if rows[0].parent is not None:
        above = rows[0].parent.tag
        yield from (f"{context} {above} > {step}" for context in contexts for step in steps)
        yield from (f"{context} > {step}:has({kid})" for context in contexts for step in steps for kid in ("a", "dt"))
        yield from (f"{above} > {step}" for step in steps)
    yield from (f"{tag}:has({kid})" for kid in ("a", "dt"))


def _by_shape(pairs: list[tuple[Node, Node]]) -> Iterator[str]:
    """Yield selectors of rows in pages without names: by what the rows hold, by what stands before the list, by its depth."""
    row, title = pairs[0]
    container, tag = row.parent, row.tag
    if container is None:
        return
    path = " > ".join(reversed([title.tag, *(one.tag for one in title.above(row))])) if title is not row else ""
    steps = [tag, *([f"{tag}:has(> {path})"] if path else [])]
    inside = {kid.tag for kid in row.kids}
    steps += [f"{steps[-1]}:has(> {one})" for one in sorted(inside)]
    steps += [f"{tag}:has({inner})" for inner in ("time", "dd", "h3", "h4", "span", "em", "p")]
    before = (
        [kid.tag for kid in container.parent.kids[: container.parent.kids.index(container)]] if container.parent else []
    )
    around = [f"{one} + {container.tag}" for one in before[-1:]] + [f"{one} ~ {container.tag}" for one in set(before)]
    chain = [node.tag for node in row.above() if node.tag not in ("body", "html")]
    chains = [" > ".join(reversed(chain[:depth])) for depth in range(1, min(len(chain), 7) + 1)]
    for step in steps:
        yield from (f"{above} > {step}" for above in [*chains[:2], *around, *chains[2:]] if above)
    for one in row.above()[:3]:
        if one.parent is not None:
            at = 1 + sum(kid.tag == one.tag for kid in one.parent.kids[: one.parent.kids.index(one)])
            yield f"{one.tag}:nth-of-type({at}) > {tag}" if one is container else f"{one.tag}:nth-of-type({at}) {tag}"


def _row_steps(rows: list[Node]) -> list[str]:
    shared = set(rows[0].stable)
    for row in rows[1:]:
        shared &= set(row.stable)
    names = sorted(shared, key=lambda name: (len(name) > 24, rows[0].stable.index(name)))
    tag = rows[0].tag
    named = [f"{tag}.{name}" for name in names if _is_name(name)]
    return [*named, tag] if tag in ("div", "a", "p", "section") else [tag, *named]


def _common(rows: list[Node]) -> list[Node]:
    """Return the elements around all rows, nearest first, without ``body``."""
    last = {id(node) for node in rows[-1].above()}
    return [node for node in rows[0].above() if id(node) in last and node.tag not in ("body", "html")]


def _contexts(node: Node) -> Iterator[str]:
    name = node.attributes.get("id") or ""
    if _is_name(name) and words.is_stable(name):
        yield f"#{name}"
    ranked = sorted(node.stable, key=lambda one: not words.BOARD_CLASS.search(one))
    for one in ranked[:3]:
        if _is_name(one):
            yield f"{node.tag}.{one}"


def _is_name(name: str) -> bool:
    return bool(name) and name.replace("-", "_").isidentifier()


def _field_selectors(row: Node, node: Node, head: str) -> Iterator[str]:
    inside = node is row
    classes = [name for name in node.stable if _is_name(name)]
    classes.sort(key=lambda name: not (words.TITLE_CLASS.search(name) or words.DATE_CLASS.search(name)))
    if not inside:
        yield from (f"{node.tag}.{name}" for name in classes)
    for name in _NAMES:
        said = node.attributes.get(name) or ""
        if said and len(said) < 24 and '"' not in said and not inside:
            yield f'[{name}="{said}"]'
    if head:
        yield f"th:{BLANK.sub('', head)}"
    above = node.above(row)
    for one in above[:4]:
        for name in (n for n in one.stable if _is_name(n)):
            yield f"{one.tag}.{name} {node.tag}" if node.tag != one.tag else f"{one.tag}.{name} > {node.tag}"
    if inside:
        yield node.tag
        return
    if node.tag in _PLAIN:
        yield node.tag
        yield from (f"{one.tag} {node.tag}" for one in above[:2])
    cell = next((one for one in (node, *above) if one.tag in ("td", "th")), None)
    if cell is not None and cell.parent is not None:
        at = 1 + sum(kid.tag == cell.tag for kid in cell.parent.kids[: cell.parent.kids.index(cell)])
        last = (
            sum(kid.tag == cell.tag for kid in cell.parent.kids) - at + 1
        )  # a cell over several rows moves the first ones
        for counted in (f"{cell.tag}:nth-of-type({at})", f"{cell.tag}:nth-last-of-type({last})"):
            yield counted if cell is node else f"{counted} {node.tag}"
        return
    if node.parent is not None:
        at = 1 + sum(kid.tag == node.tag for kid in node.parent.kids[: node.parent.kids.index(node)])
        if node.tag == "a":
            yield "a:not(:has(img))"
        holder = next((f"{one.tag}.{n}" for one in above for n in one.stable if _is_name(n)), "")
        yield f"{holder} {node.tag}:nth-of-type({at})".strip()
        yield from _by_path([*reversed(above), node])


def _by_path(chain: list[Node]) -> Iterator[str]:
    """Yield the way from the row to an element by tags, then with one of its steps counted: the last resort without names."""
    tags = [node.tag for node in chain]
    yield " > ".join(tags)
    for i, node in enumerate(chain):
        if node.parent is not None:
            at = 1 + sum(kid.tag == node.tag for kid in node.parent.kids[: node.parent.kids.index(node)])
            yield " > ".join([*tags[:i], f"{node.tag}:nth-of-type({at})", *tags[i + 1 :]])


def text_of(element: LexborNode, selector: str, headers: select.Headers, noise: str) -> str:
    """Return what a selector reads of a row, ``""`` when lexbor does not understand it."""
    try:
        return select.text(element, selector, headers, noise)
    except SelectolaxError:
        return ""
