"""What a row element is: a line of a list, a header, a sentence that there are none; which columns its cells reach.

What does not live here: what stands in the rows (``columns``).
"""

from __future__ import annotations

from pipeline.discover import words
from pipeline.discover.tree import Node
from pipeline.text.list_marks import EMPTY


def is_header(row: Node) -> bool:
    """Whether a row names columns instead of filling them."""
    if row.tag == "tr" and not any(kid.tag == "td" for kid in row.kids):
        return any(kid.tag == "th" for kid in row.kids)
    if row.dates or not 2 <= len(row.kids) <= 20:
        return False
    named = sum(bool(words.head(kid.said)) for kid in row.kids)
    return named >= 2 and named * 2 >= len(row.kids)


def is_empty(row: Node) -> bool:
    """Whether a row says that there are none; as ``kind: board`` sees it."""
    if row.chars > 120:
        return False
    cells = [kid for kid in row.kids if kid.tag in ("td", "th")]
    if len(cells) == 1 and cells[0].attributes.get("colspan") and not row.links:
        return True
    return len(cells) <= 1 and not row.links and bool(EMPTY.search(row.said))


def taken(rows: list[Node]) -> dict[int, frozenset[int]]:
    """Return for each table row the columns that a cell of a row above reaches into (``rowspan``)."""
    left: dict[int, int] = {}
    found: dict[int, frozenset[int]] = {}
    if not rows or rows[0].tag != "tr" or not any("rowspan" in kid.attributes for row in rows for kid in row.kids):
        return found
    for number, row in enumerate(rows):
        found[number] = frozenset(left)
        column, opened = 0, dict[int, int]()
        for kid in row.kids:
            while column in left:
                column += 1
            for _ in range(span(kid)):
                if (rows_down := span(kid, "rowspan")) > 1:
                    opened[column] = rows_down
                column += 1
        left = {at: count - 1 for at, count in {**left, **opened}.items() if count > 1}
    return found


def span(cell: Node, name: str = "colspan") -> int:
    """Return how many columns (or rows) a cell covers."""
    width = cell.attributes.get(name) or "1"
    return min(int(width), 100) if width.isascii() and width.isdigit() and int(width) else 1


def is_empty_board(table: Node) -> bool:
    """Whether a table is a board of which every row but the header is missing, or says that there are none."""
    lines = [node for node in table.within(600) if node.tag == "tr"]
    if not lines or not is_header(lines[0]):
        return False
    heads = {words.head(kid.said) for kid in lines[0].kids} - {""}
    return "title" in heads and len(heads) > 1 and all(is_empty(line) for line in lines[1:])
