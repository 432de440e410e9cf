"""A redesigned board is repaired in its YAML: proposed, written when asked, alone where it is allowed; nothing is told again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import misbehave as m
from tests.flow.project import Project, page

ROWS = [(n, f"제{n}회 평생학습 강좌 안내", f"2026-11-{n:02}") for n in range(22, 7, -1)]
YAML = """\
agency: 시험 기관
sources:
  - id: b   # 시민소통관
    name: 새소식
    kind: board
    url: {url}
    backfill: last 500
    rows: table.board tbody tr   # 개편 전
    title: td.title a
    date: td.date
    {more}
  - id: quiet
    name: 조용한 곳
    kind: board
    url: {url}?quiet
    rows: table.board tbody tr
    title: td.title a
"""


def cards(rows: list[tuple[int, str, str]]) -> bytes:
    """The same articles in another dress, with other addresses."""
    lines = "".join(
        f'<li class="card"><a href="/news/{n}"><strong class="tx">{title}</strong></a><span class="dd">{date}</span></li>'
        for n, title, date in rows
    )
    return f'<!doctype html><meta charset="utf-8"><h1>새소식</h1><ul class="newsList">{lines}</ul>'.encode()


@pytest.fixture
def site():
    with m.Site({"/list.do": m.answer(page(ROWS)), "/list.do?quiet": m.answer(page(ROWS))}) as site:
        yield site


def opened(folder: Path, site: m.Site, more: str = "") -> Project:
    town = Project(folder, site.allowed)
    town.file = town.write("sources/all.yaml", YAML.format(url=site.url("/list.do"), more=more).replace("    \n", ""))
    assert town.run("2026-11-22").code == 0
    return town


def test_a_repair_is_proposed_and_written_when_asked(tmp_path: Path, site: m.Site) -> None:
    """Diff, rows before and after; only ``--write`` touches the file; then the night goes on without telling anything again."""
    town = opened(tmp_path, site)
    before = town.file.read_text("utf-8")
    assert "고칠 것이 없습니다" in town.moa_says("source", "repair", "b").out
    news = [(23, "제23회 겨울 특강 안내", "2026-11-23"), *ROWS]
    site.routes["/list.do"] = m.answer(cards(news))
    night = town.run("2026-11-23", "--only", "b")
    assert (night.source("b")["verdict"], night.source("b")["error"]["hint"]) == (
        "container-missing", "'moa source repair b'로 새 선택자를 찾아 보세요.",
    )  # fmt: skip
    told = town.moa_says("source", "repair", "b")
    assert told.code == 3
    assert "-    rows: table.board tbody tr   # 개편 전" in told.out.splitlines()
    assert '+    rows: "ul.newsList > li"   # 개편 전' in told.out.splitlines()
    assert "제23회 겨울 특강 안내" in told.out
    assert town.file.read_text("utf-8") == before
    found = town.moa_says("source", "repair", "b", "--write", "--json")
    assert found.code == 0
    assert found.json["written"]
    assert found.json["repairs"][0]["sure"]
    assert found.json["repairs"][0]["overlap"] >= 0.9
    after = town.file.read_text("utf-8")
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        '    rows: "ul.newsList > li"   # 개편 전', '    title: "strong.tx"', '    date: "span.dd"',
    ]  # fmt: skip
    night = town.run("2026-11-24")
    assert [night.source("b")[name] for name in ("verdict", "new", "quarantined")] == ["ok", 1, 0]
    assert len(town.items("b")) == 16
    assert town.editions("제22회 평생학습 강좌 안내") == ["daily/2026-11-22"]
    assert town.editions("제23회 겨울 특강 안내") == ["daily/2026-11-24"]


def test_a_saved_page_is_enough(tmp_path: Path, site: m.Site) -> None:
    """``--page`` asks nobody on the net."""
    town = opened(tmp_path, site)
    saved = tmp_path / "new.html"
    saved.write_bytes(cards(ROWS))
    site.seen.clear()
    found = town.moa_says("source", "repair", "b", "--page", str(saved), "--json").json
    assert found["repairs"][0]["changes"]["rows"] == "ul.newsList > li"
    assert [item["title"] for item in found["repairs"][0]["items"]] == [title for _n, title, _d in ROWS]
    assert not found["written"]
    assert site.seen == []


def test_a_source_repairs_itself_only_where_an_editor_allowed_it(tmp_path: Path, site: m.Site) -> None:
    """``repair: auto`` writes the file at night and says so; without it the file stays, whatever the page became (P10)."""
    for more, changes in (("", False), ("repair: auto", True)):
        site.routes["/list.do"] = m.answer(page(ROWS))
        town = opened(tmp_path / (more or "ask"), site, more)
        before = town.file.read_text("utf-8")
        site.routes["/list.do"] = m.answer(cards(ROWS))
        night = town.run("2026-11-23", "--only", "b")
        codes = [w["code"] for w in night.source("b")["warnings"]]
        assert codes == (["repaired"] if changes else [])
        assert (town.file.read_text("utf-8") != before) is changes
        if changes:
            assert "선택자를 스스로 고쳤습니다: b" in (town.output / "reports/latest.txt").read_text("utf-8")
            after = town.run("2026-11-24", "--only", "b").source("b")
            assert [after[name] for name in ("verdict", "new", "quarantined")] == ["ok", 0, 0]


def test_an_unsure_repair_is_left_to_a_person(tmp_path: Path, site: m.Site) -> None:
    """Another board at the address, or a page that differs from one fetch to the next: nothing is written."""
    town = opened(tmp_path, site, "repair: auto")
    before = town.file.read_text("utf-8")
    other = [(900 + n, f"계약 체결 현황 {n}차 공개", f"2025-03-{n:02}") for n in range(1, 16)]
    site.routes["/list.do"] = m.answer(cards(other))
    assert [w["code"] for w in town.run("2026-11-23", "--only", "b").source("b")["warnings"]] == ["unrepaired"]
    elsewhere = cards(ROWS).replace(b"newsList", b"boardList")
    site.routes["/list.do"] = m.in_turn(m.answer(cards(ROWS)), m.answer(cards(ROWS)), m.answer(elsewhere))
    assert [w["code"] for w in town.run("2026-11-24", "--only", "b").source("b")["warnings"]] == ["unrepaired"]
    assert town.file.read_text("utf-8") == before
