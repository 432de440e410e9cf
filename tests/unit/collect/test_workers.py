"""Parsing in processes that can be killed: one hostile document never harms the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.collect.jobs import Job, Parsed
from pipeline.collect.workers import Workers

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
PLUGIN = """
import os, time
import pipeline.model as p

def parse(options, fetched):
    word = fetched.documents[0].body.decode()
    if word == "spin":
        while True:
            sum(range(1000))
    if word == "sleep":
        time.sleep(600)
    if word == "die":
        os.abort()
    if word == "eat":
        hoard = bytearray(4 * 1024**3)
    if word == "break":
        raise ValueError("plugin bug")
    if word == "shape":
        raise p.ShapeError("no list")
    yield p.Item(key=word, title=f"글 {word}", url="https://www.example.go.kr/1")
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "hostile_plugin.py").write_text(PLUGIN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "hostile_plugin"


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(size=2, cpu_s=1) as pool:
        yield pool


def job(plugin: str, word: str) -> Job:
    spec = p.SourceSpec(id=word, name=word, kind="x", options=None, url="https://www.example.go.kr/")
    document = p.Document(url=spec.url, body=word.encode(), fetched_at=NOW)
    return Job(spec=spec, module=plugin, fetched=p.Fetched(documents=(document,)), now=NOW)


def answers(workers: Workers, jobs: list[Job]) -> dict[str, Parsed]:
    for one in jobs:
        workers.submit(one)
    found: dict[str, Parsed] = {}
    while workers.backlog:
        for parsed in workers.collect(0.2):
            found[parsed.source_id] = parsed
    return found


@pytest.mark.parametrize(
    ("word", "error", "code"),
    [
        ("spin", p.ShapeError, "over-cpu"),
        ("sleep", p.ShapeError, "over-cpu"),
        ("die", p.ShapeError, "worker-died"),
        ("eat", p.ShapeError, "over-memory"),
        ("break", p.PluginError, "plugin"),
        ("shape", p.ShapeError, "container-missing"),
    ],
)
def test_a_hostile_document_is_named_and_the_others_are_read(
    plugin: str, workers: Workers, word: str, error: type[p.PipelineError], code: str
) -> None:
    """Endless CPU, sleep, a crash, memory, a bug: each is one source's outcome (P1, P4, P6)."""
    found = answers(workers, [job(plugin, w) for w in ("a", "b", word, "c", "d")])
    assert sorted(found) == sorted(["a", "b", "c", "d", word])
    assert [found[w].normalized.entries[0].title for w in "abcd"] == ["글 a", "글 b", "글 c", "글 d"]
    assert isinstance(found[word].error, error)
    assert found[word].error.code == code


def test_a_night_without_news_starts_no_process() -> None:
    """Workers are started by the first document, not by opening the pool."""
    with Workers() as pool:
        assert list(pool.collect(0.0)) == []
        assert pool.started == 0
