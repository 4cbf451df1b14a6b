//! One call, however often it is sent: its outcome is kept 24 h under a key of the caller's.

use std::time::Duration;

use base::Time;
use sha2::{Digest, Sha256};

use crate::{StoreError, Tx, values};

/// How long an outcome is kept.
const KEPT: Duration = Duration::from_hours(24);

/// The key of a call, and what was asked under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    scope: String,
    key: Vec<u8>,
    digest: [u8; 32],
    now: Time,
}

impl Key {
    /// The caller's `key`, of up to 64 bytes in use, within `scope` (which system, on whose
    /// behalf, which operation), for a call whose bytes are `asked`.
    #[must_use]
    pub fn new(scope: &str, key: &[u8], asked: &[u8], now: Time) -> Self {
        let digest = Sha256::digest(asked).into();
        Self { scope: scope.to_owned(), key: key.to_vec(), digest, now }
    }
}

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its bytes, as they were the first time.
    pub bytes: Vec<u8>,
    /// Whether it had been called before.
    pub again: bool,
}

/// The key was used before, for other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the idempotency key was used for another call")]
pub struct KeyReused;

/// Does `work` if the key is new and keeps its outcome, in this one transaction; else gives the
/// outcome kept. A refusal of `work` keeps nothing: the call may be tried again.
///
/// # Errors
/// [`KeyReused`] for a key that was used for other bytes; those of `work`; [`StoreError`].
pub fn once<E: From<StoreError> + From<KeyReused>>(
    tx: &mut Tx,
    key: &Key,
    work: impl FnOnce(&mut Tx) -> Result<Vec<u8>, E>,
) -> Result<Outcome, E> {
    if !claimed(tx, key)? {
        let bytes = kept(tx, key)?.ok_or(KeyReused)?;
        return Ok(Outcome { bytes, again: true });
    }
    let bytes = work(tx)?;
    // A row of its own: an update of the key's row would read, and so lock, a page of its index.
    tx.insert(
        "INSERT INTO store_outcome (scope, key, outcome) VALUES ($1, $2, $3)
         ON CONFLICT (scope, key) DO UPDATE SET outcome = excluded.outcome",
        values![&key.scope, &key.key, &bytes],
    )?;
    Ok(Outcome { bytes, again: false })
}

/// By writing: a key is ours when it was not there or was past its time.
fn claimed(tx: &mut Tx, key: &Key) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO store_key (scope, key, digest, kept_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (scope, key) DO UPDATE
         SET digest = excluded.digest, kept_until = excluded.kept_until
         WHERE store_key.kept_until <= $5",
        values![&key.scope, &key.key, key.digest, key.now.plus(KEPT), key.now],
    )?;
    Ok(new == 1)
}

/// The outcome, none when it is another call's.
fn kept(tx: &mut Tx, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
    let found = tx.first::<([u8; 32], Vec<u8>)>(
        "SELECT k.digest, o.outcome FROM store_key k
         JOIN store_outcome o ON o.scope = k.scope AND o.key = k.key
         WHERE k.scope = $1 AND k.key = $2",
        values![&key.scope, &key.key],
    )?;
    Ok(found.filter(|(digest, _)| *digest == key.digest).map(|(_, outcome)| outcome))
}
