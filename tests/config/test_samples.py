"""Each page recorded when a source was made still gives what it gave then: one generated test a sample of this repository."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import samples
from pipeline.collect import trial
from pipeline.registry import Registry
from pipeline.settings.project import load

ROOT = Path(__file__).parents[2]


def problems_of(project: Path, source_id: str) -> tuple[str, ...]:
    """Return what a sample no longer gives, in sentences."""
    registry = Registry(installed=False)
    settings = load(project, environment={}, registry=registry)
    spec = next((one for one in settings.sources if one.id == source_id), None)
    sample = samples.load(project, source_id)
    if spec is None or sample is None:
        return (f"samples/{source_id} is the sample of no source",)
    got = trial.again(spec, sample.documents, registry, now=sample.at)
    return samples.differences(sample, got.entries)


@pytest.mark.parametrize("source_id", samples.names(ROOT) or ["none"])
def test_sample_gives_what_it_gave(source_id: str) -> None:
    """Configuration and code of today read the page as on the day it was recorded."""
    if source_id == "none":
        assert not (ROOT / samples.FOLDER).exists()
    else:
        assert problems_of(ROOT, source_id) == ()


def test_a_sample_without_source_is_told(tmp_path: Path) -> None:
    """A source that was renamed or removed leaves no test that says nothing."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "moa.yaml").write_text("institute:\n  name: 시험 학습관\n", "utf-8")
    sample = samples.Sample(
        source_id="lost",
        url="https://a.example.go.kr/",
        at=datetime(2026, 11, 23, tzinfo=UTC),
        documents=(),
        expected=(),
    )
    samples.save(tmp_path, sample)
    assert samples.names(tmp_path) == ("lost",)
    assert problems_of(tmp_path, "lost") == ("samples/lost is the sample of no source",)
