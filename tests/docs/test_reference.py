"""``docs/reference`` says what the code says.

What does not live here: hand-written pages (``test_pages``), the JSON Schema of YAML (``tests/unit/settings``).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

import pipeline.model as p
from pipeline import report
from pipeline.cli import entry_json
from pipeline.cli.reference import leaves
from pipeline.cli.root import root
from pipeline.registry import Registry
from tests import factories

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
GENERATED = ("cli.md", "config.ko.md", "config.md", "errors.md", "kinds.md", "limits.md")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make docs` writes now; in a process of its own, for it speaks English."""
    folder = tmp_path_factory.mktemp("reference")
    subprocess.run([sys.executable, "-m", "pipeline.cli.reference", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_current(written: Path, name: str) -> None:
    """The committed page is the one the code gives: run `make docs`."""
    assert (REFERENCE / name).read_text("utf-8") == (written / name).read_text("utf-8")


def test_nothing_else_is_generated(written: Path) -> None:
    """The list of generated pages in this test is whole."""
    assert sorted(f.name for f in written.iterdir()) == sorted(GENERATED)


def commands(group: click.Group, path: str) -> list[str]:
    """Every command below a group, groups included."""
    context = click.Context(group, info_name=path)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append(f"{path} {name}")
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
    return found


def test_every_command_is_documented() -> None:
    """Each command and subcommand has a heading with its help."""
    text = (REFERENCE / "cli.md").read_text("utf-8")

    assert [c for c in commands(root, "moa") if f"## `{c}`\n\n```text\nUsage: {c} " not in text] == []


def test_help_is_english() -> None:
    """No help text of a command was left in Korean but the one of moa itself, which gives the name."""
    text = (REFERENCE / "cli.md").read_text("utf-8")
    own = text.index("## `moa run`")

    assert re.findall(r".*[가-힣].*", text[own:]) == []


def test_every_error_is_documented_with_who_acts() -> None:
    """Each class that is raised stands in errors.md with its code and remedy, and in the drawn tree."""
    text = (REFERENCE / "errors.md").read_text("utf-8")

    rows = [f"| `{error.__name__}` | `{error.code}` | {error.remedy.value} |" for error in leaves()]

    assert len(rows) > 10
    assert [row for row in rows if row not in text] == []
    assert [e.__name__ for e in leaves() if not re.search(rf"─ {e.__name__}\b", text)] == []


def test_every_kind_is_documented() -> None:
    """Sources, renderers and transports of the house are all there."""
    text = (REFERENCE / "kinds.md").read_text("utf-8")
    registry = Registry(installed=False)

    names = [name for room in ("sources", "renderers", "transports") for name in registry.names(room)]

    assert [name for name in names if f"| `{name}` |" not in text] == []


def section(name: str) -> str:
    """One section of json.md."""
    return (REFERENCE / "json.md").read_text("utf-8").partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def names_of(value: object) -> set[str]:
    """Every key of an object, all the way down."""
    if isinstance(value, dict):
        return set(value).union(*map(names_of, value.values()))
    if isinstance(value, list):
        return set().union(*map(names_of, value))
    return set()


def missing(value: object, *sections: str) -> list[str]:
    """Keys of a value that the sections do not name."""
    told = set(re.findall(r"\w+", " ".join(map(section, sections))))
    return sorted(names_of(value) - told)


def test_items_and_stories_are_described() -> None:
    """Every key `moa items` and `moa stories` print stands in json.md."""
    entry = factories.entry(
        image=p.Image(url="https://a.example/1.png"),
        attachments=(p.Attachment(url="https://a.example/1.pdf", name="1.pdf"),),
        course=factories.course(),
        video=p.Video(),
    )
    story = p.Story(
        id="s1",
        primary=entry,
        members=(entry,),
        why=(p.Join(a="a", b="b", reason="same-title"),),
        first_seen_at=datetime(2026, 11, 22, tzinfo=UTC),
    )

    assert missing(entry_json.entry_json(entry, "s1"), "moa items") == []
    assert missing(entry_json.story_json(story), "moa stories") == []


def test_a_run_is_described() -> None:
    """Every key `moa run` prints stands in json.md, errors, problems and deliveries too."""
    at = datetime(2026, 11, 22, 18, tzinfo=UTC)
    error = p.FetchError("…", subject="a")
    run = p.RunReport(
        run="r",
        as_of=at,
        started_at=at,
        sources=(
            p.SourceRun(
                source_id="a",
                verdict=p.Verdict(health=p.Health.FETCH_FAILED),
                dropped=(p.Dropped(row=1, reason="x", text="y"),),
                warnings=(("moved", "…"),),
                error=error,
            ),
        ),
        problems=(p.Problem(file="f", line=1, column=1, code="c", message="m"),),
        publish=p.PublishResult(
            editions=(
                p.EditionRun(id="e", digest_id="d", rendered=(p.Rendered(channel="c", sha256="0" * 64, files=1),)),
            )
        ),
        deliveries=(
            p.Delivery(id="d", edition_id="e", channel="c", transport="t", rendering_sha256="0" * 64, not_before_at=at),
        ),
    )

    told = json.loads(json.dumps(report.to_json(replace(run, errors=(error,)))))

    assert missing(told, "moa run") == []


def test_exit_codes_verdicts_and_states_are_described() -> None:
    """The numbers and words a script waits for are all in json.md."""
    codes = [getattr(report, name) for name in dir(report) if name.startswith("EXIT_")]
    words = [health.value for health in p.Health] + [state.value for state in p.DeliveryState]

    assert [code for code in codes if f"\n| {code} | " not in section("Exit status")] == []
    assert [word for word in words if f"`{word}`" not in section("moa run")] == []
