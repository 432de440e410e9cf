"""What drafting works with: the project, its plugins, the door to the web; and a YAML text loaded as the night will load it.

What does not live here: leads and proofs (``proving``), files of the project (``placing``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pipeline.model as p
from pipeline.discover import naming
from pipeline.registry import Registry
from pipeline.settings import yamlfile
from pipeline.settings.presets import Preset, Presets
from pipeline.settings.project import load
from pipeline.settings.yamlfile import Table

SOURCES: Final = Path("config") / "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One project at work.

    Attributes:
        environment: With the project's ``.env``.
        permission: "who, when" the owner of the place allowed it, ``""`` when nobody was asked.
    """

    project: Path
    settings: p.Settings
    registry: Registry
    environment: Mapping[str, str]
    http: p.Http
    now: datetime
    permission: str = ""

    @property
    def policy(self) -> p.FetchPolicy:
        """How a place that is no source yet may be fetched."""
        fetch = self.settings.fetch
        robots = p.Robots.OWNER_PERMISSION if self.permission else p.Robots.OBEY
        return p.FetchPolicy(
            robots=robots,
            permission=self.permission,
            max_bytes=fetch.max_bytes,
            timeout_s=fetch.timeout_s,
            deadline_s=fetch.deadline_s,
        )

    @property
    def taken(self) -> frozenset[str]:
        """Ids that are in use, also of sources with mistakes."""
        return frozenset(
            [
                *(spec.id for spec in self.settings.sources),
                *(one.subject for one in self.settings.problems if one.subject),
            ]
        )

    def presets(self) -> tuple[Preset, ...]:
        """Return every preset of the project and of moa that can be read."""
        known = Presets(self.project, self.registry)
        return tuple(preset for name in known.names() if (preset := known.get(name)) is not None)


def loaded(desk: Desk, body: bytes, name: str, source_id: str) -> tuple[p.SourceSpec | None, tuple[p.Problem, ...]]:
    """Return the source a file would give beside the project's others, and every mistake in that file.

    Args:
        desk: The project; nothing of it is changed.
        body: The file's bytes.
        name: Its name under ``config/sources/``; a file of that name is thought away.
        source_id: The source.

    Raises:
        ConfigError: The project's ``moa.yaml`` cannot be read, or would no longer fit.

    Cost: one load of the whole configuration.
    """
    with tempfile.TemporaryDirectory(prefix="moa-draft-") as folder:
        stand_in = Path(folder)
        _mirror(desk.project, stand_in, name)
        (stand_in / SOURCES / name).write_bytes(body)
        settings = load(stand_in, environment=desk.environment, registry=desk.registry)
    shown = f"{SOURCES.as_posix()}/{name}"
    wrong = [one for one in settings.problems if one.severity == "error" and one.file == shown]
    spec = next((one for one in settings.sources if one.id == source_id and one.where[0] == shown), None)
    return spec, tuple(wrong)


def _mirror(project: Path, stand_in: Path, without: str) -> None:
    """Everything of the project under its own name, one file of sources left out: settings may name any file of it."""
    sources = stand_in / SOURCES
    sources.mkdir(parents=True)
    for file in project.iterdir():
        if file.name != SOURCES.parts[0]:
            (stand_in / file.name).symlink_to(file.resolve())
    for file in (project / "config").iterdir():
        if file.name != SOURCES.name:
            (stand_in / "config" / file.name).symlink_to(file.resolve())
    own: Sequence[Path] = list((project / SOURCES).iterdir()) if (project / SOURCES).is_dir() else []
    for file in own:
        if file.name != without:
            (sources / file.name).symlink_to(file.resolve())


def agency_of(desk: Desk, url: str) -> str:
    """Return the agency of the one file whose sources stand on the same site, ``""`` when there is none or more than one."""
    name = same_site(desk, url)
    return agency_in(desk.project / name) if name else ""


def same_site(desk: Desk, url: str) -> str:
    """Return the one file whose sources stand on the same site, ``""`` where none or several do, or where all the world does."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if not host or naming.is_shared(host):
        return ""
    specs = desk.settings.sources
    files = {spec.where[0] for spec in specs if (urlsplit(spec.url).hostname or "").removeprefix("www.") == host}
    return files.pop() if len(files) == 1 else ""


def agency_in(path: Path) -> str:
    """Return the agency a file of sources names at its top, ``""`` when none."""
    root = yamlfile.read(path, path.name).root
    said = root.get("agency") if isinstance(root, Table) else None
    return said if isinstance(said, str) else ""
