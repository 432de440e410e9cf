"""Settings, store, plugins and http, opened and closed in one place.

What does not live here: the order of the night (``nightly.py``), any decision.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pipeline.model as p
from pipeline import log
from pipeline.model.base import record
from pipeline.registry import Registry
from pipeline.settings import environment_of, find_project, load
from pipeline.store.store import Store

ARM_NAME = "MOA_ARM"


@record
class House:
    """Everything a command works with; open only what it needs.

    Attributes:
        environment: The process environment, read once.
        clock: Aware UTC now; a fixed instant under ``--as-of``.
        is_replay: ``--as-of`` stands for the clock: nothing may reach people.
    """

    settings: p.Settings
    registry: Registry
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    is_replay: bool = False

    @property
    def output_dir(self) -> Path:
        """Return the absolute ``output/``."""
        return Path(self.settings.output)

    @property
    def who(self) -> str:
        """Return the name of the person at this computer, for the record of decisions."""
        return self.environment.get("USER") or self.environment.get("LOGNAME") or ""

    @contextlib.contextmanager
    def store(self, *, read_only: bool = False, create: bool = True) -> Iterator[Store]:
        """Open the store; ``read_only`` never migrates and never writes.

        Raises:
            StoreError: It cannot be opened, is damaged, or is newer than this program.
        """
        if not read_only and self.settings.store_url.startswith("sqlite"):
            self.output_dir.mkdir(parents=True, exist_ok=True)
        with Store.open(self.settings.store_url, read_only=read_only, create=create, now=self.clock()) as store:
            yield store

    @contextlib.contextmanager
    def http(self, robots_memory: dict[str, Mapping[str, p.Json]] | None = None) -> Iterator[p.Http]:
        """Open the one door to the web."""
        from pipeline.http import open_http  # noqa: PLC0415 - commands that only read do not need it

        with open_http(self.settings.fetch, robots_memory=robots_memory, wall_clock=self.clock) as http:
            if secrets := log.secrets():
                from pipeline.http.secrecy import Secretive  # noqa: PLC0415 - most installations have no secret

                yield Secretive(http, secrets)
            else:
                yield http

    def is_armed(self, store: Store) -> bool:
        """Whether this environment may reach people: the arm key fits the store's stamp (P51)."""
        key = self.environment.get(ARM_NAME, "")
        return bool(key) and not self.is_replay and key == store.stamp.id


def open_house(
    start: Path,
    project: str | None,
    *,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    is_replay: bool = False,
    verbose: int = 0,
) -> House:
    """Find the project and resolve its configuration.

    Raises:
        ConfigError: There is no project, or ``moa.yaml`` has mistakes (all of them are named).
    """
    registry = Registry()
    folder = find_project(start, project, environment)
    settings = load(folder, environment=environment, registry=registry)
    environment = environment_of(folder, environment)[0]  # ``.env`` below what the process was given
    secrets = [environment.get(name, "") for name in (*settings.secret_names, ARM_NAME)]
    log.configure(level={0: 30, 1: 20}.get(verbose, 10), secrets=secrets)
    return House(settings, registry, environment, clock, is_replay)
