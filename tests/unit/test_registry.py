"""Plugins are found by file name and entry point, imported on demand, and break alone."""

import subprocess
import sys
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.registry import Registry

GOOD = "TITLE = 'x'\nclass Options: ...\ndef fetch(): ...\ndef parse(): ...\n"


def folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.py").write_text(text)
    return path


def of(*folders: Path) -> Registry:
    return Registry({"sources": folders}, installed=False, builtin=False)


def test_the_file_name_is_the_kind(tmp_path: Path) -> None:
    """A leading underscore is a tool; other endings are nothing."""
    place = folder(tmp_path, place=GOOD, _tool=GOOD)
    (place / "notes.txt").write_text("")
    registry = of(place)
    assert registry.names("sources") == ("place",)
    assert registry.source("place").TITLE == "x"
    assert registry.source("place") is registry.source("place")


def test_names_imports_nothing(tmp_path: Path) -> None:
    """Listing the kinds runs no plugin code."""
    place = folder(tmp_path, bad="raise SystemExit(3)")
    assert of(place).names("sources") == ("bad",)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("raise SystemExit(3)", "plugin-import", "SystemExit: 3"),
        ("def f(:\n", "plugin-import", "SyntaxError"),
        ("import no_such_module_here", "plugin-import", "no_such_module_here"),
        ("TITLE = 'x'\ndef parse(): ...\n", "plugin-member", "Options, fetch"),
    ],
)
def test_one_broken_file_breaks_one_kind(tmp_path: Path, text: str, code: str, words: str) -> None:
    """The error names the file and says what is wrong; the other kind works, and asking again says the same."""
    registry = of(folder(tmp_path / "sources", bad=text, good=GOOD))
    for _ in range(2):
        with pytest.raises(p.PluginError) as caught:
            registry.source("bad")
        assert caught.value.code == code
        assert caught.value.subject == "bad"
        assert "sources/bad.py" in str(caught.value)
        assert words in str(caught.value)
    assert registry.source("good").TITLE == "x"
    assert [error.subject for error in registry.problems()] == ["bad"]


def test_a_name_taken_twice_disables_that_kind_only(tmp_path: Path) -> None:
    """Neither of two plugins of one name is used."""
    registry = of(folder(tmp_path / "a", same=GOOD, one=GOOD), folder(tmp_path / "b", same=GOOD))
    with pytest.raises(p.PluginError, match=r"a/same\.py, b/same\.py"):
        registry.source("same")
    assert registry.source("one").TITLE == "x"


def test_an_unknown_kind_is_an_error_of_its_own(tmp_path: Path) -> None:
    """Asking for what is not there is a PluginError, too."""
    with pytest.raises(p.PluginError) as caught:
        of(tmp_path).source("none")
    assert caught.value.code == "unknown-kind"


def test_entry_points_of_other_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that announces ``moa.sources`` adds a kind; one that takes our name disables it."""
    info = tmp_path / "other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[moa.sources]\nforeign = other_place\nmine = other_place\n")
    (tmp_path / "other_place.py").write_text(GOOD)
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = Registry({"sources": [folder(tmp_path / "x", mine=GOOD)]}, builtin=False)
    assert registry.names("sources") == ("foreign", "mine")
    assert registry.source("foreign").TITLE == "x"
    with pytest.raises(p.PluginError) as caught:
        registry.source("mine")
    assert caught.value.code == "plugin-twice"


def test_every_built_in_plugin_loads() -> None:
    """What is in our own folders is whole."""
    assert Registry(installed=False).problems() == ()


def test_asking_for_names_is_light() -> None:
    """Neither pydantic nor a plugin is imported to list names."""
    code = (
        "import sys; from pipeline.registry import Registry; Registry().names('renderers');"
        "sys.exit(any(m in sys.modules for m in ('pydantic', 'yaml', 'renderers.website', 'importlib.metadata')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
