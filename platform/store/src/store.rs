//! The store and its verbs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use base::{Chance, Clock};
use tokio::sync::watch;

use crate::job::{self, Answer, Job};
use crate::lane::{Lane, Lost};
use crate::queue::Queue;
use crate::statistics::{Figures, Statistics};
use crate::tls::Tls;
use crate::tx::Mode;
use crate::{Row, Schema, StoreError, Tx, migrate, postgres, sqlite};

/// How many closures may wait in each queue before callers are told [`StoreError::Busy`].
const WAITING: usize = 4096;

/// How many closures may share a commit.
const TOGETHER: usize = 256;

/// Readers beside SQLite's one writer.
const READERS: usize = 2;

/// Where the data lie.
#[derive(Clone)]
pub enum Place {
    /// A file of SQLite's, made when absent. Its folder must be there. One store at a time.
    Sqlite(PathBuf),
    /// A database of PostgreSQL's, version 15 or later, of encoding UTF8 and collation C.
    Postgres {
        /// `postgres://…` or `host=… user=…`, several hosts allowed; the one that takes writes
        /// is found.
        url: String,
        /// How the server is checked, and what we show it. None: no TLS, for a local socket.
        tls: Option<Arc<rustls::ClientConfig>>,
        /// How many connections, at least 3: half of them write, one appends, the others read.
        connections: u16,
    },
}

/// Without what an address holds: it may be a password.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "Sqlite({})", file.display()),
            Self::Postgres { connections, .. } => write!(f, "Postgres({connections})"),
        }
    }
}

impl Place {
    /// Looks whether a store can be opened here, and makes nothing. Blocks.
    ///
    /// # Errors
    /// [`StoreError::Unreached`] for a server that does not answer or lets us not in;
    /// [`StoreError::Setup`] for what does not suit: version, encoding, collation, schema, folder.
    pub fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) if file.parent().is_some_and(Path::is_dir) => Ok(()),
            Self::Sqlite(file) => {
                Err(StoreError::Setup(format!("there is no folder for {}", file.display())))
            }
            Self::Postgres { url, tls, .. } => {
                aside(|| postgres::Session::new(url, tls.clone().map(Tls))?.check())
            }
        }
    }
}

/// What a place is to hold.
#[derive(Clone, Copy)]
pub(crate) struct Contents<'a> {
    /// Whose it is; none: it is not asked.
    pub(crate) part: Option<&'a str>,
    /// The tables.
    pub(crate) schemas: &'a [Schema],
}

/// Does it on a thread of its own: a caller may be within a runtime, where no other may run.
fn aside<T: Send>(work: impl FnOnce() -> Result<T, StoreError> + Send) -> Result<T, StoreError> {
    std::thread::scope(|scope| {
        let done = scope.spawn(work).join();
        done.unwrap_or_else(|_| Err(StoreError::Setup("opening panicked".into())))
    })
}

/// The data of one part of one owner. Clones are the same store.
///
/// The last clone dropped answers what is queued, then ends the threads; of SQLite one file
/// stays, with all that was committed in it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    statistics: Arc<Statistics>,
    lost: Arc<Lost>,
    reads: Arc<Queue<Box<dyn Job>>>,
    writes: Arc<Queue<Box<dyn Job>>>,
    appends: Arc<Queue<Box<dyn Job>>>,
    queued: Arc<watch::Sender<u64>>,
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
}

impl Store {
    /// Opens the place and brings `schemas` up to date. Blocks: call it before the runtime, or
    /// from `spawn_blocking`.
    ///
    /// # Errors
    /// [`StoreError::Setup`] for a place that cannot be opened, is in use, is too old, or holds a
    /// history that these schemas do not continue.
    pub fn open(
        place: &Place,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        schemas: &[Schema],
    ) -> Result<Self, StoreError> {
        Self::opened(place, clock, chance, Contents { part: None, schemas })
    }

    /// Opens the place as the store of `part`, which it is from then on: a place holds the data
    /// of one part, and no other opens it.
    ///
    /// # Errors
    /// As [`Store::open`], and for the store of another part.
    pub fn open_for(
        part: &str,
        place: &Place,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        schemas: &[Schema],
    ) -> Result<Self, StoreError> {
        Self::opened(place, clock, chance, Contents { part: Some(part), schemas })
    }

    fn opened(
        place: &Place,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        contents: Contents<'_>,
    ) -> Result<Self, StoreError> {
        let queue = || Arc::new(Queue::bounded(WAITING));
        let mut inner = Inner {
            clock,
            chance,
            statistics: Arc::default(),
            lost: Arc::default(),
            reads: queue(),
            appends: queue(),
            writes: queue(),
            queued: Arc::new(watch::Sender::new(0)),
            readers: Vec::new(),
            writers: Vec::new(),
        };
        match place {
            Place::Sqlite(file) => inner.open_sqlite(file, contents)?,
            Place::Postgres { url, tls, connections } => {
                let open =
                    || postgres::Session::new(url, tls.clone().map(Tls)).map(Tx::over_postgres);
                inner.open_postgres(open, *connections, contents)?;
            }
        }
        Ok(Self(Arc::new(inner)))
    }

    /// Runs `f` over a snapshot, beside the writers. `name` is `system.what`, for the figures.
    ///
    /// # Errors
    /// The closure's own, and [`StoreError`]s as `E`.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        f: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::closure(name, Mode::Read, f);
        self.answer(&self.0.reads, job, answer).await
    }

    /// Runs `f` in a serialisable transaction: committed when it gives `Ok`, undone when it
    /// refuses. The answer, a refusal too, comes after the commit. `f` may be run again: ids,
    /// times and chance are drawn before.
    ///
    /// # Errors
    /// The closure's own, and [`StoreError`]s as `E`.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        f: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::closure(name, Mode::Write, f);
        self.answer(&self.0.writes, job, answer).await
    }

    /// Runs `f` read committed: for queues that are taken from by compare-and-set.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn queue<T, E>(
        &self,
        name: &'static str,
        f: impl Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::closure(name, Mode::Queue, f);
        self.answer(&self.0.writes, job, answer).await
    }

    /// Changes with each commit that a pump must look at.
    pub(crate) fn queued(&self) -> watch::Receiver<u64> {
        self.0.queued.subscribe()
    }

    /// Appends rows that depend on nothing read; all or none. Many callers share a commit.
    ///
    /// # Errors
    /// [`StoreError`]: [`StoreError::Refused`] for a key that stands already.
    pub async fn append(&self, rows: Vec<Row>) -> Result<(), StoreError> {
        rows.iter().try_for_each(Row::check)?;
        let (job, answer) = job::append(rows);
        self.answer(&self.0.appends, job, answer).await
    }

    async fn answer<T, E: From<StoreError>>(
        &self,
        queue: &Queue<Box<dyn Job>>,
        job: Box<dyn Job>,
        answer: Answer<T, E>,
    ) -> Result<T, E> {
        let (name, began) = (job.name(), self.0.clock.elapsed());
        queue.put(job)?;
        let answer = answer.await.map_err(|_| StoreError::Unknown)?;
        let took = self.0.clock.elapsed().saturating_sub(began);
        self.0.statistics.answered(name, took);
        answer
    }

    /// The figures of each name since the store was opened.
    #[must_use]
    pub fn statistics(&self) -> BTreeMap<&'static str, Figures> {
        self.0.statistics.snapshot()
    }

    /// How many reads and how many writes wait.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.0.reads.waiting(), self.0.writes.waiting())
    }

    /// Whether nothing is known against the engine: it was reached when it was last needed, or
    /// not needed for half a minute.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        !self.0.lost.is_known(&*self.0.clock)
    }

    /// The clock that it was opened with.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// The chance that it was opened with.
    #[must_use]
    pub fn chance(&self) -> &Arc<dyn Chance> {
        &self.0.chance
    }
}

impl Inner {
    /// One thread writes and appends, the others read.
    fn open_sqlite(&mut self, file: &Path, contents: Contents<'_>) -> Result<(), StoreError> {
        let mut writer = Tx::over_sqlite(sqlite::Session::writer(file)?);
        migrate::bring_up(&mut writer, contents, self.clock.now())?;
        self.appends = Arc::clone(&self.writes);
        self.writers.push(self.start("writer", &self.writes, TOGETHER, writer)?);
        for _ in 0..READERS {
            let reader = Tx::over_sqlite(sqlite::Session::reader(file)?);
            self.readers.push(self.start("reader", &self.reads, 1, reader)?);
        }
        Ok(())
    }

    fn open_postgres(
        &mut self,
        open: impl Fn() -> Result<Tx, StoreError> + Sync,
        connections: u16,
        contents: Contents<'_>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let first = aside(|| {
            let mut first = open()?;
            first.check()?;
            migrate::bring_up(&mut first, contents, now)?;
            Ok(first)
        })?;
        self.writers.push(self.start("appender", &self.appends, TOGETHER, first)?);
        let writers = (connections / 2).max(1);
        for _ in 0..writers {
            self.writers.push(self.start("writer", &self.writes, 1, open()?)?);
        }
        for _ in 0..connections.saturating_sub(writers + 1).max(1) {
            self.readers.push(self.start("reader", &self.reads, 1, open()?)?);
        }
        Ok(())
    }

    fn start(
        &self,
        name: &str,
        queue: &Arc<Queue<Box<dyn Job>>>,
        most: usize,
        tx: Tx,
    ) -> Result<JoinHandle<()>, StoreError> {
        let lane = Lane {
            queue: Arc::clone(queue),
            statistics: Arc::clone(&self.statistics),
            lost: Arc::clone(&self.lost),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            queued: Arc::clone(&self.queued),
            most,
        };
        lane.start(name, tx)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The writer last and alone: SQLite empties the log into the file when its last
        // connection closes, but not when two close at the same time.
        self.reads.close();
        ended(&mut self.readers);
        self.writes.close();
        self.appends.close();
        ended(&mut self.writers);
    }
}

/// Waits until they have ended.
fn ended(threads: &mut Vec<JoinHandle<()>>) {
    let own = std::thread::current().id();
    for thread in threads.drain(..) {
        // A closure may hold the last clone: a thread does not wait for itself.
        if thread.thread().id() != own {
            // Nothing is to be done about a thread that panicked.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("readers", &self.readers.len())
            .field("writers", &self.writers.len())
            .finish_non_exhaustive()
    }
}

/// How long a closure may have taken on average, for a quick look at the figures.
impl Figures {
    /// The mean time from call to answer.
    #[must_use]
    pub fn mean(&self) -> Duration {
        Duration::from_micros(self.micros.checked_div(self.count).unwrap_or(0))
    }
}
