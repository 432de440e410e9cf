"""Where a store lives: so that a copy of it knows that it is one and sends nothing (P51).

What does not live here: refusing to send (``deliver``).
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.model.base import Value, value
from pipeline.store import meta
from pipeline.store.engine import Database

_MACHINE_ID = Path("/etc/machine-id")


@value
class Stamp(Value):
    """Identity of a store.

    Attributes:
        id: Random, made with the store and again by ``adopt``; the arm key of this environment.
        place: Fingerprint of the machine and path, or of the PostgreSQL host and database.
    """

    id: str
    place: str


def here(database: Database) -> str:
    """Return the fingerprint of the place the database is opened at now."""
    if database.is_sqlite:
        where = f"{_machine()}\n{database.path or ':memory:'}"
    else:
        url = database.url
        host = url.host or str(url.query.get("host", "")) or _machine()
        where = f"{host}\n{url.port or 5432}\n{url.database}"
    from hashlib import sha256  # noqa: PLC0415 - asked where something may be sent; OpenSSL is dear to load

    return sha256(where.encode()).hexdigest()[:32]


def _machine() -> str:
    try:
        found = _MACHINE_ID.read_text("ascii", "replace").strip()
    except OSError:
        found = ""
    return found or os.uname().nodename


def make(database: Database) -> Stamp:
    """Stamp the store as living here, under a new id; call inside a transaction or alone."""
    import secrets  # noqa: PLC0415 - once in a store's life

    stamp = Stamp(id=secrets.token_hex(8), place=here(database))
    meta.write(database, meta.STAMP, {"id": stamp.id, "place": stamp.place})
    return stamp


def read(database: Database) -> Stamp:
    """Return the store's stamp; an empty one where none was ever made."""
    found = meta.read(database, meta.STAMP) or {}
    return Stamp(id=str(found.get("id", "")), place=str(found.get("place", "")))
