"""YAML arrives as text with marks; what could surprise is refused with its line."""

from pathlib import Path

import pytest

import pipeline.model as p
from pipeline.settings.yamlfile import Row, Table, parse, read


def codes(body: str | bytes) -> list[tuple[str, int, int]]:
    file = parse(body if isinstance(body, bytes) else body.encode(), "a.yaml")
    return [(q.code, q.line, q.column) for q in file.problems]


@pytest.mark.parametrize(
    "word", ["no", "on", "12:30", "0777", "1_000", "2026-11-23", "1e3", "0x1F", "true", ".inf", "=", "190:20:30"]
)
def test_a_scalar_is_taken_as_written(word: str) -> None:
    """No word becomes a number, a date or a truth by itself, as key or as value."""
    file = parse(f"{word}: {word}\n".encode(), "a.yaml")
    assert (file.root, file.problems) == ({word: word}, [])


def test_marks_count_letters() -> None:
    """Lines and columns are 1-based and count Korean letters as one."""
    root = parse("가나: 다\n라:\n  - 마\n  - {바: 사}\n".encode(), "a.yaml").root
    assert isinstance(root, Table)
    assert root.values_at["가나"] == (1, 5)
    assert root.keys_at["라"] == (2, 1)
    row = root["라"]
    assert isinstance(row, Row)
    assert row.values_at == [(3, 5), (4, 5)]
    assert row[1].values_at["바"] == (4, 9)


@pytest.mark.parametrize("body", ["", "\n", "# only a comment\n", "---\n", "\ufeff", "\ufeffa: b\n"])
def test_empty_files_and_a_bom_are_fine(body: str) -> None:
    """A file without content says nothing; a byte order mark is not content."""
    file = parse(body.encode(), "a.yaml")
    assert file.problems == []
    assert file.root in ({}, {"a": "b"})


def test_an_empty_value_is_an_absent_line() -> None:
    """``topics:`` with nothing behind it is as if the line were not there; a quoted empty text is a text."""
    assert parse(b"a:\nb: ''\nc: [x, ]\nd:\n  -\n", "a.yaml").root == {"b": "", "c": ["x"], "d": []}


def test_korean_in_pieces_is_put_together() -> None:
    """A name typed on a machine that decomposes syllables is the same name."""
    assert parse(b"a: \xe1\x84\x80\xe1\x85\xa1\n", "a.yaml").root == {"a": "가"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a: 1\na: 2\n", [("duplicate-key", 2, 1)]),
        ("a: {b: 1, b: 2}\n", [("duplicate-key", 1, 11)]),
        ("a:\n\tb: 1\n", [("tab", 2, 1)]),
        ("a: &x 1\nb: *x\n", [("anchor", 1, 4), ("anchor", 2, 4)]),
        ("a: !!int 1\nb: !x y\n", [("tag", 1, 4), ("tag", 2, 4)]),
        ("a: ~\nb: null\n", [("null", 1, 4), ("null", 2, 4)]),
        ("a: 1\n---\nb: 2\n", [("documents", 2, 1)]),
        ("? [a, b]\n: c\n", [("key-form", 1, 3)]),
        ("?\n: c\n", [("empty-key", 1, 2)]),
        ("a: [1\n", [("syntax", 2, 1)]),
        ("a: 'x\n", [("syntax", 1, 4)]),
        ("a: \x07\n", [("syntax", 1, 4)]),
        ("a: @x\n", [("syntax", 1, 4)]),
        (b"ok: 1\na: \xff\n", [("not-utf8", 2, 0)]),
        ("가".encode("utf-16"), [("not-utf8", 1, 0)]),
        ("a: " + "[" * p.limits.YAML_DEPTH + "]" * p.limits.YAML_DEPTH, [("too-deep", 1, 23)]),
    ],
)
def test_refused_with_its_place(body: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    """Each refusal names its line and column."""
    assert codes(body) == expected


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    """Aliases are never followed."""
    body = "a: &a [x]\n" + "".join(f"k{i}: &k{i} [*a, *a]\n" for i in range(50))
    file = parse(body.encode(), "a.yaml")
    assert {q.code for q in file.problems} == {"anchor"}


def test_size_and_missing_file(tmp_path: Path) -> None:
    """A file over the cap is not parsed at all; one that cannot be opened is a problem, not a crash."""
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (p.limits.YAML_BYTES + 1))
    assert [q.code for q in read(big, "big.yaml").problems] == ["too-big"]
    assert read(big, "big.yaml").root is None
    assert [q.code for q in read(tmp_path / "no.yaml", "no.yaml").problems] == ["unreadable"]


@pytest.mark.parametrize("body", [b"a: b\n", b"\xef\xbb\xbfa: b\n"])
def test_the_body_is_kept(tmp_path: Path, body: bytes) -> None:
    """The configuration hash is made of the bytes as they are."""
    (tmp_path / "a.yaml").write_bytes(body)
    assert read(tmp_path / "a.yaml", "a.yaml").body == body
