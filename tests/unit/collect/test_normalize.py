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


def test_a_row_that_is_no_item_is_dropped_with_its_reason() -> None:
    """What a source skips (a test row) is told in reports and never stored."""
    spec = p.SourceSpec(id="a", name="소식", kind="feed", options=None, url="https://a.example/rss")
    rows = [p.Item(title="[테스트]", skip="test-row", row=3), p.Item(key="1", title="소식", row=4)]
    result = normalize(rows, spec, now=NOW)
    assert result.dropped == [p.Dropped(row=3, reason="test-row", text="[테스트]")]
    assert [entry.key for entry in result.entries] == ["1"]


def entry_of(**said: object) -> p.Entry:
    """The entry of one item of a source whose texts are under KOGL type 1."""
    spec = p.SourceSpec(id="a", name="소식", kind="feed", options=None, url="https://a.example/rss", licence="kogl-1")
    item = p.Item(**{"key": "1", "title": "소식", "url": "https://a.example/1", **said})
    return normalize([item], spec, now=NOW).entries[0]


def test_the_mark_on_a_page_comes_before_the_sources_licence() -> None:
    """KOGL is granted work by work: a page that shows type 4 is not reused as type 1."""
    assert entry_of(licence="kogl-4").licence == "kogl-4"
    assert entry_of().licence == "kogl-1"


@pytest.mark.parametrize("inside", ["900101-1234567", "900101-<b>1234567</b>", "<span>900101</span>-1234567"])
def test_resident_registration_numbers_are_not_kept(inside: str) -> None:
    """Neither in title, lead, text nor markup, however the page splits them; an office's telephone stays (korea rule 18)."""
    held = entry_of(title="당첨자 900101-1234567", body=f"<p>당첨자 {inside}</p><p>문의 031-310-0000</p>")

    kept = f"{held.title} {held.lead} {held.text} {held.body_html}"
    assert "1234567" not in kept
    assert "031-310-0000" in held.text
