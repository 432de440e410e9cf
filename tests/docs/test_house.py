"""Habits of the house that no linter knows.

What does not live here: layers (import-linter), style (ruff).
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".venv", "output", "build", "dist", "node_modules", "__pycache__", ".hypothesis"}
MOST_LINES = 300
HOSTS = tuple(
    f"{host}.{end}" for host, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
)
TEXT = {".py", ".toml", ".txt", ".in", ".md", ".yaml", ".yml", ".cfg", ".sh", ".ini", ".json", ".j2", ".po", ""}


def files() -> list[Path]:
    """Every file people write."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.endswith(("_cache", ".egg-info"))]
        found += [Path(folder) / name for name in names]
    return sorted(found)


CODE = [
    f for f in files() if f.suffix == ".py" and f.relative_to(ROOT).parts[0] in ("pipeline", "sources", "renderers")
]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_there_is_a_house() -> None:
    """The tests below look at something."""
    assert len(CODE) > 100


def test_modules_say_what_lives_here_and_what_does_not() -> None:
    """Every module says what it holds; a room's module also what it does not hold (a package's face may be short)."""
    silent = []
    for file in CODE:
        told = " ".join((ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split())
        is_face = file.name in ("__init__.py", "__main__.py")
        if not told or (not is_face and "does not live here" not in told and "migrations" not in file.parts):
            silent.append(name(file))

    assert silent == []


def test_files_are_short() -> None:
    """At most 300 lines: past it, a file is split by noun."""
    long = {name(f): len(f.read_text("utf-8").splitlines()) for f in CODE}

    assert {k: v for k, v in long.items() if v > MOST_LINES} == {}


def test_functions_are_short() -> None:
    """At most 40 lines of code; a docstring does not count."""
    long = []
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef) or "migrations" in file.parts:  # a migration is a list of tables
                continue
            told = node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0
            lines = node.end_lineno - node.lineno + 1 - told
            if lines > 40:
                long.append(f"{name(file)}:{node.lineno} {node.name} {lines}")

    assert long == []


@pytest.mark.parametrize("folder", ["config", "output"])
def test_no_python_among_configuration_and_results(folder: str) -> None:
    """``config/`` and ``output/`` never hold code."""
    assert [str(f) for f in (ROOT / folder).rglob("*.py*")] == []


def test_no_package_registry_is_named() -> None:
    """Where packages come from is the machine's business: no file names a registry's host."""
    named = [
        f"{name(f)}: {host}"
        for f in files()
        if f.suffix in TEXT
        for host in HOSTS
        if host in f.read_text("utf-8", errors="ignore")
    ]

    assert named == []


def test_todo_has_an_issue() -> None:
    """A TODO without an issue number is a wish nobody will find."""
    wishes = re.compile("TO" + r"DO(?! ?\(?#\d)")

    assert [name(f) for f in CODE if wishes.search(f.read_text("utf-8"))] == []
