"""The statements with which a night writes what goes out: editions, ledger, the outbox's new lines.

What does not live here: those of every night (``everyday``, which also says why statements are compiled), those of the library
(``everyday_library``), their SQLite text (``issues_sql``, a generated file).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.sql.base import Executable

from pipeline.store.everyday_library import NONE, among, put
from pipeline.store.tables import deliveries, editions, publications


def statements(insert: Callable[..., Any]) -> dict[str, Executable]:
    """Return the statements by name; ``insert`` is a dialect's own, which knows upserts."""
    return {**_of_editions(insert), **_of_deliveries(insert)}


def _of_editions(insert: Callable[..., Any]) -> dict[str, Executable]:
    newest = select(editions).order_by(editions.c.on.desc(), editions.c.id.desc())
    newest = newest.limit(bindparam("n")).offset(NONE)
    told = (
        select(publications.c.story_id, publications.c.edition_id)
        .where(publications.c.digest_id == bindparam("the_digest"), among(publications.c.story_id, "ids"))
        .order_by(publications.c.at, publications.c.edition_id)
    )
    return {
        "edition_one": select(editions).where(editions.c.id == bindparam("the_id")),
        "editions_all": newest,
        "editions_of": newest.where(editions.c.digest_id == bindparam("the_digest")),
        "edition_put": put(insert(editions), editions, "id", keep=["created_at"]),
        "edition_state": update(editions)
        .where(editions.c.id == bindparam("the_id"))
        .values(state=bindparam("state"))
        .returning(editions.c.id),
        "ledger_of_edition": select(publications.c.story_id, publications.c.label)
        .where(publications.c.edition_id == bindparam("the_edition"))
        .order_by(publications.c.story_id, publications.c.label),
        "ledger_of_story": select(publications.c.edition_id, publications.c.label)
        .where(publications.c.story_id == bindparam("the_story"))
        .order_by(publications.c.at),
        "ledger_told": told,
        "ledger_told_as": told.where(publications.c.label == bindparam("the_label")),
        "ledger_enter": insert(publications).on_conflict_do_nothing(),
        "ledger_forget": delete(publications).where(publications.c.edition_id == bindparam("the_edition")),
    }


def _of_deliveries(insert: Callable[..., Any]) -> dict[str, Executable]:
    oldest = select(deliveries).order_by(deliveries.c.created_at, deliveries.c.id)
    return {
        "deliveries_of": oldest.where(among(deliveries.c.id, "ids")),
        "deliveries_in": oldest.where(among(deliveries.c.state, "states")),
        "deliveries_for": oldest.where(deliveries.c.edition_id == bindparam("the_edition")),
        "deliveries_give_up": update(deliveries)
        .where(among(deliveries.c.id, "ids"), among(deliveries.c.state, "states"))
        .values(
            state=bindparam("state"),
            reason=bindparam("reason"),
            retry_at=bindparam("retry_at"),
            touched_at=bindparam("touched_at"),
        ),
        "deliveries_add": insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.id),
    }
