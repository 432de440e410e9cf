-- What all migrations leave in an empty SQLite file. Written by `python -m pipeline.store.newborn`.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE decisions (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	args TEXT NOT NULL, 
	undoes BIGINT, 
	CONSTRAINT pk_decisions PRIMARY KEY (seq)
);
CREATE INDEX ix_decisions_undoes ON decisions (undoes);
CREATE TABLE deliveries (
	id TEXT NOT NULL, 
	edition_id TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	transport TEXT NOT NULL, 
	audience TEXT NOT NULL, 
	batch INTEGER NOT NULL, 
	recipients TEXT NOT NULL, 
	rendering_sha256 TEXT NOT NULL, 
	idempotency_key TEXT NOT NULL, 
	state TEXT NOT NULL, 
	not_before_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	retry_at DATETIME, 
	attempts INTEGER NOT NULL, 
	memo TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	receipt TEXT, 
	created_at DATETIME NOT NULL, 
	touched_at DATETIME, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT uq_deliveries_edition_id_channel_audience_batch UNIQUE (edition_id, channel, audience, batch)
);
CREATE INDEX ix_deliveries_state ON deliveries (state);
CREATE TABLE editions (
	id TEXT NOT NULL, 
	digest_id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	"on" DATE NOT NULL, 
	start_at DATETIME NOT NULL, 
	end_at DATETIME NOT NULL, 
	as_of DATETIME NOT NULL, 
	state TEXT NOT NULL, 
	sections TEXT NOT NULL, 
	left_out TEXT NOT NULL, 
	renderings TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (id)
);
CREATE INDEX ix_editions_digest_id_on ON editions (digest_id, "on");
CREATE TABLE entries (
	id TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	url_hash TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	url TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	published TEXT, 
	details TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	absences INTEGER NOT NULL, 
	is_quiet BOOLEAN NOT NULL, 
	is_pinned BOOLEAN NOT NULL, 
	quarantined TEXT NOT NULL, 
	gone_at DATETIME, changed_in BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (id), 
	CONSTRAINT uq_entries_source_id_key UNIQUE (source_id, "key")
);
CREATE INDEX ix_entries_due_at ON entries (due_at);
CREATE INDEX ix_entries_source_id_url_hash ON entries (source_id, url_hash);
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE publications (
	digest_id TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	label TEXT NOT NULL, 
	edition_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_publications PRIMARY KEY (digest_id, story_id, label)
);
CREATE INDEX ix_publications_edition_id ON publications (edition_id);
CREATE TABLE runs (
	id TEXT NOT NULL, 
	as_of DATETIME NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	exit_code INTEGER, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	report TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE INDEX ix_runs_started_at_id ON runs (started_at, id);
CREATE TABLE source_states (
	source_id TEXT NOT NULL, 
	memo TEXT NOT NULL, 
	validators TEXT NOT NULL, 
	options_hash TEXT NOT NULL, 
	health TEXT NOT NULL, 
	failing_since_at DATETIME, 
	failures INTEGER NOT NULL, 
	last_success_at DATETIME, 
	last_new_at DATETIME, 
	first_run_at DATETIME, 
	profile TEXT NOT NULL, 
	CONSTRAINT pk_source_states PRIMARY KEY (source_id)
);
CREATE TABLE stories (
	id TEXT NOT NULL, 
	primary_id TEXT NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, mark TEXT DEFAULT '' NOT NULL, open_until_at DATETIME, 
	CONSTRAINT pk_stories PRIMARY KEY (id)
);
CREATE INDEX ix_stories_first_seen_at ON stories (first_seen_at);
CREATE TABLE bodies (
	entry_id TEXT NOT NULL, 
	text TEXT NOT NULL, 
	body_html TEXT NOT NULL, 
	CONSTRAINT pk_bodies PRIMARY KEY (entry_id), 
	CONSTRAINT fk_bodies_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id)
);
CREATE TABLE recipients (
	delivery_id TEXT NOT NULL, 
	recipient_hash TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_recipients PRIMARY KEY (delivery_id, recipient_hash), 
	CONSTRAINT fk_recipients_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
CREATE TABLE revisions (
	seq INTEGER NOT NULL, 
	entry_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	fields TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (seq), 
	CONSTRAINT fk_revisions_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id)
);
CREATE INDEX ix_revisions_at ON revisions (at);
CREATE INDEX ix_revisions_entry_id ON revisions (entry_id);
CREATE TABLE story_members (
	entry_id TEXT NOT NULL, 
	story_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	why TEXT NOT NULL, 
	CONSTRAINT pk_story_members PRIMARY KEY (entry_id), 
	CONSTRAINT fk_story_members_story_id FOREIGN KEY(story_id) REFERENCES stories (id)
);
CREATE INDEX ix_story_members_story_id ON story_members (story_id);
CREATE TABLE pictures (
	url TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	referer TEXT NOT NULL, 
	is_whole BOOLEAN NOT NULL, 
	problem TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	again_at DATETIME, 
	tried_at DATETIME, 
	files TEXT NOT NULL, changed_in BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (url)
);
CREATE INDEX ix_pictures_again_at ON pictures (again_at);
CREATE TABLE suppressions (
	recipient_hash TEXT NOT NULL, 
	key_id TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (recipient_hash)
);
CREATE INDEX ix_recipients_recipient_hash ON recipients (recipient_hash);
CREATE INDEX ix_entries_changed_in ON entries (changed_in);
CREATE INDEX ix_pictures_changed_in ON pictures (changed_in);
CREATE INDEX ix_stories_open_until_at ON stories (open_until_at);
CREATE TABLE story_keys (
	"key" TEXT NOT NULL, 
	entry_id TEXT NOT NULL, 
	CONSTRAINT pk_story_keys PRIMARY KEY ("key", entry_id), 
	CONSTRAINT fk_story_keys_entry_id FOREIGN KEY(entry_id) REFERENCES entries (id)
)
 WITHOUT ROWID

;
CREATE INDEX ix_story_keys_entry_id ON story_keys (entry_id);
INSERT INTO alembic_version VALUES ('0008');
