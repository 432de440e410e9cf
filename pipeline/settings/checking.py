"""Validates one table with one pydantic model and turns its errors into problems with lines.

What does not live here: the sentences (``messages.py``), the models (``schema.py``, plugins).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import pipeline.model as p
from pipeline.settings.messages import sentence
from pipeline.settings.yamlfile import Mark, Row, Table, YamlFile

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value came from: a table of a file, and the mark of its beginning."""

    file: YamlFile
    table: Table
    at: Mark

    def mark(self, *path: Any) -> Mark:
        """Return the mark of a key (its value's when the key itself is right), or of the nearest thing above it."""
        return _walk(self.table, path, self.at)[0]

    def key(self, name: str) -> Mark:
        """Return the mark of a key itself."""
        return self.table.keys_at.get(name, self.at)

    def problem(self, mark: Mark, code: str, message: str, fix: str = "", **more: str) -> p.Problem:
        """Return a problem of this file."""
        return p.Problem(file=self.file.name, line=mark[0], column=mark[1], code=code, message=message, fix=fix, **more)


def check(
    model: type[Model],
    values: Mapping[str, Any],
    spot: Spot,
    *,
    context: Mapping[str, Any] | None = None,
    known: Iterable[str] = (),
    under: tuple[str, ...] = (),
    subject: str = "",
) -> tuple[Model | None, list[p.Problem]]:
    """Return the validated model, or ``None`` and every problem.

    Args:
        model: What the values must be.
        values: A table, or a choice of its keys.
        spot: For lines; paths of errors are followed from its table.
        context: For ``SecretName`` and plugins' own validators.
        known: More keys that are right at the top of ``values``, for suggestions.
        under: Keys between ``spot.table`` and ``values``.
        subject: Source id.
    """
    try:
        return model.model_validate(values, context=context), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, _unique(_problem(model, each, spot, known, under=under, subject=subject) for each in found)


def _unique(problems: Iterable[p.Problem]) -> list[p.Problem]:
    """One problem a place: a union reports each of its branches."""
    first: dict[tuple[int, int, str], p.Problem] = {}
    for problem in problems:
        first.setdefault((problem.line, problem.column, problem.code if problem.code == "missing-key" else ""), problem)
    return list(first.values())


def _problem(
    model: type[BaseModel],
    error: Mapping[str, Any],
    spot: Spot,
    known: Iterable[str],
    *,
    under: tuple[str, ...],
    subject: str,
) -> p.Problem:
    path = tuple(error["loc"])
    mark, walked = _walk(spot.table, under + path, spot.at)
    names = [part for part in path if isinstance(part, str)]
    walked_names = [part for part in walked[len(under) :] if isinstance(part, str)]
    missing = error["type"] == "missing"
    key = (names if missing else walked_names or names or list(under) or [""])[-1]
    if error["type"] == "extra_forbidden":
        mark = _key_mark(spot.table, under + path, mark)
        valid = _keys(model, path[:-1])
        known = valid if len(path) > 1 else {*valid, *known}
    code, message, fix = sentence(error, str(key), known)
    if error["type"] == "string_pattern_mismatch":
        fix = _description(model, path) or fix
    return spot.problem(mark, code, message, fix, subject=subject)


def _walk(table: Any, path: tuple[Any, ...], at: Mark) -> tuple[Mark, tuple[Any, ...]]:
    """Follow a path as far as the file goes; union tags and the like are skipped."""
    walked: list[Any] = []
    for part in path:
        if _has(table, part):
            at, table = table.values_at[part], table[part]
            walked.append(part)
    return at, tuple(walked)


def _has(node: Any, part: Any) -> bool:
    if isinstance(node, Table):
        return part in node
    return isinstance(node, Row) and isinstance(part, int) and part < len(node)


def _key_mark(table: Any, path: tuple[Any, ...], at: Mark) -> Mark:
    for part in path[:-1]:
        if _has(table, part):
            table = table[part]
    return table.keys_at.get(path[-1], at) if isinstance(table, Table) else at


def _keys(model: Any, path: tuple[Any, ...]) -> set[str]:
    """Names that are right under ``path``; empty when the model is not plain enough to tell."""
    for part in path:
        if isinstance(part, str) and _is_model(model) and part in model.model_fields:
            model = _inner(model.model_fields[part].annotation)
    return {field.alias or name for name, field in model.model_fields.items()} if _is_model(model) else set()


def _description(model: Any, path: tuple[Any, ...]) -> str:
    """What the field says of itself: better than a pattern."""
    for part in path[:-1]:
        if isinstance(part, str) and _is_model(model) and part in model.model_fields:
            model = _inner(model.model_fields[part].annotation)
    field = model.model_fields.get(path[-1]) if _is_model(model) and path else None
    return field.description or "" if field else ""


def _inner(annotation: Any) -> Any:
    """The first model inside an annotation such as ``tuple[Part, ...] | None``."""
    if _is_model(annotation):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if found is not None:
            return found
    return None


def _is_model(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseModel)
