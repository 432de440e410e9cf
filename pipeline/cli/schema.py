"""``moa schema``: JSON Schema of the YAML files, for the editor's program.

What does not live here: making it (``settings/jsonschema``).
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipeline.cli.common import Common, common
from pipeline.i18n import _


@click.command(help=_("YAML 파일의 JSON Schema 를 내보냅니다."))
@click.option("--write", is_flag=True, help=_("config/schema/ 에 저장합니다"))
@common
def schema(this: Common, write: bool) -> None:
    """Print the schemas, or write them beside the configuration."""
    from pipeline.settings.jsonschema import schemas

    house = this.house()
    found = schemas(house.registry)
    if not write:
        this.json(found)
        return
    folder = Path(house.settings.project) / "config" / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    if this.as_json:
        this.json({"files": [str(folder / name) for name in found]})
    for name, value in found.items():
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        this.note(str(folder / name))
