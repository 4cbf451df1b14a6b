//! Relational data in transactions, the same on SQLite (embedded) and PostgreSQL (clusters).
//!
//! Four verbs: [`Store::read`] a snapshot, [`Store::write`] in a serialisable transaction,
//! [`Store::append`] rows that read nothing, and, built on the first and third by the log,
//! looking at a person's data and leaving a record. Every answer comes after the commit.
//!
//! SQL is one text for both engines: `$1`, `$2`, …; TEXT, BIGINT, BYTEA; `ON CONFLICT … RETURNING`;
//! compare-and-set on a revision; keyset paging with explicit NULL order. Existence is asked by
//! writing (`INSERT … ON CONFLICT DO NOTHING`, [`Tx::update`]), never by reading first.

mod address;
mod error;
pub mod idempotency;
pub mod inbox;
mod job;
pub mod jobs;
mod lane;
mod mark;
mod migrate;
pub mod outbox;
mod postgres;
mod pump;
mod queue;
mod queues;
mod row;
mod schema;
mod sqlite;
mod statistics;
mod store;
mod sweep;
mod tls;
#[cfg(feature = "trial")]
pub mod trial;
mod tx;
mod value;
mod wire;

pub use error::StoreError;
pub use mark::{Mark, MarkError};
pub use pump::Working;
pub use row::{Columns, FromRow, Insert, Row};
pub use schema::Schema;
pub use statistics::Figures;
pub use store::{Place, Store};
pub use tx::Tx;
pub use value::{Bind, FromValue, Kind, Value};
