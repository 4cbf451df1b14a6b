//! What ends a call without an answer: a refusal of the contract, or a fault of ours.

use audit::LogError;
use persons_contract::{DeathRefusal, FindRefusal, HandleRefusal, RecordRefusal, SearchRefusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::idempotency::{self, Key, KeyReused};
use store::{StoreError, Tx};

use crate::row::json;

/// A refusal, or what kept us from answering.
#[derive(Debug)]
pub(crate) enum Failed<R> {
    /// The contract's word.
    Refused(R),
    /// The store did not answer.
    Store(StoreError),
    /// The log did not record.
    Log(LogError),
    /// The call was made before under its key: its outcome then, in JSON. Nothing was done again.
    Again(Vec<u8>),
    /// The key was used before, for another call.
    KeyReused,
}

impl<R> From<KeyReused> for Failed<R> {
    fn from(_: KeyReused) -> Self {
        Self::KeyReused
    }
}

/// Does `work` once under the key of a call, if it has one (PROTOCOLS §1). A call made before
/// ends the transaction with [`Failed::Again`], so that no second record names anybody.
pub(crate) fn once<T: Serialize, R>(
    tx: &mut Tx,
    key: Option<&Key>,
    work: impl FnOnce(&mut Tx) -> Result<T, Failed<R>>,
) -> Result<T, Failed<R>> {
    let Some(key) = key else { return work(tx) };
    let mut done = None;
    let outcome = idempotency::once(tx, key, |tx| {
        let answer = work(tx)?;
        let bytes = json(&answer)?.into_bytes();
        done = Some(answer);
        Ok::<_, Failed<R>>(bytes)
    })?;
    done.ok_or(Failed::Again(outcome.bytes))
}

/// The answer of a call that was made once, this time or before.
pub(crate) fn outcome<T: DeserializeOwned, R>(done: Result<T, Failed<R>>) -> Result<T, Failed<R>> {
    match done {
        Err(Failed::Again(bytes)) => {
            let lost = |_| StoreError::Column("a kept outcome that does not read".to_owned());
            Ok(serde_json::from_slice(&bytes).map_err(lost)?)
        }
        done => done,
    }
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
    /// The key was used for another call.
    const KEY_REUSED: Self;
}

macro_rules! ours {
    ($($ty:ty: $unavailable:expr, $unrecorded:expr, $reused:expr;)*) => {$(
        impl Ours for $ty {
            const UNAVAILABLE: Self = $unavailable;
            const UNRECORDED: Self = $unrecorded;
            const KEY_REUSED: Self = $reused;
        }
    )*};
}
ours! {
    // Looks and handles take no key: they are made again.
    FindRefusal: Self::Unavailable, Self::Unrecorded, Self::Unavailable;
    SearchRefusal: Self::Look(FindRefusal::Unavailable), Self::Look(FindRefusal::Unrecorded),
        Self::Look(FindRefusal::Unavailable);
    HandleRefusal: Self::Unavailable, Self::Unavailable, Self::Unavailable;
    RecordRefusal: Self::Unavailable, Self::Unrecorded, Self::KeyReused;
    DeathRefusal: Self::Record(RecordRefusal::Unavailable),
        Self::Record(RecordRefusal::Unrecorded), Self::Record(RecordRefusal::KeyReused);
}

impl<R> Failed<R> {
    /// The same with the contract's word put into another's.
    pub(crate) fn with<S>(self, word: impl FnOnce(R) -> S) -> Failed<S> {
        match self {
            Self::Refused(refusal) => Failed::Refused(word(refusal)),
            Self::Store(error) => Failed::Store(error),
            Self::Log(error) => Failed::Log(error),
            Self::Again(bytes) => Failed::Again(bytes),
            Self::KeyReused => Failed::KeyReused,
        }
    }
}

impl<R: Ours> Failed<R> {
    /// The contract's word for it; ours are told to the operator, without anybody's data.
    pub(crate) fn refusal(self) -> R {
        match self {
            Self::Refused(refusal) => refusal,
            Self::KeyReused => R::KEY_REUSED,
            // Only reached where an outcome was not taken up: nothing was done again.
            Self::Again(_) => R::UNAVAILABLE,
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
