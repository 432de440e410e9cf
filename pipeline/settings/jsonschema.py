"""JSON Schema of the YAML files, for completion and hover in an editor's program (``make schema``).

What does not live here: checking (``project.py``); the schema is a help while writing, ``moa check`` decides.
Generated from the same models that check, one branch a source kind, with Korean descriptions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model.fields import SecretName, TextList
from pipeline.registry import Registry
from pipeline.settings.facets import FacetsPart
from pipeline.settings.presets import PresetPart
from pipeline.settings.schema import ENV_NAME, ChannelPart, FilePart, MoaPart, SourcePart

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"  # what yaml-language-server understands
_LISTED: Final = get_args(TextList)[1].func
_SECRET: Final = get_args(SecretName)[1].func
_HANDED: Final = frozenset(["zone", "max_items", "pages"])  # options settings fill from common keys


class _Words(GenerateJsonSchema):
    """Knows the field types of ``model/fields.py``."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function = schema["function"]["function"]
        if function is _SECRET:
            return {"type": "string", "pattern": ENV_NAME, "examples": ["MOA_SECRET_NAME"]}
        inner = super().function_before_schema(schema)
        return {"anyOf": [{"type": "string"}, inner]} if function is _LISTED else inner


def schemas(registry: Registry) -> Mapping[str, p.Json]:
    """Return ``{file name: schema}`` for ``config/schema/``.

    Raises:
        PluginError: A plugin cannot be imported.
    """
    return {
        "facets.schema.json": {"$schema": _DRAFT, "title": _("모아 낱말 파일"), **_object(FacetsPart, "")[0]},
        "moa.schema.json": _moa(registry),
        "preset.schema.json": _preset_file(registry),
        "source.schema.json": _source_file(registry),
    }


def write(folder: Path, registry: Registry) -> tuple[Path, ...]:
    """Write the schemas into a folder and return the files that changed."""
    changed = []
    for name, body in texts(registry).items():
        file = folder / name
        if not file.is_file() or file.read_text("utf-8") != body:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(body, "utf-8")
            changed.append(file)
    return tuple(changed)


def texts(registry: Registry) -> Mapping[str, str]:
    """Return ``{file name: text}`` exactly as committed."""
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in schemas(registry).items()}


def _moa(registry: Registry) -> p.Json:
    schema, defs = _object(MoaPart, "")
    channel = defs[ChannelPart.__name__]
    channel["properties"]["renderer"]["enum"] = list(registry.names("renderers"))
    channel["properties"]["transport"] = {
        "description": channel["properties"]["transport"]["description"],
        "enum": list(registry.names("transports")),
    }
    rules = []
    for key, name, plugin in _ways_out(registry):
        body, more = _object(plugin.Options, f"{key}.{name}.", leave_out={"templates_dir"})
        defs.update(more)
        defs[f"{key}.{name}"] = body
        inner = {"render" if key == "renderer" else "send": {"$ref": f"#/definitions/{key}.{name}"}}
        is_it = {"properties": {key: {"const": name}}, "required": [key]}
        rules.append({"if": is_it, "then": {"properties": inner}})
    channel["allOf"] = rules
    return {"$schema": _DRAFT, "title": _("모아 설정"), **schema, "definitions": defs}


def _ways_out(registry: Registry) -> Iterator[tuple[str, str, Any]]:
    for name in registry.names("renderers"):
        yield "renderer", name, registry.renderer(name)
    for name in registry.names("transports"):
        yield "transport", name, registry.transport(name)


def _source_file(registry: Registry) -> p.Json:
    top, defs = _object(FilePart, "")
    common, more = _object(SourcePart, "")
    defs.update(more)
    defs["source"] = {"properties": common["properties"]}
    branches = []
    for kind in registry.names("sources"):
        plugin = registry.source(kind)
        own, more = _object(plugin.Options, f"{kind}.", leave_out=_HANDED)
        defs.update(more)
        defs[kind] = _branch(kind, plugin.TITLE, common, own)
        branches.append({"$ref": f"#/definitions/{kind}"})
        if "url" in own["properties"]:
            defs[f"{kind}.preset"] = {**defs[kind], "required": ["id", "name", "preset", "url"]}
            branches.append({"$ref": f"#/definitions/{kind}.preset"})
    defs["disabled"] = {
        "type": "object",
        "title": _("꺼 둔 소스"),
        "properties": {**_refs(common), "enabled": {"const": False}},
        "required": ["id", "name", "enabled"],
    }
    items = {"type": "object", "anyOf": [*branches, {"$ref": "#/definitions/disabled"}]}
    top["properties"]["sources"] = {
        "description": top["properties"]["sources"]["description"],
        "anyOf": [{"type": "array", "items": items}, {"type": "null"}],
    }
    top["properties"]["kind"]["enum"] = list(registry.names("sources"))
    return {"$schema": _DRAFT, "title": _("모아 소스 파일"), **top, "definitions": defs}


def _preset_file(registry: Registry) -> p.Json:
    """Told for every kind that has an address: such kinds read pages of software that others run too."""
    top, defs = _object(PresetPart, "")
    rules = []
    for kind in registry.names("sources"):
        own, more = _object(registry.source(kind).Options, f"{kind}.", leave_out=_HANDED - {"pages"})
        if "url" not in own["properties"]:
            continue
        defs.update(more)
        defs[kind] = {"type": "object", "properties": own["properties"], "additionalProperties": False}
        is_default = kind == PresetPart.model_fields["kind"].default
        is_it = {"properties": {"kind": {"const": kind}}, "required": [] if is_default else ["kind"]}
        rules.append({"if": is_it, "then": {"properties": {"use": {"$ref": f"#/definitions/{kind}"}}}})
    return {"$schema": _DRAFT, "title": _("모아 프리셋 파일"), **top, "allOf": rules, "definitions": defs}


def _branch(kind: str, title: str, common: p.Json, own: p.Json) -> p.Json:
    properties = {**_refs(common), **own["properties"], "kind": {"const": kind, "description": title}}
    if "url" not in own["properties"]:
        properties["url"] = {"$ref": "#/definitions/source/properties/url"}
    required = ["id", "name", "kind", *(key for key in own.get("required", ()) if key in properties)]
    return {
        "type": "object",
        "title": title,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _refs(common: p.Json) -> dict[str, p.Json]:
    return {key: {"$ref": f"#/definitions/source/properties/{key}"} for key in common["properties"]}


def _object(
    model: type[BaseModel], prefix: str, *, leave_out: frozenset[str] | set[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a model and its definitions; English docstrings and class names are left out."""
    schema = model.model_json_schema(
        schema_generator=_Words, ref_template=f"#/definitions/{prefix}{{model}}", mode="validation"
    )
    defs = {f"{prefix}{name}": _plain(each) for name, each in schema.pop("$defs", {}).items()}
    schema["properties"] = {k: v for k, v in schema.get("properties", {}).items() if k not in leave_out}
    return _plain(schema), defs


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for key, value in schema.get("properties", {}).items():
        kept = {k: v for k, v in value.items() if k != "title" and not (k == "default" and v in (None, "", {}, []))}
        branches = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
        if len(branches) == 1:  # "or null" is how a model says "may be absent"; in YAML the line is left out
            kept = {**{k: v for k, v in kept.items() if k != "anyOf"}, **branches[0]}
        elif branches:
            kept["anyOf"] = branches
        properties[key] = kept
    rest = {k: v for k, v in schema.items() if k not in ("title", "description", "properties")}
    return {**rest, "properties": properties} if "properties" in schema else rest
