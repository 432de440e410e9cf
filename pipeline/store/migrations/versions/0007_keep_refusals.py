"""Keep refusals as keyed hashes, and find a person's lines across deliveries.

Revision: 0007, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the list of refusals and one index."""
    op.create_table(
        "suppressions",
        sa.Column("recipient_hash", sa.Text(), nullable=False, comment="Keyed hash of one person; never the address"),
        sa.Column("key_id", sa.Text(), nullable=False, comment="Names the key of the hash"),
        sa.Column("reason", sa.Text(), nullable=False, comment="unsubscribed, bounced, complained or person"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.PrimaryKeyConstraint("recipient_hash", name=op.f("pk_suppressions")),
        comment="Who is never sent to again",
    )
    op.create_index(op.f("ix_recipients_recipient_hash"), "recipients", ["recipient_hash"], unique=False)
