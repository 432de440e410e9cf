"""``moa lab feed``: what feed documents say.

What does not live here: reading them (the ``feed`` plugin, found through the registry), the items' JSON (``entry_json``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import pipeline.model as p
from pipeline.cli.common import Common, common, now
from pipeline.cli.entry_json import entry_json
from pipeline.cli.lab._inputs import InputError, Record, body_of, files_argument
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.collect.jobs import Parsed

_PLACE = "https://feed.invalid/_/"  # what relative links of a saved document are relative to; taken back in the answer
_HOST = "https://feed.invalid"
_AHEAD = 32  # files read before their answers are printed; keeps memory flat however many are named


@click.command(help=_("피드 문서를 읽습니다. 문서 하나에 JSON 한 줄"))
@files_argument
@common
def command(this: Common, files: tuple[Path, ...]) -> None:
    """Print ``{"file","format","error","items"}`` for every feed document, of any format and encoding."""
    from pipeline.collect.jobs import Parsed
    from pipeline.collect.workers import Workers
    from pipeline.registry import Registry

    plugin: Any = Registry().source("feed")
    with Workers[Parsed]() as workers:
        for start in range(0, len(files), _AHEAD):
            for answer in _answers(files[start : start + _AHEAD], plugin, workers):
                this.json(answer)


def _answers(files: Sequence[Path], plugin: Any, workers: Any) -> Iterator[Record]:
    """Parse as the night does, in workers that a hostile document cannot take along."""
    from pipeline.collect.jobs import Job

    bodies: dict[str, p.Document | InputError] = {}
    parsed: dict[str, Parsed] = {}
    for number, file in enumerate(files):
        name = f"file-{number}"
        try:
            bodies[name] = document = _document(file)
        except InputError as error:
            bodies[name] = error
            continue
        spec = p.SourceSpec(id=name, name="", kind="feed", options=plugin.Options(url=_PLACE), url=_PLACE)
        workers.submit(Job(spec=spec, module=plugin.__name__, fetched=p.Fetched(documents=(document,)), now=now()))
    while workers.backlog:
        for answer in workers.collect(1.0):
            parsed[answer.source_id] = answer
    for file, (name, body) in zip(files, bodies.items(), strict=True):
        yield {"file": str(file), **_answer(body, parsed.get(name), plugin)}


def _document(file: Path) -> p.Document:
    body = body_of(file)
    return p.Document(url=_PLACE, body=body, body_hash=blake2b(body, digest_size=16).hexdigest(), fetched_at=now())


def _answer(document: p.Document | InputError, parsed: Parsed | None, plugin: Any) -> Record:
    if isinstance(document, InputError):
        return _nothing(str(document))
    if parsed is None or parsed.normalized is None:
        return _nothing(parsed.error.message if parsed and parsed.error else _("문서를 읽던 작업이 갑자기 끝났습니다."))
    items = [entry_json(entry) for entry in parsed.normalized.entries]
    return {"format": plugin.form(document), "error": None, "items": [_placeless(item) for item in items]}


def _nothing(error: str) -> Record:
    return {"format": None, "error": error, "items": []}


def _placeless(value: p.Json) -> p.Json:
    """Take back the address a saved document does not have: what was relative stays relative, what was absent is null."""
    if isinstance(value, dict):
        return {key: _placeless(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_placeless(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_HOST):
        return value.removeprefix(_PLACE).removeprefix(_HOST) or None
    return value
