"""Korean date expressions, against ``labelled/dates.tsv``."""

from __future__ import annotations

from pathlib import Path

from evaluation.lab import ask, score

NEEDS = ("labelled/dates.tsv", "labelled/score_dates.py")
_TITLES = ("title_wild",)  # whole titles with decoys


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    truth = shared / NEEDS[0]
    head, *rows = [line.split("\t") for line in truth.read_text("utf-8").splitlines() if line.strip()]
    answers = ask("dates", lines=[dict(zip(head, row, strict=False)) for row in rows])
    found = score(shared / NEEDS[1], truth, answers, scratch)
    titles = [found["by_category"][name]["strict_acc"] for name in _TITLES if name in found["by_category"]]
    return {
        "strict": found["strict_acc"],
        "flags F1": found["flag_f1"],
        "false dates": found["false_date_rate"],
        "whole titles": min(titles, default=0.0),
    }
