"""What columns hold, written and read back."""

from __future__ import annotations

import copy
import pickle

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
