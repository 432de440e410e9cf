"""Every table of the store, each column with its meaning.

What does not live here: how they came to be (``migrations``), what is asked of them (the files named by noun).
Rowid tables with few indexes, bodies apart from the columns lists need (performance §3, §11).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.store.columns import instant, json_text, key, number, serial, text_column, version
from pipeline.store.columns import metadata as metadata  # noqa: PLC0414 - with these tables in it, for migrations
from pipeline.store.types import ListText, MemoText

meta = Table(
    "meta",
    metadata,
    key("key", "Name of a small fact about the store"),
    json_text("value", "The fact", nullable=True),
    comment="Small facts: environment stamp, content version, robots memory, quota ledger",
)

entries = Table(
    "entries",
    metadata,
    key("id", "Stable public id; survives a change of key and URL"),
    Column("source_id", Text, nullable=False, comment="Configured source"),
    Column("key", Text, nullable=False, comment="Native identity within the source"),
    text_column("url_hash", "Hash of the canonical URL, to heal identity when a key changes"),
    text_column("kind", "notice, course, video, post, event or news"),
    text_column("title", "Plain title"),
    text_column("url", "Canonical address for people"),
    text_column("lead", "First sentences, plain"),
    json_text("published", "Publication date with how it was known", nullable=True),
    json_text("details", "Everything else a list may show: course, video, image, tags, attachments …"),
    text_column("fingerprint", "Canonical JSON of the material fields"),
    text_column("content_hash", "Hash of everything shown; equal means unchanged"),
    instant("first_seen_at", "When it was first collected", nullable=False),
    instant("last_seen_at", "When it was last in a parsed list", nullable=False),
    instant("due_at", "What windows count by: first seen, or the release from quarantine", nullable=False),
    number("absences", "Clean lists in a row without it"),
    Column("is_quiet", Boolean, nullable=False, comment="Stored but never announced"),
    Column("is_pinned", Boolean, nullable=False, comment="Pinned at its source"),
    text_column("quarantined", "Reason it is held from every digest; empty when free"),
    instant("gone_at", "When its source withdrew it"),
    version("Content version with which what pages may show of it last changed"),
    UniqueConstraint("source_id", "key"),
    Index(None, "source_id", "url_hash"),
    Index(None, "due_at"),
    Index(None, "changed_in"),
    comment="What we hold to be true of every item, without its body",
)

bodies = Table(
    "bodies",
    metadata,
    key("entry_id", "The entry", ForeignKey("entries.id")),
    text_column("text", "Plain text of the body"),
    text_column("body_html", "Sanitised markup of the body"),
    comment="Bodies of entries, apart because lists never need them",
)

revisions = Table(
    "revisions",
    metadata,
    serial("Order of the changes"),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False, comment="The entry that changed"),
    instant("at", "When the change was collected", nullable=False),
    json_text("fields", "Names of the material fields that changed; empty for a plain edit"),
    json_text("before", "Old values of those fields, for people, in the same order"),
    json_text("old", "Every shown field that changed, before"),
    json_text("new", "The same fields, after"),
    Index(None, "entry_id"),
    Index(None, "at"),
    comment="History of revised entries",
)

source_states = Table(
    "source_states",
    metadata,
    key("source_id", "Configured source"),
    Column("memo", MemoText, nullable=False, comment="Opaque JSON the plugin gets back"),
    json_text("validators", "ETag, Last-Modified and body hash by requested URL"),
    text_column("options_hash", "Of the configuration that made memo and validators"),
    text_column("health", "Last verdict"),
    instant("failing_since_at", "Start of the current streak of failures"),
    number("failures", "Length of that streak in runs"),
    instant("last_success_at", "Last good run"),
    instant("last_new_at", "Last run with a new entry"),
    instant("first_run_at", "First run that read the source"),
    Column("profile", ListText, nullable=False, comment="Numbers of the last good runs, newest last"),
    comment="What is remembered of a source between nights",
)

runs = Table(
    "runs",
    metadata,
    key("id", "Run id"),
    instant("as_of", "The instant the run speaks from", nullable=False),
    instant("started_at", "When it started", nullable=False),
    instant("finished_at", "When it ended; empty while it runs, or for ever if it died"),
    Column("exit_code", Integer, nullable=True, comment="Exit status of the command"),
    text_column("host", "Machine it ran on"),
    number("pid", "Process it ran in"),
    json_text("report", "The run report (contract §4)", nullable=True),
    Index(None, "started_at", "id"),
    comment="Every night, finished or not",
)

stories = Table(
    "stories",
    metadata,
    key("id", "Stable slug; never changes once given"),
    Column("primary_id", Text, nullable=False, comment="Entry that speaks for it"),
    instant("first_seen_at", "Earliest of the members", nullable=False),
    instant("updated_at", "When its members or reasons last changed", nullable=False),
    Column(
        "mark",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="Digest of what may be told of it; empty: nothing",
    ),
    instant("open_until_at", "Until when one can apply for its course; empty when one cannot"),
    Index(None, "first_seen_at"),
    Index(None, "open_until_at"),
    comment="Entries about one thing",
)

story_members = Table(
    "story_members",
    metadata,
    key("entry_id", "The entry; it belongs to one story"),
    Column("story_id", Text, ForeignKey("stories.id"), nullable=False, comment="The story"),
    number("position", "Order within the story, the primary is 0"),
    json_text("why", "Joins that brought it here: a, b, reason"),
    Index(None, "story_id"),
    comment="Which entry belongs to which story, and why",
)

story_keys = Table(
    "story_keys",
    metadata,
    key("key", "What entries of one story may share: address, link, title, picture; or the day it was published"),
    key("entry_id", "The entry", ForeignKey("entries.id")),
    Index(None, "entry_id"),
    comment="By what live entries find each other",
    sqlite_with_rowid=False,
)

editions = Table(
    "editions",
    metadata,
    key("id", "Digest id, slash, date"),
    Column("digest_id", Text, nullable=False, comment="Configured digest"),
    text_column("title", "For people"),
    Column("on", Date, nullable=False, comment="Date of the edition in Seoul"),
    instant("start_at", "Window start, inclusive", nullable=False),
    instant("end_at", "Window end, exclusive", nullable=False),
    instant("as_of", "The instant the edition speaks from", nullable=False),
    text_column("state", "What became of it"),
    json_text("sections", "Headings with story ids, labels and notes, in order"),
    json_text("left_out", "Stories left out, with reason codes"),
    json_text("renderings", "SHA-256 of each channel's rendering"),
    instant("created_at", "When it was composed", nullable=False),
    Index(None, "digest_id", "on"),
    comment="Dated issues of a digest",
)

publications = Table(
    "publications",
    metadata,
    key("digest_id", "Configured digest"),
    key("story_id", "The story"),
    key("label", "As what it was told: new, closing, changed …"),
    Column("edition_id", Text, nullable=False, comment="Edition that told it"),
    instant("at", "When", nullable=False),
    Index(None, "edition_id"),
    comment="The ledger: what was published where",
)

decisions = Table(
    "decisions",
    metadata,
    serial("Order of the decisions"),
    instant("at", "When it was decided", nullable=False),
    text_column("actor", "Who decided"),
    Column("action", Text, nullable=False, comment="hide, pin, retitle, move, join, split, note or undo"),
    text_column("subject", "Entry or story it is about"),
    json_text("args", "What the action needs besides"),
    Column("undoes", BigInteger, nullable=True, comment="The decision an undo takes back"),
    Index(None, "undoes"),
    comment="Editors' decisions, append-only",
)

deliveries = Table(
    "deliveries",
    metadata,
    key("id", "edition/channel/audience/batch"),
    Column("edition_id", Text, nullable=False, comment="Edition that is sent"),
    Column("channel", Text, nullable=False, comment="Channel id"),
    text_column("transport", "Transport plugin"),
    Column("audience", Text, nullable=False, comment="Named group of receivers"),
    Column("batch", Integer, nullable=False, comment="Part of a long list of receivers"),
    json_text("recipients", "Frozen receivers; personal data, never logged"),
    Column("rendering_sha256", Text, nullable=False, comment="Names the bytes that may be sent"),
    text_column("idempotency_key", "Made once, repeated with every try"),
    Column("state", Text, nullable=False, comment="pending, sending, sent, failed, unknown, held, expired, abandoned"),
    instant("not_before_at", "Earliest instant to send", nullable=False),
    instant("expires_at", "Latest instant to send, exclusive"),
    instant("retry_at", "Earliest next try"),
    number("attempts", "Started tries"),
    json_text("memo", "What the transport kept: step reached, group id"),
    text_column("reason", "Why it is held, failed or unknown; no addresses"),
    json_text("receipt", "What the carrier answered; no addresses", nullable=True),
    instant("created_at", "When it was planned", nullable=False),
    instant("touched_at", "Last change of state"),
    UniqueConstraint("edition_id", "channel", "audience", "batch"),
    Index(None, "state"),
    comment="The outbox",
)

pictures = Table(
    "pictures",
    metadata,
    key("url", "Address at the source"),
    text_column("source_id", "Source whose entry first named it"),
    text_column("referer", "Page of that entry, named when asking for it"),
    Column("is_whole", Boolean, nullable=False, comment="Its licence forbids cutting"),
    text_column("problem", "Reason there are no files; empty when fine"),
    number("tries", "Nights it was asked for"),
    instant("again_at", "When it is asked for again; empty when settled"),
    instant("tried_at", "When it was last asked for"),
    json_text("files", "Files made of it"),
    version("Content version with which its files last changed"),
    Index(None, "again_at"),
    Index(None, "changed_in"),
    comment="Our own copies of the pictures entries name",
)

recipients = Table(
    "recipients",
    metadata,
    key("delivery_id", "The delivery", ForeignKey("deliveries.id")),
    key("recipient_hash", "Keyed hash of one receiver; never the address"),
    Column("state", Text, nullable=False, comment="sending, sent, failed or unknown"),
    text_column("reason", "Why it failed; no addresses"),
    instant("at", "When", nullable=False),
    Index(None, "recipient_hash"),
    comment="One line for each receiver of a delivery that sends one message a person",
)

suppressions = Table(
    "suppressions",
    metadata,
    key("recipient_hash", "Keyed hash of one person; never the address"),
    text_column("key_id", "Names the key of the hash"),
    text_column("reason", "unsubscribed, bounced, complained or person"),
    instant("at", "When", nullable=False),
    comment="Who is never sent to again",
)
