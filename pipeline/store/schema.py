"""Is the schema the one this code was written for? Makes it, upgrades it through Alembic, refuses a newer one.

What does not live here: the migrations themselves (``migrations/versions``).
Alembic costs more to import than a quiet night: it is imported only when there is something to migrate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipeline.model as p
from pipeline.i18n import _
from pipeline.store import stamp
from pipeline.store.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

HISTORY = (
    "0001",
    "0005",
    "0007",
    "0008",
)  # every released revision, oldest first; a test holds it against the migrations
HEAD = HISTORY[-1]
MIGRATIONS = Path(__file__).parent / "migrations"
NEWBORN = Path(__file__).parent / "newborn.sql"  # a generated file, see ``newborn``
_MIGRATION_LOCK = 0x6D6F61_0001  # advisory lock of PostgreSQL: "moa", 1


def revision(database: Database) -> str | None:
    """Return the stored revision, ``None`` where no store of ours is yet.

    Raises:
        StoreError: Damaged, or somebody else's database (``store-foreign``).

    Cost: two statements on small tables.
    """
    names = _table_names(database)
    if "alembic_version" in names:
        found = database.say("SELECT version_num FROM alembic_version")
        if found:
            return str(found[0][0])
    if database.is_sqlite and names - {"alembic_version"}:
        message = _("다른 프로그램의 데이터베이스입니다: {place}").format(place=database.place)
        raise p.StoreError(message, code="store-foreign")
    return None


def _table_names(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        if database.is_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    )
    return {str(row[0]) for row in database.say(query)}


def refuse_newer(found: str | None) -> None:
    """Refuse a revision this code does not know (P32)."""
    if found is not None and found not in HISTORY:
        raise p.StoreError(
            _("저장소가 이 프로그램보다 새 판에서 만들어졌습니다 ({found}).").format(found=found),
            hint=_("moa 를 새 판으로 올린 뒤 다시 실행해 주세요."),
            code="store-newer",
        )


def upgrade(database: Database) -> bool:
    """Bring the schema to ``HEAD`` in one transaction, stamp a new store; return whether the store was made just now.

    Two programs may try at once: the second waits and finds the work done.
    """
    with database.transaction(durable=True):
        if not database.is_sqlite:
            database.say(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        found = revision(database)
        refuse_newer(found)
        if database.is_sqlite and not _table_names(database):
            _make(database)
        elif found != HEAD:
            from alembic import command  # noqa: PLC0415 - only when there is something to migrate

            command.upgrade(config(database.connection), HEAD)
        if found is None:
            stamp.make(database)
    return found is None


def _make(database: Database) -> None:
    """Fill an empty SQLite file at once with what all migrations would leave."""
    for statement in NEWBORN.read_text("utf-8").split(";\n"):
        database.say(statement)


def config(connection: Any) -> Config:
    """Return Alembic's configuration, bound to an open connection."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
