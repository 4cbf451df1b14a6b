//! Numbers that only grow.

use store::{StoreError, Tx, values};

/// Of changes, as responders are told them.
pub(crate) const CHANGE: &str = "change";

/// Of endings, as the archive holds them.
pub(crate) const ENDING: &str = "ending";

/// The next number.
pub(crate) fn next(tx: &mut Tx, name: &'static str) -> Result<i64, StoreError> {
    let next: Option<(i64,)> = tx.first(
        "UPDATE ca_signer_counter SET value = value + 1 WHERE name = $1 RETURNING value",
        values![name],
    )?;
    next.map(|(value,)| value).ok_or(StoreError::Column(format!("no counter {name}")))
}

/// The newest number.
pub(crate) fn newest(tx: &mut Tx, name: &'static str) -> Result<i64, StoreError> {
    let found: Option<(i64,)> =
        tx.first("SELECT value FROM ca_signer_counter WHERE name = $1", values![name])?;
    found.map(|(value,)| value).ok_or(StoreError::Column(format!("no counter {name}")))
}

/// Raises the number to `value`; a lower one changes nothing.
pub(crate) fn raise(tx: &mut Tx, name: &'static str, value: i64) -> Result<(), StoreError> {
    tx.insert(
        "UPDATE ca_signer_counter SET value = $2 WHERE name = $1 AND value < $2",
        values![name, value],
    )
}
