"""Finds plugins by file name and by entry point, and imports one only when it is asked for.

What does not live here: what a plugin must be able to do (``model/protocols.py``), options from YAML (``settings/``).
The file name is the registration (ADR-0004): ``sources/board.py`` serves ``kind: board``, ``transports/kakao_memo.py``
``transport: kakao-memo``; a leading underscore marks a room's own tool. One broken file disables one kind, never the rest.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

import pipeline.model as p
from pipeline.i18n import _
from pipeline.model.base import Value, record, value

if TYPE_CHECKING:
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec

_PIPELINE: Final = Path(__file__).resolve().parent
_ROOMS: Final[Mapping[str, tuple[Path, str]]] = {
    "sources": (_PIPELINE.parent / "sources", "sources"),
    "renderers": (_PIPELINE.parent / "renderers", "renderers"),
    "transports": (_PIPELINE / "deliver" / "transports", "pipeline.deliver.transports"),
}
_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("TITLE", "Options", "fetch", "parse"),
    "renderers": ("TITLE", "PRODUCES", "Options", "render"),
    "transports": ("TITLE", "ACCEPTS", "REACHES_PEOPLE", "Options", "send", "lookup"),
}


@value
class _Place(Value):
    """Where one plugin can be imported from: a module name, and its file when a folder gave it."""

    module: str
    where: str
    file: Path | None = None


@record
class _Room:
    """The plugins of one room: where they are, and those imported."""

    places: dict[str, list[_Place]] = field(default_factory=dict)
    loaded: dict[str, ModuleType | p.PluginError] = field(default_factory=dict)


class Registry:
    """All plugins of this installation.

    Args:
        extra: More folders by room (``sources``, ``renderers``, ``transports``); used by tests and tutorials.
        installed: Whether plugins of other installed packages (entry points ``moa.sources`` …) count.
        builtin: Whether moa's own plugins count.

    Cost: scanning is one directory listing a room, on first use; a plugin is imported on first request.
    """

    def __init__(
        self, extra: Mapping[str, Sequence[Path]] | None = None, *, installed: bool = True, builtin: bool = True
    ) -> None:
        self._extra = extra or {}
        self._builtin = builtin
        self._installed = installed
        self._rooms: dict[str, _Room] = {}
        self._declared: bytes | None = None

    def names(self, room: str) -> tuple[str, ...]:
        """Return every name of a room (``sources``, ``renderers``, ``transports``), sorted; broken plugins included."""
        return tuple(sorted(self._room(room).places))

    def source(self, kind: str) -> p.Source:
        """Return the plugin of a source kind.

        Raises:
            PluginError: Unknown kind, failed import, missing member or a name taken twice; the file is named.
        """
        return cast("p.Source", self._plugin("sources", kind))

    def renderer(self, name: str) -> p.Renderer:
        """Return a renderer. Raises: PluginError as in ``source``."""
        return cast("p.Renderer", self._plugin("renderers", name))

    def transport(self, name: str) -> p.Transport:
        """Return a transport. Raises: PluginError as in ``source``."""
        return cast("p.Transport", self._plugin("transports", name))

    def preset_folders(self) -> tuple[Path, ...]:
        """Return the folders of presets beside the source plugins, moa's own first; they need not exist."""
        folders = [_ROOMS["sources"][0]] if self._builtin else []
        return tuple(folder / "presets" for folder in (*folders, *self._extra.get("sources", ())))

    def problems(self) -> tuple[p.PluginError, ...]:
        """Import every plugin and return what is wrong with each broken one (for ``doctor`` and the contract tests)."""
        found = []
        for room in _ROOMS:
            for name in self.names(room):
                try:
                    self._plugin(room, name)
                except p.PluginError as error:
                    found.append(error)
        return tuple(found)

    def stamp(self) -> str | None:
        """Return a text that changes when any plugin's code does; ``None`` when that cannot be told from files.

        Cost: one ``stat`` a file of the plugin folders; nothing is imported.
        """
        folders = [folder for folder, _package in _ROOMS.values()] if self._builtin else []
        folders += [extra for room in _ROOMS for extra in self._extra.get(room, ())]
        if any(
            place.where == place.module
            for room in _ROOMS
            for each in self._room(room).places.values()
            for place in each
        ):
            return None
        return stamp_of(folders)

    def _room(self, room: str) -> _Room:
        if room not in self._rooms:
            self._rooms[room] = _Room(places=self._scan(room))
        return self._rooms[room]

    def _scan(self, room: str) -> dict[str, list[_Place]]:
        places: dict[str, list[_Place]] = {}
        folder, package = _ROOMS[room]
        for name, file in _plugin_files(folder) if self._builtin else ():
            places.setdefault(name, []).append(
                _Place(module=f"{package}.{file.stem}", where=f"{folder.name}/{file.name}")
            )
        for extra in self._extra.get(room, ()):
            for name, file in _plugin_files(extra):
                module = f"moa_extra_{room}_{abs(hash(str(extra.resolve()))):x}_{name}"
                places.setdefault(name, []).append(_Place(module=module, where=f"{extra.name}/{file.name}", file=file))
        if self._installed:
            if self._declared is None:
                self._declared = _declared()
            for name, module in _entry_points(f"moa.{room}", self._declared):
                places.setdefault(name, []).append(_Place(module=module, where=module))
        return places

    def _plugin(self, room: str, name: str) -> ModuleType:
        known = self._room(room)
        if name not in known.loaded:
            known.loaded[name] = self._load(room, name)
        found = known.loaded[name]
        if isinstance(found, p.PluginError):
            raise found
        return found

    def _load(self, room: str, name: str) -> ModuleType | p.PluginError:
        places = self._room(room).places.get(name, [])
        if not places:
            return _error(name, _("{name} 플러그인이 없습니다.").format(name=name), "unknown-kind")
        if len(places) > 1:
            files = ", ".join(place.where for place in places)
            text = _("{name} 이름을 두 플러그인이 함께 씁니다: {files}").format(name=name, files=files)
            return _error(name, text, "plugin-twice")
        place = places[0]
        try:
            module = _import(place)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's import may raise anything; only its kind is lost
            why = f"{type(error).__name__}: {error}"
            text = _("플러그인 {file} 파일을 불러오지 못했습니다: {why}").format(file=place.where, why=why)
            broken = _error(name, text, "plugin-import")
            broken.__cause__ = error
            return broken
        missing = [member for member in _MEMBERS[room] if not _offers(module, member)]
        if missing:
            text = _("플러그인 {file} 파일에 {members} 항목이 없습니다.").format(
                file=place.where, members=", ".join(missing)
            )
            return _error(name, text, "plugin-member")
        return module


def _offers(module: ModuleType, member: str) -> bool:
    """A plugin may make its ``Options`` when they are asked for (PEP 562): then asking here would be too early."""
    return member in vars(module) or "__getattr__" in vars(module) or hasattr(module, member)


def stamp_of(folders: Sequence[Path]) -> str:
    """Return names, sizes and times of all Python files and tables (YAML) of some folders, as text."""
    words = []
    for folder in folders:
        with suppress(FileNotFoundError), os.scandir(folder) as files:
            for file in files:
                if file.name.endswith((".py", ".yaml")):
                    facts = file.stat()
                    words.append(f"{file.path}:{facts.st_size}:{facts.st_mtime_ns}")
    return "\n".join(sorted(words))


def _plugin_files(folder: Path) -> list[tuple[str, Path]]:
    with suppress(FileNotFoundError, NotADirectoryError):
        names = [name for name in os.listdir(folder) if name.endswith(".py") and not name.startswith(("_", "."))]  # noqa: PTH208 - as above
        return sorted((name[: -len(".py")].replace("_", "-"), folder / name) for name in names)
    return []


def _entry_points(group: str, declared: bytes) -> list[tuple[str, str]]:
    """Return ``(name, module)`` of other packages' plugins.

    ``importlib.metadata`` costs 40 ms, so it is only asked when some installed package mentions the group at all.
    """
    if f"[{group}]".encode() not in declared:
        return []
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    return [(point.name, point.module) for point in entry_points(group=group)]


def _declared() -> bytes:
    """Return what all installed packages say of their entry points. Cost: one ``open`` a package that says something."""
    texts = []
    for place in sys.path:
        with suppress(OSError), os.scandir(place or ".") as found:
            for package in found:
                if package.name.endswith(".dist-info"):
                    with suppress(OSError), open(f"{package.path}/entry_points.txt", "rb") as file:  # noqa: PTH123 - thrice as fast as a Path, some hundred times
                        texts.append(file.read())
    return b"\n".join(texts)


def _import(place: _Place) -> ModuleType:
    if place.file is None:
        return importlib.import_module(place.module)
    if place.module in sys.modules:
        return sys.modules[place.module]
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415 - strangers' plugins only

    spec = cast("ModuleSpec", spec_from_file_location(place.module, place.file))
    module = module_from_spec(spec)
    sys.modules[place.module] = module
    try:
        cast("Loader", spec.loader).exec_module(module)  # a file location always has both
    except BaseException:
        del sys.modules[place.module]
        raise
    return module


def _error(name: str, text: str, code: str) -> p.PluginError:
    return p.PluginError(text, subject=name, code=code)
