"""The whole history of the schema as SQLite keeps it at its end: ``newborn.sql`` makes a new file without Alembic.

What does not live here: the history itself (``migrations``), running the text (``schema``). The migrations stay the single
truth: ``python -m pipeline.store.newborn`` runs them on an empty database and writes the file anew; a test holds both ways
against each other. Importing Alembic and SQLAlchemy takes longer than a first night over a dozen sources.
"""

from __future__ import annotations

from alembic import command

from pipeline.store.engine import Database
from pipeline.store.schema import HEAD, NEWBORN, config

_TOP = "-- What all migrations leave in an empty SQLite file. Written by `python -m pipeline.store.newborn`.\n"


def script() -> str:
    """Return what makes an empty SQLite database one of revision ``HEAD``. Cost: runs every migration."""
    database = Database("sqlite://")
    with database.transaction():
        command.upgrade(config(database.connection), HEAD)
    made = database.say("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    made += database.say("SELECT printf('INSERT INTO alembic_version VALUES (%Q)', version_num) FROM alembic_version")
    database.close()
    return _TOP + "".join(f"{statement};\n" for (statement,) in made)


if __name__ == "__main__":
    NEWBORN.write_text(script(), "utf-8")
