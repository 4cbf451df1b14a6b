//! Forgets what is past its time: idempotency keys, events taken in.

use std::time::Duration;

use base::Time;

use crate::{Store, StoreError, Tx, values};

/// How long an event is remembered: longer than any sender tries.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);

const HOUR: Duration = Duration::from_hours(1);

/// Now and every hour, for ever.
pub(crate) async fn hourly(store: &Store) {
    loop {
        let now = store.clock().now();
        while let Ok(1..) = store.queue("store.sweep", move |tx| swept(tx, now)).await {}
        store.clock().until(now.plus(HOUR)).await;
    }
}

/// Up to 500 of each, so that no transaction is long.
fn swept(tx: &mut Tx, now: Time) -> Result<u64, StoreError> {
    tx.insert(
        "DELETE FROM store_outcome WHERE (scope, key) IN
             (SELECT scope, key FROM store_key WHERE kept_until <= $1
              ORDER BY kept_until, scope, key LIMIT 500)",
        values![now],
    )?;
    let keys = tx.update(
        "DELETE FROM store_key WHERE (scope, key) IN
             (SELECT scope, key FROM store_key WHERE kept_until <= $1
              ORDER BY kept_until, scope, key LIMIT 500)",
        values![now],
    )?;
    let events = tx.update(
        "DELETE FROM store_inbox WHERE event IN
             (SELECT event FROM store_inbox WHERE received_at <= $1
              ORDER BY received_at LIMIT 500)",
        values![now.minus(REMEMBERED)],
    )?;
    Ok(keys + events)
}
