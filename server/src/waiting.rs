//! Waiting at a start for another process that starts at the same time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::Clock;
use links::{CallFault, Party};

/// How long it is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// What can say that nobody was there.
pub(crate) trait Silent {
    /// Whether nobody was there.
    fn is_silent(&self) -> bool;
}

impl<R> Silent for CallFault<R> {
    fn is_silent(&self) -> bool {
        matches!(self, Self::Unreached)
    }
}

/// Asks `party` again while nobody is there, for half a minute at most.
///
/// # Errors
/// What it answers, or the last silence.
pub(crate) async fn for_answer<T, E: Silent, F: Future<Output = Result<T, E>>>(
    clock: &Arc<dyn Clock>,
    party: &Party,
    ask: impl Fn() -> F,
) -> Result<T, E> {
    let until = clock.now().plus(PATIENCE);
    let mut said = false;
    loop {
        match ask().await {
            Err(why) if why.is_silent() && clock.now() < until => {
                if !said {
                    tracing::warn!(%party, "waiting for it to answer");
                    said = true;
                }
                clock.until(clock.now().plus(PAUSE)).await;
            }
            answer => return answer,
        }
    }
}
