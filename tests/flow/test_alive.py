"""An editor's look at sources: what an edit would do before it is saved, how each source is, who acts next.

What does not live here: what counts as a change of a page (``unit/collect/test_alive.py``).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, board, page

ROWS = [(n, f"제{n}회 평생학습 강좌 안내", f"2026-11-{n:02}") for n in range(22, 7, -1)]


@pytest.fixture
def town(tmp_path: Path):
    with m.Site({"/list.do": m.answer(page(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        town.site = site
        town.url = site.url("/list.do")
        town.sources(board("b", town.url))
        assert town.run("2026-11-22", command="collect").code == 0
        yield town


def test_an_edit_that_changes_nothing_says_so(town: Project) -> None:
    """Another key finds the same articles: nothing would be added, dropped or told again, in text and in JSON."""
    town.sources(board("b", town.url, key="td.num"))
    said = town.moa_says("source", "test", "b", "--json")
    assert said.json["impact"] == {"added": 0, "dropped": 0, "resent": 0, "quiet": 0, "held": 0, "unchanged": 15}
    assert "이 설정이면 새 글 0개, 빠지는 글 0개, 다시 알림 0개" in town.moa_says("source", "test", "b").err


def test_an_edit_is_counted_before_it_is_saved(town: Project) -> None:
    """Selectors that miss rows, and two new articles: what would come and what would go, and the store stays as it is."""
    before = town.items()
    fresh = [(40 + n, f"제{40 + n}회 겨울 특강 안내", "2026-11-23") for n in range(2)]
    town.site.routes["/list.do"] = m.answer(
        page([*fresh, *ROWS]).replace(b'<tr><td class="num">12<', b'<tr class=x><td class="num">12<')
    )
    town.sources(board("b", town.url, rows="table.board tbody tr:not(.x)"))
    assert town.moa_says("source", "test", "b", "--json").json["impact"] == {
        "added": 2, "dropped": 1, "resent": 0, "quiet": 0, "held": 0, "unchanged": 14,
    }  # fmt: skip
    assert town.items() == before
    saved = town.folder / "page.html"
    saved.write_bytes(page(ROWS[:9]))
    assert town.moa_says("source", "test", "b", "--page", str(saved), "--json").json["impact"]["unchanged"] == 9


def test_there_is_no_impact_before_the_first_run(town: Project) -> None:
    """Of a source that was never read nothing can be said."""
    town.sources(board("b", town.url), board("c", town.url))
    assert town.moa_says("source", "test", "c", "--json").json["impact"] is None


def test_sources_tell_how_they_are_and_who_acts(town: Project) -> None:
    """Since when, last success, last new item, rows of the last runs and the next step with its person."""
    town.site.routes["/list.do"] = m.answer(b"<!doctype html><meta charset=utf-8><div id=app></div>")
    assert town.run("2026-11-23", command="collect").code in (3, 4)
    told = json.loads(town.moa_says("source", "show", "b", "--json").out)
    assert (told["health"], told["failing_since"][:10], told["last_success"][:10]) == (
        "container-missing", "2026-11-23", "2026-11-22",
    )  # fmt: skip
    assert told["rows"] == [15]
    assert told["next"] == {"who": "editor", "what": "'moa source repair b'로 새 선택자를 찾아 보세요."}
    listed = town.moa_says("source", "list").out
    assert "█ 15" in listed
    assert "→ [편집 담당자] (2026-11-23부터) 'moa source repair b'" in listed
    assert "할 일: [편집 담당자]" in town.moa_says("source", "show", "b").out


def test_a_renamed_source_keeps_what_is_stored(town: Project) -> None:
    """The id in YAML was changed: one command moves the articles, and the next night tells nothing again (P24)."""
    town.sources(board("board-of-the-hall", town.url))
    refused = town.moa_says("source", "rename", "c", "board-of-the-hall")
    assert (refused.code, "'c'" in refused.err) == (2, True)
    assert town.moa_says("source", "rename", "b", "board-of-the-hall", "--json").json == {"moved": 15}
    night = town.run("2026-11-23")
    assert [night.source("board-of-the-hall")[name] for name in ("new", "quarantined")] == [0, 0]
    assert {i["source"] for i in town.items()} == {"board-of-the-hall"}
    assert town.moa_says("source", "rename", "board-of-the-hall", "b").code == 2
