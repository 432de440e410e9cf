"""The keys of one kind: handed to that plugin's ``Options``, with the common keys it also wants to know.

What does not live here: common keys (``places.py``), sentences (``messages.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pipeline.model as p
from pipeline.i18n import _
from pipeline.registry import Registry
from pipeline.settings.checking import Spot, check
from pipeline.settings.messages import nearest
from pipeline.settings.presets import Preset, Presets, laid_under
from pipeline.settings.schema import COMMON_KEYS, FilePart, Part, SourcePart
from pipeline.settings.secrets import Environment
from pipeline.settings.yamlfile import Table

_PLACE: Final = re.compile(
    r"(?:th|label):|[.#\[*]|(?:a|b|dd|div|dl|dt|em|font|i|li|p|small|span|strong|td|th|time|tr|ul)(?=$|[\s.#\[:>@])"
)


@dataclass(slots=True)
class Ground:
    """What every source of the project stands on.

    Attributes:
        agency: Used where no file names one.
    """

    project: Path
    registry: Registry
    environment: Environment
    fetch: p.FetchRules
    zone: str
    agency: str
    presets: Presets
    shared: dict[Any, Any] = field(default_factory=dict)

    def same(self, value: Any) -> Any:
        """Return one object for all equal values: ten thousand sources mostly have the same policy."""
        return self.shared.setdefault(value, value)


@dataclass(slots=True)
class Secrets:
    """Names of secrets met so far (``names``), and those already noted to have no value."""

    names: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)

    def met(self, spot: Spot, environment: Environment, subject: str = "", *, is_off: bool = False) -> list[p.Problem]:
        """Take in the names just asked for; return a note for each without a value, the first time it is needed."""
        asked = dict.fromkeys(environment.asked)
        environment.asked.clear()
        self.names.update(asked)
        notes = []
        for name in asked:
            if is_off or name in self.noted or environment.get(name):
                continue
            self.noted.add(name)
            text = _("환경 변수 {name}의 값이 없습니다.").format(name=name)
            fix = _(".env 파일에 `{name}=값` 줄을 더하거나 환경 변수로 주세요.").format(name=name)
            mark = next((spot.table.values_at[k] for k, v in spot.table.items() if v == name), spot.at)
            notes.append(spot.problem(mark, "missing-secret", text, fix, severity="note", subject=subject))
        environment.asked.clear()
        return notes


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """One source entry as far as its kind is concerned.

    Attributes:
        common: Its validated common keys, ``None`` when they have mistakes.
        top: Defaults of its file.
        is_off: Disabled: what is absent is a note, not an error.
    """

    spot: Spot
    common: SourcePart | None
    top: FilePart
    subject: str
    is_off: bool = field(kw_only=True)

    def preset(self, presets: Presets) -> tuple[Preset | None, Any, list[p.Problem]]:
        """Return the preset that lies under the source's keys, the kind that follows, and what is wrong with them.

        A source's own ``kind`` or ``preset`` wins over its file's; a file's preset serves the sources of its kind only.
        """
        own = self.common or self.spot.table
        kind, name = (getattr(own, key) if self.common else own.get(key) for key in ("kind", "preset"))  # type: ignore[union-attr]
        is_own = name is not None
        name = name or self.top.preset
        if not isinstance(name, str):
            return None, kind or self.top.kind, []
        preset = presets.get(name)
        if preset is None:
            told = self._no_preset(name, presets)
            severity = "note" if self.is_off else "error"
            return None, kind or self.top.kind or "board", [self._note(("preset",), *told, severity=severity)]
        kind = kind or (preset.kind if is_own else self.top.kind or preset.kind)
        if kind == preset.kind:
            return preset, kind, []
        if not is_own:
            return None, kind, []
        text = _("'{name}' 프리셋은 {kind} 종류에 씁니다.").format(name=name, kind=preset.kind)
        return None, kind, [self._note(("kind",), "preset-kind", text, _("`kind:` 줄을 지우거나 맞추세요."))]

    @staticmethod
    def _no_preset(name: str, presets: Presets) -> tuple[str, str, str]:
        if name in presets.names():
            text = _("'{name}' 프리셋 파일에 잘못이 있습니다.").format(name=name)
            return "broken-preset", text, _("그 파일의 문제부터 고치세요.")
        return "unknown-preset", _("없는 프리셋입니다: {name}").format(name=name), nearest(name, presets.names())

    def options(
        self, kind: Any, preset: Preset | None, ground: Ground, secrets: Secrets
    ) -> tuple[Any, list[p.Problem]]:
        """Return the validated options, or ``None`` and why not."""
        plugin, problems = self._plugin(kind, ground.registry)
        if plugin is None:
            return None, problems
        fields = plugin.Options.model_fields
        ground.environment.asked.clear()
        context = {"environment": ground.environment, "project": str(ground.project)}
        values = _handed(self.spot.table, fields, self.common, self.top, ground)
        values = laid_under(values, preset.use) if preset else values
        options, problems = check(
            plugin.Options, values, self.spot, context=context, known=COMMON_KEYS, subject=self.subject
        )
        if self.is_off:  # what is absent from the entry as a whole is why it is off
            at = self.spot.at
            problems = [replace(q, severity="note") if (q.line, q.column) == at else q for q in problems]
        if self.common and self.common.limits and self.common.limits.pages and "pages" not in fields:
            text = _("이 종류는 limits.pages를 쓰지 않습니다.")
            problems.append(self._note(("limits", "pages"), "unused", text, _("그 줄을 지우세요."), severity="note"))
        problems += secrets.met(self.spot, ground.environment, self.subject, is_off=self.is_off)
        return options, problems

    def _plugin(self, kind: Any, registry: Registry) -> tuple[Any, list[p.Problem]]:
        known = registry.names("sources")
        if kind is None:
            text = _("'{key}' 항목이 빠졌습니다.").format(key="kind")
            return None, [
                self._note((), "missing-key", text, _("쓸 수 있는 종류: {kinds}").format(kinds=", ".join(known)))
            ]
        if not isinstance(kind, str):
            return None, []  # the common keys' check has said so
        if kind not in known:
            text = _("없는 소스 종류입니다: {kind}").format(kind=kind)
            severity = "note" if self.is_off else "error"
            return None, [self._note(("kind",), "unknown-kind", text, nearest(kind, known), severity=severity)]
        try:
            return registry.source(kind), []
        except p.PluginError as error:
            return None, [self._note(("kind",), error.code, str(error))]

    def _note(self, path: tuple[str, ...], code: str, text: str, fix: str = "", severity: str = "error") -> p.Problem:
        mark = self.spot.mark(*path)
        return self.spot.problem(mark, code, text, fix, severity=severity, subject=self.subject)


def _handed(
    table: Table, fields: Mapping[str, Any], common: SourcePart | None, top: FilePart, ground: Ground
) -> dict[str, Any]:
    """The kind's own keys, and the common keys its ``Options`` also wants to know."""
    values = {key: value for key, value in table.items() if key not in COMMON_KEYS}
    if common is None:
        return {**values, **{k: table[k] for k in ("url", "language") if k in table and k in fields}}
    limits = merged(top.limits, common.limits)
    shared = {
        "url": common.url,
        "zone": common.timezone or top.timezone or ground.zone,
        "language": common.language or top.language,
        "pages": limits.get("pages"),
        "max_items": limits.get("items"),
        "department": common.department if is_place(common.department) else None,
    }
    return {**values, **{k: v for k, v in shared.items() if v is not None and k in fields}}


def is_place(department: str | None) -> bool:
    """Whether a source's ``department`` says where a list names it (``th:담당부서``, ``td.team``) instead of its name."""
    return department is not None and _PLACE.match(department) is not None


def merged(*parts: Part | None) -> dict[str, Any]:
    """Keys that were written, later parts over earlier ones."""
    return {k: getattr(part, k) for part in parts if part is not None for k in part.model_fields_set}
