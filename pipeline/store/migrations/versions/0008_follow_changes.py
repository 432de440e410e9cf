"""Tell what changed since a fold, and by what entries find each other, so that a night folds only what changed.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the marks of entries, pictures and stories, and the table of keys; the next fold fills them."""
    for table, comment in (
        ("entries", "Content version with which what pages may show of it last changed"),
        ("pictures", "Content version with which its files last changed"),
    ):
        version = sa.Column("changed_in", sa.BigInteger(), nullable=False, server_default="0", comment=comment)
        op.add_column(table, version)
        op.create_index(op.f(f"ix_{table}_changed_in"), table, ["changed_in"], unique=False)
    told = "Digest of what may be told of it; empty: nothing"
    op.add_column("stories", sa.Column("mark", sa.Text(), nullable=False, server_default=sa.text("''"), comment=told))
    until = "Until when one can apply for its course; empty when one cannot"
    op.add_column("stories", sa.Column("open_until_at", sa.DateTime(timezone=True), nullable=True, comment=until))
    op.create_index(op.f("ix_stories_open_until_at"), "stories", ["open_until_at"], unique=False)
    shared = "What entries of one story may share: address, link, title, picture; or the day it was published"
    op.create_table(
        "story_keys",
        sa.Column("key", sa.Text(), nullable=False, comment=shared),
        sa.Column("entry_id", sa.Text(), nullable=False, comment="The entry"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_story_keys_entry_id")),
        sa.PrimaryKeyConstraint("key", "entry_id", name=op.f("pk_story_keys")),
        comment="By what live entries find each other",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_keys_entry_id"), "story_keys", ["entry_id"], unique=False)
