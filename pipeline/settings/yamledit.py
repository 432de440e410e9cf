"""Change single keys of one source in its YAML file, or add a source to it; every other line, comment and space stays as it was.

What does not live here: reading (``yamlfile``), which keys to change (``mending``). A file is never written here.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import pipeline.model as p
from pipeline.i18n import _
from pipeline.settings import yamlfile
from pipeline.settings.yamlfile import Row, Table

Value: TypeAlias = str | int | bool | Sequence[str] | Mapping[str, "Value"] | None
_BOM: Final = b"\xef\xbb\xbf"


def edited(body: bytes, name: str, source_id: str, changes: Mapping[str, Value]) -> bytes:
    """Return a file's bytes with these keys of one source changed; ``None`` takes a key out.

    Args:
        body: The file as it is.
        name: How it is called in messages.
        source_id: The source; it must stand in the file as a block, one key a line.
        changes: Keys with plain values: text, number, a list of texts or a table of such.

    Raises:
        ConfigError: The file cannot be read, has no such source or is written in a form that has no lines to change; or
            the edit would have touched anything else.
    """
    text = body.removeprefix(_BOM).decode("utf-8")
    lines = text.split("\n")
    for key, value in sorted(changes.items(), key=lambda change: change[1] is None):
        table = _table("\n".join(lines).encode(), name, source_id)
        lines = _with(lines, table, name, key, value)
    made = "\n".join(lines).encode()
    _prove(body, made, name, source_id, changes)
    return (_BOM if body.startswith(_BOM) else b"") + made


def column(body: bytes, name: str) -> int:
    """Return the column (0 is the left edge) of the dashes of a file's sources.

    Raises:
        ConfigError: There is no list of sources with one key a line that another could be added to.
    """
    rows, lines = _sources(body, name)
    line, at = rows.values_at[-1]
    before = lines[line - 1][: at - 1]
    if before.strip() != "-" or any(lines[m[0] - 1][: m[1] - 1].strip() not in ("", "-") for m in rows.values_at):
        raise _refused(name, (line, at), _("이 파일에는 소스를 이어 적을 수 없습니다."))
    return before.index("-")


def added(body: bytes, name: str, entry: Sequence[str]) -> bytes:
    """Return a file's bytes with one more source behind its last one.

    Args:
        body: The file as it is; it has at least one source.
        name: How it is called in messages.
        entry: The lines of the source, dash and all, indented as ``column`` tells.

    Raises:
        ConfigError: As ``column``, or the file would not say the same and the new source besides.
    """
    column(body, name)
    rows, lines = _sources(body, name)
    last = min(max(rows[-1].lines[1], rows.values_at[-1][0]), len(lines))
    while last > 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    end = "\r" if lines[0].endswith("\r") else ""
    is_last = last == len(lines)
    new = ["" + end, *(line + end for line in entry)]
    before = [*lines[:last]]
    if is_last:  # the file ends without a line end, and goes on doing so
        before[-1] += end
        new[-1] = new[-1].removesuffix("\r")
    text = "\n".join([*before, *new, *lines[last:]]).encode()
    made = (_BOM if body.startswith(_BOM) else b"") + text
    old, now = (yamlfile.parse(one.removeprefix(_BOM), name) for one in (body, made))
    wanted, got = _plain(old.root), _plain(now.root)
    if now.problems or not isinstance(got, dict) or {**got, "sources": got["sources"][:-1]} != wanted:
        raise _refused(name, (0, 0), _("이 파일에는 소스를 이어 적을 수 없습니다."))
    return made


def _sources(body: bytes, name: str) -> tuple[Row, list[str]]:
    plain = body.removeprefix(_BOM)
    file = yamlfile.parse(plain, name)
    rows = file.root.get("sources") if isinstance(file.root, Table) else None
    if file.problems or not isinstance(rows, Row) or not rows or not all(isinstance(row, Table) for row in rows):
        raise _refused(name, (0, 0), _("이 파일에는 소스를 이어 적을 수 없습니다."))
    return rows, plain.decode("utf-8").split("\n")


def keys(body: bytes, name: str, source_id: str) -> frozenset[str]:
    """Return the keys a source has in its file; others may lie under it in a preset.

    Raises:
        ConfigError: As ``edited``.
    """
    return frozenset(_table(body.removeprefix(_BOM), name, source_id))


def diff(before: bytes, after: bytes, name: str) -> str:
    """Return what changed as a unified diff of lines."""
    old, new = (body.removeprefix(_BOM).decode("utf-8").splitlines() for body in (before, after))
    return "\n".join(difflib.unified_diff(old, new, name, name, lineterm="", n=1))


def _table(body: bytes, name: str, source_id: str) -> Table:
    file = yamlfile.parse(body, name)
    sources = file.root.get("sources") if isinstance(file.root, Table) else None
    for table in sources if isinstance(sources, Row) else ():
        if isinstance(table, Table) and table.get("id") == source_id:
            return table
    raise _refused(name, (0, 0), _("'{id}' 소스를 이 파일에서 찾지 못했습니다.").format(id=source_id))


def _refused(name: str, mark: yamlfile.Mark, message: str) -> p.ConfigError:
    fix = _("이 소스는 손으로 고쳐 주세요.")
    return p.ConfigError((p.Problem(file=name, line=mark[0], column=mark[1], code="edit", message=message, fix=fix),))


def _with(lines: list[str], table: Table, name: str, key: str, value: Value) -> list[str]:
    for mark in table.keys_at.values():
        if lines[mark[0] - 1][: mark[1] - 1].strip() not in ("", "-"):
            raise _refused(name, mark, _("한 줄에 여러 항목을 적은 소스는 고칠 수 없습니다."))
    end = "\r" if lines[0].endswith("\r") else ""
    if key not in table:
        if value is None:
            return lines
        place = _last_line(lines, table, max(table.keys_at, key=lambda k: table.keys_at[k]))
        indent = table.keys_at["id"][1] - 1
        made = [*lines[:place], *(line + end for line in _lines(key, value, indent)), *lines[place:]]
        if place == len(lines):  # the file ends without a line end, and goes on doing so
            made[place - 1] += end
            made[-1] = made[-1].removesuffix("\r")
        return made
    at = table.keys_at[key]
    first, last, indent = at[0], _last_line(lines, table, key), at[1] - 1
    start, stop = table.values_at[key], table.ends_at.get(key)
    if isinstance(value, str | int | bool) and stop is not None and start[0] == stop[0]:
        line = lines[first - 1]
        return [*lines[: first - 1], line[: start[1] - 1] + _scalar(value) + line[stop[1] - 1 :], *lines[first:]]
    dash = lines[first - 1][:indent]
    new = _lines(key, value, indent) if value is not None else []
    if dash.strip():
        if not new:
            raise _refused(name, at, _("'{key}' 항목이 첫 줄에 있어 지울 수 없습니다.").format(key=key))
        new[0] = dash + new[0][indent:]
    return [*lines[: first - 1], *(line + end for line in new), *lines[last:]]


def _last_line(lines: Sequence[str], table: Table, key: str) -> int:
    """The last line of a key's value, 1-based; comments and empty lines after it belong to what follows."""
    first = table.keys_at[key][0]
    following = [mark[0] - 1 for mark in table.keys_at.values() if mark[0] > first]
    last = min([*following, max(table.lines[1], first)])
    while last > first and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return last


def _lines(key: str, value: Value, indent: int) -> list[str]:
    space = " " * indent
    if isinstance(value, Mapping):
        inner = [line for name, one in value.items() for line in _lines(name, one, indent + 2)]
        return [f"{space}{key}:", *inner]
    return [f"{space}{key}: {_scalar(value)}"]


def _scalar(value: Value) -> str:
    """Text always quoted: a selector may begin with a sign that means something in YAML."""
    return json.dumps(value, ensure_ascii=False)


def _prove(before: bytes, after: bytes, name: str, source_id: str, changes: Mapping[str, Value]) -> None:
    old, new = (yamlfile.parse(body.removeprefix(_BOM), name) for body in (before, after))
    wanted = _plain(old.root)
    for source in wanted["sources"]:
        if source.get("id") == source_id:
            for key, value in changes.items():
                source.pop(key, None)
                if value is not None:
                    source[key] = _plain(value)
    if new.problems or _plain(new.root) != wanted:
        raise _refused(name, (0, 0), _("이 파일은 안전하게 고칠 수 없습니다."))


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str) else json.dumps(value)
