//! What ends a call without an answer: a refusal of the contract, or a fault of ours.

use audit::LogError;
use signing_contract::SigningRefusal;
use store::StoreError;

/// A refusal, or what kept us from answering.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// The contract's word.
    #[error("refused")]
    Refused(#[from] SigningRefusal),
    /// The store did not answer.
    #[error("the store did not answer")]
    Store(#[from] StoreError),
    /// The log did not record.
    #[error("the log did not record")]
    Log(#[from] LogError),
    /// Another system did not answer as it should; what is begun goes on later.
    #[error("another system did not answer: {0}")]
    Elsewhere(&'static str),
    /// Somebody else carried the session on meanwhile.
    #[error("carried on by another meanwhile")]
    Overtaken,
    /// What we stored does not read: a fault of ours.
    #[error("not to be read: {0}")]
    Unreadable(&'static str),
}

impl Failed {
    /// A document that is not taken, by its stable word.
    pub(crate) fn document(kind: &str) -> Self {
        Self::Refused(SigningRefusal::Document { kind: kind.to_owned() })
    }

    /// What the caller is told. Ours is logged here, once.
    pub(crate) fn refusal(self) -> SigningRefusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Store(StoreError::Busy | StoreError::Conflict) | Self::Overtaken => {
                SigningRefusal::Busy
            }
            other => {
                let cause = std::error::Error::source(&other).map(ToString::to_string);
                tracing::error!(error = %other, cause, "signing failed");
                SigningRefusal::Busy
            }
        }
    }
}
