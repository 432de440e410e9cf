"""Babel extractors that also find sentences outside ``_()``: descriptions of options, titles, tables (``make words``).

What does not live here: which files it reads (``pipeline/locale/babel.cfg``), the sentences' translations.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

_KOREAN = re.compile(r"[가-힣]{2}|예:")  # a character class in a pattern is no sentence
Message = tuple[int, str, str, Sequence[str]]


def said(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Yield what a Python file says: ``_("…")``, ``description="…"`` of an option, ``TITLE = "…"`` of a plugin."""
    del keywords, comment_tags, options
    for node in ast.walk(ast.parse(fileobj.read())):
        for value in _places(node):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.lineno, "_", value.value, ()


def _places(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        yield from node.args[:1]
    elif (isinstance(node, ast.keyword) and node.arg == "description") or (
        isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["TITLE"]
    ):
        yield node.value


def korean(
    fileobj: IO[bytes], keywords: Mapping[str, object], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Message]:
    """Yield every Korean string of a Python file but its docstrings, as Babel wants it: ``(line, "_", text, comments)``.

    For files whose tables are looked up before they are translated. Parts of f-strings are left out: they could never
    be found in the catalogue.
    """
    del keywords, comment_tags, options
    tree = ast.parse(fileobj.read())
    skipped = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(text, str) and _KOREAN.search(text):
            yield getattr(node, "lineno", 0), "_", text, ()
