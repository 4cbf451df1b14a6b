//! Why something was not done, before it is told to the caller.

use audit::LogError;
use pki_contract::PkiRefusal;
use store::StoreError;

/// A refusal, or what kept us from answering.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] PkiRefusal),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log did not record, so nothing happened.
    #[error(transparent)]
    Log(#[from] LogError),
}

impl From<Failed> for PkiRefusal {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(refusal) => refusal,
            Failed::Store(StoreError::Busy | StoreError::Conflict | StoreError::Unreached(_)) => {
                Self::Busy
            }
            Failed::Store(fault) => {
                tracing::error!(%fault, "the store failed");
                Self::Broken
            }
            Failed::Log(fault) => {
                tracing::error!(%fault, "the log did not record");
                Self::Broken
            }
        }
    }
}

/// What the store cannot hold or read.
pub(crate) fn unreadable(why: impl std::fmt::Display) -> StoreError {
    StoreError::Column(why.to_string())
}
