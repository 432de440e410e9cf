"""Saved pages of every shape, made for this project, and the items an editor's selectors give.

``options.yaml`` are the keys of the source, ``expected.json`` the items (fields that are not empty) or the error's code;
``urls.yaml`` names the address a further document was asked from. Rewrite with ``python -m tests.sources.board.test_cases``.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import pipeline.model as p
from sources import board

HERE = Path(__file__).parent
CASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "options.yaml").is_file())
AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def options_of(case: str) -> board.Options:
    return board.Options.model_validate(yaml.load((HERE / case / "options.yaml").read_text(), yaml.BaseLoader))


def documents_of(case: str, options: board.Options) -> tuple[p.Document, ...]:
    named = HERE / case / "urls.yaml"
    urls = {"list.html": options.url, **(yaml.safe_load(named.read_text()) if named.is_file() else {})}
    return tuple(
        p.Document(
            url=url, requested_url=url, media_type="text/html", body=(HERE / case / name).read_bytes(), fetched_at=AT
        )
        for name, url in urls.items()
    )


def outcome_of(case: str):
    options = options_of(case)
    try:
        items = list(board.parse(options, p.Fetched(documents=documents_of(case, options))))
    except p.ShapeError as error:
        return {"error": error.code}
    return [_short(asdict(item)) for item in items]


def _short(value):
    if isinstance(value, dict):
        return {k: _short(v) for k, v in value.items() if v not in ("", None, (), [], False, 0) and k != "base_url"}
    if isinstance(value, (tuple, list)):
        return [_short(each) for each in value]
    return value


@pytest.mark.parametrize("case", CASES)
def test_page_gives_exactly_these_items(case: str) -> None:
    """Every row of the page is one item with its fields, or the page is named as what it is."""
    assert outcome_of(case) == json.loads((HERE / case / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_parse_is_pure(case: str) -> None:
    """The same documents give the same items again."""
    assert outcome_of(case) == outcome_of(case)


if __name__ == "__main__":
    for name in CASES:
        text = json.dumps(outcome_of(name), ensure_ascii=False, indent=1)
        (HERE / name / "expected.json").write_text(text + "\n")
