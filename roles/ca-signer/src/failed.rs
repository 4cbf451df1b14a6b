//! Why something was not done, before it is told to the caller.

use pki_contract::SignerRefusal;
use store::StoreError;

/// A refusal, or the store's failure.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] SignerRefusal),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failed> for SignerRefusal {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(refusal) => refusal,
            Failed::Store(fault) => {
                tracing::error!(%fault, "the store failed");
                Self::Store
            }
        }
    }
}
