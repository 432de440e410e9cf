"""A source that was found, as the YAML an editor reads: flat, in one order, each line with what it is for. Pure.

What does not live here: finding it (``probe``), putting it into a file that has others (``settings/yamledit``), proof (``drafting``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pipeline.i18n import _

Value: TypeAlias = str | int | bool | Sequence[str] | Mapping[str, "Value"] | None
MODELINE: Final = "# yaml-language-server: $schema=../schema/source.schema.json"
_ORDER: Final = (
    "id", "name", "kind", "preset", "agency", "url", "channel", "playlists", "rows", "title", "remove", "link", "link_pattern",
    "link_template", "date", "date_pattern", "pinned", "number", "department", "author", "category", "status", "course",
    "paging", "structured_data", "full_text", "expect", "robots",
)  # fmt: skip
_PLAIN: Final = re.compile(r"[A-Za-z0-9가-힣./][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*")
_BREAKS: Final = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff]")  # ends of lines in YAML, or not allowed there bare
_WORDS_OF_YAML: Final = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One source to be written.

    Attributes:
        keys: Its keys with plain values; ``id`` and ``name`` are among them.
        agency: Of a new file; ``""`` leaves the institute's.
        notes: Key → a remark that takes the place of the usual one.
        head: Comment lines over the source.
    """

    keys: Mapping[str, Value]
    agency: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    head: tuple[str, ...] = ()


def text(draft: Draft) -> str:
    """Return a whole file with the one source, ready to be saved under ``config/sources/``."""
    top = [f"agency: {scalar(draft.agency)}"] if draft.agency else []
    return "\n".join([MODELINE, *top, "sources:", *entry(draft, 2)]) + "\n"


def entry(draft: Draft, indent: int) -> list[str]:
    """Return the lines of the source as an item of a list, the dash in this column (0 is the left edge)."""
    space = " " * indent
    said = {**_usual(), **draft.notes}
    known = sorted(draft.keys, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
    lines = [
        line for key in known if draft.keys[key] is not None for line in _lines(key, draft.keys[key], said, indent + 2)
    ]
    head = [f"{space}# {line}" for line in draft.head]
    return [*head, f"{space}- {lines[0][indent + 2 :]}", *lines[1:]]


def _lines(key: str, value: Value, said: Mapping[str, str], indent: int, path: str = "") -> list[str]:
    space, name = " " * indent, f"{path}{key}"
    note = f"  # {said[name]}" if said.get(name) else ""
    if isinstance(value, Mapping):
        if not value:
            return [f"{space}{key}: {{}}{note}"]
        inner = [line for one, under in value.items() for line in _lines(one, under, said, indent + 2, f"{name}.")]
        return [f"{space}{key}:{note}", *inner]
    return [f"{space}{key}: {scalar(value)}{note}"]


def scalar(value: Value) -> str:
    """Return a value as YAML: bare where that can mean nothing else, else in double quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    said = str(value)
    is_plain = _PLAIN.fullmatch(said) and not said.endswith((" ", ":")) and ": " not in said and " #" not in said
    return said if is_plain and said.lower() not in _WORDS_OF_YAML else _quoted(said)


def _quoted(said: str) -> str:
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(said, ensure_ascii=False))


def _usual() -> dict[str, str]:
    return {
        "id": _("바꾸지 않는 영문 이름"),
        "preset": _("알려진 게시판 프로그램"),
        "rows": _("글 한 줄"),
        "title": _("줄 안에서 제목"),
        "date": _("등록일"),
        "date_pattern": _("등록일 칸에서 날짜만 뽑습니다"),
        "pinned": _("고정 공지 표시"),
        "remove": _("제목에서 뺄 것"),
        "link_pattern": _("호출에서 번호를 뽑습니다"),
        "link_template": _("뽑은 번호로 만드는 글 주소"),
        "paging": _("다음 쪽을 여는 방법"),
        "course": _("강좌 정보가 있는 곳"),
        "expect": _("이보다 적으면 알립니다"),
        "channel": _("유튜브 채널"),
    }
