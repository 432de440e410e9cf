"""``make eval``: the table, its floors, and what it says when there is nothing to measure.

What does not live here: the labels and scorers themselves, which are kept beside the repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.__main__ import QUALITY, floors, main

SCORER = """import json, sys
answers = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
right = sum(a["start"] == "2025-11-20" for a in answers) / len(answers)
print(json.dumps({"strict_acc": right, "flag_f1": 1.0, "false_date_rate": 0.0, "by_category": {"title_wild": {"strict_acc": right}}}))
"""
HEAD = "id\tfield\tref\ttext\tkind\tstart\tend\tflags\tcategory\n"


def shared(folder: Path, *texts: str) -> Path:
    """A shared folder with labels of our own and a scorer that expects one day."""
    (folder / "labelled").mkdir(parents=True)
    (folder / "labelled/score_dates.py").write_text(SCORER, "utf-8")
    rows = [f"d{n}\tposted\t2025-11-21T09:00:00+09:00\t{text}\t\t\t\t\t\n" for n, text in enumerate(texts)]
    (folder / "labelled/dates.tsv").write_text(HEAD + "".join(rows), "utf-8")
    return folder


def test_at_or_above_its_floors_it_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each number stands beside its floor; what is not there is said, not counted."""
    code = main([str(shared(tmp_path, "2025.11.20", "2025-11-20"))])

    told = capsys.readouterr().out
    assert code == 0
    assert [line.split()[-1] for line in told.splitlines() if line.startswith("dates:")] == ["yes"] * 4
    assert "stories: not measured" in told


def test_under_a_floor_it_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One wrong answer of two is under the floor: exit 1, and the table says which."""
    code = main([str(shared(tmp_path, "2025.11.20", "2025.11.19"))])

    told = capsys.readouterr().out
    assert code == 1
    assert next(line for line in told.splitlines() if line.startswith("dates: strict")).endswith("NO")


def test_without_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No folder: nothing is measured, and that is said plainly."""
    code = main([str(tmp_path / "absent")])

    assert code == 0
    assert "Nothing was measured" in capsys.readouterr().out


def test_the_page_holds_floors() -> None:
    """The table people read is the one the floors come from."""
    assert floors(QUALITY)["dates: strict"] >= ("≥", 0.985)
