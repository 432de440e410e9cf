"""What columns hold, written and read back."""

from __future__ import annotations

import copy
import pickle

import pytest

from pipeline.store import codec


def test_a_later_object_is_the_object_it_will_be() -> None:
    """Equal, as long, as ordered; ``dict`` of it can be changed, and it travels and is copied as a dict."""
    said = {"쪽": 3, "seen": ["a", {"b": None}]}
    later = codec.Later(codec.to_json(said))
    assert later == said
    assert said == later
    assert (len(later), list(later), later["쪽"], later.get("none")) == (2, ["쪽", "seen"], 3, None)
    assert repr(later) == repr(said)
    assert pickle.loads(pickle.dumps(later)) == said
    assert type(copy.deepcopy(later)) is dict
    assert codec.to_json(dict(later)) == codec.to_json(said)


def test_nothing_is_read_before_it_is_looked_into() -> None:
    """That is its whole point: a broken text hurts only whoever looks into it."""
    assert codec.Later("{").__class__ is codec.Later
    assert codec.Later(None) == {}


def test_a_later_list_is_the_tuple_it_will_be() -> None:
    """Equal, as long, as ordered; it travels as a tuple."""
    said = ({"listed": 3.0, "new": 1.0}, {"listed": 4.0})
    later = codec.LaterList(codec.to_json(list(said)))
    assert later == said
    assert said == later
    assert later == codec.LaterList(codec.to_json(list(said)))
    assert (len(later), later[-1], later[0], later[-1:], list(later)) == (2, said[1], said[0], said[1:], list(said))
    assert (*later, 1) == (*said, 1)
    assert repr(later) == repr(said)
    assert type(pickle.loads(pickle.dumps(later))) is tuple
    assert pickle.loads(pickle.dumps(later)) == said


def test_the_newest_of_a_later_list_is_read_alone() -> None:
    """What stands before it may be as long as it likes; an empty list is none at all."""
    assert codec.LaterList('[{"listed":1.0},broken,{"listed":7.0}]')[-1] == {"listed": 7.0}
    assert not codec.LaterList("[]")
    assert not codec.LaterList(None)
    assert codec.LaterList('[{"listed":1.0}]')
    assert codec.LaterList("[]") == ()
    with pytest.raises(IndexError):
        codec.LaterList("[]")[-1]


def test_a_column_of_json_is_read_at_once() -> None:
    """Each text gives what it gives alone, NULL too."""
    texts = [codec.to_json(one) for one in ({"가": [1, None]}, None, [], "a,b", 3)]
    assert codec.from_json_texts(texts) == [codec.from_json(text) for text in texts]
    assert codec.from_json_texts([]) == []
