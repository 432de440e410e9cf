"""The dialogue of ``moa source new`` at a real terminal: an editor answers in lines, and nothing else is needed."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Sequence
from pathlib import Path

import yaml

from tests import misbehave as m
from tests.flow.project import Project
from tests.flow.test_wizard import ROWS, table


def answered(town: Project, words: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """Run moa with a terminal as standard input and error; return its exit status and what the person saw."""
    ours, theirs = pty.openpty()
    try:
        command = town.command("source", "new", *words)
        process = subprocess.Popen(
            command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, "TERM": "dumb"}
        )
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass  # the terminal is closed when the program ends
        return process.wait(), shown.decode("utf-8", "replace")
    finally:
        os.close(ours)


def source_in(town: Project) -> dict[str, object]:
    file = next((town.folder / "config" / "sources").glob("*.yaml"))
    return yaml.safe_load(file.read_text("utf-8"))["sources"][0]


def test_enter_all_the_way_writes_the_best(tmp_path: Path) -> None:
    """Seven times Enter: the proposal is taken, shown as YAML, and written with its page."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        code, shown = answered(town, [site.url("/list.do")], [""] * 6)
    assert code == 0, shown
    assert "[1] 게시판" in shown
    assert all(row[1] in shown for row in ROWS[:3])
    assert "제목·날짜·링크가 맞습니까?" in shown
    assert source_in(town)["name"] == "새소식"
    assert town.moa_says("source", "test", "--saved").code == 0


def test_a_wrong_date_is_corrected_by_number(tmp_path: Path) -> None:
    """The editor picks the date among what stands in the row, sees the new rows, and the YAML holds the choice."""
    two = table(ROWS).decode().replace("<th>등록일</th>", "<th>등록일</th><th>게시종료</th>")
    for _n, _t, day in ROWS:
        two = two.replace(f"<td>{day}</td>", f"<td>{day}</td><td>2027-{day[5:]}</td>")
    with m.Site({"/list.do": m.answer(two.encode())}) as site:
        town = Project(tmp_path, site.allowed)
        _code, shown = answered(town, [site.url("/list.do")], ["", "2", "", "", "", "", "", ""])
        offered = [line.strip() for line in shown.splitlines() if "(게시종료)" in line]
        assert offered, shown
        number = offered[0].partition(".")[0]
        again = Project(tmp_path / "again", site.allowed)
        code, shown = answered(again, [site.url("/list.do")], ["", "2", number, "", "", "", "", ""])
    assert code == 0, shown
    assert source_in(again)["date"] == "th:게시종료"
    assert "2027-11-22" in shown


def test_names_are_asked_and_a_taken_id_is_asked_again(tmp_path: Path) -> None:
    """What the editor types stands in the file."""
    with m.Site({"/list.do": m.answer(table(ROWS)), "/other.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        assert town.moa_says("source", "new", site.url("/list.do"), "--write", "--id", "news").code == 0
        answers = ["", "", "news", "둘째", "가온시청", "second", "둘째 소식", "가온시청", "y"]
        code, shown = answered(town, [site.url("/other.do")], answers)
    assert code == 0, shown
    assert "이미 있습니다" in shown
    said = yaml.safe_load((town.folder / "config/sources/site.yaml").read_text("utf-8"))
    assert [(one["id"], one["name"]) for one in said["sources"]] == [("news", "새소식"), ("second", "둘째 소식")]


def test_no_and_zero_write_nothing(tmp_path: Path) -> None:
    """An editor may leave at the choice and at the end."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        left, shown = answered(town, [site.url("/list.do")], ["0"])
        assert (left, "아무것도 적지 않았습니다" in shown) == (3, True)
        refused, shown = answered(town, [site.url("/list.do")], ["", "", "", "", "", "n"])
    assert (refused, "아무것도 적지 않았습니다" in shown) == (0, True)
    assert not (town.folder / "config" / "sources").exists()
    assert not (town.folder / "samples").exists()


def test_a_number_that_is_none_is_asked_again(tmp_path: Path) -> None:
    """A slip of the finger ends nothing."""
    with m.Site({"/list.do": m.answer(table(ROWS))}) as site:
        town = Project(tmp_path, site.allowed)
        code, shown = answered(town, [site.url("/list.do")], ["일", "77", "1", "", "", "", "", "y"])
    assert (code, shown.count("번호를 넣어 주세요")) == (0, 2)


def test_a_wrong_link_is_corrected_by_number(tmp_path: Path) -> None:
    """Two addresses stand in a row; the editor takes the other one and sees where it leads."""
    files = table(ROWS).decode()
    for n, _title, _day in ROWS:
        files = files.replace(f"<td>{n}</td>", f'<td><a href="/print/{n}">{n}</a></td>')
    with m.Site({"/list.do": m.answer(files.encode())}) as site:
        town = Project(tmp_path, site.allowed)
        _code, shown = answered(town, [site.url("/list.do")], ["", "3", "", "", "", "", "", "n"])
        offered = [line.strip() for line in shown.splitlines() if "/print/22" in line and line.strip()[1:2] == "."]
        assert offered, shown
        code, shown = answered(
            town, [site.url("/list.do")], ["", "3", offered[0].partition(".")[0], "", "", "", "", ""]
        )
    assert code == 0, shown
    assert site.url("/print/22") in shown
