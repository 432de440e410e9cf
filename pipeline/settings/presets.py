"""Board software known by heart: ``presets/*.yaml`` -> the keys that ``preset: name`` gives a source.

What does not live here: the presets themselves (``sources/presets/``, a project's ``config/presets/``), recognising one on
a page (``discover``), a source's own keys (``kinds.py``), which always win. Source: ADR-0024.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model.fields import TextList
from pipeline.registry import Registry
from pipeline.settings import yamlfile
from pipeline.settings.checking import Spot, check
from pipeline.settings.leaks import refuse_values
from pipeline.settings.messages import nearest
from pipeline.settings.schema import Part
from pipeline.settings.units import OneLine
from pipeline.settings.yamlfile import Table, YamlFile

FOLDER: Final = Path("config") / "presets"
_STAND_IN: Final = "https://www.example.go.kr/list"  # a preset has no address of its own
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def _patterns(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            re.compile(value)
        except re.error as error:
            raise PydanticCustomError("pattern", "not a regular expression") from error
    return values


def _marks(values: tuple[str, ...]) -> tuple[str, ...]:
    from pipeline.text import select  # noqa: PLC0415 - lexbor, only where presets are read

    for value in values:
        if "||" in value or not select.is_valid(value) or not select.pick(value).css:
            raise PydanticCustomError("selector", "not a CSS selector")
    return values


class MatchPart(Part):
    """How a page shows which software made it, whatever its host."""

    url: Annotated[TextList, AfterValidator(_patterns)] = Field(
        (), description="목록 주소의 정규식. 하나라도 맞으면 됩니다."
    )
    page: Annotated[TextList, AfterValidator(_marks)] = Field(
        (), description="화면에 있어야 할 CSS 선택자. 모두 있어야 합니다."
    )


class PresetPart(Part):
    """One file of ``presets/``."""

    title: OneLine = Field(min_length=1, description="사람이 읽는 게시판 프로그램 이름.")
    kind: str = Field("board", min_length=1, description="소스 종류.")
    note: str = Field("", description="사람을 위한 메모.")
    match: MatchPart = Field(MatchPart(), description="이 게시판임을 알아보는 표시.")
    use: dict[str, object] = Field(description="소스에 주는 항목. 소스에 적은 것이 우선합니다.")


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset as far as sources and ``discover`` need it.

    Attributes:
        use: Keys of the kind, as text and tables; the source's own win.
        urls: Regular expressions of list addresses, any of which fits; none fits all.
        marks: CSS of what must stand on the page, all of it.
    """

    name: str
    title: str
    kind: str
    use: Mapping[str, Any]
    urls: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(slots=True)
class Presets:
    """The presets of one project, each read when it is first asked for; the project's win over the built-in ones.

    Attributes:
        project: Its folder; ``None`` for the built-in presets alone.
        problems: What is wrong with the files read so far.
        bodies: ``(name, bytes)`` of the project's files read so far, for the configuration hash.
    """

    project: Path | None
    registry: Registry
    problems: list[p.Problem] = field(default_factory=list)
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    _files: dict[str, tuple[Path, str]] | None = None
    _read: dict[str, Preset | None] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return every name, sorted. Cost: one directory listing."""
        return tuple(sorted(self._known()))

    def get(self, name: str) -> Preset | None:
        """Return a preset, ``None`` when there is none or its file has mistakes (then ``problems`` says which)."""
        if name not in self._read:
            found = self._known().get(name)
            self._read[name] = self._load(name, *found) if found else None
        return self._read[name]

    def check_own(self) -> None:
        """Read every preset of the project, so that ``moa check`` names mistakes in unused ones too."""
        for name, (_path, shown) in self._known().items():
            if shown.startswith(FOLDER.as_posix()):
                self.get(name)

    def _known(self) -> dict[str, tuple[Path, str]]:
        if self._files is None:
            self._files = {}
            own = [self.project / FOLDER] if self.project else []
            for folder in (*self.registry.preset_folders(), *own):
                shown = FOLDER.as_posix() if folder in own else f"{folder.parent.name}/{folder.name}"
                self._files.update({file.stem: (file, f"{shown}/{file.name}") for file in _yaml_files(folder)})
        return self._files

    def _load(self, name: str, path: Path, shown: str) -> Preset | None:
        file = yamlfile.read(path, shown)
        refuse_values(file)
        if shown.startswith(FOLDER.as_posix()):
            self.bodies.append((shown, file.body))
        preset = self._checked(name, file)
        self.problems += file.problems
        return preset if not file.problems else None

    def _checked(self, name: str, file: YamlFile) -> Preset | None:
        if not _NAME.fullmatch(name):
            fix = _("영문 소문자·숫자·-·_ 64자까지, 소문자나 숫자로 시작합니다.")
            file.add((1, 1), "slug", _("프리셋 파일 이름이 올바르지 않습니다."), fix)
        if not isinstance(file.root, Table):
            if file.root is not None:
                file.add((1, 1), "file-form", _("프리셋 파일은 `이름: 값` 줄로 써야 합니다."))
            return None
        part, problems = check(PresetPart, file.root, Spot(file, file.root, (1, 1)))
        file.problems += problems
        if part is None or not isinstance(file.root["use"], Table):
            return None
        return self._fitting(name, part, file, file.root["use"])

    def _fitting(self, name: str, part: PresetPart, file: YamlFile, use: Table) -> Preset | None:
        """Check the keys against the kind that is to read them."""
        spot = Spot(file, use, file.root.values_at["use"])
        try:
            plugin = self.registry.source(part.kind)
        except p.PluginError as error:
            fix = nearest(part.kind, self.registry.names("sources"))
            file.add(file.root.values_at.get("kind", (1, 1)), error.code, str(error), fix)
            return None
        values = {"url": _STAND_IN, **use} if "url" in plugin.Options.model_fields else dict(use)
        _options, problems = check(plugin.Options, values, spot)
        file.problems += problems
        return Preset(name, part.title, part.kind, use, part.match.url, part.match.page)


def laid_under(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source's own keys with a preset's where it has none; tables are joined key by key."""
    joined = {**given, **own}
    for key, value in given.items():
        if isinstance(value, Mapping) and isinstance(own.get(key), Mapping):
            joined[key] = laid_under(own[key], value)
    return joined


def _yaml_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(f for f in folder.iterdir() if f.suffix == ".yaml" and not f.name.startswith("."))
