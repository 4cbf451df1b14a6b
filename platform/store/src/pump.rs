//! Takes what is due from a table, works on it, and notes how that ended: at least once.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use base::Time;
use tokio::task::JoinSet;

use crate::{Store, StoreError, Tx};

/// Work on one thing: done, or why not, in a sentence without anybody's data.
pub type Working<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// How many things are worked on at a time.
const FLYING: usize = 32;

/// How soon what another process committed, or a lease that ended, is seen.
const POLL: Duration = Duration::from_secs(1);

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(300);

/// How work on a thing ended.
#[derive(Clone, Debug)]
pub(crate) enum Ended {
    /// Well: it need not be kept.
    Done,
    /// Not well.
    Failed { reason: String, at: Time, again_at: Time },
}

/// A table of things to work on.
pub(crate) trait Pump: Send + Sync + 'static {
    type Item: Clone + Send + 'static;

    /// The names of its two closures, for the figures.
    const NAMES: (&'static str, &'static str);

    /// Takes up to `most` that are due at `now`; for a while they are nobody else's.
    fn take(&self, tx: &mut Tx, now: Time, most: usize) -> Result<Vec<Self::Item>, StoreError>;

    fn work(&self, item: Self::Item) -> Working<'_>;

    fn end(tx: &mut Tx, item: &Self::Item, ended: &Ended) -> Result<(), StoreError>;

    /// Which try this is, the first being 1.
    fn attempts(item: &Self::Item) -> u32;
}

/// Until `stop`; then what is being worked on is waited for.
pub(crate) async fn pump<P: Pump>(store: Store, pump: Arc<P>, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let mut queued = store.queued();
    let mut flying = JoinSet::new();
    loop {
        queued.borrow_and_update();
        let taken = take(&store, &pump, FLYING.saturating_sub(flying.len())).await;
        for item in taken {
            flying.spawn(attempt(store.clone(), Arc::clone(&pump), item));
        }
        let poll = store.clock().until(store.clock().now().plus(POLL));
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = flying.join_next() => {}
            _ = queued.changed() => {}
            () = poll => {}
        }
    }
    while flying.join_next().await.is_some() {}
}

async fn take<P: Pump>(store: &Store, pump: &Arc<P>, most: usize) -> Vec<P::Item> {
    if most == 0 {
        return Vec::new();
    }
    let now = store.clock().now();
    let pump = Arc::clone(pump);
    let taken = store.queue(P::NAMES.0, move |tx| pump.take(tx, now, most)).await;
    // What could not be taken is taken at the next poll.
    taken.unwrap_or_else(|fault: StoreError| {
        tracing::warn!(%fault, queue = P::NAMES.0, "nothing taken");
        Vec::new()
    })
}

async fn attempt<P: Pump>(store: Store, pump: Arc<P>, item: P::Item) {
    let own = item.clone();
    // A task of its own, so that a panic is one failure more and not the end of the pump.
    let work = tokio::spawn(async move { pump.work(own).await });
    let outcome = work.await.unwrap_or_else(|_| Err("it panicked".to_owned()));
    let ended = match outcome {
        Ok(()) => Ended::Done,
        Err(reason) => {
            let at = store.clock().now();
            Ended::Failed { reason, at, again_at: at.plus(pause(&store, P::attempts(&item))) }
        }
    };
    // When this fails, the lease ends and the thing is done again: at least once.
    let noted = store.queue(P::NAMES.1, move |tx| P::end(tx, &item, &ended)).await;
    if let Err(fault) = noted {
        let fault: StoreError = fault;
        tracing::warn!(%fault, queue = P::NAMES.1, "the end is not noted");
    }
}

/// One second, then twice as long each time, up to a quarter more by chance.
fn pause(store: &Store, attempts: u32) -> Duration {
    let doubled = Duration::from_secs(1 << attempts.saturating_sub(1).min(9));
    let [byte] = store.chance().bytes::<1>();
    doubled.min(LONGEST).mul_f32(1.0 + f32::from(byte) / 1024.0)
}
