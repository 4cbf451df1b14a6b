//! What can go wrong in a store, and what is then certain.

use base::{Failure, Fault};

/// Why a read, write or append gave no answer of its own.
///
/// Except after [`StoreError::Unknown`], nothing was changed. Messages name tables, columns and
/// constraints, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The queue is full: nothing was begun.
    #[error("the store is busy")]
    Busy,
    /// Other transactions were in the way each time it was tried.
    #[error("given up after conflicts with other transactions")]
    Conflict,
    /// The commit was sent and its answer never came: the change stands or does not. The
    /// caller's idempotency key tells (see [`crate::idempotency`]).
    #[error("whether the change was committed is not known")]
    Unknown,
    /// A constraint of the schema forbids the change.
    #[error("refused by the schema: {0}")]
    Refused(String),
    /// The engine cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreached(String),
    /// Text holds U+0000, which PostgreSQL cannot keep.
    #[error("text holds U+0000")]
    Nul,
    /// A column holds another type than its reader asks for, or the row another number of columns.
    #[error("a column does not fit: {0}")]
    Column(String),
    /// The closure of this name panicked; what it did is undone.
    #[error("the closure {0} panicked")]
    Panicked(&'static str),
    /// The store cannot be opened as it is: place, version, collation or history.
    #[error("the store cannot be opened: {0}")]
    Setup(String),
    /// Anything else the engine says: a fault in the statement, a full disk, an I/O error.
    #[error("the database failed: {0}")]
    Engine(String),
}

impl Failure for StoreError {
    fn fault(&self) -> Fault {
        match self {
            Self::Busy | Self::Conflict | Self::Unknown => Fault::Later(1),
            Self::Unreached(_) => Fault::Later(5),
            _ => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict => "busy",
            Self::Unknown => "outcome-unknown",
            Self::Unreached(_) => "store-unreached",
            _ => "store-failed",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Busy | Self::Conflict => "Too much is asked at the moment.",
            Self::Unknown => "The outcome is not known yet: ask again with the same key.",
            Self::Unreached(_) => "The database cannot be reached at the moment.",
            _ => "The store failed.",
        }
    }
}
