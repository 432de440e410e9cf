"""The statements with which a night reads and keeps its library: entries, stories, decisions, pictures.

What does not live here: those of every night (``everyday``, which also says why statements are compiled), those of what goes
out (``everyday_issues``), their SQLite text (``library_sql``, a generated file).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, literal_column, select, update
from sqlalchemy.sql.base import Executable

from pipeline.store.tables import (
    bodies,
    decisions,
    entries,
    pictures,
    revisions,
    stories,
    story_keys,
    story_members,
)
from pipeline.store.types import Instant, JsonText

NONE: ColumnElement[int] = literal_column("0")  # SQLite would bind it
_NOT_HELD: ColumnElement[str] = literal_column("''")
_IN_PLACE: Final = entries.c.gone_at.is_(None) & (entries.c.quarantined == _NOT_HELD)


def statements(insert: Callable[..., Any]) -> dict[str, Executable]:
    """Return the statements by name; ``insert`` is a dialect's own, which knows upserts."""
    return {
        **_of_entries(),
        **_of_stories(insert),
        **_of_shelf(insert),
        **_of_decisions(insert),
        **_of_pictures(insert),
    }


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return ``column IN`` a list given when the statement runs."""
    return column.in_(bindparam(name, expanding=True))


def put(insert: Any, table: Table, key: str, *, keep: Iterable[str] = ()) -> Any:
    """Return an upsert of whole rows; columns in ``keep`` stay as they were first written."""
    rest = {c.name: insert.excluded[c.name] for c in table.c if c.name not in (key, *keep)}
    return insert.on_conflict_do_update(index_elements=[key], set_=rest)


def _of_entries() -> dict[str, Executable]:
    first, last = bindparam("start", type_=Instant()), bindparam("end", type_=Instant())
    return {
        "entries_live": select(entries).where(_IN_PLACE).order_by(entries.c.first_seen_at.desc(), entries.c.id),
        "entries_live_of": select(entries).where(_IN_PLACE, among(entries.c.id, "ids")),
        "entries_changed": select(entries.c.id).where(entries.c.changed_in > bindparam("the_version")),
        "entries_due": select(entries.c.id).where(
            _IN_PLACE, entries.c.is_quiet.is_(False), entries.c.due_at >= first, entries.c.due_at < last
        ),
        "bodies_of": select(bodies).where(among(bodies.c.entry_id, "ids")),
        "revisions_material": select(revisions.c.entry_id, revisions.c.at, revisions.c.fields, revisions.c.before)
        .where(
            revisions.c.at >= first,
            revisions.c.at < last,
            revisions.c.fields != bindparam("nothing", type_=JsonText()),
        )
        .order_by(revisions.c.seq),
    }


def _of_stories(insert: Callable[..., Any]) -> dict[str, Executable]:
    columns = (stories.c.id, stories.c.primary_id, stories.c.first_seen_at, story_members.c.entry_id)
    whole = select(*columns, story_members.c.why).join_from(stories, story_members)
    whole = whole.order_by(story_members.c.story_id, story_members.c.position)
    homes = select(story_members.c.entry_id, story_members.c.story_id)
    return {
        "stories_all": whole,
        "stories_since": whole.where(stories.c.first_seen_at >= bindparam("since", type_=Instant())),
        "stories_of": whole.where(among(stories.c.id, "ids")),
        "stories_taken": select(stories.c.id).where(among(stories.c.id, "ids")),
        "stories_put": put(insert(stories), stories, "id", keep=["mark", "open_until_at"]),
        "members_homes": homes.where(among(story_members.c.entry_id, "ids")),
        "members_leave": delete(story_members).where(among(story_members.c.story_id, "ids")),
        "members_put": put(insert(story_members), story_members, "entry_id"),
    }


def _of_shelf(insert: Callable[..., Any]) -> dict[str, Executable]:
    shown = select(stories.c.id, stories.c.first_seen_at, stories.c.mark).where(stories.c.mark != _NOT_HELD)
    key, entry = story_keys.c.key, story_keys.c.entry_id
    return {
        "shelf_all": shown,
        "shelf_open": select(stories.c.id).where(stories.c.open_until_at > bindparam("as_of", type_=Instant())),
        "shelf_mark": update(stories)
        .where(stories.c.id == bindparam("the_id"))
        .values(mark=bindparam("mark"), open_until_at=bindparam("open_until_at")),
        "keys_of": select(key, entry).where(among(entry, "ids")),
        "keys_sharing": select(entry).where(among(key, "keys")).distinct(),
        "keys_between": select(entry).where(key >= bindparam("first"), key < bindparam("last")),
        "keys_add": insert(story_keys).on_conflict_do_nothing(),
        "keys_leave": delete(story_keys).where(among(entry, "ids")),
        "keys_clear": delete(story_keys),
    }


def _of_decisions(insert: Callable[..., Any]) -> dict[str, Executable]:
    given: dict[str, Any] = {c.name: bindparam(c.name) for c in decisions.c if c.name != "seq"}
    return {
        "decisions_all": select(decisions).order_by(decisions.c.seq),
        "decisions_add": insert(decisions).values(given).returning(decisions.c.seq),
    }


def _of_pictures(insert: Callable[..., Any]) -> dict[str, Executable]:
    return {
        "pictures_of": select(pictures).where(among(pictures.c.url, "urls")),
        "pictures_made": select(pictures).where(pictures.c.problem == _NOT_HELD, pictures.c.again_at.is_(None)),
        "pictures_changed": select(pictures.c.url).where(pictures.c.changed_in > bindparam("the_version")),
        "pictures_due": select(pictures)
        .where(pictures.c.again_at <= bindparam("now", type_=Instant()))
        .order_by(pictures.c.again_at, pictures.c.url)
        .limit(bindparam("n"))
        .offset(NONE),
        "pictures_next": select(func.min(pictures.c.again_at, type_=Instant()).label("at")),
        "pictures_all": select(pictures).order_by(pictures.c.url),
        "pictures_put": put(insert(pictures), pictures, "url"),
        "pictures_forget": delete(pictures).where(among(pictures.c.url, "urls")),
    }
