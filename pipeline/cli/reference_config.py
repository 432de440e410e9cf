"""Every key of the YAML files as tables, told from the JSON Schema of ``settings/jsonschema`` (``make docs``).

What does not live here: other pages of the reference and writing them (``reference``). Speaks the active language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import pipeline.model as p
from pipeline.i18n import _
from pipeline.registry import Registry
from pipeline.settings.schema import ENV_NAME

_SPANS = (("h", 3600), ("m", 60), ("s", 1))
_MIB = 1024 * 1024
_DURATION = r"^\d+(\.\d+)?\s*([smhdw]"


def config(found: Mapping[str, p.Json], registry: Registry) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        found: ``jsonschema.schemas``.
        registry: For the names of kinds, renderers and transports.
    """
    moa, source = found["moa.schema.json"], found["source.schema.json"]
    yield _("값 쓰는 법과 비밀값: {link}").format(link="[config/README.md](../../config/README.md)")
    yield from ("", "## config/moa.yaml", "")
    yield from _table(moa, moa["definitions"])
    for key, value in moa["properties"].items():
        part = _definition(_inner(value), moa["definitions"])
        if part is not None:
            path = f"{key}[]" if value.get("type") == "array" else key
            yield from (f"### `{path}`", "", _told(value), "", *_table(part, moa["definitions"]))
    yield from (
        "## config/sources/*.yaml",
        "",
        _("파일 맨 위에 적은 것은 그 파일에 있는 모든 소스의 기본값입니다."),
        "",
    )
    yield from _table(source["definitions"]["source"], source["definitions"])
    for name in ("expect", "limits", "tls"):
        part = _definition(source["properties"][name], source["definitions"])
        yield from (f"### `{name}`", "", *_table(part, source["definitions"]))
    for kind in registry.names("sources"):
        yield from _kind(kind, source["definitions"])
    preset = found["preset.schema.json"]
    yield from ("## config/presets/*.yaml", "", _("게시판 프로그램 하나의 선택자 모음입니다."), "")
    yield from _table(preset, preset["definitions"])
    yield from ("### `match`", "", *_table(preset["definitions"]["MatchPart"], preset["definitions"]))
    facets = found["facets.schema.json"]
    yield from (
        "## config/facets.yaml",
        "",
        _("소식을 한 이야기로 묶을 때 쓰는 낱말입니다. 모아가 아는 낱말에 더해집니다."),
        "",
    )
    yield from _table(facets, {})
    for room, key, written in (("renderers", "renderer", "render"), ("transports", "transport", "send")):
        for name in registry.names(room):
            yield from (f"## `{key}: {name}` → `{written}:`", "")
            yield from _table(moa["definitions"][f"{key}.{name}"], moa["definitions"])


def _kind(kind: str, definitions: Mapping[str, p.Json]) -> Iterator[str]:
    branch = definitions[kind]
    own = {
        key: value
        for key, value in branch["properties"].items()
        if key != "kind" and not str(value.get("$ref", "")).startswith("#/definitions/source/")
    }
    required = [key for key in branch["required"] if key in own]
    yield from (f"## `kind: {kind}`", "", _(branch["title"]), "")
    yield from _example(kind, required or list(own)[:1], own)
    yield from _table({"properties": own, "required": required}, definitions)
    for key, value in own.items():
        part = _definition(_inner(value), definitions)
        if part is not None:
            yield from (f"### `{kind}`: `{key}:`", "", *_table(part, definitions))


def _example(kind: str, keys: Sequence[str], own: Mapping[str, p.Json]) -> Iterator[str]:
    yield from ("```yaml", "sources:", "  - id: example", "    name: 보기", f"    kind: {kind}")
    for key in keys:
        yield f"    {key}: {_json(own[key]['examples'][0])}"
    yield from ("```", "")


def _table(part: p.Json, definitions: Mapping[str, p.Json]) -> Iterator[str]:
    required = part.get("required", ())
    yield from (f"| {_('항목')} | {_('값')} | {_('뜻')} |", "|---|---|---|")
    for key, value in part["properties"].items():
        told = _told(value).rstrip(".")
        examples = [] if "예:" in value.get("description", "") or "pattern" in value else value.get("examples", [])
        example = f" {_('예')}: `{cell(_written(examples[0]))}`" if examples else ""
        mark = f" **({_('필수')})**" if key in required else ""
        yield f"| `{key}`{mark} | {cell(_worth(value, definitions))} | {cell(told)}.{example} |"
    yield ""


def _worth(value: p.Json, definitions: Mapping[str, p.Json]) -> str:
    """Return what may be written, in a few words, and the default."""
    words, spans = _form(value, definitions), _span(value)
    for key, sign in (("minimum", "≥"), ("maximum", "≤")):
        if key in value:
            words += f" {sign} {value[key]}"
    if "default" not in value or isinstance(value["default"], dict):
        return words
    default = value["default"]
    if spans == "time":
        default = next(f"{default / n:g}{unit}" for unit, n in _SPANS if default % n == 0)
    elif spans == "size":
        default = f"{default // _MIB}MiB"
    return f"{words}; {_('기본')} `{_written(default)}`"


def _form(value: p.Json, definitions: Mapping[str, p.Json]) -> str:
    if "$ref" in value:
        part = _definition(value, definitions)
        if part is not None:
            return _("항목 묶음")
        return _form(_target(value, definitions), definitions)
    if value.get("pattern") == ENV_NAME:
        return _("환경 변수 이름")
    if "enum" in value:
        return " · ".join(f"`{word}`" for word in value["enum"])
    if "anyOf" in value:
        spans = {"time": _("시간 `30s` `5m` `2h` `7d`"), "size": _("크기 `500KB` `10MB`")}
        branches = [each for each in value["anyOf"] if each.get("const") != ""]
        either = _(" 또는 ").join(dict.fromkeys(_form(each, definitions) for each in branches))
        return spans.get(_span(value), either)
    names = {"string": _("글자"), "integer": _("정수"), "number": _("숫자"), "object": _("항목 묶음")}
    if value.get("type") == "boolean":
        return "`true` · `false`"
    if value.get("type") == "array":
        return _("목록: {words}").format(words=_form(value.get("items", {}), definitions))
    return names.get(value.get("type", ""), _("값"))


def _span(value: p.Json) -> str:
    """Return ``time`` or ``size`` for values written with a unit."""
    patterns = "".join(str(each.get("pattern", "")) for each in value.get("anyOf", ()))
    if patterns.startswith(_DURATION):
        return "time"
    return "size" if "kKmMgG" in patterns else ""


def _told(value: p.Json) -> str:
    text = str(value.get("description", ""))
    return _(text) if text else ""


def _inner(value: p.Json) -> p.Json:
    return value.get("items", value) if value.get("type") == "array" else value


def _target(value: p.Json, definitions: Mapping[str, p.Json]) -> p.Json:
    parts = str(value.get("$ref", "")).removeprefix("#/definitions/").split("/")
    node: p.Json = definitions
    for part in parts:
        node = node[part]
    return node


def _definition(value: p.Json, definitions: Mapping[str, p.Json]) -> p.Json | None:
    """Return the object a value refers to, ``None`` when it is a plain value."""
    if "$ref" not in value:
        return None
    found = _target(value, definitions)
    return found if "properties" in found else None


def cell(text: str) -> str:
    """Return a text as one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _written(value: object) -> str:
    return value if isinstance(value, str) else _json(value)
