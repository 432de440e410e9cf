"""Editions of digests, and the ledger of what was published where.

What does not live here: composing them (``publish/compose``), their bytes (``output``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

import pipeline.model as p
from pipeline.store.engine import Database, chunks

_ALL: Final = 2**31 - 1  # editions; both databases take it as a limit


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One dated issue of a digest, as stored.

    Attributes:
        id: ``<digest_id>/<YYYY-MM-DD>``.
        on: Its date in Seoul.
        start_at, end_at: Window ``[start, end)``.
        as_of: The instant it speaks from.
        state: What became of it; the publishing room's word.
        sections: Headings with story ids, labels and notes, as JSON.
        left_out: Stories left out with reason codes, as JSON.
        renderings: SHA-256 by channel id.
        created_at: When it was composed.
    """

    id: str
    digest_id: str
    title: str
    on: date
    start_at: datetime
    end_at: datetime
    as_of: datetime
    state: str = ""
    sections: p.Json = ()
    left_out: p.Json = ()
    renderings: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime


class Editions:
    """Editions and the ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save_edition(self, edition: EditionRow) -> None:
        """Write an edition whole; the first ``created_at`` stays. Cost: one row."""
        with self._db.writing():
            self._db.run("edition_put", [asdict(edition) | {"renderings": dict(edition.renderings)}])

    def edition(self, edition_id: str) -> EditionRow | None:
        """Return one edition. Cost: one row."""
        found = self._db.run("edition_one", {"the_id": edition_id})
        return EditionRow(**found[0]) if found else None

    def editions(self, digest_id: str | None = None, limit: int | None = None) -> tuple[EditionRow, ...]:
        """Return editions of one digest (or of all), newest first. Cost: one indexed query over ``limit`` rows."""
        values = {"n": _ALL if limit is None else limit, "the_digest": digest_id}
        found = self._db.run("editions_all" if digest_id is None else "editions_of", values)
        return tuple(EditionRow(**row) for row in found)

    def set_edition_state(self, edition_id: str, state: str) -> bool:
        """Change an edition's state; ``False`` when there is no such edition. Cost: one row."""
        with self._db.writing():
            return len(self._db.run("edition_state", {"the_id": edition_id, "state": state})) == 1

    def published(self, digest_id: str, story_ids: Iterable[str], *, label: str | None = None) -> Mapping[str, str]:
        """Return the edition that first told each of these stories; stories never told are missing.

        Args:
            digest_id: In which digest.
            story_ids: Of which stories.
            label: Told under this label only (``new``, ``closing`` …); ``None`` for any.

        Cost: one indexed query for each 500 stories.
        """
        found: dict[str, str] = {}
        for part in chunks(list(story_ids)):
            values = {"the_digest": digest_id, "ids": part, "the_label": label}
            for row in self._db.run("ledger_told" if label is None else "ledger_told_as", values):
                found.setdefault(row["story_id"], row["edition_id"])
        return found

    def publish(
        self, digest_id: str, edition_id: str, story_ids: Iterable[str], *, label: str = "new", now: datetime
    ) -> None:
        """Enter stories into the ledger; what stands there already stays. Cost: one executemany."""
        rows = [
            {"digest_id": digest_id, "story_id": story, "label": label, "edition_id": edition_id, "at": now}
            for story in dict.fromkeys(story_ids)
        ]
        if rows:
            with self._db.writing():
                self._db.run("ledger_enter", rows)

    def forget_told(self, edition_id: str) -> None:
        """Take everything an edition told out of the ledger: it is made anew before anybody read it.

        Cost: one indexed statement.
        """
        with self._db.writing():
            self._db.run("ledger_forget", {"the_edition": edition_id})

    def told_in(self, edition_id: str) -> tuple[tuple[str, str], ...]:
        """Return (story id, label) of everything an edition told first. Cost: one indexed query."""
        found = self._db.run("ledger_of_edition", {"the_edition": edition_id})
        return tuple((row["story_id"], row["label"]) for row in found)

    def editions_of(self, story_id: str) -> tuple[tuple[str, str], ...]:
        """Return (edition id, label) of every telling of a story, oldest first, for ``moa why``.

        Cost: a scan of the ledger; never in a night.
        """
        found = self._db.run("ledger_of_story", {"the_story": story_id})
        return tuple((row["edition_id"], row["label"]) for row in found)
