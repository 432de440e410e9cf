"""A repair changes the lines it means; comments, order, spaces and every other source stay as people wrote them."""

from __future__ import annotations

import pytest

import pipeline.model as p
from pipeline.settings import yamledit

FILE = """\
# yaml-language-server: $schema=../schema/source.schema.json
agency: 시흥시   # 기관
sources:
  # 누리집 개편 뒤 다시 볼 것
  - id: news
    name: '새소식'
    kind: board
    url: https://www.example.go.kr/list.do
    rows: table.bbs tr   # 2024년 개편 때 정함
    title: "td.subject a"

    # 날짜 칸
    date: td.date
    course:
      apply: td.apply
      status: td.state

  - id: other
    name: 다른 게시판
    kind: board
    rows: table.bbs tr
    title: td.subject a
"""


def edited(text: str = FILE, source: str = "news", **changes: yamledit.Value) -> str:
    return yamledit.edited(text.encode(), "f.yaml", source, changes).decode()


def test_a_value_is_replaced_where_it_stands() -> None:
    """Its comment stays beside it, and the same words of another source stay as they are."""
    assert edited(rows="ul.list > li") == FILE.replace(
        "rows: table.bbs tr   # 2024년", 'rows: "ul.list > li"   # 2024년', 1
    )


def test_keys_come_go_and_are_replaced_in_one_edit() -> None:
    """A new key follows the last one, a table of keys is written as a block, a key that goes leaves the comments above it."""
    after = edited(title="th:제목", date=None, course={"apply": "label:접수", "place": 'td[a="b"]'}, pinned="tr.notice")
    assert after == FILE.replace('"td.subject a"', '"th:제목"').replace("    date: td.date\n", "").replace(
        "    course:\n      apply: td.apply\n      status: td.state\n",
        '    course:\n      apply: "label:접수"\n      place: "td[a=\\"b\\"]"\n    pinned: "tr.notice"\n',
    )


def test_line_ends_marks_and_the_last_line_stay() -> None:
    """CRLF, a BOM and a file without a last line end are as they were."""
    text = "\ufeff" + FILE.replace("\n", "\r\n").rstrip()
    assert edited(text, "other", title="th:제목") == text.removesuffix("td.subject a") + '"th:제목"'
    assert edited(text, "other", date="td.d") == text + '\r\n    date: "td.d"'


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("sources: [{id: news, rows: a}]\n", "news"),
        ("sources:\n  - {id: news, rows: a}\n", "news"),
        (FILE, "none"),
        ("sources:\n\t- id: news\n", "news"),
    ],
)
def test_what_has_no_lines_to_change_is_refused(text: str, source: str) -> None:
    """A source on one line, an unknown one, a file that cannot be read: a person edits it."""
    with pytest.raises(p.ConfigError):
        edited(text, source, rows="b")


def test_the_difference_names_the_file() -> None:
    """What an editor is shown before anything is written."""
    after = yamledit.edited(FILE.encode(), "f.yaml", "news", {"title": "th:제목"})
    told = yamledit.diff(FILE.encode(), after, "f.yaml").splitlines()
    assert told[:2] == ["--- f.yaml", "+++ f.yaml"]
    assert [line for line in told[2:] if line[0] in "+-"] == ['-    title: "td.subject a"', '+    title: "th:제목"']
