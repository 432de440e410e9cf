"""The one door to the words: every name opens, and none is paid for before it is asked for (ADR-0019)."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.model as p

_LIST = """
import sys
import pipeline.model
print(*sorted(name for name in sys.modules if name.startswith("pipeline.model.")))
"""


@pytest.mark.parametrize("name", p.__all__)
def test_every_name_opens_and_stays(name: str) -> None:
    """What the face promises is there, the same thing each time."""
    assert getattr(p, name) is getattr(p, name) is vars(p)[name]


def test_what_types_are_read_from_is_what_runs() -> None:
    """The imports that mypy reads, the homes that run and ``__all__`` name the same things at the same places."""
    tree = ast.parse(Path(p.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name: statement.module
        for block in tree.body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert typed == {name: f"pipeline.model.{home}" for name, home in p._HOME_OF.items()}
    assert sorted(p.__all__) == sorted([*typed, "limits"])


def test_a_name_nobody_knows_is_an_attribute_error() -> None:
    """``hasattr`` and wrong imports behave as with any module."""
    assert not hasattr(p, "Newsletter")


def test_the_door_alone_loads_no_value() -> None:
    """A start pays for the values it uses, not for those of editions, items and options."""
    done = subprocess.run([sys.executable, "-c", _LIST], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["pipeline.model.limits"]
