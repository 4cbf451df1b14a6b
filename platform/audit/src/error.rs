//! Why the log could not record or show.

use base::{Failure, Fault};
use store::StoreError;

use crate::cbor::MalformedRecord;
use crate::handle::{HandleError, HandlesFailed};
use crate::keyring::WrapFailed;
use crate::record::RecordTooLarge;
use crate::seal::DoesNotOpen;
use crate::tree::TreeError;

/// Why a look or act was not recorded, and so did not happen; or why the log shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No handle was to be had: never unlogged.
    #[error(transparent)]
    Handles(#[from] HandlesFailed),
    /// The handle was not what it should be.
    #[error(transparent)]
    Handle(#[from] HandleError),
    /// The log's KEK.
    #[error(transparent)]
    Wrap(#[from] WrapFailed),
    /// A text, list or detail is over its limit, or more than [`crate::MOST`] persons.
    #[error(transparent)]
    TooLarge(#[from] RecordTooLarge),
    /// The record was prepared before yesterday: prepare it again.
    #[error("the record is older than yesterday")]
    Stale,
    /// The keys are deleted.
    #[error("the record's keys are deleted")]
    Shredded,
    /// No entry at this position.
    #[error("no such entry")]
    Absent,
    /// A stored record is not what its leaf says, or does not open.
    #[error("a stored record is damaged: {0}")]
    Damaged(String),
}

impl From<DoesNotOpen> for LogError {
    fn from(error: DoesNotOpen) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<MalformedRecord> for LogError {
    fn from(error: MalformedRecord) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<TreeError> for LogError {
    fn from(error: TreeError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Failure for LogError {
    fn fault(&self) -> Fault {
        match self {
            Self::Store(error) => error.fault(),
            Self::Handles(_) => Fault::Elsewhere,
            Self::Stale => Fault::Later(1),
            Self::TooLarge(_) => Fault::Caller(413),
            Self::Shredded | Self::Absent => Fault::Caller(404),
            Self::Handle(_) | Self::Wrap(_) | Self::Damaged(_) => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Store(error) => error.kind(),
            Self::Handles(_) => "log-handle",
            Self::Stale => "busy",
            Self::TooLarge(_) => "log-record-too-large",
            Self::Shredded | Self::Absent => "log-entry-absent",
            Self::Handle(_) | Self::Wrap(_) | Self::Damaged(_) => "log-failed",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Store(error) => error.title(),
            Self::Handles(_) => "The look cannot be recorded at the moment, so it is not made.",
            Self::Stale => "Too much is asked at the moment.",
            Self::TooLarge(_) => "More is asked at once than can be recorded.",
            Self::Shredded | Self::Absent => "There is no such entry.",
            Self::Handle(_) | Self::Wrap(_) | Self::Damaged(_) => "The log failed.",
        }
    }
}
