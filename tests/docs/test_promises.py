"""The table of promises: sorted, one row each, and every test it names is there.

What does not live here: the proofs.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "reference" / "promises.md"
REQUIRED = [*range(1, 43), *range(57, 61)]


def rows() -> dict[int, list[str]]:
    """Return the cells of each row by number."""
    found = {}
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"P\d+", cells[0]):
            number = int(cells[0][1:])
            assert number not in found, f"P{number} has two rows"
            found[number] = cells
    return found


@cache
def names(file: str) -> frozenset[str]:
    """Return the test functions of one file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


def test_rows_are_sorted_and_whole() -> None:
    """Numbers ascend and every row has its four cells."""
    table = rows()
    assert list(table) == sorted(table)
    assert [number for number, cells in table.items() if len(cells) != 4 or not all(cells)] == []


@pytest.mark.parametrize("number", REQUIRED)
def test_each_promise_has_a_proof_that_exists(number: int) -> None:
    """A row names at least one test, and each test it names stands in the file it names."""
    proofs = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", rows()[number][3])
    assert proofs
    assert [f"{file}::{name}" for file, name in proofs if name not in names(file)] == []


def test_named_places_exist() -> None:
    """Every file and folder named as the mechanism is in the repository."""
    for number, cells in rows().items():
        for path in re.findall(r"`((?:pipeline|sources|renderers|config)/[\w./]*)`", cells[2]):
            assert (ROOT / path).exists(), f"P{number}: {path}"
