//! The log's tables, beside the tables of the part whose log it is.

use store::{Insert, Schema};

/// The tables `audit_*`.
pub const SCHEMA: Schema = Schema { system: "audit", steps: &[include_str!("schema.sql")] };

/// A record before it has a position.
pub(crate) const PENDING: Insert =
    Insert { table: "audit_pending", columns: &["id", "day", "made", "tag", "leaf", "sealed"] };

/// A record at its position.
pub(crate) const ENTRY: Insert =
    Insert { table: "audit_entry", columns: &["position", "tree_day", "tag", "leaf", "sealed"] };

/// A signed checkpoint.
pub(crate) const CHECKPOINT: Insert =
    Insert { table: "audit_checkpoint", columns: &["number", "size", "at", "note"] };
