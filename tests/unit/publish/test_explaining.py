"""Why two entries are two stories, said to an editor."""

from __future__ import annotations

import re

import pytest

from pipeline.publish.explaining import difference, difference_word, join_word
from tests.factories import entry
from tests.unit.publish.telling import WORDS

_CODES = (
    "level part section half season slot week weekday hour year month age decade target who role money mode region weather alarm event "
    "speaker stage call form place day board period work sibling contrast generic unnamed body far wordless ordinal:기 "
    "ordinal:강~ordinal:번째 slot~week target~who ordinal:반~part"
).split()


@pytest.mark.parametrize("code", _CODES)
def test_every_reason_has_a_sentence(code: str) -> None:
    """No code of the program reaches an editor."""
    assert "니다" in difference_word(code)
    assert not re.search(r"[a-z:~]", difference_word(code))


@pytest.mark.parametrize("reason", ["same-url", "links-to", "embeds-video", "same-title", "alike", "kept", "editor"])
def test_every_join_has_a_sentence(reason: str) -> None:
    """Nor do the names of the rules."""
    assert not re.search(r"[a-z]", join_word(reason))


def test_two_levels() -> None:
    """What the fold would find, found for two alone."""
    one, other = entry("1", title="엑셀 초급반 수강생 모집"), entry("2", title="엑셀 중급반 수강생 모집")
    assert difference(one, other, WORDS) == difference(other, one, WORDS) == "level"
    assert difference(one, entry("3", title="엑셀 초급반 수강생 모집", source_id="other"), WORDS) == ""
