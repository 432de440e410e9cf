"""A recipe read from a page, as ``kind: board`` will read it: the rows an editor is shown.

What does not live here: making recipes (``recipe``, ``facts``), the board itself (``sources``), which proves it (``proof``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode, SelectolaxError

from pipeline.discover import emit, links
from pipeline.discover.rows import is_empty, is_header
from pipeline.discover.tree import Node, Tree
from pipeline.text import list_marks, select

NAMES = ("status", "number", "department", "author", "category")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One row as the recipe reads it; texts as the page says them, ``""`` where it says nothing.

    Attributes:
        printed: The title as the page prints it: cut short, with badges typed behind it, where ``title`` is mended.
        href: Address as written in the page, not made absolute; may be ``#`` or a script.
        call: ``onclick`` or the call in a ``javascript:`` address.
        date: The posting date's text; the full date alone where other words stand beside it.
        facts: Course fields by name of ``course:``.
    """

    title: str
    printed: str = ""
    is_cut: bool = False
    href: str = ""
    call: str = ""
    date: str = ""
    is_pinned: bool = False
    period: str = ""
    status: str = ""
    number: str = ""
    views: str = ""
    department: str = ""
    author: str = ""
    category: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Reader:
    """Keys of ``kind: board`` over one page."""

    tree: Tree
    recipe: dict[str, object] = field(default_factory=dict)
    headers: select.Headers = field(default_factory=select.Headers)
    noise: str = select.NOISE

    def text(self, element: LexborNode, selector: str) -> str:
        """Read a fact of a row."""
        return emit.text_of(element, selector, self.headers, self.noise) if selector else ""

    def title(self, element: LexborNode, selector: str) -> str:
        """Read a row's title as ``kind: board`` does."""
        return self.titled(element, selector)[0]

    def titled(self, element: LexborNode, selector: str) -> tuple[str, bool]:
        """Read a row's title and whether the list cut it."""
        try:
            found = select.node(element, selector, self.headers)
        except SelectolaxError:
            return "", False
        return list_marks.title_of(found, self.noise) if found is not None else ("", False)

    def key(self, name: str) -> str:
        """Return a key of the recipe that is one text, ``""`` when it is not there."""
        said = self.recipe.get(name)
        return said if isinstance(said, str) else ""

    def link(self, row: Node) -> links.Link:
        """Return what leads on from a row."""
        found = select.node(row.element, self.key("title"), self.headers)
        node = self.tree.by_id.get(found.mem_id) if found is not None else None
        return links.link_of(node or row, row)

    def rows(self, nodes: Sequence[Node]) -> list[SeenRow]:
        """Read rows; a class that each of them has says nothing about one."""
        read = [self.row(node) for node in nodes]
        is_one_mark = len(read) > 1 and not self.key("pinned") and all(row.is_pinned for row in read)
        if is_one_mark and all(list_marks.pinned_by(node.element, self.headers) == "class" for node in nodes):
            return [replace(row, is_pinned=False) for row in read]
        return read

    def row(self, row: Node) -> SeenRow:
        """Read one row."""
        element = row.element
        title, is_cut = self.titled(element, self.key("title"))
        holder = select.node(element, self.key("title"), self.headers)
        course = self.recipe.get("course")
        told = course if isinstance(course, Mapping) else {}
        said = {name: self.text(element, self.key(name)) for name in NAMES}
        if told.get("status"):
            said["status"] = self.text(element, str(told["status"]))
        date = self.text(element, self.key("date"))
        if date and (pattern := self.key("date_pattern")):
            match = re.search(pattern, date)
            date = (match.group(1) if match.groups() else match.group()) if match else ""
        link = self.link(row)
        return SeenRow(
            title=title,
            printed=_printed(title, select.quiet_text(holder, self.noise)) if holder is not None else title,
            is_cut=is_cut,
            href=link.href,
            call=link.call,
            date=date,
            is_pinned=_is_pinned(self.key("pinned"), row, said["number"], self.headers),
            facts=tuple((name, self.text(element, str(selector))) for name, selector in told.items()),
            **said,
        )


def _printed(title: str, whole: str) -> str:
    """Return the whole text where the title was mended at its end, else the title."""
    return whole if whole.startswith(title) or title.startswith(list_marks.CUT.sub("", whole)) else title


def reread(tree: Tree, recipe: Mapping[str, object]) -> list[SeenRow]:
    """Return the rows a recipe reads from a page; empty when it reads none or lexbor does not understand it."""
    removed = recipe.get("remove")
    quiet = ", ".join([select.NOISE, *(removed if isinstance(removed, list | tuple) else ())])
    reader = Reader(tree, dict(recipe), noise=quiet)
    try:
        found = tree.html.css(reader.key("rows"))
        nodes = [node for element in found if (node := tree.by_id.get(element.mem_id)) is not None]
        rows = reader.rows([node for node in nodes if not is_header(node) and not is_empty(node)])
    except SelectolaxError:
        return []
    return [row for row in rows if row.title]


def _is_pinned(pinned: str, row: Node, number: str, headers: select.Headers) -> bool:
    """As ``kind: board`` decides it."""
    if number and list_marks.is_pinned_word(number):
        return True
    if pinned:
        return row.element.css_first(pinned) is not None
    return bool(list_marks.pinned_by(row.element, headers))
