//! The tables of the store's own: what waits to be delivered or done, and what was seen already.

use crate::Schema;

/// Part of every store.
pub(crate) const OWN: Schema = Schema {
    system: "store",
    steps: &["
        CREATE TABLE store_outbox (
            id BYTEA PRIMARY KEY,
            destination TEXT NOT NULL,
            name TEXT NOT NULL,
            subject BYTEA NOT NULL,
            written_at BIGINT NOT NULL,
            body BYTEA NOT NULL,
            due_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            reason TEXT
        );
        CREATE INDEX store_outbox_due ON store_outbox (due_at, id);
        CREATE INDEX store_outbox_subject
            ON store_outbox (subject, destination, written_at, id);
        CREATE TABLE store_inbox (
            event BYTEA PRIMARY KEY,
            received_at BIGINT NOT NULL
        );
        CREATE INDEX store_inbox_received ON store_inbox (received_at);
        CREATE TABLE store_job (
            id BYTEA PRIMARY KEY,
            name TEXT NOT NULL,
            payload BYTEA NOT NULL,
            due_at BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            reason TEXT,
            died_at BIGINT
        );
        CREATE INDEX store_job_due ON store_job (name, next_at, id);
        CREATE TABLE store_key (
            scope TEXT NOT NULL,
            key BYTEA NOT NULL,
            digest BYTEA NOT NULL,
            kept_until BIGINT NOT NULL,
            PRIMARY KEY (scope, key)
        );
        CREATE TABLE store_outcome (
            scope TEXT NOT NULL,
            key BYTEA NOT NULL,
            outcome BYTEA NOT NULL,
            PRIMARY KEY (scope, key)
        );
        CREATE INDEX store_key_until ON store_key (kept_until);
    "],
};
