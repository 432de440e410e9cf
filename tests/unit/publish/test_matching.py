"""Whom a digest is for."""

from __future__ import annotations

from dataclasses import replace

import pytest

import pipeline.model as p
from pipeline.publish.fold import fold
from pipeline.publish.matching import matches
from tests.factories import course, entry


def story(**fields: object) -> p.Story:
    return fold([replace(entry("1"), **fields)]).stories[0]


def spec(*audiences: str) -> p.DigestSpec:
    return p.DigestSpec(id="d", title="", audiences=audiences)


@pytest.mark.parametrize(
    ("fields", "audiences", "is_for"),
    [
        ({"title": "어르신 한글 교실"}, ("어르신", "노인"), True),
        ({"title": "한글 교실", "course": replace(course(), target="만 65세 이상 노인")}, ("어르신", "노인"), True),
        ({"title": "한글 교실", "topics": ("외국인 주민",)}, ("외국인주민",), True),
        ({"title": "한글 교실", "tags": ("청소년",)}, ("청소년",), True),
        ({"title": "한글 교실", "lead": "어르신과 함께"}, ("어르신",), False),
        ({"title": "한글 교실"}, (), True),
    ],
)
def test_a_digest_for_an_audience(fields: dict[str, object], audiences: tuple[str, ...], is_for: bool) -> None:
    """Its words in the title, the target group, a topic or a tag; a word in passing in the text is none."""
    assert matches(story(**fields), spec(*audiences)) is is_for
