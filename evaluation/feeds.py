"""Feed documents of every format and encoding, from ``corpus/feeds`` and ``corpus/feeds-korean``."""

from __future__ import annotations

from pathlib import Path

from evaluation.lab import ask

NEEDS = ("corpus/feeds", "corpus/feeds-korean")
_ASIDE = ("expected", "truth")


def measure(shared: Path, scratch: Path) -> dict[str, float]:
    del scratch
    files = [f for folder in NEEDS for f in sorted((shared / folder).rglob("*")) if f.is_file()]
    answers = ask("feed", *(f for f in files if not any(word in f.name for word in _ASIDE)))
    items = [item for answer in answers for item in answer["items"]]
    return {
        "documents read": sum(answer["error"] is None for answer in answers) / len(answers),
        "items without a scratch": sum("\ufffd" not in item["title"] for item in items) / len(items),
    }
