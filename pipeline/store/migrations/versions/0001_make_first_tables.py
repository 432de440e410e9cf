"""Make the first tables.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of the first release."""
    op.create_table(
        "decisions",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="Order of the decisions",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When it was decided"),
        sa.Column("actor", sa.Text(), nullable=False, comment="Who decided"),
        sa.Column("action", sa.Text(), nullable=False, comment="hide, pin, retitle, move, join, split, note or undo"),
        sa.Column("subject", sa.Text(), nullable=False, comment="Entry or story it is about"),
        sa.Column("args", sa.Text(), nullable=False, comment="What the action needs besides"),
        sa.Column("undoes", sa.BigInteger(), nullable=True, comment="The decision an undo takes back"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
        comment="Editors' decisions, append-only",
    )
    op.create_index(op.f("ix_decisions_undoes"), "decisions", ["undoes"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), nullable=False, comment="edition/channel/audience/batch"),
        sa.Column("edition_id", sa.Text(), nullable=False, comment="Edition that is sent"),
        sa.Column("channel", sa.Text(), nullable=False, comment="Channel id"),
        sa.Column("transport", sa.Text(), nullable=False, comment="Transport plugin"),
        sa.Column("audience", sa.Text(), nullable=False, comment="Named group of receivers"),
        sa.Column("batch", sa.Integer(), nullable=False, comment="Part of a long list of receivers"),
        sa.Column("recipients", sa.Text(), nullable=False, comment="Frozen receivers; personal data, never logged"),
        sa.Column("rendering_sha256", sa.Text(), nullable=False, comment="Names the bytes that may be sent"),
        sa.Column("idempotency_key", sa.Text(), nullable=False, comment="Made once, repeated with every try"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending, sending, sent, failed, unknown, held, expired, abandoned",
        ),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=False, comment="Earliest instant to send"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="Latest instant to send, exclusive"),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True, comment="Earliest next try"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Started tries"),
        sa.Column("memo", sa.Text(), nullable=False, comment="What the transport kept: step reached, group id"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it is held, failed or unknown; no addresses"),
        sa.Column("receipt", sa.Text(), nullable=True, comment="What the carrier answered; no addresses"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was planned"),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True, comment="Last change of state"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "edition_id", "channel", "audience", "batch", name=op.f("uq_deliveries_edition_id_channel_audience_batch")
        ),
        comment="The outbox",
    )
    op.create_index(op.f("ix_deliveries_state"), "deliveries", ["state"], unique=False)
    op.create_table(
        "editions",
        sa.Column("id", sa.Text(), nullable=False, comment="Digest id, slash, date"),
        sa.Column("digest_id", sa.Text(), nullable=False, comment="Configured digest"),
        sa.Column("title", sa.Text(), nullable=False, comment="For people"),
        sa.Column("on", sa.Date(), nullable=False, comment="Date of the edition in Seoul"),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False, comment="Window start, inclusive"),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False, comment="Window end, exclusive"),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False, comment="The instant the edition speaks from"),
        sa.Column("state", sa.Text(), nullable=False, comment="What became of it"),
        sa.Column("sections", sa.Text(), nullable=False, comment="Headings with story ids, labels and notes, in order"),
        sa.Column("left_out", sa.Text(), nullable=False, comment="Stories left out, with reason codes"),
        sa.Column("renderings", sa.Text(), nullable=False, comment="SHA-256 of each channel's rendering"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="When it was composed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        comment="Dated issues of a digest",
    )
    op.create_index(op.f("ix_editions_digest_id_on"), "editions", ["digest_id", "on"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False, comment="Stable public id; survives a change of key and URL"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="Configured source"),
        sa.Column("key", sa.Text(), nullable=False, comment="Native identity within the source"),
        sa.Column(
            "url_hash",
            sa.Text(),
            nullable=False,
            comment="Hash of the canonical URL, to heal identity when a key changes",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="notice, course, video, post, event or news"),
        sa.Column("title", sa.Text(), nullable=False, comment="Plain title"),
        sa.Column("url", sa.Text(), nullable=False, comment="Canonical address for people"),
        sa.Column("lead", sa.Text(), nullable=False, comment="First sentences, plain"),
        sa.Column("published", sa.Text(), nullable=True, comment="Publication date with how it was known"),
        sa.Column(
            "details",
            sa.Text(),
            nullable=False,
            comment="Everything else a list may show: course, video, image, tags, attachments …",
        ),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="Canonical JSON of the material fields"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="Hash of everything shown; equal means unchanged"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When it was first collected"),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="When it was last in a parsed list"
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="What windows count by: first seen, or the release from quarantine",
        ),
        sa.Column("absences", sa.Integer(), nullable=False, comment="Clean lists in a row without it"),
        sa.Column("is_quiet", sa.Boolean(), nullable=False, comment="Stored but never announced"),
        sa.Column("is_pinned", sa.Boolean(), nullable=False, comment="Pinned at its source"),
        sa.Column(
            "quarantined", sa.Text(), nullable=False, comment="Reason it is held from every digest; empty when free"
        ),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True, comment="When its source withdrew it"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_entries_source_id_key")),
        comment="What we hold to be true of every item, without its body",
    )
    op.create_index(op.f("ix_entries_due_at"), "entries", ["due_at"], unique=False)
    op.create_index(op.f("ix_entries_source_id_url_hash"), "entries", ["source_id", "url_hash"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False, comment="Name of a small fact about the store"),
        sa.Column("value", sa.Text(), nullable=True, comment="The fact"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
        comment="Small facts: environment stamp, content version, robots memory, quota ledger",
    )
    op.create_table(
        "publications",
        sa.Column("digest_id", sa.Text(), nullable=False, comment="Configured digest"),
        sa.Column("story_id", sa.Text(), nullable=False, comment="The story"),
        sa.Column("label", sa.Text(), nullable=False, comment="As what it was told: new, closing, changed …"),
        sa.Column("edition_id", sa.Text(), nullable=False, comment="Edition that told it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.PrimaryKeyConstraint("digest_id", "story_id", "label", name=op.f("pk_publications")),
        comment="The ledger: what was published where",
    )
    op.create_index(op.f("ix_publications_edition_id"), "publications", ["edition_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False, comment="Run id"),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False, comment="The instant the run speaks from"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="When it started"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ended; empty while it runs, or for ever if it died",
        ),
        sa.Column("exit_code", sa.Integer(), nullable=True, comment="Exit status of the command"),
        sa.Column("host", sa.Text(), nullable=False, comment="Machine it ran on"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="Process it ran in"),
        sa.Column("report", sa.Text(), nullable=True, comment="The run report (contract §4)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        comment="Every night, finished or not",
    )
    op.create_index(op.f("ix_runs_started_at_id"), "runs", ["started_at", "id"], unique=False)
    op.create_table(
        "source_states",
        sa.Column("source_id", sa.Text(), nullable=False, comment="Configured source"),
        sa.Column("memo", sa.Text(), nullable=False, comment="Opaque JSON the plugin gets back"),
        sa.Column(
            "validators", sa.Text(), nullable=False, comment="ETag, Last-Modified and body hash by requested URL"
        ),
        sa.Column(
            "options_hash", sa.Text(), nullable=False, comment="Of the configuration that made memo and validators"
        ),
        sa.Column("health", sa.Text(), nullable=False, comment="Last verdict"),
        sa.Column(
            "failing_since_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Start of the current streak of failures",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="Length of that streak in runs"),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True, comment="Last good run"),
        sa.Column("last_new_at", sa.DateTime(timezone=True), nullable=True, comment="Last run with a new entry"),
        sa.Column("first_run_at", sa.DateTime(timezone=True), nullable=True, comment="First run that read the source"),
        sa.Column("profile", sa.Text(), nullable=False, comment="Numbers of the last good runs, newest last"),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_states")),
        comment="What is remembered of a source between nights",
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.Text(), nullable=False, comment="Stable slug; never changes once given"),
        sa.Column("primary_id", sa.Text(), nullable=False, comment="Entry that speaks for it"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="Earliest of the members"),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), nullable=False, comment="When its members or reasons last changed"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        comment="Entries about one thing",
    )
    op.create_index(op.f("ix_stories_first_seen_at"), "stories", ["first_seen_at"], unique=False)
    op.create_table(
        "bodies",
        sa.Column("entry_id", sa.Text(), nullable=False, comment="The entry"),
        sa.Column("text", sa.Text(), nullable=False, comment="Plain text of the body"),
        sa.Column("body_html", sa.Text(), nullable=False, comment="Sanitised markup of the body"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_bodies_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_bodies")),
        comment="Bodies of entries, apart because lists never need them",
    )
    op.create_table(
        "recipients",
        sa.Column("delivery_id", sa.Text(), nullable=False, comment="The delivery"),
        sa.Column("recipient_hash", sa.Text(), nullable=False, comment="Keyed hash of one receiver; never the address"),
        sa.Column("state", sa.Text(), nullable=False, comment="sending, sent, failed or unknown"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Why it failed; no addresses"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_recipients_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "recipient_hash", name=op.f("pk_recipients")),
        comment="One line for each receiver of a delivery that sends one message a person",
    )
    op.create_table(
        "revisions",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="Order of the changes",
        ),
        sa.Column("entry_id", sa.Text(), nullable=False, comment="The entry that changed"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When the change was collected"),
        sa.Column(
            "fields",
            sa.Text(),
            nullable=False,
            comment="Names of the material fields that changed; empty for a plain edit",
        ),
        sa.Column(
            "before", sa.Text(), nullable=False, comment="Old values of those fields, for people, in the same order"
        ),
        sa.Column("old", sa.Text(), nullable=False, comment="Every shown field that changed, before"),
        sa.Column("new", sa.Text(), nullable=False, comment="The same fields, after"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_revisions_entry_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_revisions")),
        comment="History of revised entries",
    )
    op.create_index(op.f("ix_revisions_at"), "revisions", ["at"], unique=False)
    op.create_index(op.f("ix_revisions_entry_id"), "revisions", ["entry_id"], unique=False)
    op.create_table(
        "story_members",
        sa.Column("entry_id", sa.Text(), nullable=False, comment="The entry; it belongs to one story"),
        sa.Column("story_id", sa.Text(), nullable=False, comment="The story"),
        sa.Column("position", sa.Integer(), nullable=False, comment="Order within the story, the primary is 0"),
        sa.Column("why", sa.Text(), nullable=False, comment="Joins that brought it here: a, b, reason"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_story_members_story_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_story_members")),
        comment="Which entry belongs to which story, and why",
    )
    op.create_index(op.f("ix_story_members_story_id"), "story_members", ["story_id"], unique=False)
