"""Course lists are found with what a citizen must know: when to apply, when it is taught, whether it is open.

What does not live here: notice boards (``test_induce``).
"""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.discover.induce import induce
from pipeline.discover.proof import same_rows
from sources import board
from tests.unit.discover import courses
from tests.unit.discover.test_induce import URL, best, document


@pytest.mark.parametrize("start", range(0, 120, 12))
def test_every_course_is_found_with_its_facts(start: int) -> None:
    """Tables and cards, one row or many, links that lead nowhere: title, status and each fact, none from a neighbour."""
    for seed in range(start, start + 12):
        page = courses.page(seed)
        found = best(page.body)

        assert found.kind == "course", page.style
        assert [row.title for row in found.rows] == [row.title for row in page.rows], page.style
        assert [row.status for row in found.rows] == [row.status for row in page.rows], page.style
        for name in page.rows[0].facts:
            told = [dict(row.facts).get(name) for row in found.rows]
            assert told == [row.facts[name] for row in page.rows], (name, page.style)


@pytest.mark.parametrize("start", range(0, 120, 12))
def test_no_period_is_taken_for_the_posting_date(start: int) -> None:
    """Course lists without posting dates have none: the first day of a course is no news."""
    for seed in range(start, start + 12):
        assert not [row.date for row in best(courses.page(seed).body).rows if row.date]


def test_the_recipe_alone_reads_the_courses() -> None:
    """Through the board itself, with facts as items carry them."""
    for seed in range(60):
        page = document(courses.page(seed).body)
        found = induce(page)[0]
        items = list(
            board.parse(board.Options.model_validate({"url": URL, **found.recipe}), p.Fetched(documents=(page,)))
        )

        assert same_rows(found.rows, items), found.recipe
        assert all(item.kind is p.Kind.COURSE and item.course and item.course.apply for item in items), found.recipe
