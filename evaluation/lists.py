"""Boards and course lists nobody configured, against the truths of the corpus."""

from __future__ import annotations

from pathlib import Path

from evaluation.lab import ask, score

NEEDS = ("corpus/boards", "corpus/courses", "labelled/score_lists.py")


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    boards = _scored(shared / NEEDS[0], shared / NEEDS[2], scratch)
    courses = _scored(shared / NEEDS[1], shared / NEEDS[2], scratch)
    return {
        "boards macro F1": boards["macro_f1"],
        "boards perfect": boards["pages_perfect"],
        "boards dates": boards["date_acc"],
        "boards pinned": boards["pinned_acc"],
        "courses macro F1": courses["macro_f1"],
    }


def _scored(corpus: Path, scorer: Path, scratch: Path) -> dict[str, float]:
    pages = [file.with_suffix("").with_suffix("") for file in sorted(corpus.rglob("*.html.truth.json"))]
    answers = ask("lists", *pages)
    return score(scorer, corpus, [{**a, "page": str(Path(a["page"]).relative_to(corpus))} for a in answers], scratch)
