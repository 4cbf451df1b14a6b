//! For tests: a store of its own on each engine, gone when the test ends.
//!
//! ```ignore
//! #[test]
//! fn a_thing_is_kept() {
//!     on_each_engine(&[SCHEMA], |store| async move { … });
//! }
//! ```

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ::trial::{CountedChance, FixedClock};
use tokio_postgres::NoTls;

use crate::{Place, Schema, Store, StoreError};

/// A store of its own, with the clock and the chance that it was opened with.
#[derive(Debug)]
pub struct Trial {
    /// The store.
    pub store: Store,
    /// Its clock, standing at 2026-05-12T10:00:00Z until it is moved.
    pub clock: FixedClock,
    /// Its chance, the same in each run.
    pub chance: CountedChance,
    /// Where it lies.
    pub place: Place,
    home: Option<Home>,
}

impl Trial {
    /// A new store on SQLite.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn on_sqlite(schemas: &[Schema]) -> Result<Self, StoreError> {
        let folder = Folder::new()?;
        let place = Place::Sqlite(folder.path().join("store.db"));
        Self::on(place, Home::Folder(folder), schemas)
    }

    /// A new store on PostgreSQL, in a schema of its own; none when there is no server (see
    /// [`SERVER`]).
    ///
    /// # Errors
    /// Those of [`Store::open`]; [`StoreError::Setup`] when a server is required and missing.
    pub fn on_postgres(schemas: &[Schema]) -> Result<Option<Self>, StoreError> {
        let Some(server) = server()? else { return Ok(None) };
        let space = Space::new(server)?;
        // Small tables would be scanned, and locked, whole.
        let url = format!(
            "{0} application_name={1} options='-c search_path={1} -c enable_seqscan=off'",
            space.server, space.name
        );
        let place = Place::Postgres { url, tls: None, connections: 8 };
        Self::on(place, Home::Space(space), schemas).map(Some)
    }

    fn on(place: Place, home: Home, schemas: &[Schema]) -> Result<Self, StoreError> {
        let clock = FixedClock::at("2026-05-12T10:00:00Z");
        let chance = CountedChance::seeded(1);
        let store =
            Store::open(&place, Arc::new(clock.clone()), Arc::new(chance.clone()), schemas)?;
        Ok(Self { store, clock, chance, place, home: Some(home) })
    }

    /// Closes the store and opens it again. Other clones must be gone by then.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn reopened(mut self, schemas: &[Schema]) -> Result<Self, StoreError> {
        let (clock, chance) = (self.clock.clone(), self.chance.clone());
        let (place, home) = (self.place.clone(), self.home.take());
        drop(self);
        let store =
            Store::open(&place, Arc::new(clock.clone()), Arc::new(chance.clone()), schemas)?;
        Ok(Self { store, clock, chance, place, home })
    }
}

/// Has an `async move` block take the trial whole. Without it the block takes the fields that it
/// names, and the place is gone before the test begins.
impl Drop for Trial {
    fn drop(&mut self) {}
}

/// Runs `test` with a new store on each engine there is.
///
/// # Panics
/// When a store cannot be opened.
pub fn on_each_engine<F: Future<Output = ()>>(schemas: &[Schema], test: impl Fn(Store) -> F) {
    trial_on_each_engine(schemas, |trial| {
        let done = test(trial.store.clone());
        async move {
            done.await;
            drop(trial);
        }
    });
}

/// Runs `test` with a new [`Trial`] on each engine there is.
///
/// # Panics
/// When a store cannot be opened.
pub fn trial_on_each_engine<F: Future<Output = ()>>(schemas: &[Schema], test: impl Fn(Trial) -> F) {
    match Trial::on_sqlite(schemas) {
        Ok(trial) => run(test(trial)),
        Err(why) => unopened(&why),
    }
    match Trial::on_postgres(schemas) {
        Ok(Some(trial)) => run(test(trial)),
        Ok(None) => skipped(),
        Err(why) => unopened(&why),
    }
}

/// The variable that names the test server, as `host=… port=… user=… dbname=…`.
pub const SERVER: &str = "SAKTA_TEST_PG";

/// The variable that makes a missing server a failure, set to `1`.
pub const REQUIRED: &str = "SAKTA_REQUIRE_PG";

#[expect(clippy::disallowed_methods, reason = "the runner of the tests says where its server is")]
fn server() -> Result<Option<String>, StoreError> {
    match (std::env::var(SERVER), std::env::var(REQUIRED)) {
        (Ok(server), _) if !server.is_empty() => Ok(Some(server)),
        (_, Ok(required)) if required == "1" => {
            Err(StoreError::Setup(format!("{REQUIRED} is set and {SERVER} is not")))
        }
        _ => Ok(None),
    }
}

/// To the process's own stderr: a test's captured output is shown only when it fails.
fn skipped() {
    let line = format!("SKIPPED on PostgreSQL: {SERVER} is not set (cargo xtask pg sets it)\n");
    // A closed stderr has no reader to tell.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
}

/// Prepares every statement on each engine there is.
///
/// # Panics
/// When an engine does not take one, or finds another type than TEXT, BIGINT or BYTEA for a value.
pub fn prepared_on_each_engine(schemas: &[Schema], statements: &'static [&'static str]) {
    on_each_engine(schemas, |store| async move {
        for sql in statements {
            let prepared = store.read("trial.prepare", |tx| tx.prepare(sql)).await;
            prepared.unwrap_or_else(|why| unopened(&why));
        }
    });
}

/// Runs `work` to its end on a runtime of its own.
///
/// # Panics
/// When there is no runtime to be had.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(why) => unopened(&StoreError::Setup(why.to_string())),
    }
}

#[expect(clippy::panic, reason = "a test that cannot begin has failed")]
fn unopened(why: &StoreError) -> ! {
    panic!("no store for the test: {why}")
}

#[derive(Debug)]
enum Home {
    Folder(#[expect(dead_code, reason = "held until the test ends")] Folder),
    Space(#[expect(dead_code, reason = "held until the test ends")] Space),
}

/// A schema of its own on the server, dropped with what is in it.
#[derive(Debug)]
struct Space {
    server: String,
    name: String,
}

impl Space {
    fn new(server: String) -> Result<Self, StoreError> {
        let name = format!("sakta_test_{}", number());
        let space = Self { server, name };
        space.run(format!("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}", space.name))?;
        Ok(space)
    }

    /// On a thread of its own: a test is within a runtime.
    fn run(&self, sql: String) -> Result<(), StoreError> {
        let server = self.server.clone();
        let work = move || {
            run(async {
                let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(&sql).await
            })
        };
        let done = std::thread::spawn(work).join();
        let done = done.map_err(|_| StoreError::Setup("the test's schema panicked".into()))?;
        done.map_err(|why: tokio_postgres::Error| StoreError::Setup(why.to_string()))
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // The server is the runner's own and goes with all that is left on it.
        let _ = self.run(format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
    }
}

/// A folder of its own under the system's temporary one, removed when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes it.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when it cannot be made.
    pub fn new() -> Result<Self, StoreError> {
        let path = std::env::temp_dir().join(format!("sakta-test-{}", number()));
        // One left by an earlier process of the same number goes first.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).map_err(|why| StoreError::Setup(why.to_string()))?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A name that no other test has at the same time.
fn number() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
