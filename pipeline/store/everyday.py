"""The statements of a night on which nothing changed, or entries only came, and their SQLite text.

What does not live here: any other statement (each noun has its own).
SQLAlchemy takes longer to import than such a night takes to run (performance §9). So these few statements, written in
Core like all others, are also kept compiled for SQLite in ``everyday_sql``; ``python -m pipeline.store.everyday`` writes
it anew, and a test holds the two together. PostgreSQL runs the Core ones. Those a night publishes with stand in
``everyday_library`` and ``everyday_issues``, so that a night that publishes nothing does not load them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from pprint import pformat
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Date, Select, Text, bindparam, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.base import Executable

import pipeline.model as p
from pipeline.store import everyday_issues, everyday_library
from pipeline.store.everyday_sql import Compiled
from pipeline.store.tables import bodies, deliveries, entries, meta, recipients, runs, source_states
from pipeline.store.types import Instant, JsonText, ListText, MemoText

_NONE: ColumnElement[int] = literal_column("0")  # SQLite would bind it
KNOWN = (
    entries.c.id,
    entries.c.key,
    entries.c.url_hash,
    entries.c.fingerprint,
    entries.c.content_hash,
    entries.c.title,
    entries.c.published,
    entries.c.first_seen_at,
    entries.c.is_quiet,
    entries.c.quarantined,
    entries.c.gone_at,
    entries.c.absences,
)
_WORK = ("pending", "sending", "unknown", "held")


def statements(insert: Callable[..., Any]) -> dict[str, Executable]:
    """Return the statements by name; ``insert`` is a dialect's own, which knows upserts."""
    state, fact, line = insert(source_states), insert(meta), insert(recipients)
    rest = {c.name: state.excluded[c.name] for c in source_states.c if not c.primary_key}
    newest = (runs.c.started_at.desc(), runs.c.id.desc())
    ended: dict[str, Any] = {n: bindparam(n) for n in ("exit_code", "finished_at")}
    return {
        "states_all": select(source_states),
        "states_save": state.on_conflict_do_update(index_elements=["source_id"], set_=rest),
        "states_touch": update(source_states)
        .where(source_states.c.source_id.in_(bindparam("ids", expanding=True)))
        .values(last_success_at=bindparam("last_success_at")),
        "meta_read": select(meta.c.value).where(meta.c.key == bindparam("the_key")),
        "meta_write": fact.on_conflict_do_update(index_elements=["key"], set_={"value": fact.excluded.value}),
        "meta_forget": meta.delete().where(meta.c.key == bindparam("the_key")),
        "recipient_mark": line.on_conflict_do_update(
            index_elements=["delivery_id", "recipient_hash"],
            set_={name: line.excluded[name] for name in ("state", "reason", "at")},
        ),
        "runs_start": insert(runs).on_conflict_do_nothing(),
        "runs_finish": update(runs)
        .where(runs.c.id == bindparam("the_id"))
        .values(
            {**ended, "report": bindparam("report", type_=Text())}  # JSON already: the caller wants the text as well
        ),
        "runs_latest": select(runs).order_by(*newest).limit(bindparam("n")).offset(_NONE),
        "runs_finished": select(runs.c.id)
        .where(runs.c.finished_at.is_not(None))
        .limit(literal_column("1"))
        .offset(_NONE),
        **_of_entries(insert),
        "outbox_open": select(deliveries.c.id)
        .where(deliveries.c.state.in_([literal_column(f"'{state}'") for state in _WORK]))
        .limit(literal_column("1"))
        .offset(_NONE),
    }


def _of_entries(insert: Callable[..., Any]) -> dict[str, Executable]:
    return {
        "entries_known": select(*KNOWN).where(
            entries.c.source_id == bindparam("the_source"),
            or_(
                entries.c.key.in_(bindparam("keys", expanding=True)),
                entries.c.url_hash.in_(bindparam("hashes", expanding=True)),
            ),
        ),
        "entries_recent": select(*KNOWN)
        .where(entries.c.source_id == bindparam("the_source"))
        .order_by(entries.c.first_seen_at.desc(), entries.c.id)
        .limit(literal_column(str(p.limits.STORE_IN_LIST)))
        .offset(_NONE),
        "entries_new": insert(entries).on_conflict_do_nothing(),
        "bodies_new": insert(bodies).on_conflict_do_nothing(),
        "entries_seen": update(entries)
        .where(entries.c.source_id == bindparam("the_source"), entries.c.id.in_(bindparam("ids", expanding=True)))
        .values(last_seen_at=bindparam("last_seen_at"), absences=bindparam("absences")),
    }


def core() -> dict[str, Executable]:
    """Return the statements for PostgreSQL."""
    return {name: one for made_by in GROUPS.values() for name, one in made_by(postgresql.insert).items()}


def compiled(made_by: Callable[[Callable[..., Any]], dict[str, Executable]]) -> dict[str, Compiled]:
    """Return statements for SQLite: text, parameters in order and result columns, each with its codec."""
    dialect: Dialect = sqlite.dialect()
    made = {}
    for name, statement in made_by(sqlite.insert).items():
        text = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        given = tuple((n, "list" if text.binds[n].expanding else _codec(text.binds[n].type)) for n in text.positiontup)
        columns = (
            statement.selected_columns if isinstance(statement, Select) else getattr(statement, "exported_columns", ())
        )
        made[name] = Compiled(" ".join(str(text).split()), given, tuple((c.name, _codec(c.type)) for c in columns))
    return made


def _codec(kind: Any) -> str:
    if isinstance(kind, Boolean):
        return "yes"
    if isinstance(kind, MemoText):
        return "memo"
    if isinstance(kind, ListText):
        return "rows"
    if isinstance(kind, Date):
        return "on"
    return "at" if isinstance(kind, Instant) else "json" if isinstance(kind, JsonText) else ""


_HEAD = '''"""SQLite text of the everyday statements. Generated by ``python -m pipeline.store.everyday``; not edited by hand.

What does not live here: their meaning (``everyday``).
"""

from __future__ import annotations

from typing import NamedTuple


class Compiled(NamedTuple):
    """A statement as text; ``at``, ``on``, ``json``, ``memo``, ``rows`` and ``yes`` name the codec of a parameter or column, ``list`` an IN list."""

    sql: str
    parameters: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]


SQL: dict[str, Compiled] = '''
_REST = '''"""SQLite text of {what}. Generated by ``python -m pipeline.store.everyday``; not edited by hand.

What does not live here: their meaning (``everyday_{noun}``).
"""

from __future__ import annotations

from pipeline.store.everyday_sql import Compiled

SQL: dict[str, Compiled] = '''
GROUPS: Final[Mapping[str, Callable[[Callable[..., Any]], dict[str, Executable]]]] = {
    "everyday_sql": statements,
    "library_sql": everyday_library.statements,
    "issues_sql": everyday_issues.statements,
}


def main() -> None:
    """Write the generated files anew."""
    heads = (
        _HEAD,
        _REST.format(what="what a night reads and keeps of its library", noun="library"),
        _REST.format(what="what a night writes to let something go out", noun="issues"),
    )
    for head, (name, made_by) in zip(heads, GROUPS.items(), strict=True):
        text = pformat(compiled(made_by), width=110, sort_dicts=False)
        Path(__file__).with_name(f"{name}.py").write_text(f"{head}{text}\n", "utf-8")


if __name__ == "__main__":
    main()
