//! The tables.

use store::Schema;

/// `sam`'s tables. Its store needs no other.
pub const SCHEMA: Schema = Schema { system: "sam", steps: &[include_str!("schema.sql")] };
