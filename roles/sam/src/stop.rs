//! Why something inside `sam` does not go on.

use keys::{KeyError, SignError};
use sam_contract::SamRefusal;
use store::StoreError;

use crate::life::StepError;

/// Why something inside does not go on; over a link it is a [`SamRefusal`].
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A refusal.
    #[error(transparent)]
    Refused(#[from] SamRefusal),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key of its own does not open or work.
    #[error("a key of its own: {0}")]
    Key(#[from] KeyError),
    /// A key refuses to sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The archive or the mark.
    #[error("archive or mark: {0}")]
    Archive(#[from] std::io::Error),
    /// What stands in the store cannot be read.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// A life does not take this step.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<Stop> for SamRefusal {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => refusal,
            Stop::Store(StoreError::Busy | StoreError::Conflict | StoreError::Unknown) => {
                Self::Busy
            }
            Stop::Step(_) => Self::State,
            other => {
                tracing::error!(%other, "sam");
                Self::Broken
            }
        }
    }
}
