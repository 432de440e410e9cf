"""Pages people read are true where a machine can tell: links, YAML, cron's companions, decisions, changelog.

What does not live here: pages written from the code (``test_reference``).
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from urllib.parse import unquote

import pytest

import pipeline.model as p
from pipeline.registry import Registry
from pipeline.settings import load

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "config").rglob("*.md")],
    key=lambda f: f.relative_to(ROOT),
)
HAND = [f for f in PAGES if "decisions" not in f.parts]
KINDS = {"added", "changed", "fixed", "removed", "security"}
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives drawn"]
ADRS = sorted((ROOT / "docs/decisions").glob("*.md"))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def prose(file: Path) -> str:
    """A page without its fenced blocks and inline code."""
    text = re.sub(r"^( *)```.*?^\1```", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(file: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^( *)```.*?^\1```", "", file.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower().replace("`", "")).strip().replace(" ", "-") for t in titles}


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_links_resolve(file: Path) -> None:
    """Every relative link leads to a file of the repository, and to a heading that exists."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(file)):
        if re.match(r"[a-z]+:", target) or target.startswith("docs/images/"):
            continue
        path, _hash, anchor = target.partition("#")
        found = (file.parent / unquote(path)).resolve() if path else file
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("file", [ROOT / "README.md", ROOT / "README.ko.md"], ids=name)
def test_pictures_exist(file: Path) -> None:
    """Screenshots a README shows are in the repository."""
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", file.read_text("utf-8"))

    assert [picture for picture in shown if not (file.parent / picture).is_file()] == []


def yaml_blocks() -> list[tuple[str, str]]:
    """Every YAML block of the pages: where it stands and what it says."""
    found = []
    for file in HAND:
        if file.is_relative_to(ROOT / "config"):
            continue  # the handbook beside the files shows fragments
        text = file.read_text("utf-8")
        for match in re.finditer(r"^( *)```yaml\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL):
            found.append((f"{name(file)}:{text[: match.start()].count(chr(10)) + 1}", textwrap.dedent(match[2])))
    return found


@pytest.mark.parametrize(("place", "text"), yaml_blocks(), ids=[place for place, _ in yaml_blocks()])
def test_yaml_in_pages_loads(tmp_path: Path, place: str, text: str) -> None:
    """Every YAML block is a whole file that the real loader accepts without an error."""
    is_sources = bool(re.search(r"^sources:", text, re.MULTILINE))
    (tmp_path / "config/sources").mkdir(parents=True)
    (tmp_path / "config/moa.yaml").write_text("institute:\n  name: 시험\n" if is_sources else text, "utf-8")
    if is_sources:
        (tmp_path / "config/sources/page.yaml").write_text(text, "utf-8")

    try:
        settings = load(tmp_path, environment={"MOA_STORE_URL": "sqlite://"}, registry=Registry(installed=False))
    except p.ConfigError as error:
        pytest.fail("; ".join(f"{q.line}: {q.message}" for q in error.problems))

    assert [f"{q.line}: {q.message}" for q in settings.problems if q.severity == "error"] == []
    assert bool(settings.sources) is is_sources


def test_there_is_yaml_to_check() -> None:
    """The test above has something to do in the README, the tutorial and the handbook."""
    places = {place.partition(":")[0] for place, _ in yaml_blocks()}

    assert {"README.md", "README.ko.md", "docs/tutorial.md", "docs/editors.ko.md"} <= places


def test_commands_in_pages_exist() -> None:
    """Every `moa …` a page shows in a code block or inline is a command that exists."""
    from pipeline.cli.root import root

    wrong = []
    for file in HAND:
        for word in re.findall(r"(?:`|^|/|&& )moa ([a-z-]+)", file.read_text("utf-8"), re.MULTILINE):
            if word not in root.all_places and not file.is_relative_to(ROOT / "config"):
                wrong.append(f"{name(file)}: moa {word}")

    assert wrong == []


def test_targets_in_pages_exist() -> None:
    """Every `make …` a page names is a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    wrong = []
    for file in HAND:
        for words in re.findall(r"(?:`|^)make ([a-z][a-z -]*)", file.read_text("utf-8"), re.MULTILINE):
            first = words.split()[0]
            if first not in targets:
                wrong.append(f"{name(file)}: make {first}")

    assert wrong == []


def test_both_readmes_say_the_same() -> None:
    """English and Korean README have the same sections, YAML and command lines."""
    english, korean = ((ROOT / f).read_text("utf-8") for f in ("README.md", "README.ko.md"))

    def plain(text: str) -> list[str]:
        blocks = re.findall(r"^```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        return [re.sub(r"\s*#.*", "", block) for block in blocks]

    assert plain(english) == plain(korean)
    assert english.count("\n## ") == korean.count("\n## ")


def test_unit_files_run_what_exists() -> None:
    """The systemd units call commands that exist, and each timer has its service."""
    from pipeline.cli.root import root

    folder = ROOT / "docs/how-to/systemd"
    services = {f.stem: f.read_text("utf-8") for f in folder.glob("*.service")}

    assert sorted(f.stem for f in folder.glob("*.timer")) == sorted(services)
    assert all(re.search(r"/moa (\w+)$", text, re.MULTILINE)[1] in root.places for text in services.values())


@pytest.mark.parametrize("file", ADRS, ids=lambda f: f.name)
def test_a_decision_has_its_five_parts(file: Path) -> None:
    """Status, Context, Decision, Consequences, Alternatives drawn, under a title with the file's number."""
    text = file.read_text("utf-8")

    assert re.match(r"# (\d{4})\. \S", text)[1] == file.name[:4]
    assert re.search(r"^Status: (proposed|accepted|superseded by \d{4})", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


def test_decisions_are_numbered_once() -> None:
    """No number is given twice; one may be kept free for a decision that is still being made."""
    assert len({f.name[:4] for f in ADRS}) == len(ADRS)


def test_changelog_fragments_are_named_right() -> None:
    """``<issue>.<kind>.md``, or ``<issue>-<topic>.<kind>.md`` where several people work on one issue, with one sentence."""
    files = [f for f in (ROOT / "changelog.d").iterdir() if f.name != ".gitkeep"]

    assert files
    for file in files:
        assert re.fullmatch(r"\d+(-[a-z-]+)?\.[a-z]+\.md", file.name)
        assert file.name.split(".")[1] in KINDS
        assert file.read_text("utf-8").strip().endswith(".")
