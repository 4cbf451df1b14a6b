//! Things to do at a time: at least once, so whatever does them does them idempotently.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base::{Id, Time};

use crate::pump::{Ended, Pump, Working, pump};
use crate::{Columns, FromRow, Store, StoreError, Tx, row, sweep, values};

/// Marker of [`JobId`].
#[derive(Debug)]
pub enum Todo {}

/// The id of a job: chance, or the hash of what there is only one job for.
pub type JobId = Id<Todo>;

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id: a second job of the same id is not added.
    pub id: JobId,
    /// What is to be done: `pki.publish`. It chooses the [`Work`].
    pub name: String,
    /// What it is to be done with, as its work understands it.
    pub payload: Vec<u8>,
    /// Not before this.
    pub due: Time,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed.
    pub reason: Option<String>,
    /// When it was given up.
    pub died_at: Time,
}
row!(DeadJob { id, name, attempts, reason, died_at });

/// Adds a job; false when one of that id stands already. Its commit wakes the runner.
///
/// # Errors
/// Those of [`Tx::update`].
pub fn add(tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
    let new = tx.update(
        "INSERT INTO store_job (id, name, payload, due_at, next_at, attempts)
         VALUES ($1, $2, $3, $4, $4, 0)
         ON CONFLICT DO NOTHING",
        values![job.id, &job.name, &job.payload, job.due],
    )?;
    tx.wake();
    Ok(new == 1)
}

/// The jobs that were given up, oldest first, up to 1,000.
///
/// # Errors
/// Those of [`Tx::all`].
pub fn dead(tx: &mut Tx) -> Result<Vec<DeadJob>, StoreError> {
    tx.all(
        "SELECT id, name, attempts, reason, died_at FROM store_job
         WHERE died_at IS NOT NULL ORDER BY died_at, id LIMIT 1000",
        values![],
    )
}

/// Lets a dead job be tried again from `now` on; false when it is not dead.
///
/// # Errors
/// Those of [`Tx::update`].
pub fn revive(tx: &mut Tx, id: JobId, now: Time) -> Result<bool, StoreError> {
    let revived = tx.update(
        "UPDATE store_job SET died_at = NULL, attempts = 0, next_at = $2
         WHERE id = $1 AND died_at IS NOT NULL",
        values![id, now],
    )?;
    tx.wake();
    Ok(revived == 1)
}

/// Does jobs of a name.
pub trait Work: Send + Sync + 'static {
    /// Done, or why not, in a sentence without anybody's data: then it is tried again, later
    /// each time up to five minutes.
    fn work(&self, job: Job) -> Working<'_>;

    /// How often it is tried before it is given up, its reason kept.
    fn tries(&self) -> u32 {
        20
    }

    /// How long one try may take before another may begin beside it.
    fn lease(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// Which work does the jobs of which name.
pub type Works = BTreeMap<&'static str, Arc<dyn Work>>;

/// Does the jobs of `store` that `works` knows until `stop`; what is begun by then is waited for.
/// Once an hour it also forgets events and idempotency keys that are past their time.
pub async fn run(store: Store, works: Works, stop: impl Future<Output = ()> + Send) {
    tokio::select! {
        () = pump(store.clone(), Arc::new(Runner(works)), stop) => {}
        () = sweep::hourly(&store) => {}
    }
}

#[derive(Clone, Debug)]
struct Begun {
    job: Job,
    attempts: u32,
    tries: u32,
}

struct Taken(Job, u32);

impl FromRow for Taken {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let job =
            Job { id: row.next()?, name: row.next()?, payload: row.next()?, due: row.next()? };
        Ok(Self(job, row.next()?))
    }
}

struct Runner(Works);

impl Pump for Runner {
    type Item = Begun;

    const NAMES: (&'static str, &'static str) = ("store.jobs_take", "store.jobs_end");

    fn take(&self, tx: &mut Tx, now: Time, most: usize) -> Result<Vec<Begun>, StoreError> {
        let mut begun = Vec::new();
        for (name, work) in &self.0 {
            let room = i64::try_from(most.saturating_sub(begun.len())).unwrap_or(i64::MAX);
            let taken: Vec<Taken> = tx.all(
                "UPDATE store_job SET next_at = $3, attempts = attempts + 1
                 WHERE next_at <= $2 AND died_at IS NULL AND id IN (
                     SELECT own.id FROM store_job own
                     WHERE own.name = $1 AND own.next_at <= $2 AND own.died_at IS NULL
                     ORDER BY own.next_at, own.id LIMIT $4)
                 RETURNING id, name, payload, due_at, attempts",
                values![*name, now, now.plus(work.lease()), room],
            )?;
            let tries = work.tries();
            let item = |Taken(job, attempts)| Begun { job, attempts, tries };
            begun.extend(taken.into_iter().map(item));
        }
        Ok(begun)
    }

    fn work(&self, begun: Begun) -> Working<'_> {
        match self.0.get(begun.job.name.as_str()) {
            Some(work) => work.work(begun.job),
            None => Box::pin(std::future::ready(Err("nobody does this".to_owned()))),
        }
    }

    fn end(tx: &mut Tx, begun: &Begun, ended: &Ended) -> Result<(), StoreError> {
        let (id, attempts) = (begun.job.id, begun.attempts);
        match ended {
            Ended::Done => tx.insert("DELETE FROM store_job WHERE id = $1", values![id]),
            Ended::Failed { reason, at, again_at } => tx.insert(
                "UPDATE store_job SET next_at = $2, reason = $3, died_at = $4
                 WHERE id = $1 AND attempts = $5",
                values![id, *again_at, reason, (attempts >= begun.tries).then_some(*at), attempts],
            ),
        }
    }

    fn attempts(begun: &Begun) -> u32 {
        begun.attempts
    }
}
