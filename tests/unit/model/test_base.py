"""Every travelling value: frozen, equal by its fields, copied and packed whole, without naive instants."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import UTC, datetime

import pytest

import pipeline.model as p
from pipeline.model.base import changed
from tests.factories import entry

NAIVE = datetime(2026, 11, 24, 3, 0)
AWARE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_values_are_equal_when_class_and_fields_are() -> None:
    """Equal values hash alike; another class with the same fields is another thing."""
    assert p.Join(a="1", b="2", reason="url") == p.Join(a="1", b="2", reason="url")
    assert hash(p.Join(a="1", b="2", reason="url")) == hash(p.Join(a="1", b="2", reason="url"))
    assert p.Join(a="1", b="2", reason="url") != p.Join(a="1", b="2", reason="title")
    assert p.Gone(entry_id="1") != "1"
    assert p.New(entry=entry("a")) != p.Revised(entry=entry("a"))


def test_a_value_tells_its_class_and_fields() -> None:
    """For people who read a failing test."""
    assert repr(p.Gone(entry_id="a1")) == "Gone(entry_id='a1')"


def test_a_value_cannot_be_changed() -> None:
    """Neither a field nor anything new can be put into it."""
    value = p.Gone(entry_id="a1")
    with pytest.raises(FrozenInstanceError):
        value.entry_id = "a2"  # type: ignore[misc]
    assert not hasattr(value, "__dict__")


def test_a_naive_instant_is_refused_by_name() -> None:
    """Whichever way a value is made; a value without instants is not even looked at."""
    with pytest.raises(ValueError, match=r"SourceState\.last_success_at is a naive datetime"):
        p.SourceState(source_id="a", last_success_at=NAIVE)
    with pytest.raises(ValueError, match=r"last_new_at"):
        replace(p.SourceState(source_id="a"), last_new_at=NAIVE)
    assert p.SourceState(source_id="a", last_new_at=AWARE).last_new_at == AWARE


@pytest.mark.parametrize("value", [entry("a"), p.Gone(entry_id="a1"), p.PublishResult(), p.SourceState(source_id="a")])
def test_a_value_survives_packing_and_copying(value: p.Value) -> None:
    """Between processes and into the settings' memory: the same value comes out, its parts too."""
    assert pickle.loads(pickle.dumps(value, protocol=5)) == value
    assert copy.deepcopy(value) == value


def test_a_changed_copy_is_what_replace_makes() -> None:
    """``changed`` differs from ``replace`` in its price alone; the value itself stays."""
    value = entry("a")
    assert changed(value, title="바뀐 제목", is_quiet=True) == replace(value, title="바뀐 제목", is_quiet=True)
    assert asdict(value) == asdict(entry("a"))
