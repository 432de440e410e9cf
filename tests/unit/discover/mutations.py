"""Redesigns of a list page: what a relaunch of a site does to its markup, its articles left alone.

What does not live here: the pages (``lists``). Source: extraction §5, seven mutations.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bs4 import BeautifulSoup, Tag

CELLS = ("td", "th")


def _rows(soup: BeautifulSoup) -> list[Tag]:
    return [row for row in soup.find_all("tr") if row.find_parent("table", class_=["search", "calendar"]) is None]


def _none(_soup: BeautifulSoup, _dice: Random) -> None:
    """The page of tomorrow, not redesigned."""


def _wrap(soup: BeautifulSoup, _dice: Random) -> None:
    """Another box around the list, another around each link."""
    for link in soup.select("#contents a"):
        link.wrap(soup.new_tag("div", attrs={"class": "inner-wrap"}))
    body = soup.select_one("#contents")
    if body is not None:
        for name in ("layout", "section-body"):
            box = soup.new_tag("div", attrs={"class": name})
            for child in list(body.children):
                box.append(child.extract())
            body.append(box)


def _column(soup: BeautifulSoup, _dice: Random) -> None:
    """A column before the others."""
    for row in _rows(soup):
        kind = "th" if row.find("th") is not None else "td"
        cell = soup.new_tag(kind)
        cell.string = "구분" if kind == "th" else "일반"
        row.insert(0, cell)
    for row in soup.select("#contents ul > li, #contents .item, #contents .list_item"):
        if row.find("a") is not None:
            extra = soup.new_tag("span")
            extra.string = "일반"
            row.insert(0, extra)


def _reorder(soup: BeautifulSoup, _dice: Random) -> None:
    """The same cells in another order."""
    for row in _rows(soup):
        cells = row.find_all(CELLS, recursive=False)
        for cell in cells:
            cell.extract()
        for cell in [*cells[2:], *cells[:2]]:
            row.append(cell)


def _renamed(soup: BeautifulSoup, _dice: Random) -> None:
    """Every class of a new style guide."""
    for tag in soup.find_all(class_=True):
        tag["class"] = [f"x{sum(map(ord, name)) % 997}-{name[::-1][:3]}" for name in tag["class"]]


def _stripped(soup: BeautifulSoup, _dice: Random) -> None:
    """No class and no id any more."""
    for tag in soup.find_all(True):
        for name in ("class", "id"):
            if name in tag.attrs:
                del tag.attrs[name]


def _listed(soup: BeautifulSoup, _dice: Random) -> None:
    """Tables of rows become lists of blocks."""
    for table in soup.find_all("table"):
        if not table.find("a") or table.find("input"):
            continue
        for part in table.find_all(["caption", "colgroup"]):
            part.decompose()
        for part in table.find_all(["thead", "tbody"]):
            part.unwrap()
        for row in table.find_all("tr"):
            row.name = "li"
            for cell in row.find_all(CELLS, recursive=False):
                cell.name = "div"
        table.name = "ul"


def _all(soup: BeautifulSoup, dice: Random) -> None:
    for one in (_column, _reorder, _wrap, _listed, _stripped):
        one(soup, dice)


MUTATIONS: dict[str, Callable[[BeautifulSoup, Random], None]] = {
    "none": _none,
    "wrap": _wrap,
    "column added": _column,
    "reorder": _reorder,
    "classes renamed": _renamed,
    "classes stripped": _stripped,
    "table to list": _listed,
    "all together": _all,
}


def redesigned(html: str, mutation: str, seed: int = 0) -> str:
    """Return a page after a redesign."""
    soup = BeautifulSoup(html, "html.parser")
    MUTATIONS[mutation](soup, Random(seed))
    return str(soup)
