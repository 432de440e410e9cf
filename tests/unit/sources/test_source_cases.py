"""Every case under ``tests/sources``: one document, its options, exactly these items or this error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import pipeline.model as p
from tests.sources import cases

ALL = cases.folders()


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_case_gives_what_it_should(case: Path):
    """The items (or the error) of a saved document are exactly those read and approved by a person."""
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert expected == cases.run(case)


@pytest.mark.parametrize("kind", cases.KINDS)
def test_every_kind_has_the_three_needed_cases(kind: str):
    """A source is shown full, empty but present, and broken."""
    outcomes = [cases.run(case) for case in ALL if case.parent.name == kind]
    assert any(outcome.get("items") for outcome in outcomes)
    assert any(outcome.get("items") == [] for outcome in outcomes)
    assert any("error" in outcome for outcome in outcomes)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_keys_tell_items_apart(case: Path):
    """No two items of a document share a key, and reading twice gives the same keys."""
    first = cases.run(case).get("items", [])
    keys = [item["key"] for item in first if "skip" not in item]
    assert len(keys) == len(set(keys))
    assert keys == [item["key"] for item in cases.run(case).get("items", []) if "skip" not in item]


def test_what_is_no_feed_is_a_shape_error():
    """Every document that is no feed ends as a ShapeError with a sentence, never as an item or another exception."""
    feeds = [case for case in ALL if case.parent.name == "feed" and case.name != "broken-markup"]
    broken = [case for case in feeds if case.name.startswith(("broken-", "truncated"))]
    assert len(broken) >= 9
    for case in broken:
        outcome = cases.run(case)
        assert outcome["error"]["code"] in ("unreadable", "truncated", "container-missing"), case.name
        assert outcome["error"]["message"]
    assert issubclass(p.ShapeError, p.SourceError)
