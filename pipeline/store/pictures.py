"""Pictures: which of our own copies exist, which are still to be fetched, and why others are not.

What does not live here: the files (``pipeline/media.py``), fetching and drawing them (``collect/media``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

import pipeline.model as p
from pipeline.store import rows
from pipeline.store.engine import Database, chunks
from pipeline.store.meta import bump
from pipeline.store.tables import pictures


class Pictures:
    """Every picture an entry named and that was or will be asked for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, urls: Iterable[str]) -> Mapping[str, p.KnownPicture]:
        """Return what is known of these addresses. Cost: one indexed query for each 500."""
        found: dict[str, p.KnownPicture] = {}
        for part in chunks(sorted(set(urls))):
            found |= {row["url"]: _row(row) for row in self._db.rows(select(pictures).where(pictures.c.url.in_(part)))}
        return found

    def made(self) -> Mapping[str, p.Picture]:
        """Return every picture that has files, by address. Cost: a scan; only on a night that publishes."""
        query = select(pictures).where(pictures.c.problem == "", pictures.c.again_at.is_(None))
        return {row["url"]: _row(row).picture for row in self._db.rows(query)}

    def due(self, now: datetime, limit: int) -> tuple[p.KnownPicture, ...]:
        """Return pictures to be asked for now, those waiting longest first. Cost: one indexed query."""
        query = select(pictures).where(pictures.c.again_at <= now).order_by(pictures.c.again_at, pictures.c.url)
        return tuple(_row(row) for row in self._db.rows(query.limit(limit)))

    def next_at(self) -> datetime | None:
        """Return when the next picture is due, ``None`` when none waits. Cost: one indexed query."""
        at: datetime | None = self._db.rows(select(func.min(pictures.c.again_at).label("at")))[0]["at"]
        return at

    def save(self, fresh: Sequence[p.KnownPicture]) -> None:
        """Keep these rows, each replacing what was known; pages may show other pictures afterwards.

        Cost: one executemany.
        """
        if not fresh:
            return
        with self._db.writing():
            insert = self._db.upsert(pictures)
            columns = [c.name for c in pictures.c if c.name != "url"]
            told = insert.on_conflict_do_update(
                index_elements=["url"], set_={name: insert.excluded[name] for name in columns}
            )
            self._db.execute(told, [_held(row) for row in fresh])
            if any(row.picture.files for row in fresh):
                bump(self._db)

    def forget(self, urls: Collection[str]) -> None:
        """Forget these; an entry that names one again brings it back. Cost: one statement for each 500."""
        with self._db.writing():
            for part in chunks(sorted(urls)):
                self._db.execute(delete(pictures).where(pictures.c.url.in_(part)))

    def all(self) -> tuple[p.KnownPicture, ...]:
        """Return every row. Cost: a scan; for ``moa db media``."""
        return tuple(_row(row) for row in self._db.rows(select(pictures).order_by(pictures.c.url)))


def _held(row: p.KnownPicture) -> dict[str, Any]:
    return {
        "url": row.url,
        "source_id": row.source_id,
        "referer": row.referer,
        "is_whole": row.picture.is_whole,
        "problem": row.picture.problem,
        "tries": row.tries,
        "again_at": row.again_at,
        "tried_at": row.tried_at,
        "files": [rows.flat(file) for file in row.picture.files],
    }


def _row(row: Mapping[str, Any]) -> p.KnownPicture:
    files = tuple(p.ImageFile(**{**file, "use": p.Use(file["use"])}) for file in row["files"])
    return p.KnownPicture(
        url=row["url"],
        source_id=row["source_id"],
        referer=row["referer"],
        picture=p.Picture(files=files, is_whole=row["is_whole"], problem=row["problem"]),
        tries=row["tries"],
        again_at=row["again_at"],
        tried_at=row["tried_at"],
    )
