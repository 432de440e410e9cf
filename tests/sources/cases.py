"""Cases of sources: ``<kind>/<case>/document*``, ``options.yaml``, ``expected.json``, and how one is run.

What does not live here: assertions. ``python -m tests.sources.cases`` rewrites every ``expected.json``; read the diff.
"""

from __future__ import annotations

import importlib
import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

import pipeline.model as p

FOLDER = Path(__file__).parent
NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
KINDS = ("feed", "gseek", "kmooc", "opendata", "youtube")
_DEFAULT = {f.name: f.default for f in fields(p.Item)}
_TYPES = {".json": "application/json", ".html": "text/html", ".txt": "text/plain"}


def folders() -> list[Path]:
    """Every case, sorted."""
    return sorted(f.parent for kind in KINDS for f in (FOLDER / kind).glob("*/options.yaml"))


def options(case: Path) -> Any:
    """The case's options, checked by its plugin."""
    module = importlib.import_module(f"sources.{case.parent.name}")
    return module.Options(**yaml.safe_load((case / "options.yaml").read_text("utf-8")))


def documents(case: Path) -> tuple[p.Document, ...]:
    """The case's documents, in the order of their names."""
    base = yaml.safe_load((case / "options.yaml").read_text("utf-8")).get("url", "https://api.gaon.example/")
    return tuple(
        p.Document(url=base, body=f.read_bytes(), media_type=_TYPES.get(f.suffix, "application/xml"), fetched_at=NIGHT)
        for f in sorted(case.glob("document*"))
    )


def run(case: Path) -> dict[str, Any]:
    """What the plugin makes of a case: items without their defaults, or the error's code and message."""
    module = importlib.import_module(f"sources.{case.parent.name}")
    try:
        items = list(module.parse(options(case), p.Fetched(documents=documents(case))))
    except p.SourceError as error:
        return {"error": {"code": error.code, "message": error.message}}
    return {"items": [plain(item) for item in items]}


def plain(item: p.Item) -> dict[str, Any]:
    """An item as JSON, its defaults left out."""
    said = {k: v for k, v in asdict(item).items() if v != _DEFAULT[k]}
    return json.loads(json.dumps(said, ensure_ascii=False, default=str))


if __name__ == "__main__":
    for folder in folders():
        text = json.dumps(run(folder), ensure_ascii=False, indent=1)
        (folder / "expected.json").write_text(text + "\n", "utf-8")
