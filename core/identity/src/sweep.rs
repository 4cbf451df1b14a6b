//! Long-running work: what is over goes, and the next token key is made in time.

use std::sync::Arc;
use std::time::Duration;

use base::Time;
use store::{StoreError, Tx, values};

use crate::Identity;
use crate::notice;

/// What is over is kept so long, so that a reader on its way still finds it.
const GRACE: Duration = Duration::from_mins(5);

/// A used code is known as long as its tokens live: a second use ends them.
const CODE: Duration = Duration::from_mins(15);

const MINUTE: Duration = Duration::from_mins(1);

const SWEEP: [&str; 7] = [
    "DELETE FROM identity_ask WHERE id IN (SELECT id FROM identity_ask
     WHERE until_at <= $1 ORDER BY until_at, id LIMIT 500)",
    "DELETE FROM identity_login WHERE id IN (SELECT id FROM identity_login
     WHERE until_at <= $1 ORDER BY until_at, id LIMIT 500)",
    "DELETE FROM identity_grant WHERE code IN (SELECT code FROM identity_grant
     WHERE until_at <= $1 ORDER BY until_at, code LIMIT 500)",
    "DELETE FROM identity_pushed WHERE id IN (SELECT id FROM identity_pushed
     WHERE until_at <= $1 ORDER BY until_at, id LIMIT 500)",
    "DELETE FROM identity_token WHERE token IN (SELECT token FROM identity_token
     WHERE until_at <= $1 ORDER BY until_at, token LIMIT 500)",
    "DELETE FROM identity_spent WHERE id IN (SELECT id FROM identity_spent
     WHERE until_at <= $1 ORDER BY until_at, id LIMIT 500)",
    "DELETE FROM identity_pending WHERE until_at <= $1",
];
const CODES: &str = "DELETE FROM identity_code WHERE code IN (SELECT code FROM identity_code
     WHERE until_at <= $1 ORDER BY until_at, code LIMIT 500)";
const NOTICES: &str = "DELETE FROM identity_notice WHERE id IN (SELECT id FROM identity_notice
     WHERE told_at <= $1 ORDER BY told_at, id LIMIT 500)";

impl Identity {
    /// Sweeps every minute until `stop`.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = self.forever() => {}
            () = stop => {}
        }
    }

    async fn forever(&self) {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "sweeping");
            }
            if let Err(error) = self.keys.turn(&self.store, &self.keeper).await {
                tracing::error!(%error, "turning the token keys");
            }
            self.clock.until(self.now().plus(MINUTE)).await;
        }
    }

    /// Takes away what is over; says how many rows went.
    ///
    /// # Errors
    /// The store.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.now();
        let swept = self.store.queue("identity.sweep", move |tx| swept(tx, now)).await?;
        Ok(swept + self.sessions.sweep().await?)
    }
}

/// Up to 500 of each, so that no transaction is long.
fn swept(tx: &mut Tx, now: Time) -> Result<u64, StoreError> {
    let mut count = tx.update(NOTICES, values![now.minus(notice::KEPT)])?;
    count += tx.update(CODES, values![now.minus(CODE)])?;
    for sql in SWEEP {
        count += tx.update(sql, values![now.minus(GRACE)])?;
    }
    Ok(count)
}
