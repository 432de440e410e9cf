"""A recorded reading comes back as it was, and says in words what has changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline import samples
from tests.factories import entry
from tests.fakes import NOW, document


def sample(**changes: object) -> samples.Sample:
    pages = (
        document("https://a.example.go.kr/list", "가".encode("cp949"), charset="euc-kr", media_type="text/html", headers=(("moa-known", "x"), ("set-cookie", "secret=1"))),
        document("https://a.example.go.kr/rss", b"<rss/>", media_type="application/xml"),
        document("https://a.example.go.kr/api", b"[]", media_type="application/json"),
    )  # fmt: skip
    base = samples.Sample(
        source_id="a",
        url="https://a.example.go.kr/list",
        at=NOW,
        documents=pages,
        expected=samples.expected_of([entry()]),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """Bytes, charset, addresses and our own headers come back; cookies are not kept."""
    folder = samples.save(tmp_path, sample())
    assert sorted(file.name for file in folder.iterdir()) == [
        "expected.json",
        "page-2.xml",
        "page-3.json",
        "page.html",
        "where.json",
    ]
    got = samples.load(tmp_path, "a")
    assert got is not None
    assert [(d.url, d.body, d.charset) for d in got.documents] == [
        (d.url, d.body, d.charset) for d in sample().documents
    ]
    assert got.documents[0].headers == (("moa-known", "x"),)
    assert (got.at, got.expected) == (NOW, sample().expected)
    assert "secret" not in (folder / "where.json").read_text("utf-8")


def test_a_second_save_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    """A source recorded anew has the new pages only; a note an editor put beside them stays."""
    folder = samples.save(tmp_path, sample())
    (folder / "README.md").write_text("메모", "utf-8")
    samples.save(tmp_path, sample(documents=sample().documents[:1]))
    assert sorted(file.name for file in folder.iterdir()) == ["README.md", "expected.json", "page.html", "where.json"]


def test_differences_say_which_item_and_what(tmp_path: Path) -> None:
    """Changed, missing and new items are each one sentence; the same gives none."""
    one, two = entry(title="첫째"), entry(title="둘째")
    kept = sample(expected=samples.expected_of([one, two]))
    assert samples.differences(kept, [one, two]) == ()
    assert samples.differences(kept, [one]) == ("2번째: 글이 빠졌습니다: 둘째",)
    assert samples.differences(kept, [one, two, one]) == ("3번째: 없던 글이 있습니다: 첫째",)
    assert samples.differences(kept, [replace(one, title="첫 번째"), two]) == ("1번째 글의 제목: '첫째' → '첫 번째'",)


@pytest.mark.parametrize(
    "breaks",
    [
        "{",
        '{"at": "no"}',
        '{"at": "2026-11-23T00:00:00+09:00", "url": "u", "documents": [{"file": "../../etc/passwd", "url": "u"}]}',
    ],
)
def test_a_broken_sample_is_a_mistake_of_the_project(tmp_path: Path, breaks: str) -> None:
    """Never a traceback, and never a file from elsewhere."""
    folder = samples.save(tmp_path, sample())
    (folder / "where.json").write_text(breaks, "utf-8")
    with pytest.raises(p.ConfigError) as error:
        samples.load(tmp_path, "a")
    assert error.value.problems[0].file == "samples/a/where.json"


def test_a_sample_follows_its_source(tmp_path: Path) -> None:
    """A renamed source keeps its test; one that has its own is left alone."""
    samples.save(tmp_path, sample())
    samples.rename(tmp_path, "a", "b")
    assert samples.names(tmp_path) == ("b",)
    samples.save(tmp_path, sample())
    samples.rename(tmp_path, "a", "b")
    samples.rename(tmp_path, "none", "c")
    assert samples.names(tmp_path) == ("a", "b")


def test_a_source_without_sample_has_none(tmp_path: Path) -> None:
    """Most sources were written by hand."""
    assert (samples.load(tmp_path, "a"), samples.names(tmp_path)) == (None, ())
    assert json.loads(json.dumps(samples.expected_of([entry()])[0]))["pinned"] is False
