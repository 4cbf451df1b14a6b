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
    _home: Home,
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

    fn on(place: Place, home: Home, schemas: &[Schema]) -> Result<Self, StoreError> {
        let clock = FixedClock::at("2026-05-12T10:00:00Z");
        let chance = CountedChance::seeded(1);
        let store =
            Store::open(&place, Arc::new(clock.clone()), Arc::new(chance.clone()), schemas)?;
        Ok(Self { store, clock, chance, place, _home: home })
    }

    /// Closes the store and opens it again. Other clones must be gone by then.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn reopened(self, schemas: &[Schema]) -> Result<Self, StoreError> {
        let Self { store, clock, chance, place, _home } = self;
        drop(store);
        let store =
            Store::open(&place, Arc::new(clock.clone()), Arc::new(chance.clone()), schemas)?;
        Ok(Self { store, clock, chance, place, _home })
    }
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
