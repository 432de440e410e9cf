"""An editor's order over the order of the rules."""

from __future__ import annotations

import pytest

from pipeline.publish.editing import Move
from pipeline.publish.ordering import arranged

COLUMNS = {"courses": ["a", "b"], "news": ["c", "d", "e"]}


def move(story: str, *, section: str = "", before: str = "") -> Move:
    return Move(story=story, edition="daily/2026-11-23", section=section, before=before)


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], COLUMNS),
        ([move("e", before="c")], {"courses": ["a", "b"], "news": ["e", "c", "d"]}),
        ([move("c")], {"courses": ["a", "b"], "news": ["d", "e", "c"]}),
        ([move("c", before="b")], {"courses": ["a", "c", "b"], "news": ["d", "e"]}),
        ([move("c", section="courses")], {"courses": ["a", "b", "c"], "news": ["d", "e"]}),
        ([move("c", section="videos")], {"courses": ["a", "b"], "news": ["d", "e"], "videos": ["c"]}),
        ([move("c", section="courses", before="e")], {"courses": ["a", "b", "c"], "news": ["d", "e"]}),
        ([move("gone", before="c"), move("c", before="gone")], {"courses": ["a", "b"], "news": ["d", "e", "c"]}),
        ([move("e", before="c"), move("d", before="e")], {"courses": ["a", "b"], "news": ["d", "e", "c"]}),
    ],
)
def test_moves_are_applied_one_after_another(moves: list[Move], expected: dict[str, list[str]]) -> None:
    """Before another story, to the end, into another section; what is not there moves nothing; nothing is lost."""
    assert arranged(COLUMNS, moves) == expected
    assert COLUMNS == {"courses": ["a", "b"], "news": ["c", "d", "e"]}
