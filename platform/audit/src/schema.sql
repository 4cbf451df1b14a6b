-- Records as they were committed, until the sequencer gives them a position.
CREATE TABLE audit_pending (
    id BYTEA PRIMARY KEY,
    day TEXT NOT NULL,
    made BIGINT NOT NULL,
    tag BYTEA NOT NULL,
    leaf BYTEA NOT NULL,
    sealed BYTEA NOT NULL
);

-- The log: position 0 is the first entry.
CREATE TABLE audit_entry (
    position BIGINT PRIMARY KEY,
    tree_day TEXT NOT NULL,
    tag BYTEA NOT NULL,
    leaf BYTEA NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX audit_entry_tag ON audit_entry (tag, position);

-- The widest known form of each tile; a partial one is the beginning of the next.
CREATE TABLE audit_tile (
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, n)
);

-- Every checkpoint ever signed, numbered from 0.
CREATE TABLE audit_checkpoint (
    number BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    note BYTEA NOT NULL
);
CREATE UNIQUE INDEX audit_checkpoint_size ON audit_checkpoint (size);

-- One row: where the log stands, which sequencer may go on until when, and how many entries the
-- archive holds.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY,
    size BIGINT NOT NULL,
    checkpoints BIGINT NOT NULL,
    tree_day TEXT NOT NULL,
    holder BYTEA NOT NULL,
    fence BIGINT NOT NULL,
    until BIGINT NOT NULL,
    archived BIGINT NOT NULL
);

-- Keys, wrapped by the log's key-encryption key. Deleting a row shreds. Backups of these two
-- tables are kept apart, at most 30 days.
CREATE TABLE audit_class_key (
    class TEXT NOT NULL,
    month TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (class, month)
);
CREATE TABLE audit_subject_key (
    class TEXT NOT NULL,
    month TEXT NOT NULL,
    place BYTEA NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (class, month, place)
);

-- Handles once fetched and checked: code, proof and handle, wrapped. The current one makes tags;
-- those of former codes only find records.
CREATE TABLE audit_handle (
    person BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    mark BYTEA NOT NULL,
    current BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    PRIMARY KEY (person, epoch, mark)
);
