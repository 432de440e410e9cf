"""What the last good run of a source told: the examples by which a changed page is understood again ("row memory").

What does not live here: the repair itself (``repair``). Source: extraction §5: boards keep most rows for weeks, so locate the
elements whose text equals a known title first, then generalise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.discover.tree import DATE, Node, Tree
from pipeline.text.list_marks import CUT

_BLANK = re.compile(r"[\s\u200b]+")
_DIGITS = re.compile(r"\d+")
_LONGEST = 400  # characters of an element that may be a title with its badges
_SHORTEST = 3  # characters of a title that says which article it is


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """One article of the last good run: its title, and its posting date where it had one, as told."""

    title: str
    date: str = ""


class Memory:
    """Known rows, ready to be found in a page."""

    def __init__(self, rows: Iterable[KnownRow]) -> None:
        self.rows = {key: row for row in rows if len(key := plain(row.title)) >= _SHORTEST}

    def knows(self, text: str) -> bool:
        """Whether a text is a known title."""
        return bool(self.rows) and plain(text) in self.rows

    def hits(self, tree: Tree) -> dict[int, str]:
        """Return place → known title of the innermost elements that say a known title and nothing else."""
        found: dict[int, str] = {}
        if not self.rows:
            return found
        for node in tree.nodes:
            if not 0 < node.chars <= _LONGEST or not (node.own or node.tag == "a"):
                continue
            for text in (node.said, node.own):
                if (key := plain(text)) in self.rows:
                    found[node.at] = key
                    if node.parent is not None and found.get(node.parent.at) == key:
                        del found[node.parent.at]
                    break
        return found

    def share(self, nodes: Sequence[Node]) -> float:
        """Return the share of the known rows that are among these title elements."""
        if not self.rows:
            return 0.0
        keys = {plain(node.said) for node in nodes} | {plain(node.own) for node in nodes}
        return len(keys & self.rows.keys()) / len(self.rows)

    def dated(self, titles: dict[int, Node], dates: dict[int, Node]) -> float:
        """Return how often an element beside a known title says the date it had, among the known ones with a date."""
        if not self.rows:
            return 0.0
        asked = right = 0
        for number, title in titles.items():
            row = self.rows.get(plain(title.said)) or self.rows.get(plain(title.own))
            if row is not None and row.date:
                asked += 1
                right += number in dates and same_day(dates[number].said, row.date)
        return right / asked if asked else 0.0


def plain(title: str) -> str:
    """Return a title as it is compared: without blanks, marks of being cut, and differences of form."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", CUT.sub("", title))).casefold()


def same_day(text: str, known: str) -> bool:
    """Whether two texts tell one day, as far as both tell it: ``11-06`` and ``2026-11-06T00:00:00+09:00`` do."""
    mine, theirs = _day(text), _day(known)
    shorter = min(len(mine), len(theirs))
    return shorter >= 2 and mine[-shorter:] == theirs[-shorter:]


def _day(text: str) -> tuple[int, ...]:
    match = DATE.search(text)
    found = _DIGITS.findall(match.group() if match else text)
    if found and len(found[0]) in (8, 14):
        found = [found[0][:4], found[0][4:6], found[0][6:8]]
    numbers = tuple(int(one) for one in found[:3])
    if len(numbers) == 3 and numbers[0] < 100:
        numbers = (2000 + numbers[0], *numbers[1:])
    return numbers if len(numbers) == 3 and numbers[0] > 1900 else numbers[:2]
