//! A thread that owns a connection and runs the closures of a queue.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use base::{Chance, Clock};
use tokio::sync::watch;

use crate::job::{Job, Verdict};
use crate::queue::Queue;
use crate::statistics::Statistics;
use crate::tx::Mode;
use crate::{StoreError, Tx};

/// How often a closure is run before its conflicts are given up.
const ATTEMPTS: u32 = 12;

/// How often for a lost connection.
const RECONNECTS: u32 = 2;

/// When the engine was last found to be unreachable; never, since it was last reached.
#[derive(Debug, Default)]
pub(crate) struct Lost(Mutex<Option<Duration>>);

impl Lost {
    fn noted(&self, lost: bool, clock: &dyn Clock) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = lost.then(|| clock.elapsed());
    }

    /// Whether it was so within the last half minute: whoever is asked nothing finds nothing out.
    pub(crate) fn is_known(&self, clock: &dyn Clock) -> bool {
        let at = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| clock.elapsed().saturating_sub(at) < Duration::from_secs(30))
    }
}

/// What a lane needs beside its connection.
#[derive(Clone)]
pub(crate) struct Lane {
    pub(crate) queue: Arc<Queue<Box<dyn Job>>>,
    pub(crate) statistics: Arc<Statistics>,
    pub(crate) lost: Arc<Lost>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    /// Counts the commits that the pumps must look at.
    pub(crate) queued: Arc<watch::Sender<u64>>,
    /// How many closures may share a transaction.
    pub(crate) most: usize,
}

impl Lane {
    /// Starts the thread; it ends when the queue is closed and empty.
    pub(crate) fn start(self, name: &str, mut tx: Tx) -> Result<JoinHandle<()>, StoreError> {
        let thread = thread::Builder::new().name(format!("store {name}"));
        let work = move || loop {
            let jobs = self.queue.take(self.most);
            if jobs.is_empty() {
                return;
            }
            self.serve(&mut tx, jobs);
        };
        thread.spawn(work).map_err(|error| StoreError::Setup(error.to_string()))
    }

    fn serve(&self, tx: &mut Tx, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.len() > 1 {
            match self.together(tx, &mut jobs) {
                Ok(faults) => return self.settle(jobs.into_iter().zip(faults)),
                Err(StoreError::Unknown) => {
                    let faults = std::iter::repeat(Some(StoreError::Unknown));
                    return self.settle(jobs.into_iter().zip(faults));
                }
                // The whole transaction is lost: each is run again alone.
                Err(_) => tx.rollback(),
            }
        }
        for mut job in jobs {
            let fault = self.alone(tx, &mut *job).err();
            self.settle([(job, fault)]);
        }
    }

    /// One transaction for all, a mark before each; the answers are given after its commit.
    fn together(
        &self,
        tx: &mut Tx,
        jobs: &mut [Box<dyn Job>],
    ) -> Result<Vec<Option<StoreError>>, StoreError> {
        tx.begin(Mode::Write)?;
        let mut faults = Vec::with_capacity(jobs.len());
        for job in jobs {
            tx.mark()?;
            let verdict = job.run(tx);
            tx.unmark(matches!(verdict, Verdict::Keep))?;
            faults.push(match verdict {
                Verdict::Keep | Verdict::Undo => None,
                Verdict::Fault(fault) => Some(fault),
            });
        }
        self.commit(tx)?;
        Ok(faults)
    }

    /// A transaction of its own, again after conflicts, and on a new connection when the one
    /// it had was lost before the commit.
    fn alone(&self, tx: &mut Tx, job: &mut dyn Job) -> Result<(), StoreError> {
        let mut done = self.attempt(tx, job);
        for attempt in 0..ATTEMPTS {
            match done {
                Err(StoreError::Conflict) => {}
                Err(StoreError::Unreached(_)) if attempt < RECONNECTS => {}
                done => return done,
            }
            self.wait(job.name(), attempt);
            done = self.attempt(tx, job);
        }
        done
    }

    fn attempt(&self, tx: &mut Tx, job: &mut dyn Job) -> Result<(), StoreError> {
        tx.begin(job.mode())?;
        let done = match job.run(tx) {
            Verdict::Keep => self.commit(tx),
            Verdict::Undo => tx.undo(),
            Verdict::Fault(fault) => Err(fault),
        };
        if done.is_err() {
            tx.rollback();
        }
        done
    }

    fn commit(&self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.commit()?;
        if tx.wakes() {
            self.queued.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// Up to 0.5 ms, then twice as long each time, to 128 ms. Real time: what is waited for is
    /// another transaction, not a moment of the world.
    fn wait(&self, name: &'static str, attempt: u32) {
        self.statistics.retried(name);
        let [byte] = self.chance.bytes::<1>();
        thread::park_timeout(Duration::from_micros(u64::from(byte) << (attempt.min(8) + 1)));
    }

    fn settle(&self, answers: impl IntoIterator<Item = (Box<dyn Job>, Option<StoreError>)>) {
        for (job, fault) in answers {
            self.lost.noted(matches!(fault, Some(StoreError::Unreached(_))), &*self.clock);
            if let Some(fault) = &fault {
                self.statistics.failed(job.name());
                tracing::warn!(closure = job.name(), %fault, "the store failed a closure");
            }
            job.settle(fault);
        }
    }
}
