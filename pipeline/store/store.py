"""The store: one connection, its nouns, and the only door to a transaction.

What does not live here: any statement on a noun's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store import lock, schema
from pipeline.store import stamp as stamps
from pipeline.store.engine import Database, sqlite_path
from pipeline.store.failures import damaged, store_error
from pipeline.store.light import LightDeliveries, LightDigests, LightEntries, LightPictures
from pipeline.store.runs import Runs
from pipeline.store.source_states import SourceStates

if TYPE_CHECKING:
    from pipeline.store.admin import Admin
    from pipeline.store.deliveries import Deliveries
    from pipeline.store.digests import Digests
    from pipeline.store.entries import Entries
    from pipeline.store.pictures import Pictures

_SQLITE_MAGIC = b"SQLite format 3\0"


class Store:
    """Everything moa remembers; open it with ``Store.open`` and use it as a context manager, from one thread at a time.

    Attributes:
        entries: What we hold to be true.
        digests: Editions, ledger, stories, decisions of editors, small facts.
        deliveries: The outbox.
        pictures: Our own copies of entries' pictures.
        source_states: What is remembered of each source.
        runs: Every run.
    """

    def __init__(self, database: Database, *, is_new: bool = False) -> None:
        self._db = database
        self._is_new = is_new
        self.entries = cast("Entries", LightEntries(database))
        self.digests = cast("Digests", LightDigests(database))
        self.deliveries = cast("Deliveries", LightDeliveries(database))
        self.pictures = cast("Pictures", LightPictures(database))
        self.source_states = SourceStates(database)
        self.runs = Runs(database)

    @classmethod
    def open(cls, url: str, *, read_only: bool = False, create: bool = True, now: datetime | None = None) -> Store:
        """Open a store, making or upgrading its schema where needed.

        Args:
            url: ``sqlite:///path`` or ``postgresql://…`` (psycopg 3).
            read_only: Never writes, never migrates; an older schema is refused.
            create: Make the store where there is none; otherwise that is an error.
            now: Not needed; kept for callers that hand the clock to every door.

        Raises:
            StoreError: ``store-missing``, ``store-damaged``, ``store-newer``, ``store-older`` (read-only),
                ``store-foreign``, ``store-unreachable``, ``store-readonly``, ``store-locked``, ``store-full``.
                A damaged file is left as it is.

        Cost: a connection and two statements; Alembic is imported only to upgrade an older schema.
        """
        del now
        may_create = create and not read_only
        path = sqlite_path(url)
        if path is not None:
            _look_at(path, may_create=may_create)
        database = Database(url, read_only=read_only)
        try:
            return cls(database, is_new=_prepare(database, may_create=may_create))
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        self._db.close()

    @property
    def admin(self) -> Admin:
        """Integrity check, backup, upgrade."""
        from pipeline.store.admin import Admin  # noqa: PLC0415 - for `moa db` only

        return Admin(self._db)

    def transaction(self) -> AbstractContextManager[None]:
        """Begin; commit at the end, roll back on any exception. Keep it short: never over a network call.

        Raises:
            RuntimeError: A transaction is open already.
            StoreError: Nothing was written.
        """
        return self._db.transaction()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run lock of this store; it dies with the process.

        Raises:
            LockedError: At once, naming the process that holds it and since when.
        """
        with lock.run_lock(self._db):
            yield

    @property
    def place(self) -> str:
        """Where the store is, for people; without a password."""
        return self._db.place

    @property
    def is_fresh(self) -> bool:
        """Whether no run ever finished in this store: nothing is sent from it (P29). Cost: one row."""
        return self._is_new or not self.runs.has_finished()

    @property
    def stamp(self) -> stamps.Stamp:
        """The environment stamp. Cost: one row."""
        return stamps.read(self._db)

    def stamp_matches(self) -> bool:
        """Whether the store lives where it was made or adopted; a copy does not, and must not send. Cost: one row."""
        return self.stamp.place == stamps.here(self._db)

    def adopt(self) -> stamps.Stamp:
        """Stamp this store as living here, with a new id (a person decided it). Cost: one row."""
        with self._db.writing(durable=True):
            return stamps.make(self._db)


def _look_at(path: Path, *, may_create: bool) -> None:
    """Tell a missing or damaged SQLite file before SQLite touches it; a damaged one is never written to (P29)."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
            size = path.stat().st_size
    except FileNotFoundError as error:
        if not may_create:
            message = _("저장소가 없습니다: {place}").format(place=path)
            raise p.StoreError(message, hint=_("먼저 `moa run` 을 실행해 주세요."), code="store-missing") from error
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as failed:
            raise store_error(failed, place=str(path)) from failed
        return
    except OSError as error:
        raise store_error(error, place=str(path)) from error
    if not head:  # an empty file is an empty database
        return
    if len(head) < 100 or not head.startswith(_SQLITE_MAGIC):
        raise damaged("file is not a database", place=str(path))
    # https://www.sqlite.org/fileformat2.html §1.3: the page count holds where the two counters agree; a log beside
    # the file may still bring the missing pages
    page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    is_sure = head[24:28] == head[92:96] and not path.with_name(path.name + "-wal").exists()
    if is_sure and size < pages * (65536 if page == 1 else page):
        raise damaged("file is too short", place=str(path))


def _prepare(database: Database, *, may_create: bool) -> bool:
    """Check the schema, migrate if need be; return whether the store was made just now."""
    found = schema.revision(database)
    schema.refuse_newer(found)
    if found == schema.HEAD:
        return False
    if database.read_only and found is not None:
        raise p.StoreError(
            _("저장소가 이전 판의 것입니다: {place}").format(place=database.place),
            hint=_("`moa db upgrade` 를 실행해 주세요."),
            code="store-older",
        )
    if found is None and not may_create:
        message = _("저장소가 없습니다: {place}").format(place=database.place)
        raise p.StoreError(message, hint=_("먼저 `moa run` 을 실행해 주세요."), code="store-missing")
    return schema.upgrade(database)
