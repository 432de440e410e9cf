"""Reads one YAML file into tables and lists of text that remember where every key and value stands.

What does not live here: what the keys mean (``schema.py``). The only file that knows PyYAML.
Every scalar stays text (ADR-0009), so ``no``, ``12:30``, ``0777`` and dates arrive as written. Refused with a line:
keys written twice, tabs, anchors and aliases, tags, several documents, files over a size or depth (P58, P60).
Events are read, not nodes: nothing is built for what is refused, and 1,000 sources cost 30 ms instead of 60.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

import pipeline.model as p
from pipeline.i18n import _

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS: Final = frozenset(["~", "null", "Null", "NULL"])
_TEXT_TAGS: Final = frozenset([None, "!", "tag:yaml.org,2002:str"])
_HASH_VALUE: Final = re.compile(r"\s*(#[A-Za-z_-][^#]*)$")  # a comment for people has a space or a Korean word there
Mark = tuple[int, int]  # 1-based line and column


class Table(dict[str, Any]):
    """A YAML mapping; ``keys_at`` and ``values_at`` hold the mark of every key and value, ``lines`` its first and last.

    ``ends_at`` holds where a text of one line ends, exclusive.
    """

    __slots__ = ("ends_at", "keys_at", "lines", "values_at")

    def __init__(self) -> None:
        super().__init__()
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}
        self.ends_at: dict[str, Mark] = {}
        self.lines: tuple[int, int] = (0, 0)


class Row(list[Any]):
    """A YAML list; ``values_at`` holds the mark of every value."""

    __slots__ = ("values_at",)

    def __init__(self) -> None:
        super().__init__()
        self.values_at: list[Mark] = []


@dataclass(slots=True)
class YamlFile:
    """What one file says: ``root`` is ``None`` when the file could not be read at all.

    Attributes:
        name: Path as shown to editors.
        body: Bytes as read, for the configuration hash.
        problems: Mistakes of form, each with its line.
    """

    name: str
    root: Any = None
    body: bytes = b""
    problems: list[p.Problem] = field(default_factory=list)

    def add(self, mark: Mark, code: str, message: str, fix: str = "") -> None:
        """Note a mistake at a mark."""
        self.problems.append(
            p.Problem(file=self.name, line=mark[0], column=mark[1], code=code, message=message, fix=fix)
        )


class _StopError(Exception):
    """The file cannot be read any further; the problem is already noted."""


def read(path: Path, name: str) -> YamlFile:
    """Read a file; never raises for what the file holds.

    Args:
        path: The file.
        name: How it is called in problems.
    """
    try:
        size = path.stat().st_size
        body = path.read_bytes() if size <= p.limits.YAML_BYTES else b""
    except OSError as error:
        file = YamlFile(name)
        file.add((0, 0), "unreadable", _("파일을 열 수 없습니다: {why}").format(why=error.strerror or error))
        return file
    if size > p.limits.YAML_BYTES:
        file = YamlFile(name)
        text = _("파일이 너무 큽니다({size}바이트). {limit}바이트까지 쓸 수 있습니다.")
        file.add(
            (0, 0),
            "too-big",
            text.format(size=size, limit=p.limits.YAML_BYTES),
            _("기관별로 파일을 나누세요."),
        )
        return file
    return parse(body, name)


def parse(body: bytes, name: str) -> YamlFile:
    """Parse the bytes of a file; ``root`` is an empty ``Table`` for an empty file."""
    file = YamlFile(name, body=body)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        file.add((line, 0), "not-utf8", _("UTF-8 글자가 아닙니다."), _("편집기에서 UTF-8로 다시 저장하세요."))
        return file
    try:
        _refuse_tabs(file, text)
        file.root = _Builder(file, yaml.parse(text, Loader=_LOADER)).document()
    except _StopError:
        file.root = None
    except yaml.YAMLError as error:
        file.root = None
        _note_syntax(file, text, error)
    return file


def _refuse_tabs(file: YamlFile, text: str) -> None:
    if "\t" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        column = line.find("\t")
        if column >= 0 and not line.lstrip().startswith("#"):
            file.add((number, column + 1), "tab", _("탭 문자가 있습니다."), _("탭을 빈칸으로 바꾸세요."))
    if file.problems:
        raise _StopError


_SYNTAX: Final = (
    ("mapping values are not allowed", "콜론(:)이 있는 값은 큰따옴표로 감싸고, 줄 앞 빈칸을 확인하세요."),
    ("did not find expected key", "줄 앞 빈칸 수와 따옴표 짝을 확인하세요."),
    ("block collection", "목록(-) 줄의 앞 빈칸 수를 같게 맞추세요."),
    ("could not find expected ':'", "항목 이름 뒤에 콜론(:)과 빈칸을 쓰세요."),
    ("quoted scalar", "따옴표를 닫았는지 확인하세요."),
    ("escape", "큰따옴표 안의 역슬래시(\\)는 두 번 쓰거나 작은따옴표로 감싸세요."),
    ("cannot start any token", "이 글자로 시작하는 값은 큰따옴표로 감싸세요."),
    ("flow", "대괄호·중괄호의 짝을 확인하세요."),
    ("undefined alias", "별표(*)로 시작하는 값은 큰따옴표로 감싸세요."),
    ("control characters", "보이지 않는 특수 문자를 지우세요."),
)


def _note_syntax(file: YamlFile, text: str, error: yaml.YAMLError) -> None:
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if begun is not None and "end of stream" in str(getattr(error, "problem", "")):
        mark = begun  # where the quotation begins helps an editor, the end of the file does not
    mark = mark or begun
    where = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        where = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    why = str(getattr(error, "problem", None) or getattr(error, "reason", "") or error)
    context = f"{why} {getattr(error, 'context', None) or ''}"
    fix = next((hint for words, hint in _SYNTAX if words in context), "들여쓰기와 따옴표를 확인하세요.")
    file.add(where, "syntax", _("YAML 문법에 맞지 않습니다."), _(fix))


class _Builder:
    """Turns parser events into tables, noting what is refused."""

    def __init__(self, file: YamlFile, events: Iterator[Any]) -> None:
        self.file = file
        self.events = events

    def document(self) -> Any:
        """Return the root of the only document."""
        next(self.events)  # stream start
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return Table()
        root = self._value(next(self.events), 1)
        next(self.events)  # document end
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            text = _("한 파일에 문서가 여러 개 있습니다.")
            self._stop(_mark(event), "documents", text, _("`---` 줄을 지우거나 파일을 나누세요."))
        return Table() if root is None else root

    def _stop(self, mark: Mark, code: str, message: str, fix: str = "") -> None:
        self.file.add(mark, code, message, fix)
        raise _StopError

    def _value(self, event: Any, depth: int) -> Any:
        if depth > p.limits.YAML_DEPTH:
            text = _("{limit}단계보다 깊이 들여 쓸 수 없습니다.").format(limit=p.limits.YAML_DEPTH)
            self._stop(_mark(event), "too-deep", text)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            text = _("앵커(&)와 별칭(*)은 쓸 수 없습니다.")
            self.file.add(
                _mark(event), "anchor", text, _("값을 그대로 적거나, &·*로 시작하는 값이면 큰따옴표로 감싸세요.")
            )
            if isinstance(event, yaml.AliasEvent):
                return None
        if event.tag not in _TEXT_TAGS:
            text = _("태그({tag})는 쓸 수 없습니다.").format(tag=event.tag)
            self.file.add(_mark(event), "tag", text, _("!로 시작하는 값이면 큰따옴표로 감싸세요."))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return self._table(event, depth) if isinstance(event, yaml.MappingStartEvent) else self._row(depth)

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        value = str(event.value)
        if not event.style:  # plain, not quoted
            if not value:
                return None
            if value in _NULLS:
                text = _("`{value}`은(는) 값으로 쓸 수 없습니다.").format(value=value)
                self.file.add(_mark(event), "null", text, _("값이 없으면 그 줄을 지우세요."))
                return None
        return value if value.isascii() else unicodedata.normalize("NFC", value)

    def _row(self, depth: int) -> Row:
        row = Row()
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value = self._value(event, depth + 1)
            if value is not None:
                row.append(value)
                row.values_at.append(_mark(event))
        return row

    def _table(self, start: Any, depth: int) -> Table:
        table, seen = Table(), dict[str, Mark]()
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at, key = _mark(event), self._key(event, depth)
            value_event = next(self.events)
            value = self._value(value_event, depth + 1)
            if key is None:
                continue
            if value is None:
                value = self._swallowed(key, value_event)
            if key in seen:
                text = _("'{key}' 항목이 두 번 있습니다(처음은 {line}번째 줄).").format(key=key, line=seen[key][0])
                self.file.add(at, "duplicate-key", text, _("하나만 남기세요."))
                continue
            seen[key] = at
            if value is not None:
                table[key], table.keys_at[key], table.values_at[key] = value, at, _mark(value_event)
                if isinstance(value_event, yaml.ScalarEvent):
                    table.ends_at[key] = _end(value_event)
        table.lines = (start.start_mark.line + 1, _last_line(start, event))
        return table

    def _swallowed(self, key: str, event: Any) -> str | None:
        """Note a selector such as ``#list tr`` without quotation marks, which YAML takes for a comment; return it."""
        lines = self.file.body.decode("utf-8", "replace").split("\n")
        line = lines[event.start_mark.line] if event.start_mark.line < len(lines) else ""
        found = _HASH_VALUE.search(line, event.start_mark.column)
        if found is None:
            return None
        text = _("'{key}' 항목의 값이 #으로 시작해서 주석으로 읽혔습니다.").format(key=key)
        mark = (event.start_mark.line + 1, found.start(1) + 1)
        fix = _('큰따옴표로 감싸세요: {key}: "{value}"').format(key=key, value=found[1].strip())
        self.file.add(mark, "hash-value", text, fix)
        return str(found[1].strip())

    def _key(self, event: Any, depth: int) -> str | None:
        if isinstance(event, yaml.ScalarEvent):
            value: str | None = self._value(event, depth)
            if value is None and event.value == "":
                self.file.add(_mark(event), "empty-key", _("항목 이름이 비었습니다."))
            return value
        self._value(event, depth + 1)
        if not isinstance(event, yaml.AliasEvent):
            self.file.add(_mark(event), "key-form", _("항목 이름은 한 낱말이어야 합니다."))
        return None


def _mark(event: Any) -> Mark:
    return (event.start_mark.line + 1, event.start_mark.column + 1)


def _end(event: Any) -> Mark:
    return (event.end_mark.line + 1, event.end_mark.column + 1)


def _last_line(start: Any, end: Any) -> int:
    """A block ends where the next token starts, a flow mapping on its own line."""
    last = end.end_mark.line + (1 if start.flow_style else 0)
    return int(max(last, start.start_mark.line + 1))
