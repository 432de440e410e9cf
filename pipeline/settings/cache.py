"""Remembers a clean load, so that a warm start reads neither YAML nor builds the schema.

What does not live here: loading (``project.py``). For 1,000 sources it saves about 0.15 s of 0.35 s.
The memory begins with its key: every byte of the configuration, and the facts of all code that gives it meaning. It holds no
secret's value (those are put in again from the environment) and may only name our own value classes, so it cannot run code.
"""

from __future__ import annotations

import importlib.util
import io
import os
import pickle
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pipeline
import pipeline.model as p
from pipeline import log
from pipeline.i18n import _
from pipeline.registry import Registry, stamp_of
from pipeline.settings.envelope import standing_for
from pipeline.settings.secrets import environment_of

_FORM: Final = "2"
_PLUGINS: Final = ("sources.", "renderers.", "pipeline.deliver.transports.", "moa_extra_")
_OURS: Final = ("pipeline.model.", *_PLUGINS)
_PLAIN: Final = frozenset(
    f"{module}.{name}"
    for module, names in (
        ("datetime", ("date", "datetime", "timedelta", "timezone")),
        ("builtins", ("set", "frozenset")),
        ("pathlib", ("PosixPath",)),
        ("re", ("_compile",)),
        ("pipeline.model.base", ("restored",)),
    )
    for name in names
)


def load(project: Path, *, environment: Mapping[str, str], registry: Registry) -> p.Settings:
    """Return the settings of a project, from memory when nothing that decides them has changed.

    Args, returns and raises as ``project.load``; a load with errors is never remembered.
    """
    secrets, _notes = environment_of(project, environment)
    key = _key(project, registry)
    file = project / "output" / ".cache" / "settings"
    if key is not None and (known := _remembered(file, key, secrets)) is not None:
        return known
    from pipeline.settings.project import load as load_now  # noqa: PLC0415 - yaml and the schema only when needed

    settings = load_now(project, environment=environment, registry=registry)
    is_clean = all(problem.severity == "note" for problem in settings.problems)
    if is_clean and settings.output == str(project / "output") and key is not None and key == _key(project, registry):
        _remember(file, key, settings, secrets)
    return settings


def _key(project: Path, registry: Registry) -> bytes | None:
    """Return what decides the settings, as it is: comparing bytes costs less than a digest of them and its library."""
    stamp = registry.stamp()
    pydantic = importlib.util.find_spec("pydantic")
    if stamp is None or pydantic is None or pydantic.origin is None:
        return None
    here = Path(__file__).parent
    words = [_FORM, pipeline.__version__, sys.version, str(project), stamp, stamp_of([here, here.parent / "model"])]
    words += [_facts(Path(pydantic.origin)), _facts(project / ".env"), _("꺼 둔 소스입니다.")]
    words += [str((project / "config" / "templates").is_dir())]
    parts = [*map(str.encode, words), *_presets(project, registry)]
    config = project / "config"
    for file in (*sorted(config.glob("*.y*ml")), *sorted(config.glob("sources/*.y*ml"))):
        if file.suffix in (".yaml", ".yml"):
            try:
                parts += [file.name.encode(), file.read_bytes()]
            except OSError:
                return None
    framed = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    return b"%d:%b" % (len(framed), framed)


def _presets(project: Path, registry: Registry) -> list[bytes]:
    """Name, size and time of built-in presets; the project's own byte for byte."""
    words: list[bytes] = []
    for folder in (*registry.preset_folders(), project / "config" / "presets"):
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file.suffix == ".yaml":
                is_own = folder.parent.name == "config"
                words += [str(file).encode(), file.read_bytes() if is_own else _facts(file).encode()]
    return words


def _facts(file: Path) -> str:
    try:
        facts = file.stat()
    except OSError:
        return "-"
    return f"{facts.st_size}:{facts.st_mtime_ns}:{facts.st_mode}"


class _Reader(pickle.Unpickler):
    """Builds our values only, and secrets with today's values."""

    def __init__(self, body: bytes, secrets: Mapping[str, str]) -> None:
        super().__init__(io.BytesIO(body))
        self._secrets = secrets

    def find_class(self, module: str, name: str) -> Any:
        """Return a class the memory may name. Raises: UnpicklingError for any other."""
        if (module, name) == ("pipeline.model.fields", "Secret"):
            return self._secret
        if f"{module}.{name}" in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_PLUGINS) and "." not in name and module not in sys.modules:
            return standing_for(module, name)
        if module.startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")

    def _secret(self, name: str) -> Any:
        return p.Secret(name, self._secrets.get(name, ""))


def _remembered(file: Path, key: bytes, secrets: Mapping[str, str]) -> p.Settings | None:
    """Return what is remembered, or ``None`` when there is nothing, or nothing that may be trusted."""
    try:
        facts = file.stat()
        if facts.st_mode & 0o077 or facts.st_uid != os.geteuid():
            return None
        held = file.read_bytes()
        if not held.startswith(key):
            return None
        settings, store_name, there = _Reader(held[len(key) :], secrets).load()
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - a torn or foreign file may raise anything; the full load follows
        log.get("settings").debug("cache-unreadable", file=str(file), why=type(error).__name__)
        return None
    if not isinstance(settings, p.Settings) or there != _there(settings, secrets):
        return None
    return replace(settings, store_url=secrets[store_name]) if store_name else settings


def _there(settings: p.Settings, secrets: Mapping[str, str]) -> tuple[bool, ...]:
    """Which secrets have a value: notes depend on it."""
    return tuple(bool(secrets.get(name)) for name in settings.secret_names)


def _remember(file: Path, key: bytes, settings: p.Settings, secrets: Mapping[str, str]) -> None:
    store_name = next((n for n in settings.secret_names if secrets.get(n) == settings.store_url), "")
    kept = replace(settings, store_url=f"env:{store_name}") if store_name else settings
    try:
        body = pickle.dumps((kept, store_name, _there(settings, secrets)), protocol=5)
        if _Reader(body, secrets).load()[0] != kept:
            return  # a plugin's options do not survive: its projects load in full every time
        _write(file, key + body)
    except Exception as error:  # noqa: BLE001 - a plugin's options may refuse to be pickled in any way; nothing is lost
        log.get("settings").debug("cache-not-written", file=str(file), why=type(error).__name__)


def _write(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}-{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(body)
    fresh.replace(file)
    for old in file.parent.glob("settings-*"):  # of earlier versions, and of runs that died here
        old.unlink(missing_ok=True)
