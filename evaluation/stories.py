"""One announcement in many channels, against ``labelled/clusters.truth.tsv``."""

from __future__ import annotations

from pathlib import Path

from evaluation.lab import ask, score

NEEDS = ("labelled/clusters.items.jsonl", "labelled/clusters.truth.tsv", "labelled/score_clusters.py")


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    items, truth, scorer = (shared / name for name in NEEDS)
    found = score(scorer, truth, ask("stories", items), scratch)
    return {
        "precision": found["pair_p"],
        "recall": found["pair_r"],
        "F1": found["pair_f1"],
        "near misses merged": found["near_miss_merged"] / max(1, found["near_miss_pairs"]),
    }
