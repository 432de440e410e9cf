"""A draft is YAML that means what was found, whatever the words in it, and reads like a person wrote it."""

from __future__ import annotations

import pytest

from pipeline.discover import draft
from pipeline.discover.draft import Draft
from pipeline.settings import yamledit, yamlfile

KEYS = {
    "id": "a", "name": "공지", "kind": "board", "url": "https://a.example.go.kr/list.do?a=1&b=2", "rows": "#list > li",
    "title": "a", "remove": ["em.n", "span.f"], "course": {"apply": "label:접수기간"}, "paging": {"param": "page", "step": 10},
    "expect": {"min_items": 1},
}  # fmt: skip
TRICKY = [
    "- 줄",
    "#a b",
    "td #b",
    "th:제목",
    "a: b",
    "'",
    '"',
    "@x",
    "%",
    "*",
    "&a",
    "!b",
    "null",
    "yes",
    "12:30",
    "{x}",
    "[1]",
    "끝:",
    "가 #나",
    "\\d+",
    "> a",
    "|",
    "`",
    "a\tb",
    "a\u2028b",
    "123",
    "~",
]


def plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return (
        [plain(one) for one in value]
        if isinstance(value, list | tuple)
        else str(value)
        if not isinstance(value, str)
        else value
    )


def test_a_whole_file_says_what_was_found() -> None:
    """Modeline, agency, comments in Korean, keys in one order, and nothing else."""
    text = draft.text(Draft(keys=dict(reversed(KEYS.items())), agency="가온시", head=("초안",)))
    lines = text.splitlines()
    assert lines[:4] == [draft.MODELINE, "agency: 가온시", "sources:", "  # 초안"]
    assert lines[4].startswith("  - id: a  # ")
    file = yamlfile.parse(text.encode(), "x.yaml")
    assert not file.problems
    assert plain(file.root["sources"][0]) == plain(KEYS)
    assert list(file.root["sources"][0]) == list(KEYS)


@pytest.mark.parametrize("said", TRICKY)
def test_any_word_is_read_back_as_it_was(said: str) -> None:
    """Selectors and titles hold every sign that means something in YAML."""
    file = yamlfile.parse(
        draft.text(Draft(keys={"id": "a", "name": said, "course": {"place": said}})).encode(), "x.yaml"
    )
    assert not file.problems
    got = file.root["sources"][0]
    assert (got["name"], got["course"]["place"]) == (said, said)


FILES = {
    "plain": "agency: 가온\nsources:\n  - id: z\n    name: 옛것   # 설명\n",
    "no end of line": "sources:\n- id: z\n  name: 옛것",
    "windows": "sources:\r\n  - id: z\r\n    name: 옛것\r\n",
    "keys behind": "sources:\n  - id: z\n    name: 옛것\n\n# 아래는 기본값\nagency: 가온\n",
    "mark": "\ufeffsources:\n    - id: z\n      course:\n        apply: x\n      # 끝 설명\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_source_is_added_behind_the_last_and_nothing_else_changes(name: str) -> None:
    """Line ends, marks, comments and the order of everything stay byte for byte."""
    before = FILES[name].encode()
    lines = draft.entry(Draft(keys=KEYS), yamledit.column(before, "x.yaml"))
    after = yamledit.added(before, "x.yaml", lines)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    at = next(i for i, line in enumerate(new) if i >= len(old) or line.rstrip(b"\r\n") != old[i].rstrip(b"\r\n"))
    rest = len(old) - at
    assert [line.rstrip(b"\r\n") for line in new[len(new) - rest :]] == [line.rstrip(b"\r\n") for line in old[at:]]
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    file = yamlfile.parse(after.removeprefix(b"\xef\xbb\xbf"), "x.yaml")
    assert [source["id"] for source in file.root["sources"]] == ["z", "a"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "sources: []\n",
        "sources: [{id: a, name: b}]\n",
        "agency: x\n",
        "sources: x\n",
        "a: [\n",
    ],
)
def test_a_file_without_lines_to_follow_is_refused(body: str) -> None:
    """Then a new file is made instead; nobody's file is rewritten."""
    with pytest.raises(yamledit.p.ConfigError):
        yamledit.added(body.encode(), "x.yaml", draft.entry(Draft(keys=KEYS), 2))
