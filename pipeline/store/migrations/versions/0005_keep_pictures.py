"""Keep pictures: where our own copies lie, and why there are none.

Revision: 0005, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of pictures."""
    op.create_table(
        "pictures",
        sa.Column("url", sa.Text(), nullable=False, comment="Address at the source"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="Source whose entry first named it"),
        sa.Column("referer", sa.Text(), nullable=False, comment="Page of that entry, named when asking for it"),
        sa.Column("is_whole", sa.Boolean(), nullable=False, comment="Its licence forbids cutting"),
        sa.Column("problem", sa.Text(), nullable=False, comment="Reason there are no files; empty when fine"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="Nights it was asked for"),
        sa.Column(
            "again_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is asked for again; empty when settled",
        ),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True, comment="When it was last asked for"),
        sa.Column("files", sa.Text(), nullable=False, comment="Files made of it"),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_pictures")),
        comment="Our own copies of the pictures entries name",
    )
    op.create_index(op.f("ix_pictures_again_at"), "pictures", ["again_at"], unique=False)
