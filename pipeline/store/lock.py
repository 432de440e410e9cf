"""One run at a time: a lock that dies with its process (P27).

What does not live here: who takes it (``nightly``, ``deliver``).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store.engine import Database
from pipeline.store.failures import store_error

_RUN_LOCK = 0x6D6F61_0002  # advisory lock of PostgreSQL: "moa", 2; one for each database


@contextmanager
def run_lock(database: Database) -> Iterator[None]:
    """Hold the run lock; a database in memory has none, nobody else can reach it.

    Raises:
        LockedError: Another run holds it; the message names its process and since when.
    """
    if not database.is_sqlite:
        with _advisory(database):
            yield
    elif database.path is None:
        yield
    else:
        with _flock(database.path.with_name(database.path.name + ".lock")):
            yield


@contextmanager
def _flock(path: Path) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise store_error(error, place=str(path)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _locked(_holder(handle)) from error
        # the file stays when the lock ends: removing it would let two runs hold two files of one name
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "host": os.uname().nodename}).encode(), 0)
        yield
    except OSError as error:
        raise store_error(error, place=str(path)) from error
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """Who wrote the lock file, for people; the file's own time tells since when."""
    since = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC)
    try:
        found = json.loads(os.pread(handle, 4096, 0))
        who = f"{found['pid']} ({found['host']})"  # pid@host would be masked as a mail address
    except (ValueError, KeyError, TypeError):
        who = "?"
    return _("프로세스 {who}, {since:%Y-%m-%d %H:%M} (UTC)부터").format(who=who, since=since)


@contextmanager
def _advisory(database: Database) -> Iterator[None]:
    if not database.say(f"SELECT pg_try_advisory_lock({_RUN_LOCK})")[0][0]:
        found = database.say(
            "SELECT a.application_name, a.backend_start FROM pg_locks l"  # noqa: S608 - our own number
            " JOIN pg_stat_activity a ON a.pid = l.pid"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
            f" AND l.classid = {_RUN_LOCK >> 32} AND l.objid = {_RUN_LOCK & 0xFFFFFFFF}"
            " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        who = "?"
        if found and found[0][1] is not None:
            since = found[0][1].astimezone(UTC)
            who = _("프로세스 {who}, {since:%Y-%m-%d %H:%M} (UTC)부터").format(
                who="{} ({})".format(*found[0][0].removeprefix("moa ").partition("@")[::2]), since=since
            )
        raise _locked(who)
    try:
        yield
    finally:
        database.say(f"SELECT pg_advisory_unlock({_RUN_LOCK})")


def _locked(who: str) -> p.LockedError:
    return p.LockedError(
        _("다른 실행이 진행 중입니다 ({who}).").format(who=who),
        hint=_("그 실행이 끝난 뒤 다시 시도해 주세요."),
    )
