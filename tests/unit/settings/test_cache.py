"""What is remembered equals what is read, is dropped when anything that decides it changes, and runs no code."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.registry import Registry
from pipeline.settings import load
from pipeline.settings.project import load as load_now
from tests.config import projects

VIDEO = "sources:\n  - {id: v, name: 영상, kind: videos, channel: '@a', key: MY_KEY, backfill: since 2026-01-02}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clean project with a secret and a source of every test kind."""
    moa = "store: {url_env: MY_STORE}\nchannels: [{id: a, renderer: page, transport: disk, send: {folder: x}}]\n"
    return projects.project(tmp_path / "city", moa, {"a.yaml": projects.GOOD, "b.yaml": VIDEO})


ENVIRONMENT = {"MY_KEY": "very secret", "MY_STORE": "postgresql://moa:very secret@db/moa"}


def memory(root: Path) -> list[Path]:
    return sorted((root / "output" / ".cache").glob("*"))


def key_of(held: bytes) -> bytes:
    """The part of a memory that must be equal, with its length before it."""
    size = held.partition(b":")[0]
    return held[: len(size) + 1 + int(size)]


def test_the_second_load_is_equal_and_remembered(root: Path) -> None:
    """Both give what a full load gives; the file is ours alone and holds no secret."""
    registry = projects.registry()
    first = load(root, environment=ENVIRONMENT, registry=registry)
    (file,) = memory(root)
    before = file.stat().st_mtime_ns
    second = load(root, environment=ENVIRONMENT, registry=registry)
    assert first == second == load_now(root, environment=ENVIRONMENT, registry=registry)
    assert second.store_url == ENVIRONMENT["MY_STORE"]
    assert {s.options.key.value for s in second.sources if s.kind == "videos"} == {"very secret"}
    assert file.stat().st_mtime_ns == before
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"very secret" not in file.read_bytes()


def test_a_changed_secret_is_seen(root: Path) -> None:
    """Values come from today's environment; a value that went missing is a note again."""
    registry = projects.registry()
    load(root, environment=ENVIRONMENT, registry=registry)
    other = load(root, environment={**ENVIRONMENT, "MY_KEY": "new"}, registry=registry)
    assert [s.options.key.value for s in other.sources if s.kind == "videos"] == ["new"]
    without = load(root, environment={"MY_STORE": "x"}, registry=registry)
    assert "missing-secret" in {q.code for q in without.problems}


def test_every_change_is_seen(root: Path) -> None:
    """A byte of YAML, a new file, a template folder, ``.env``: nothing stale is used."""
    registry = projects.registry()
    for change in (
        lambda: (root / "config/moa.yaml").write_text("institute: {name: 새 이름}\n"),
        lambda: (root / "config/sources/c.yaml").write_text(projects.GOOD.replace("good", "other")),
        (root / "config/templates").mkdir,
        lambda: (root / ".env").write_text("bad line\n"),
        (root / "config/sources/c.yaml").unlink,
    ):
        load(root, environment=ENVIRONMENT, registry=registry)
        change()
        assert load(root, environment=ENVIRONMENT, registry=registry) == load_now(
            root, environment=ENVIRONMENT, registry=registry
        )
        assert len(memory(root)) == 1


def test_a_changed_plugin_is_seen(tmp_path: Path, root: Path) -> None:
    """The code that gives the options their meaning is part of the key."""
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    for room in ("sources", "renderers", "transports"):
        (plugins / room).mkdir()
        for file in (projects.PLUGINS / room).glob("*.py"):
            (plugins / room / file.name).write_bytes(file.read_bytes())

    def registry() -> Registry:
        return Registry({r.name: [r] for r in plugins.iterdir()}, installed=False, builtin=False)

    load(root, environment=ENVIRONMENT, registry=registry())
    (one,) = memory(root)
    before = one.read_bytes()
    os.utime(plugins / "sources" / "videos.py", ns=(1, 1))
    load(root, environment=ENVIRONMENT, registry=registry())
    (two,) = memory(root)
    assert one == two
    assert key_of(before) != key_of(two.read_bytes())


def test_a_load_with_errors_is_not_remembered(root: Path) -> None:
    """Mistakes are found anew each time."""
    (root / "config/sources/c.yaml").write_text("sourcs: []\n")
    load(root, environment=ENVIRONMENT, registry=projects.registry())
    assert memory(root) == []
    (root / "config/moa.yaml").write_text("x: y\n")
    with pytest.raises(p.ConfigError):
        load(root, environment=ENVIRONMENT, registry=projects.registry())


class Hostile:
    """Would create a file when unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> object:
        return (Path.touch, (self.target,))


@pytest.mark.parametrize("what", ["hostile", "torn", "open", "foreign"])
def test_what_cannot_be_trusted_is_read_anew(root: Path, tmp_path: Path, what: str) -> None:
    """Planted code does not run; a torn, readable-by-all or foreign memory is not used."""
    registry = projects.registry()
    good = load(root, environment=ENVIRONMENT, registry=registry)
    (file,) = memory(root)
    key = key_of(file.read_bytes())
    mark = tmp_path / "was here"
    if what == "hostile":
        file.write_bytes(key + pickle.dumps((Hostile(mark), "", ())))
    elif what == "torn":
        file.write_bytes(file.read_bytes()[: len(key) + 100])
    elif what == "open":
        file.write_bytes(key + pickle.dumps((replace(good, sources=()), "", ())))
        file.chmod(0o644)
    else:
        file.write_bytes(key + pickle.dumps((p.Backfill(), "", ())))
    assert load(root, environment=ENVIRONMENT, registry=registry) == good
    assert not mark.exists()


def test_a_folder_that_cannot_be_written_does_not_stop_the_night(root: Path) -> None:
    """The memory is a comfort only."""
    (root / "output").write_text("in the way")
    assert load(root, environment=ENVIRONMENT, registry=projects.registry()).sources


def test_a_warm_start_is_light(tmp_path: Path) -> None:
    """With a memory, neither yaml nor the schema is imported."""
    root = projects.project(tmp_path)
    code = (
        "import sys; from pathlib import Path; from pipeline.registry import Registry; from pipeline.settings import load;"
        f"load(Path({str(root)!r}), environment={{}}, registry=Registry());"
        "print(sorted({'yaml', 'pipeline.settings.schema'} & set(sys.modules)))"
    )
    said = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert [each.stdout.strip() for each in said] == ["['pipeline.settings.schema', 'yaml']", "[]"]
