"""How a list's next pages are asked for: the one parameter that varies along a run of page numbers.

What does not live here: asking (``sources``). Source: extraction §4 "Pagination", boards §2 "Paging".
"""

from __future__ import annotations

import itertools
import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from pipeline.discover.tree import Node, Tree

_PAGER: Final = re.compile(r"pag|pg_|number|num", re.IGNORECASE)
_PATH: Final = re.compile(r"^(.*?/(?:page|p|lists?|pages)/)(\d+)(/?.*)$")
_CALL: Final = re.compile(r"\w*[pP]age\w*\s*\(\s*'?(\d+)'?")
_FIELDS: Final = ("pageIndex", "pageNo", "page", "currentPage", "cpage", "nPage", "curPage", "cp", "pageNum", "c_paged")


def paging(tree: Tree) -> dict[str, object]:
    """Return the keys of ``paging``, empty when the page tells none. Never a sort or a category link."""
    for run in _runs(tree):
        found = _by_parameter(run) or _by_path(run)
        if found:
            return found
    for run in _runs(tree):
        if any(
            _CALL.search((node.attributes.get("onclick") or "") + (node.attributes.get("href") or "")) for node in run
        ):
            name = _field(tree)
            if name:
                return {"param": name}
    return {}


def _runs(tree: Tree) -> list[list[Node]]:
    """Return groups of links whose texts are consecutive numbers within one container, the last of the page first."""
    runs: list[list[Node]] = []
    containers: dict[int, tuple[Node, list[Node]]] = {}
    for node in tree.nodes:
        if node.tag in ("a", "button") and node.chars <= 3 and node.said.isdigit():
            above = node.parent
            while above is not None and above.links <= 1 and above.parent is not None:
                above = above.parent
            if above is not None:
                containers.setdefault(above.at, (above, []))[1].append(node)
    for _above, found in containers.values():
        numbers = [int(node.said) for node in found]
        if len(found) >= 2 and all(0 < after - before <= 2 for before, after in itertools.pairwise(numbers)):
            runs.append(found)
    return runs[::-1]


def _by_parameter(run: list[Node]) -> dict[str, object]:
    told: dict[str, list[tuple[int, int]]] = {}
    for node in run:
        href = node.attributes.get("href") or ""
        if href.lower().startswith("javascript"):
            continue
        for name, value in parse_qsl(urlsplit(href).query):
            if value.isascii() and value.isdigit() and len(value) < 7:
                told.setdefault(name, []).append((int(node.said), int(value)))
    for name, pairs in told.items():
        steps = {(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(pairs) if b[0] != a[0]}
        if len(pairs) < 2 or len(steps) != 1:
            continue
        step = steps.pop()
        start = pairs[0][1] - (pairs[0][0] - 1) * step
        if step >= 1 and start >= 0 and step == int(step):
            found: dict[str, object] = {"param": name}
            return {
                **found,
                **({"start": int(start)} if start != 1 else {}),
                **({"step": int(step)} if step != 1 else {}),
            }
    return {}


def _by_path(run: list[Node]) -> dict[str, object]:
    for node in run:
        match = _PATH.match(node.attributes.get("href") or "")
        if match and match.group(2) == node.said:
            return {"template": f"{match.group(1)}{{page}}{match.group(3)}"}
    return {}


def _field(tree: Tree) -> str:
    held = {node.attributes.get("name") or "" for node in tree.html.css("form input")}
    return next((name for name in _FIELDS if name in held), "")
