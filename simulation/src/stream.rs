//! Chance that is counted: the same draws from the same seed, for simulated people only.

use base::{Chance, Id};
use std::sync::atomic::{AtomicU64, Ordering};

/// A stream of numbers from a seed and a number: neighbours are unrelated.
#[derive(Debug)]
pub(crate) struct Stream(AtomicU64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Stream {
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        Self(AtomicU64::new(mixed(seed) ^ mixed(number.wrapping_mul(STEP).wrapping_add(1))))
    }

    fn word(&self) -> u64 {
        mixed(self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }

    /// A number from `low` to `high`, both possible.
    pub(crate) fn between(&self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.word() % span).unwrap_or(0))
    }

    /// Yes in `of_thousand` of a thousand cases.
    pub(crate) fn happens(&self, of_thousand: i64) -> bool {
        self.between(0, 999) < of_thousand
    }

    /// One of them.
    pub(crate) fn one<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).ok()?;
        let at = self.word().checked_rem(count)?;
        of.get(usize::try_from(at).ok()?)
    }

    /// One of some words; empty when there are none.
    pub(crate) fn word_of(&self, of: &[&'static str]) -> &'static str {
        self.one(of).copied().unwrap_or_default()
    }

    pub(crate) fn id<T>(&self) -> Id<T> {
        Id::random(self)
    }
}

/// The finaliser of SplitMix64.
fn mixed(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

impl Chance for Stream {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.word().to_be_bytes();
            chunk.iter_mut().zip(word).for_each(|(to, from)| *to = from);
        }
    }
}
