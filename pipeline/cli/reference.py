"""Writes ``docs/reference/{cli,config,config.ko,errors,kinds,limits}.md`` from the code (``make docs``).

What does not live here: pages written by hand (``docs/reference/json.md``), the JSON Schema of the YAML files
(``settings/jsonschema``), which this file retells. Everything is told in English, what an editor writes in YAML in
Korean too (``config.ko.md``).
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import pipeline.model as p
from pipeline import i18n
from pipeline.cli.reference_config import cell, config
from pipeline.i18n import _
from pipeline.model import errors, limits
from pipeline.registry import Registry
from pipeline.settings.jsonschema import schemas
from pipeline.settings.presets import Presets

_WIDTH = 100
_GENERATED = "<!-- Written by `make docs` from the code. Do not edit. -->"
_SECTION = re.compile(r"# --- (.+?) -+$")
_LIMIT = re.compile(r"([A-Z_]+): Final = (.+?)(?:  # (.*))?$")
_ROOMS = (
    ("sources", "Sources `kind:`"),
    ("renderers", "Renderers `renderer:`"),
    ("transports", "Transports `transport:`"),
)


def pages(registry: Registry) -> dict[str, str]:
    """Return ``{file name: text}`` of every generated page.

    Raises:
        PluginError: A plugin cannot be imported.
    """
    found = schemas(registry)
    told = {
        "cli.md": _page("Commands", _commands()),
        "config.md": _page("Configuration: every key", config(found, registry)),
        "config.ko.md": _korean(found, registry),
        "errors.md": _page("Errors: who must act", _errors()),
        "kinds.md": _page("Kinds, renderers, transports", _kinds(registry)),
        "limits.md": _page("Limits", _limits()),
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in told.items()}


def _korean(found: Mapping[str, p.Json], registry: Registry) -> list[str]:
    with i18n.speaking("ko"):
        return _page("설정: 모든 항목", config(found, registry))


def _page(title: str, lines: Iterable[str]) -> list[str]:
    return [f"# {title}", "", _GENERATED, "", *lines]


# --- cli.md


def _commands() -> Iterator[str]:
    from pipeline.cli.root import root

    yield "Help is Korean by default; here it is in English (`MOA_LANG=en` or `--lang en`). Exit codes and JSON: [json.md](json.md)."
    yield ""
    settings = {**root.context_settings, "terminal_width": _WIDTH}
    with click.Context(root, info_name="moa", **settings) as context:
        yield from _command(root, context, "moa")


def _command(command: click.Command, context: click.Context, path: str) -> Iterator[str]:
    yield from (f"## `{path}`", "", "```text", *_help(command, context), "```", "")
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is None:
            continue
        with click.Context(inner, parent=context, info_name=name, terminal_width=_WIDTH) as below:
            yield from _command(inner, below, f"{path} {name}")


def _help(command: click.Command, context: click.Context) -> list[str]:
    return [line.rstrip() for line in command.get_help(context).strip().splitlines()]


# --- errors.md, kinds.md, limits.md


def _errors() -> Iterator[str]:
    yield "The report groups errors by who must act; retrying is decided by the class, never by a text. `code` is what JSON shows."
    yield from ("", "| error | `code` | who acts | means |", "|---|---|---|---|")
    for error in leaves():
        yield f"| `{error.__name__}` | `{error.code}` | {error.remedy.value} | {cell(_first_line(error))} |"
    yield from ("", "The whole tree:", "", "```text", *_tree(), "```")


def leaves() -> list[type[p.PipelineError]]:
    """Return every error class that is raised by itself, in the order of the file."""
    found = [x for x in vars(errors).values() if isinstance(x, type) and issubclass(x, p.PipelineError)]
    return [x for x in found if x not in (p.PipelineError, p.SourceError)]


def _tree() -> list[str]:
    told = inspect.getdoc(errors) or ""
    drawn = [line for line in told.splitlines() if re.match(r"\s*(PipelineError|├|│|└)", line)]
    return [line.removeprefix("    ") for line in drawn]


def _first_line(thing: type) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0].replace("``", "`")


def _kinds(registry: Registry) -> Iterator[str]:
    loaders: Mapping[str, Callable[[str], Any]] = {
        "sources": registry.source,
        "renderers": registry.renderer,
        "transports": registry.transport,
    }
    folders = {"sources": "sources", "renderers": "renderers", "transports": "pipeline/deliver/transports"}
    yield "The name of the file is the name in YAML ([ADR-0004](../decisions/0004-plugins-are-modules-found-by-file-name.md))."
    for room, title in _ROOMS:
        yield from ("", f"## {title}", "", "| name | title | file |", "|---|---|---|")
        for name in registry.names(room):
            module = loaders[room](name)
            yield f"| `{name}` | {cell(_(module.TITLE))} | `{folders[room]}/{name}.py` |"
    yield from _presets(registry)
    yield from ("", "What fits together:", "", "| renderer | makes | transports that take it |", "|---|---|---|")
    ends = {name: registry.transport(name) for name in registry.names("transports")}
    for name in registry.names("renderers"):
        made = registry.renderer(name).PRODUCES
        fits = [n for n, t in ends.items() if "*/*" in t.ACCEPTS or made & t.ACCEPTS]
        yield f"| `{name}` | {', '.join(f'`{m}`' for m in sorted(made))} | {', '.join(f'`{n}`' for n in fits)} |"


def _presets(registry: Registry) -> Iterator[str]:
    presets = Presets(None, registry)
    yield from (
        "",
        "## Presets `preset:`",
        "",
        "Board software known by heart ([ADR-0024](../decisions/0024-presets-lie-under-a-source.md)).",
    )
    yield from ("", "| name | title | kind |", "|---|---|---|")
    for name in presets.names():
        if found := presets.get(name):
            yield f"| `{name}` | {cell(found.title)} | `{found.kind}` |"


def _limits() -> Iterator[str]:
    yield "Every number stands in `pipeline/model/limits.py`. What an operator may set starts from these ([config.md](config.md))."
    for line in inspect.getsource(limits).splitlines():
        section, limit = _SECTION.match(line), _LIMIT.match(line)
        if section:
            yield from ("", f"## {section[1].capitalize()}", "", "| limit | value | why |", "|---|---|---|")
        elif limit:
            yield f"| `{limit[1]}` | `{limit[2]}` | {cell(limit[3] or '')} |"


def main(arguments: Sequence[str]) -> None:
    """Write the pages into a folder; its other files are left alone."""
    i18n.use("en")
    folder = Path(arguments[0] if arguments else "docs/reference")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(Registry(installed=False)).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
