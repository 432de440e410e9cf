"""A preset gives a source the keys of its board software; what the source says itself wins."""

from pathlib import Path

import pipeline.model as p
from pipeline.registry import Registry
from pipeline.settings import load
from pipeline.settings.presets import Presets, laid_under
from tests.config import projects

PRESET = """\
title: 가온 게시판
kind: board
match:
  url: '/gaon/list'
  page: [table.gaon]
use:
  rows: table.gaon tbody tr
  title: td.t a
  date: td.d
  paging: {param: p, start: 0}
  detail: {body: div.c, title: h2}
"""


def loaded(folder: Path, source: str, *, preset: str = PRESET, name: str = "gaon", top: str = "") -> p.Settings:
    root = projects.project(folder, "", {"a.yaml": f"{top}sources:\n{source}"})
    (root / "config" / "presets").mkdir()
    (root / "config" / "presets" / f"{name}.yaml").write_text(preset, "utf-8")
    return load(root, environment={}, registry=Registry(installed=False))


def said(settings: p.Settings) -> list[str]:
    return [line for line in projects.lines(settings.problems).splitlines() if "no-" not in line]


ONE = "  - id: a\n    name: 공지\n    preset: gaon\n    url: https://www.example.go.kr/gaon/list\n"


def test_a_source_needs_only_its_address(tmp_path: Path) -> None:
    """Kind, selectors, paging and the article's page come from the preset."""
    settings = loaded(tmp_path, ONE)
    (spec,) = settings.sources
    assert (spec.kind, spec.options.rows, spec.options.paging.param) == ("board", "table.gaon tbody tr", "p")
    assert said(settings) == []


def test_own_keys_win_one_by_one(tmp_path: Path) -> None:
    """A key of the source replaces the preset's; inside a group the other keys stay."""
    (spec,) = loaded(tmp_path, ONE + "    date: td.when\n    detail: {body: div.own}\n").sources
    assert (spec.options.date, spec.options.title) == ("td.when", "td.t a")
    assert (spec.options.detail.body, spec.options.detail.title) == ("div.own", "h2")


def test_a_file_gives_its_preset_to_sources_of_that_kind(tmp_path: Path) -> None:
    """A department whose boards run one software names it once; its blog is not touched."""
    rows = (
        ONE.replace("    preset: gaon\n", "")
        + "  - id: b\n    name: 블로그\n    kind: feed\n    url: https://b.example.com/rss\n"
    )
    settings = loaded(tmp_path, rows, top="preset: gaon\n")
    assert [(s.id, s.kind) for s in settings.sources] == [("a", "board"), ("b", "feed")]


def test_an_unknown_preset_is_named_with_its_line(tmp_path: Path) -> None:
    """The nearest name is proposed; the source rests, the rest of the night does not."""
    (line,) = said(loaded(tmp_path, ONE.replace("preset: gaon", "preset: gaom")))[:1]
    assert line == "config/sources/a.yaml:4:13 error unknown-preset (a): 없는 프리셋입니다: gaom 혹시 'gaon'인가요?"


def test_an_unknown_preset_is_said_once(tmp_path: Path) -> None:
    """The keys it would have given are not reported missing as well."""
    assert len(said(loaded(tmp_path, ONE.replace("preset: gaon", "preset: gaom")))) == 1


def test_a_preset_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A feed cannot run on a board's selectors."""
    found = said(loaded(tmp_path, ONE.replace("preset: gaon", "kind: feed\n    preset: gaon")))
    assert [line.split()[2].rstrip(":") for line in found] == ["preset-kind"]


def test_mistakes_inside_a_preset_have_their_own_line(tmp_path: Path) -> None:
    """``moa check`` shows file, line and column in the preset, and says at the source why it rests."""
    found = said(
        loaded(tmp_path, ONE, preset=PRESET.replace("title: td.t a", "titel: td.t a").replace("'/gaon/list'", "'(['"))
    )
    assert [line.split(":")[0] + ":" + ":".join(line.split(" ")[0].split(":")[1:]) for line in found] == [
        "config/presets/gaon.yaml:4:8",
        "config/sources/a.yaml:4:13",
    ]
    found = said(loaded(tmp_path / "2", ONE, preset=PRESET.replace("date: td.d", "dat: td.d").replace("td.t a", "td[")))
    assert [line.split(" ")[0] for line in found] == [
        "config/presets/gaon.yaml:8:10",
        "config/presets/gaon.yaml:9:3",
        "config/sources/a.yaml:4:13",
    ]


def test_an_unused_preset_is_checked_too(tmp_path: Path) -> None:
    """A mistake waits for nobody to need it."""
    found = said(loaded(tmp_path, "", preset=PRESET.replace("title: 가온 게시판\n", "")))
    assert [line.split()[2].rstrip(":") for line in found] == ["missing-key"]


def test_a_projects_preset_wins_over_the_built_in_one(tmp_path: Path) -> None:
    """An editor may correct a built-in preset by a file of the same name."""
    settings = loaded(tmp_path, ONE.replace("preset: gaon", "preset: gnuboard5"), name="gnuboard5")
    assert settings.sources[0].options.rows == "table.gaon tbody tr"


def test_a_changed_preset_is_a_changed_source(tmp_path: Path) -> None:
    """Neither the warm start nor the parse memory may keep what an older preset meant."""
    before = loaded(tmp_path, ONE)
    again = load(tmp_path, environment={}, registry=Registry(installed=False))
    (tmp_path / "config" / "presets" / "gaon.yaml").write_text(PRESET.replace("td.d", "td.day"), "utf-8")
    after = load(tmp_path, environment={}, registry=Registry(installed=False))
    assert again.sources[0].options_hash == before.sources[0].options_hash
    assert (after.sources[0].options.date, after.config_hash != before.config_hash) == ("td.day", True)
    assert after.sources[0].options_hash != before.sources[0].options_hash


def test_every_built_in_preset_is_right() -> None:
    """A preset moa brings has no mistake and a way to be recognised."""
    presets = Presets(None, Registry(installed=False))
    found = [presets.get(name) for name in presets.names()]
    assert (presets.problems, None in found) == ([], False)
    assert all(each.urls or each.marks for each in found if each)


def test_groups_are_joined_and_nothing_is_shared() -> None:
    """Joining leaves both sides as they were."""
    own, given = {"form": {"a": "1"}}, {"form": {"a": "0", "b": "2"}, "x": "y"}
    assert laid_under(own, given) == {"form": {"a": "1", "b": "2"}, "x": "y"}
    assert (own, given["form"]) == ({"form": {"a": "1"}}, {"a": "0", "b": "2"})
