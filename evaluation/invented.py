"""One announcement in many channels, against posts we invented: worlds that no rule was written for before it was measured.

What does not live here: labels of other people (``stories``). Each file of ``evaluation/worlds`` is one world of organisations, its
posts shuffled; ``near`` names what tells the clusters of a family apart. All worlds are folded together, as towns share a board.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path

from evaluation.lab import ask

NEEDS = ()
_WORLDS = Path(__file__).with_name("worlds")
_FIELDS = ("id", "channel", "source", "posted", "title", "lead")


def measure(_shared: Path, _scratch: Path) -> dict[str, float]:
    posts = [post for world in sorted(_WORLDS.glob("*.tsv")) for post in _posts(world)]
    answers = {a["id"]: a["cluster"] for a in ask("stories", lines=[{f: post[f] for f in _FIELDS} for post in posts])}
    found = _pairs({post["id"]: answers[post["id"]] for post in posts})
    right = _pairs({post["id"]: post["cluster"] for post in posts})
    near = _pairs({post["id"]: post["family"] for post in posts}) - right
    precision, recall = len(found & right) / max(1, len(found)), len(found & right) / max(1, len(right))
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "near misses merged": len(found & near) / max(1, len(near)),
    }


def _posts(world: Path) -> list[dict[str, str]]:
    head, *rows = [line.split("\t") for line in world.read_text("utf-8").splitlines()]
    return [dict(zip(head, row, strict=True)) | {"lead": row[-1].replace("\\n", "\n")} for row in rows]


def _pairs(label: dict[str, str]) -> set[tuple[str, str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for post, name in label.items():
        groups[name].append(post)
    return {pair for members in groups.values() for pair in combinations(sorted(members), 2)}
