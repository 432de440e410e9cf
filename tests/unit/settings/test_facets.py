"""The words that tell stories apart: ours, more from the project, and mistakes with their lines."""

from __future__ import annotations

from pathlib import Path

import pipeline.model as p
from pipeline.settings import load
from pipeline.settings.facets import own_words, read_facets
from tests.config import projects


def test_ours_stand_without_a_project(tmp_path: Path) -> None:
    """A project without the file has the words moa ships."""
    words, body, problems = read_facets(tmp_path)
    assert (words, body, problems) == (own_words(), b"", [])
    assert "중급" in words.apart["level"]


def test_a_project_adds_and_never_takes_away(tmp_path: Path) -> None:
    """New values, new dimensions and more words stand beside ours."""
    root = projects.project(tmp_path)
    (root / "config/facets.yaml").write_text(
        "apart:\n  level:\n    초급: 씨앗반\n  river: {한강: [한강]}\nplaces: [배움터]\n"
    )
    words = load(root, environment={}, registry=projects.registry()).facets
    assert words.apart["level"]["초급"] == (*own_words().apart["level"]["초급"], "씨앗반")
    assert words.apart["river"] == {"한강": ("한강",)}
    assert words.places == (*own_words().places, "배움터")


def test_a_mistake_is_told_and_the_night_goes_on(tmp_path: Path) -> None:
    """An unknown key is named with its line and the nearest right one; our own words still serve."""
    root = projects.project(tmp_path)
    (root / "config/facets.yaml").write_text("places: [배움터]\nstage:\n  후기: [하루]\n")
    settings = load(root, environment={}, registry=projects.registry())
    (problem,) = [q for q in settings.problems if q.file == "config/facets.yaml"]
    assert (problem.line, problem.column, problem.code) == (2, 1, "unknown-key")
    assert "stages" in problem.message + problem.fix
    assert settings.facets == own_words()


def test_a_changed_word_is_a_changed_configuration(tmp_path: Path) -> None:
    """What was published is looked at again, and no memory of settings outlives the file."""
    root = projects.project(tmp_path)
    before = load(root, environment={}, registry=projects.registry())
    (root / "config/facets.yaml").write_text("units: [기수]\n")
    after = load(root, environment={}, registry=projects.registry())
    assert before.config_hash != after.config_hash
    assert "기수" in after.facets.units
    assert isinstance(after, p.Settings)


def test_an_audience_knows_the_words_of_its_groups(tmp_path: Path) -> None:
    """Residents from abroad, the old and the young are found by the words posters use, not by the heading alone."""
    root = projects.project(tmp_path)
    (root / "config/moa.yaml").write_text(
        "digests:\n  - {id: a, audiences: [외국인 주민]}\n  - {id: b, audiences: [어르신]}\n  - {id: c, audiences: [청소년]}\n"
    )
    digests = load(root, environment={}, registry=projects.registry()).digests
    words = {digest.id: set(digest.audiences) for digest in digests}
    assert {"외국인 주민", "결혼이민자", "이주민"} <= words["a"]
    assert {"어르신", "시니어", "65세 이상"} <= words["b"]
    assert {"청소년", "중학생", "고등학생"} <= words["c"]
    assert not words["a"] & words["b"] | words["b"] & words["c"]
