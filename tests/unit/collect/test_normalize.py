"""What a place said becomes what we hold true: dates above all."""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.collect.normalize import normalize
from tests.conftest import NOW


def published(text: str, form: str = "machine") -> p.DateFact | None:
    """The date of one item whose place wrote this."""
    item = p.Item(key="1", title="소식", url="https://a.example/1", published=p.RawDate(text=text, form=form))
    (entry,) = normalize(
        [item], p.SourceSpec(id="a", name="소식", kind="feed", options=None, url="https://a.example/rss"), now=NOW
    ).entries
    return entry.published


@pytest.mark.parametrize(
    "text", ["Seg, 24 Set 2018 19:42:40 -0300", "24 Ağustos 2018 10:00", "Fri, 11 Mar 2016 01:15 +3000"]
)
def test_a_stamp_of_which_only_the_time_is_understood_is_no_date(text: str) -> None:
    """A foreign month or an impossible zone never becomes today (P25)."""
    assert published(text) is None


def test_a_time_or_a_distance_alone_is_a_date_on_a_board() -> None:
    """Boards write ``19:42`` and ``3일 전``; that is inferred, and says so."""
    for text, form in (("02:42", "korean"), ("3일 전", "korean"), ("3일 전", "machine")):
        fact = published(text, form)
        assert fact is not None
        assert fact.inferred
