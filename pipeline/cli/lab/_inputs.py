"""Inputs of a measure, one answer line each, in order: broken ones are answered too and never stop the rest.

What does not live here: what is measured (the files beside).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click

import pipeline.model as p
from pipeline.cli.common import Common
from pipeline.i18n import _

Record: TypeAlias = "dict[str, Any]"
_MOST_BYTES = p.limits.BODY_BYTES

lines_argument = click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
files_argument = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")


class InputError(ValueError):
    """One input cannot be understood; its text is the sentence of the answer."""


def records(files: Sequence[Path]) -> Iterator[Record | InputError]:
    """Yield the JSON object of every line that is not blank, of the files in turn or of standard input.

    A line that is no object, and a file that cannot be opened, are an ``InputError`` in their place.
    """
    if not files:
        yield from _records(sys.stdin.buffer, "-")
    for file in files:
        try:
            with file.open("rb") as lines:
                yield from _records(lines, str(file))
        except OSError as error:
            yield InputError(f"{file}: {error.strerror or error}")


def _records(lines: Iterable[bytes], name: str) -> Iterator[Record | InputError]:
    for number, line in enumerate(lines, start=1):
        if not line.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield InputError(
                _("{file} {line}번째 줄: JSON 이 아닙니다: {why}").format(file=name, line=number, why=error)
            )
            continue
        if isinstance(value, dict):
            yield value
        else:
            yield InputError(_("{file} {line}번째 줄: JSON 객체가 아닙니다.").format(file=name, line=number))


def text(record: Record, name: str, *, default: str | None = None) -> str:
    """Return a text of a record.

    Raises:
        InputError: It is missing (and there is no default) or no text.
    """
    value = record.get(name, default)
    if not isinstance(value, str):
        raise InputError(_("'{name}' 항목이 없거나 글이 아닙니다.").format(name=name))
    return value


def answer_lines(this: Common, files: Sequence[Path], measure: Callable[[Record], Record]) -> None:
    """Print ``measure`` of every record with its ``id`` first; ``{"id", "error"}`` where it raises ``InputError``."""
    for record in records(files):
        if isinstance(record, InputError):
            this.json({"id": None, "error": str(record)})
            continue
        try:
            this.json({"id": record.get("id"), **measure(record)})
        except InputError as error:
            this.json({"id": record.get("id"), "error": str(error)})


def body_of(file: Path) -> bytes:
    """Return the bytes of a saved document.

    Raises:
        InputError: It cannot be read, or is larger than any document the night would take.
    """
    try:
        with file.open("rb") as opened:
            body = opened.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(getattr(error, "strerror", None) or str(error)) from error
    if len(body) > _MOST_BYTES:
        raise InputError(_("문서가 {size}바이트보다 큽니다.").format(size=_MOST_BYTES))
    return body
