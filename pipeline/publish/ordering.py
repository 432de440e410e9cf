"""The order of an edition: by rule, then by an editor's hand; pure.

What does not live here: which stories an edition tells (``compose``), keeping decisions (``store/decisions``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.publish.editing import Move


def arranged(columns: Mapping[str, Sequence[str]], moves: Iterable[Move]) -> dict[str, list[str]]:
    """Return story ids by section after an editor's moves, applied one after another.

    A move of a story the edition does not tell changes nothing; one before a story that stands elsewhere or is gone puts it
    at the end of its section.

    Args:
        columns: Story ids by section key, in the order of the rules.
        moves: Those of this edition, oldest first.

    Cost: linear in stories for each move.
    """
    made = {key: list(ids) for key, ids in columns.items()}
    for move in moves:
        home = next((key for key, ids in made.items() if move.story in ids), None)
        if home is None:
            continue
        beside = next((key for key, ids in made.items() if move.before and move.before in ids), "")
        target = made.setdefault(move.section or beside or home, [])
        made[home].remove(move.story)
        at = target.index(move.before) if move.before in target else len(target)
        target.insert(at, move.story)
    return made
