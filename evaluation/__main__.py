"""Print one table: measure, value, floor, ok. Exit 1 under a floor."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from pkgutil import iter_modules

import evaluation

ROOT = Path(__file__).parents[1]
QUALITY = ROOT / "docs/reference/quality.md"
_TOOLS = ("__main__", "lab")
_FLOOR = re.compile(r"^\| ([^|]+?) \| ([≥≤]) (\d+(?:\.\d+)?) \|", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One number beside its floor (``≥``) or ceiling (``≤``)."""

    measure: str
    value: float
    sign: str = ""
    floor: float = 0.0

    @property
    def is_ok(self) -> bool:
        return not self.sign or (self.value >= self.floor if self.sign == "≥" else self.value <= self.floor)


def floors(page: Path) -> dict[str, tuple[str, float]]:
    """Return sign and number by measure, from the table people read."""
    return {name: (sign, float(number)) for name, sign, number in _FLOOR.findall(page.read_text("utf-8"))}


def rows(shared: Path, page: Path) -> Iterator[Row | str]:
    """Yield every measure's numbers, or the sentence that says why there are none."""
    known = floors(page)
    for name in sorted(m.name for m in iter_modules(evaluation.__path__) if m.name not in _TOOLS):
        module = importlib.import_module(f"evaluation.{name}")
        missing = [file for file in module.NEEDS if not (shared / file).exists()]
        if missing:
            yield f"{name}: not measured, {', '.join(missing)} not in {shared}"
            continue
        with tempfile.TemporaryDirectory() as scratch:
            for number, value in module.measure(shared, Path(scratch)).items():
                label = f"{name}: {number}"
                yield Row(label, value, *known.get(label, ()))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=evaluation.__doc__)
    parser.add_argument("shared", type=Path, help="folder that holds labelled/ and corpus/")
    parser.add_argument("--floors", type=Path, default=QUALITY)
    chosen = parser.parse_args(arguments)
    if not chosen.shared.is_dir():
        print(f"Nothing was measured: there is no {chosen.shared} (labels and corpus). make eval SHARED=DIR")
        return 0
    is_ok = True
    print(f"{'measure':<32} {'value':>8} {'floor':>10}  ok")
    for row in rows(chosen.shared, chosen.floors):
        if isinstance(row, str):
            print(row)
            continue
        floor = f"{row.sign} {row.floor:g}" if row.sign else "none"
        print(f"{row.measure:<32} {row.value:>8.4f} {floor:>10}  {'yes' if row.is_ok else 'NO'}")
        is_ok = is_ok and row.is_ok
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
