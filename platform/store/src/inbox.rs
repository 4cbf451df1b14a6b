//! Messages from other systems, each taken in once.

use base::Time;

use crate::outbox::EventId;
use crate::{StoreError, Tx, values};

/// Whether this event was never seen before: then what it asks is done in this transaction,
/// else nothing and the answer is yes all the same. Events are remembered for 90 days.
///
/// # Errors
/// Those of [`Tx::update`].
pub fn first(tx: &mut Tx, event: EventId, now: Time) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO store_inbox (event, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        values![event, now],
    )?;
    Ok(new == 1)
}
