"""Shapes seen once on real boards, each drawn again with invented words, are read exactly.

What does not live here: the shapes (``board_shapes``, ``more_shapes``, ``last_shapes``), shapes drawn by chance (``lists``, ``courses``).
"""

from __future__ import annotations

import pytest

from pipeline.discover.induce import induce, printed_date
from tests.unit.discover import last_shapes, more_shapes
from tests.unit.discover.board_shapes import CASES
from tests.unit.discover.test_induce import document

assert more_shapes and last_shapes  # its cases are in the table


@pytest.mark.parametrize("name", CASES)
def test_a_shape_of_real_boards_is_read(name: str) -> None:
    """Every row with title and date, nothing beside."""
    html, rows = CASES[name]
    found = induce(document(html))

    assert found
    assert [(row.title, printed_date(row.date)) for row in found[0].rows] == rows
