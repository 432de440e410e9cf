"""Pictures: which of our own copies exist, which are still to be fetched, and why others are not.

What does not live here: the files (``pipeline/media.py``), fetching and drawing them (``collect/media``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pipeline.model as p
from pipeline.store import meta, rows
from pipeline.store.engine import Database, chunks
from pipeline.store.meta import bump


class Pictures:
    """Every picture an entry named and that was or will be asked for."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, urls: Iterable[str]) -> Mapping[str, p.KnownPicture]:
        """Return what is known of these addresses. Cost: one indexed query for each 500."""
        found: dict[str, p.KnownPicture] = {}
        for part in chunks(sorted(set(urls))):
            found |= {row["url"]: _row(row) for row in self._db.run("pictures_of", {"urls": part})}
        return found

    def made(self) -> Mapping[str, p.Picture]:
        """Return every picture that has files, by address. Cost: a scan; only on a night that publishes."""
        return {row["url"]: _row(row).picture for row in self._db.run("pictures_made")}

    def changed_since(self, version: int) -> tuple[str, ...]:
        """Return the addresses whose files changed after a content version. Cost: one indexed query."""
        return tuple(row["url"] for row in self._db.run("pictures_changed", {"the_version": version}))

    def due(self, now: datetime, limit: int) -> tuple[p.KnownPicture, ...]:
        """Return pictures to be asked for now, those waiting longest first. Cost: one indexed query."""
        return tuple(_row(row) for row in self._db.run("pictures_due", {"now": now, "n": limit}))

    def next_at(self) -> datetime | None:
        """Return when the next picture is due, ``None`` when none waits. Cost: one indexed query."""
        at: datetime | None = self._db.run("pictures_next")[0]["at"]
        return at

    def save(self, fresh: Sequence[p.KnownPicture]) -> None:
        """Keep these rows, each replacing what was known; pages may show other pictures afterwards.

        Cost: one executemany.
        """
        if not fresh:
            return
        with self._db.writing():
            # a picture that is asked for anew is no reason to publish, but whoever publishes next must know
            has_files = any(row.picture.files for row in fresh)
            version = bump(self._db) if has_files else meta.content_version(self._db) + 1
            self._db.run("pictures_put", [_held(row) | {"changed_in": version} for row in fresh])

    def forget(self, urls: Collection[str]) -> None:
        """Forget these; an entry that names one again brings it back. Cost: one statement for each 500."""
        with self._db.writing():
            meta.write(self._db, meta.FOLD, None)  # whose they were is not told by a row that is gone
            for part in chunks(sorted(urls)):
                self._db.run("pictures_forget", {"urls": part})

    def all(self) -> tuple[p.KnownPicture, ...]:
        """Return every row. Cost: a scan; for ``moa db media``."""
        return tuple(_row(row) for row in self._db.run("pictures_all"))


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
