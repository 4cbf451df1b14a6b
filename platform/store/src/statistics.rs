//! What each named closure costs.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The figures of one name since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How often it was answered.
    pub count: u64,
    /// How many of the answers were faults of the store, its own refusals not counted.
    pub faults: u64,
    /// How often it was run again because of a conflict.
    pub retries: u64,
    /// Microseconds from call to answer, summed.
    pub micros: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Statistics(Mutex<BTreeMap<&'static str, Figures>>);

impl Statistics {
    pub(crate) fn answered(&self, name: &'static str, took: Duration) {
        let mut all = self.all();
        let figures = all.entry(name).or_default();
        figures.count += 1;
        figures.micros += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    }

    pub(crate) fn failed(&self, name: &'static str) {
        self.all().entry(name).or_default().faults += 1;
    }

    pub(crate) fn retried(&self, name: &'static str) {
        self.all().entry(name).or_default().retries += 1;
    }

    pub(crate) fn snapshot(&self) -> BTreeMap<&'static str, Figures> {
        self.all().clone()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<&'static str, Figures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
