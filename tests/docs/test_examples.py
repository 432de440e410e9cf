"""Examples in the documentation run: the source plugin of the how-to, the hooks of pre-commit.

What does not live here: YAML examples and links (``test_pages``).
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

import pipeline.model as p
from pipeline.collect import trial
from pipeline.registry import Registry
from pipeline.settings import load
from tests.fakes import NOW, document

ROOT = Path(__file__).parents[2]
URL = "https://www.example.go.kr/list.json"


@pytest.fixture
def plugin(tmp_path: Path):
    """The source of ``how-to/plugins.md``, in a folder of its own, found as any plugin is."""
    text = (ROOT / "docs/how-to/plugins.md").read_text("utf-8")
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "jsonlist.py").write_text(re.search(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1], "utf-8")
    return Registry({"sources": [folder]}, installed=False)


def converse(module, options, answer: p.Document) -> p.Fetched | None:
    """Play the web for one request."""
    talk = module.fetch(options, {})
    assert next(talk).url == URL
    with pytest.raises(StopIteration) as end:
        talk.send(answer)
    return end.value.value


def test_the_plugin_of_the_how_to_reads_a_list(plugin: Registry) -> None:
    """It is found by its name, converses, and gives items in the words of the model."""
    module = plugin.source("jsonlist")
    options = module.Options(url=URL)
    body = '{"articles": [{"id": 7, "title": "모집", "link": "https://www.example.go.kr/7", "date": "2026-11-23"}]}'

    items = list(module.parse(options, converse(module, options, document(URL, body.encode()))))

    assert [(i.key, i.title, i.kind) for i in items] == [("7", "모집", p.Kind.NOTICE)]


def test_the_plugin_of_the_how_to_keeps_the_three_kinds_of_zero(plugin: Registry) -> None:
    """An empty list gives no items, a missing one is a ShapeError, an unchanged one is None."""
    module = plugin.source("jsonlist")
    options = module.Options(url=URL)

    assert list(module.parse(options, p.Fetched(documents=(document(URL, b'{"articles": []}'),)))) == []
    with pytest.raises(p.ShapeError):
        list(module.parse(options, p.Fetched(documents=(document(URL, b'{"error": 1}'),))))
    assert converse(module, options, document(URL, is_unchanged=True)) is None


def test_the_plugin_of_the_how_to_can_be_configured(plugin: Registry, tmp_path: Path) -> None:
    """An editor can write its kind in YAML."""
    (tmp_path / "config/sources").mkdir(parents=True)
    (tmp_path / "config/moa.yaml").write_text("institute: {name: 시험}\n", "utf-8")
    row = f"sources:\n  - {{id: a, name: 목록, kind: jsonlist, url: '{URL}'}}\n"
    (tmp_path / "config/sources/a.yaml").write_text(row, "utf-8")

    settings = load(tmp_path, environment={}, registry=plugin)

    assert [spec.kind for spec in settings.sources] == ["jsonlist"]


PAGES = {
    "library": """<table class="board_list"><tr><th>번호</th><th>제목</th><th>작성일</th></tr>
        <tr class="notice"><td>공지</td><td class="subject"><a href="view.do?id=9">휴관 안내</a></td><td>2026-11-20</td></tr>
        <tr><td>2</td><td class="subject"><a href="view.do?id=2">독서교실</a></td><td>2026.11.19</td></tr></table>""",
    "gosi": """<table><tr><td class="title"><a href="#" onclick="goView('12','34')">도로 점용 공고</a></td></tr></table>""",
    "courses": """<ul class="course-list"><li><a href="/course/view.do?id=5"><strong class="tit">수채화</strong></a>
        <dl><dt>접수기간</dt><dd>2026.11.20 ~ 2026.11.30</dd><dt>정원</dt><dd>20명</dd></dl></li></ul>""",
}


def test_boards_of_the_handbook_read_such_pages(tmp_path: Path) -> None:
    """Each board an editor is shown really reads a page of the kind it is written for."""
    text = (ROOT / "docs/editors.ko.md").read_text("utf-8")
    folder = tmp_path / "config/sources"
    folder.mkdir(parents=True)
    (tmp_path / "config/moa.yaml").write_text("institute: {name: 시험}\n", "utf-8")
    for block in re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        (folder / re.match(r"# config/sources/(\S+)", block)[1]).write_text(block, "utf-8")
    registry = Registry(installed=False)
    specs = {Path(s.where[0]).stem: s for s in load(tmp_path, environment={}, registry=registry).sources}

    read = {n: trial.saved(specs[n], page.encode(), registry, now=NOW).entries for n, page in PAGES.items()}

    assert [(e.title, e.is_pinned, e.published.at.day) for e in read["library"]] == [
        ("휴관 안내", True, 19),
        ("독서교실", False, 18),
    ]  # midnight in Seoul is the day before in UTC
    assert [e.url for e in read["gosi"]] == ["https://www.example.go.kr/gosi/view.do?id=12&menu=34"]
    assert [(e.kind, e.course.capacity) for e in read["courses"]] == [(p.Kind.COURSE, 20)]


def test_hooks_are_local_and_installed() -> None:
    """Every pre-commit hook is ours and calls a program of the environment `make setup` makes."""
    written = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    tools = [hook["entry"].split()[0] for repo in written["repos"] for hook in repo["hooks"]]

    assert {repo["repo"] for repo in written["repos"]} == {"local"}
    for tool in tools:
        if tool.startswith(".venv/bin/"):
            assert shutil.which(tool.removeprefix(".venv/bin/"), path=str(Path(sys.executable).parent))
        else:
            assert tool == "bash"
