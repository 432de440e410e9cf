"""Field types only the configuration files need: durations, sizes, windows, back-fill, schedules, hosts.

What does not live here: field types plugins share (``model/fields.py``), sentences (``messages.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.model.fields import SecretName, TextList, WebUrl

_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_KOREAN_UNITS: Final = {"초": "s", "분": "m", "시간": "h", "일": "d", "주": "w"}
_BYTES: Final = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KOREAN_DAYS: Final = dict(zip("월화수목금토일", _DAYS, strict=True))
_ITEM_FIELDS: Final = (
    "title",
    "url",
    "published",
    "updated",
    "lead",
    "body",
    "author",
    "department",
    "image",
    "tags",
    "attachments",
    "course",
    "video",
)
_SECRET_HEADERS: Final = re.compile(r"authorization|cookie|token|secret|api-?key|client-id", re.IGNORECASE)


def _duration(value: Any) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw]|초|분|시간|일|주)?", str(value).strip().lower())
    if not found:
        raise PydanticCustomError("duration", "not a duration")
    unit = found[2] or ""
    return float(found[1]) * _SECONDS[_KOREAN_UNITS.get(unit, unit)]


def _size(value: Any) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?i?b?)", str(value).strip().lower())
    unit = found[2] if found else ""
    unit = f"{unit}b" if unit in ("k", "m", "g", "ki", "mi", "gi") else unit
    if not found or unit not in _BYTES:
        raise PydanticCustomError("size", "not a size")
    return int(float(found[1]) * _BYTES[unit])


def _window(value: Any) -> tuple[str, str]:
    if isinstance(value, tuple):
        return value
    if str(value).strip() in ("always", "항상"):
        return ("00:00", "00:00")
    clock = r"((?:[01]?\d|2[0-3]):[0-5]\d|24:00)"
    found = re.fullmatch(rf"{clock}\s*[-~–]\s*{clock}", str(value).strip())
    if not found:
        raise PydanticCustomError("window", "not a window")
    opens, closes = (part.zfill(5) for part in found.groups())
    return (opens, closes)


def _approval(value: Any) -> tuple[Any, float]:
    if isinstance(value, tuple):
        return value
    text = str(value).strip().lower()
    if text in ("auto", "manual"):
        return (text, 0.0)
    head, _space, wait = text.partition(" ")
    if head != "auto-after" or not wait:
        raise PydanticCustomError("approval", "not auto, manual or auto-after SPAN")
    return (head, _duration(wait))


def _backfill(value: Any) -> p.Backfill:
    if isinstance(value, p.Backfill):
        return value
    text = str(value).strip().lower()
    if text == "none":
        return p.Backfill()
    if found := re.fullmatch(r"last\s+(\d{1,5})", text):
        return p.Backfill(mode="last", last=int(found[1]))
    if found := re.fullmatch(r"since\s+(\d{4}-\d{2}-\d{2})", text):
        try:
            return p.Backfill(mode="since", since_on=date.fromisoformat(found[1]))
        except ValueError as error:
            raise PydanticCustomError("backfill", "not a date of the calendar") from error
    raise PydanticCustomError("backfill", "not none, last N or since DATE")


def _schedule(value: Any) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else re.split(r"[,\s]+", str(value).strip())
    days = [_KOREAN_DAYS.get(str(day).strip().removesuffix("요일"), str(day).strip().lower()[:5]) for day in texts]
    days = [day if day == "daily" else day[:3] for day in ("daily" if d == "매일" else d for d in days)]
    if not days or any(day not in (*_DAYS, "daily") for day in days):
        raise PydanticCustomError("schedule", "not daily or weekdays")
    return ("daily",) if "daily" in days else tuple(day for day in _DAYS if day in days)


@dataclass(frozen=True, slots=True)
class RobotsRule:
    """``robots:`` as written: the rule and the recorded permission."""

    robots: p.Robots
    permission: str = ""


def _robots(value: Any) -> RobotsRule:
    if isinstance(value, RobotsRule):
        return value
    if isinstance(value, str):
        head, _colon, text = value.partition(":")
        if value.strip() == "obey":
            return RobotsRule(p.Robots.OBEY)
        value = {head.strip(): text.strip()}
    if not isinstance(value, dict) or list(value) != ["owner-permission"]:
        raise PydanticCustomError("robots", "not obey or owner-permission")
    who = value["owner-permission"]
    if not isinstance(who, str) or len(who.strip()) < 4:
        raise PydanticCustomError("permission", "who permitted it, and when")
    return RobotsRule(p.Robots.OWNER_PERMISSION, who.strip())


def _required(value: tuple[str, ...]) -> tuple[str, ...]:
    course = tuple(f"course.{f.name}" for f in fields(p.RawCourse))
    known = (*_ITEM_FIELDS, *course)
    for name in value:
        if name not in known:
            raise PydanticCustomError("required_field", "unknown field", {"name": name, "known": ", ".join(known)})
    return value


def _hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    for host in value:
        if not re.fullmatch(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", host, re.ASCII):
            raise PydanticCustomError("host", "not host or host:port")
    return value


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", name) or not re.fullmatch(r"[\x20-\x7e]{0,1000}", text):
            raise PydanticCustomError("header", "not a header")
        if _SECRET_HEADERS.search(name):
            raise PydanticCustomError("secret_header", "a header with a secret")
    return value


def _one_line(value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", value):
        raise PydanticCustomError("one_line", "not one line")
    return value


def _store_url(value: str) -> str:
    if value and not re.match(r"(sqlite|postgresql)(\+\w+)?:", value):
        raise PydanticCustomError("store_url", "not sqlite or postgresql")
    return value


def _ascii(value: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]*", value):
        raise PydanticCustomError("ascii", "not printable ASCII")
    return value


def _scalar(pattern: str, *examples: str) -> WithJsonSchema:
    """YAML in an editor is typed: a bare 30 is a number there, text here."""
    text = {"type": "string", "pattern": pattern, "examples": list(examples)}
    return WithJsonSchema({"anyOf": [text, {"type": "number"}]})


Duration = Annotated[
    float, BeforeValidator(_duration), _scalar(r"^\d+(\.\d+)?\s*([smhdw]|초|분|시간|일|주)?$", "30s", "5m", "7d")
]
Size = Annotated[int, BeforeValidator(_size), Field(gt=0), _scalar(r"^\d+(\.\d+)?\s*[kKmMgG]?[iI]?[bB]?$", "10MB")]
Span = Annotated[Duration, Field(gt=0)]
Window = Annotated[
    tuple[str, str],
    BeforeValidator(_window),
    WithJsonSchema({"type": "string", "examples": ["08:00-20:40", "always"]}),
]
Approval = Annotated[
    tuple[Literal["auto", "manual", "auto-after"], float],
    BeforeValidator(_approval),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(auto|manual|auto-after \d+(\.\d+)?\s*([smhdw]|초|분|시간|일|주)?)$",
            "examples": ["auto", "manual", "auto-after 2h"],
        }
    ),
]
BackfillText = Annotated[
    p.Backfill,
    BeforeValidator(_backfill),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(none|last \d+|since \d{4}-\d{2}-\d{2})$", "examples": ["last 10"]}
    ),
]
Schedule = Annotated[
    tuple[str, ...],
    BeforeValidator(_schedule),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"enum": [*_DAYS, "daily"]}}]}),
]
RobotsText = Annotated[
    RobotsRule,
    BeforeValidator(_robots),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "obey"},
                {
                    "type": "object",
                    "properties": {"owner-permission": {"type": "string", "minLength": 4}},
                    "required": ["owner-permission"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
FieldNames = Annotated[TextList, AfterValidator(_required)]
Hosts = Annotated[TextList, AfterValidator(_hosts)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
OneLine = Annotated[str, AfterValidator(_one_line)]
StoreUrl = Annotated[str, AfterValidator(_store_url)]
Ascii = Annotated[str, AfterValidator(_ascii)]

__all__ = [
    "Ascii",
    "BackfillText",
    "Duration",
    "FieldNames",
    "Headers",
    "Hosts",
    "OneLine",
    "RobotsRule",
    "RobotsText",
    "Schedule",
    "SecretName",
    "Size",
    "Span",
    "StoreUrl",
    "WebUrl",
    "Window",
]
