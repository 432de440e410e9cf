"""Alembic's way in: runs the migrations on the connection it is handed, inside the caller's transaction.

What does not live here: which migrations there are (``versions``), when they run (``schema``).
"""

from alembic import context

from pipeline.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
