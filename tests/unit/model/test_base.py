"""Every travelling value: frozen, equal by its fields, copied and packed whole, without naive instants."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, field, replace
from datetime import UTC, datetime

import pytest

import pipeline.model as p
from pipeline.model.base import Value, changed, record, value
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
    with pytest.raises(FrozenInstanceError):
        del value.entry_id  # type: ignore[misc]
    assert value == p.Gone(entry_id="a1")
    assert not hasattr(value, "__dict__")


def test_a_class_compiles_nothing_before_its_first_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start pays for the classes it imports: no code is written for those of which it makes no object."""
    compiled: list[object] = []
    monkeypatch.setattr("dataclasses.exec", lambda *given: compiled.append(given), raising=False)

    @value
    class Point(Value):
        """Where."""

        x: int
        at: datetime | None = None
        names: list[str] = field(default_factory=list)

    @record
    class Walk:
        """Under way."""

        start: Point
        steps: int = 0

    assert compiled == []
    first, second = Point(x=1), Point(x=1)
    assert first == second
    assert first.names is not second.names
    walk = Walk(first, steps=2)
    walk.steps += 1
    assert (walk.start, walk.steps) == (first, 3)
    assert walk != Walk(first, 3)
    assert repr(Walk(first)).endswith("names=[]), steps=0)")
    assert not hasattr(walk, "__dict__")
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'y'"):
        Point(x=1, y=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        Point(1)  # type: ignore[misc]
    with pytest.raises(ValueError, match=r"Point\.at is a naive datetime"):
        Point(x=1, at=NAIVE)


def test_a_field_may_have_any_name() -> None:
    """Those our own code is written with, too; in a value, its copies and its packed form."""

    @value
    class Odd(Value):
        """With names of all sorts."""

        new: int
        made: int = 0
        cls: int = 0
        held: datetime | None = None
        naive: int = 0

    odd = Odd(new=1, cls=2)
    assert (odd.new, odd.made, odd.cls) == (1, 0, 2)
    assert changed(odd, new=3) == Odd(new=3, cls=2)
    assert changed(changed(odd, held=AWARE, made=4), held=None) == Odd(new=1, cls=2, made=4)
    restore, (kind, parts) = odd.__reduce__()
    assert [restore(kind, parts) for _ in range(3)] == [odd] * 3


def test_a_value_built_upon_another_has_all_fields() -> None:
    """However late either of them is first made."""

    @value
    class Place(Value):
        """Somewhere."""

        name: str

    @value
    class Hall(Place):
        """Somewhere with seats."""

        seats: int = 0

    assert Place(name="가").name == "가"
    assert repr(Hall(name="나", seats=3)).endswith("Hall(name='나', seats=3)")
    assert Place(name="가") != Hall(name="가")


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
