"""Every deliberate mistake is named with its exact sentence, line and column, all at once."""

import os
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.settings import load
from tests.config import projects

HEAD = "institute:\n  name: 시험 기관\n  email: a@example.org\n"


def said(file: Path, folder: Path) -> str:
    """What ``load`` says of one mistake: its problems and the sources that are left."""
    body = file.read_bytes()
    if file.name.startswith("moa-"):
        root = projects.project(folder, body, {"good.yaml": projects.GOOD})
    else:
        root = projects.project(folder, HEAD, {"a.yaml": body})
    try:
        settings = load(root, environment={}, registry=projects.registry())
    except p.ConfigError as error:
        return projects.lines(error.problems) + "night: stopped\n"
    left = ", ".join(spec.id for spec in settings.sources)
    return projects.lines(settings.problems) + f"sources: {left}\n"


@pytest.mark.parametrize("file", sorted(projects.MISTAKES.glob("*.yaml")), ids=lambda f: f.stem)
def test_mistake(file: Path, tmp_path: Path) -> None:
    """The expected sentences stand beside the mistake; ``REWRITE_GOLDENS=1`` writes them, the diff is the review."""
    expected = file.with_suffix(".expected")
    found = said(file, tmp_path)
    if os.environ.get("REWRITE_GOLDENS"):
        expected.write_text(found)
    assert expected.read_text() == found


def test_no_secret_is_repeated(tmp_path: Path) -> None:
    """No sentence repeats what may be a secret."""
    secrets = ("hidden", "AIzaSy", "my-secret", "abcdef", "Bearer", "hunter2")
    for number, file in enumerate(sorted(projects.MISTAKES.glob("*.yaml"))):
        words = said(file, tmp_path / str(number))
        assert not [secret for secret in secrets if secret in words]
