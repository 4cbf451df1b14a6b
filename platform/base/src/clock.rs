//! Time and chance as values that are handed in.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::Time;

/// What [`Clock::until`] gives: done when the moment has come.
pub type Later = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The one source of time. Held as `Arc<dyn Clock>`.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment, UTC.
    fn now(&self) -> Time;

    /// Time since the clock was made, never going back: for measuring, not for dating.
    fn elapsed(&self) -> Duration;

    /// Done at `at`, at once when `at` is past.
    fn until(&self, at: Time) -> Later;
}

/// The one source of chance. Held as `Arc<dyn Chance>`; the real one is a cryptographic generator.
pub trait Chance: Send + Sync + std::fmt::Debug {
    /// Fills `bytes` whole.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Chance + '_ {
    /// `N` bytes of chance.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}
