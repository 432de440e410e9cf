"""Every file an editor may touch in ``config/`` is right, and what is generated there is current."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.registry import Registry
from pipeline.settings.jsonschema import schemas, texts, write
from pipeline.settings.project import load
from tests.config import projects

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
FILES = sorted(CONFIG.rglob("*.yaml"))
names = pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(CONFIG).as_posix())


@names
def test_file_has_no_mistake(file: Path) -> None:
    """The file loads without an error; notes are allowed."""
    name = file.relative_to(ROOT).as_posix()
    settings = load(ROOT, environment={}, registry=Registry(installed=False))
    assert [q for q in settings.problems if q.file == name and q.severity == "error"] == []


@names
def test_file_names_its_schema(file: Path) -> None:
    """The first line leads the editor's program to a schema that is there."""
    first = file.read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.partition("=")[2]).is_file()


@names
def test_file_fits_its_schema(file: Path) -> None:
    """What ``check`` accepts the editor's program does not mark red."""
    name = {"config": "moa", "presets": "preset", "sources": "source"}[file.parent.name] + ".schema.json"
    schema = json.loads((CONFIG / "schema" / name).read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(yaml.safe_load(file.read_text("utf-8")))


@pytest.mark.parametrize("file", sorted((ROOT / "sources" / "presets").glob("*.yaml")), ids=lambda f: f.stem)
def test_built_in_preset_fits_the_schema(file: Path) -> None:
    """A preset that moa brings is a model for an editor's own: the schema must accept it as it stands."""
    schema = json.loads((CONFIG / "schema" / "preset.schema.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(yaml.safe_load(file.read_text("utf-8")))


@pytest.mark.parametrize("name", ["facets.schema.json", "moa.schema.json", "preset.schema.json", "source.schema.json"])
def test_schema_is_current(name: str) -> None:
    """The committed schema is what the code says today; ``make schema`` writes it."""
    found = texts(Registry(installed=False))[name]
    assert found == (CONFIG / "schema" / name).read_text("utf-8")


def test_disabled_sources_say_whom_to_ask() -> None:
    """A source that is off tells people why."""
    settings = load(ROOT, environment={}, registry=Registry(installed=False))
    assert all(len(q.message) > len("꺼 둔 소스입니다: ") for q in settings.problems if q.code == "disabled")


def test_schema_has_a_branch_for_every_kind(tmp_path: Path) -> None:
    """Each kind's own keys are known, a key of another kind is not."""
    made = schemas(Registry({"sources": [_working(tmp_path)]}, installed=False, builtin=False))
    schema = made["source.schema.json"]
    jsonschema.Draft7Validator.check_schema(schema)
    check = jsonschema.Draft7Validator(schema)
    good = {"id": "a", "name": "하나", "kind": "notices", "url": "https://a.example/", "rows": "tr", "tags": "하나"}
    assert check.is_valid({"agency": "시", "sources": [good]})
    assert not check.is_valid({"sources": [{**good, "channel": "@a"}]})
    assert not check.is_valid({"sources": [{k: v for k, v in good.items() if k != "rows"}]})
    assert check.is_valid({"sources": [{"id": "a", "name": "하나", "kind": "later", "enabled": False}]})
    secret = {"id": "b", "name": "둘", "kind": "videos", "channel": "@b"}
    assert check.is_valid({"sources": [{**secret, "key": "MOA_KEY"}]})
    assert not check.is_valid({"sources": [{**secret, "key": "no-name"}]})
    assert write(tmp_path / "schema", Registry(installed=False, builtin=False))
    assert not write(tmp_path / "schema", Registry(installed=False, builtin=False))


def _working(folder: Path) -> Path:
    """The test kinds without the one that cannot be imported."""
    for name in ("notices", "videos"):
        (folder / f"{name}.py").write_bytes((projects.PLUGINS / "sources" / f"{name}.py").read_bytes())
    return folder


def test_the_contracts_own_example_loads(tmp_path: Path) -> None:
    """The file shown to editors in the reference is right as it stands."""
    text = """\
agency: 시흥시 평생학습과
licence: kogl-1
sources:
  - id: notices
    name: 공지사항
    kind: board
    url: https://www.example.go.kr/bbs/list.do
    rows: "table.board tbody tr"
    title: "td.subject a"
    date: "td.date"
    pinned: ".notice"
  - id: channel
    name: 유튜브
    kind: youtube
    channel: "@example"
  - id: blog
    name: 블로그
    kind: feed
    url: https://rss.blog.example.com/example.xml
"""
    root = projects.project(tmp_path, "", {"lifelong-learning.yaml": text})
    settings = load(root, environment={}, registry=Registry(installed=False))
    assert [spec.id for spec in settings.sources] == ["notices", "channel", "blog"]
    assert [q for q in settings.problems if q.severity == "error"] == []
