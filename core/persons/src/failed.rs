//! What ends a call without an answer: a refusal of the contract, or a fault of ours.

use audit::LogError;
use persons_contract::{DeathRefusal, FindRefusal, HandleRefusal, RecordRefusal, SearchRefusal};
use store::StoreError;

/// A refusal, or what kept us from answering.
#[derive(Debug)]
pub(crate) enum Failed<R> {
    /// The contract's word.
    Refused(R),
    /// The store did not answer.
    Store(StoreError),
    /// The log did not record.
    Log(LogError),
}

impl<R> From<StoreError> for Failed<R> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<R> From<LogError> for Failed<R> {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// A refusal that can say that the fault is ours.
pub(crate) trait Ours: Sized {
    /// The register cannot answer.
    const UNAVAILABLE: Self;
    /// Nothing could be recorded, so nothing happened.
    const UNRECORDED: Self;
}

macro_rules! ours {
    ($($ty:ty: $unavailable:expr, $unrecorded:expr;)*) => {$(
        impl Ours for $ty {
            const UNAVAILABLE: Self = $unavailable;
            const UNRECORDED: Self = $unrecorded;
        }
    )*};
}
ours! {
    FindRefusal: Self::Unavailable, Self::Unrecorded;
    SearchRefusal: Self::Look(FindRefusal::Unavailable), Self::Look(FindRefusal::Unrecorded);
    RecordRefusal: Self::Unavailable, Self::Unrecorded;
    DeathRefusal: Self::Record(RecordRefusal::Unavailable),
        Self::Record(RecordRefusal::Unrecorded);
    HandleRefusal: Self::Unavailable, Self::Unavailable;
}

impl<R: Ours> Failed<R> {
    /// The contract's word for it; ours are told to the operator, without anybody's data.
    pub(crate) fn refusal(self) -> R {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Store(error) => {
                tracing::warn!(%error, "the register's store did not answer");
                R::UNAVAILABLE
            }
            Self::Log(LogError::Store(error)) => {
                tracing::warn!(%error, "the log's store did not answer");
                R::UNAVAILABLE
            }
            Self::Log(error) => {
                tracing::error!(%error, "the log did not record");
                R::UNRECORDED
            }
        }
    }
}
