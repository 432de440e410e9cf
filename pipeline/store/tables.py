"""Every table of the store, each column with its meaning.

What does not live here: how they came to be (``migrations``), what is asked of them (the files named by noun).
Rowid tables with few indexes, bodies apart from the columns lists need (performance §3, §11).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.store.types import Instant, JsonText, ListText, MemoText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, comment: str) -> Column[str]:
    return Column(name, Text, nullable=False, comment=comment)


def _key(name: str, comment: str, *constraints: ForeignKey) -> Column[str]:
    return Column(name, Text, *constraints, primary_key=True, comment=comment)


def _number(name: str, comment: str) -> Column[int]:
    return Column(name, Integer, nullable=False, comment=comment)


def _at(name: str, comment: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, Instant, nullable=nullable, comment=comment)


def _json(name: str, comment: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JsonText, nullable=nullable, comment=comment)


def _serial(comment: str) -> Column[int]:
    # SQLite numbers rows by itself only when the type is INTEGER
    number = BigInteger().with_variant(Integer(), "sqlite")
    return Column("seq", number, primary_key=True, autoincrement=True, comment=comment)


meta = Table(
    "meta",
    metadata,
    _key("key", "Name of a small fact about the store"),
    _json("value", "The fact", nullable=True),
    comment="Small facts: environment stamp, content version, robots memory, quota ledger",
)

entries = Table(
    "entries",
    metadata,
    _key("id", "Stable public id; survives a change of key and URL"),
    Column("source_id", Text, nullable=False, comment="Configured source"),
    Column("key", Text, nullable=False, comment="Native identity within the source"),
    _text("url_hash", "Hash of the canonical URL, to heal identity when a key changes"),
    _text("kind", "notice, course, video, post, event or news"),
    _text("title", "Plain title"),
    _text("url", "Canonical address for people"),
    _text("lead", "First sentences, plain"),
    _json("published", "Publication date with how it was known", nullable=True),
    _json("details", "Everything else a list may show: course, video, image, tags, attachments …"),
    _text("fingerprint", "Canonical JSON of the material fields"),
    _text("content_hash", "Hash of everything shown; equal means unchanged"),
    _at("first_seen_at", "When it was first collected", nullable=False),
    _at("last_seen_at", "When it was last in a parsed list", nullable=False),
    _at("due_at", "What windows count by: first seen, or the release from quarantine", nullable=False),
    _number("absences", "Clean lists in a row without it"),
    Column("is_quiet", Boolean, nullable=False, comment="Stored but never announced"),
    Column("is_pinned", Boolean, nullable=False, comment="Pinned at its source"),
    _text("quarantined", "Reason it is held from every digest; empty when free"),
    _at("gone_at", "When its source withdrew it"),
    UniqueConstraint("source_id", "key"),
    Index(None, "source_id", "url_hash"),
    Index(None, "due_at"),
    comment="What we hold to be true of every item, without its body",
)

bodies = Table(
    "bodies",
    metadata,
    _key("entry_id", "The entry", ForeignKey("entries.id")),
    _text("text", "Plain text of the body"),
    _text("body_html", "Sanitised markup of the body"),
    comment="Bodies of entries, apart because lists never need them",
)

revisions = Table(
    "revisions",
    metadata,
    _serial("Order of the changes"),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False, comment="The entry that changed"),
    _at("at", "When the change was collected", nullable=False),
    _json("fields", "Names of the material fields that changed; empty for a plain edit"),
    _json("before", "Old values of those fields, for people, in the same order"),
    _json("old", "Every shown field that changed, before"),
    _json("new", "The same fields, after"),
    Index(None, "entry_id"),
    Index(None, "at"),
    comment="History of revised entries",
)

source_states = Table(
    "source_states",
    metadata,
    _key("source_id", "Configured source"),
    Column("memo", MemoText, nullable=False, comment="Opaque JSON the plugin gets back"),
    _json("validators", "ETag, Last-Modified and body hash by requested URL"),
    _text("options_hash", "Of the configuration that made memo and validators"),
    _text("health", "Last verdict"),
    _at("failing_since_at", "Start of the current streak of failures"),
    _number("failures", "Length of that streak in runs"),
    _at("last_success_at", "Last good run"),
    _at("last_new_at", "Last run with a new entry"),
    _at("first_run_at", "First run that read the source"),
    Column("profile", ListText, nullable=False, comment="Numbers of the last good runs, newest last"),
    comment="What is remembered of a source between nights",
)

runs = Table(
    "runs",
    metadata,
    _key("id", "Run id"),
    _at("as_of", "The instant the run speaks from", nullable=False),
    _at("started_at", "When it started", nullable=False),
    _at("finished_at", "When it ended; empty while it runs, or for ever if it died"),
    Column("exit_code", Integer, nullable=True, comment="Exit status of the command"),
    _text("host", "Machine it ran on"),
    _number("pid", "Process it ran in"),
    _json("report", "The run report (contract §4)", nullable=True),
    Index(None, "started_at", "id"),
    comment="Every night, finished or not",
)

stories = Table(
    "stories",
    metadata,
    _key("id", "Stable slug; never changes once given"),
    Column("primary_id", Text, nullable=False, comment="Entry that speaks for it"),
    _at("first_seen_at", "Earliest of the members", nullable=False),
    _at("updated_at", "When its members or reasons last changed", nullable=False),
    Index(None, "first_seen_at"),
    comment="Entries about one thing",
)

story_members = Table(
    "story_members",
    metadata,
    _key("entry_id", "The entry; it belongs to one story"),
    Column("story_id", Text, ForeignKey("stories.id"), nullable=False, comment="The story"),
    _number("position", "Order within the story, the primary is 0"),
    _json("why", "Joins that brought it here: a, b, reason"),
    Index(None, "story_id"),
    comment="Which entry belongs to which story, and why",
)

editions = Table(
    "editions",
    metadata,
    _key("id", "Digest id, slash, date"),
    Column("digest_id", Text, nullable=False, comment="Configured digest"),
    _text("title", "For people"),
    Column("on", Date, nullable=False, comment="Date of the edition in Seoul"),
    _at("start_at", "Window start, inclusive", nullable=False),
    _at("end_at", "Window end, exclusive", nullable=False),
    _at("as_of", "The instant the edition speaks from", nullable=False),
    _text("state", "What became of it"),
    _json("sections", "Headings with story ids, labels and notes, in order"),
    _json("left_out", "Stories left out, with reason codes"),
    _json("renderings", "SHA-256 of each channel's rendering"),
    _at("created_at", "When it was composed", nullable=False),
    Index(None, "digest_id", "on"),
    comment="Dated issues of a digest",
)

publications = Table(
    "publications",
    metadata,
    _key("digest_id", "Configured digest"),
    _key("story_id", "The story"),
    _key("label", "As what it was told: new, closing, changed …"),
    Column("edition_id", Text, nullable=False, comment="Edition that told it"),
    _at("at", "When", nullable=False),
    Index(None, "edition_id"),
    comment="The ledger: what was published where",
)

decisions = Table(
    "decisions",
    metadata,
    _serial("Order of the decisions"),
    _at("at", "When it was decided", nullable=False),
    _text("actor", "Who decided"),
    Column("action", Text, nullable=False, comment="hide, pin, retitle, move, join, split, note or undo"),
    _text("subject", "Entry or story it is about"),
    _json("args", "What the action needs besides"),
    Column("undoes", BigInteger, nullable=True, comment="The decision an undo takes back"),
    Index(None, "undoes"),
    comment="Editors' decisions, append-only",
)

deliveries = Table(
    "deliveries",
    metadata,
    _key("id", "edition/channel/audience/batch"),
    Column("edition_id", Text, nullable=False, comment="Edition that is sent"),
    Column("channel", Text, nullable=False, comment="Channel id"),
    _text("transport", "Transport plugin"),
    Column("audience", Text, nullable=False, comment="Named group of receivers"),
    Column("batch", Integer, nullable=False, comment="Part of a long list of receivers"),
    _json("recipients", "Frozen receivers; personal data, never logged"),
    Column("rendering_sha256", Text, nullable=False, comment="Names the bytes that may be sent"),
    _text("idempotency_key", "Made once, repeated with every try"),
    Column("state", Text, nullable=False, comment="pending, sending, sent, failed, unknown, held, expired, abandoned"),
    _at("not_before_at", "Earliest instant to send", nullable=False),
    _at("expires_at", "Latest instant to send, exclusive"),
    _at("retry_at", "Earliest next try"),
    _number("attempts", "Started tries"),
    _json("memo", "What the transport kept: step reached, group id"),
    _text("reason", "Why it is held, failed or unknown; no addresses"),
    _json("receipt", "What the carrier answered; no addresses", nullable=True),
    _at("created_at", "When it was planned", nullable=False),
    _at("touched_at", "Last change of state"),
    UniqueConstraint("edition_id", "channel", "audience", "batch"),
    Index(None, "state"),
    comment="The outbox",
)

pictures = Table(
    "pictures",
    metadata,
    _key("url", "Address at the source"),
    _text("source_id", "Source whose entry first named it"),
    _text("referer", "Page of that entry, named when asking for it"),
    Column("is_whole", Boolean, nullable=False, comment="Its licence forbids cutting"),
    _text("problem", "Reason there are no files; empty when fine"),
    _number("tries", "Nights it was asked for"),
    _at("again_at", "When it is asked for again; empty when settled"),
    _at("tried_at", "When it was last asked for"),
    _json("files", "Files made of it"),
    Index(None, "again_at"),
    comment="Our own copies of the pictures entries name",
)

recipients = Table(
    "recipients",
    metadata,
    _key("delivery_id", "The delivery", ForeignKey("deliveries.id")),
    _key("recipient_hash", "Keyed hash of one receiver; never the address"),
    Column("state", Text, nullable=False, comment="sending, sent, failed or unknown"),
    _text("reason", "Why it failed; no addresses"),
    _at("at", "When", nullable=False),
    Index(None, "recipient_hash"),
    comment="One line for each receiver of a delivery that sends one message a person",
)

suppressions = Table(
    "suppressions",
    metadata,
    _key("recipient_hash", "Keyed hash of one person; never the address"),
    _text("key_id", "Names the key of the hash"),
    _text("reason", "unsubscribed, bounced, complained or person"),
    _at("at", "When", nullable=False),
    comment="Who is never sent to again",
)
