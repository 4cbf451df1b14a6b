//! For tests only: a clock that the test moves and chance that is counted.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use base::{Chance, Clock, Later, Time};

/// A clock that stands still until the test moves it. Clones show the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    began: Time,
    now: Time,
    waiting: Vec<Waker>,
}

impl FixedClock {
    /// A clock that shows `at`, RFC 3339.
    ///
    /// # Panics
    /// For other text.
    #[must_use]
    pub fn at(at: &str) -> Self {
        let now = at.parse().unwrap_or(Time::EPOCH);
        assert_ne!(now, Time::EPOCH, "not a time: {at}");
        Self(Arc::new(Mutex::new(Hands { began: now, now, waiting: Vec::new() })))
    }

    /// Moves the clock and wakes whoever waits for the time passed.
    pub fn pass(&self, span: Duration) {
        let mut hands = self.hands();
        hands.now = hands.now.plus(span);
        hands.waiting.drain(..).for_each(Waker::wake);
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Time {
        self.hands().now
    }

    fn elapsed(&self) -> Duration {
        let hands = self.hands();
        hands.now.since(hands.began)
    }

    fn until(&self, at: Time) -> Later {
        let clock = self.clone();
        Box::pin(std::future::poll_fn(move |task| {
            let mut hands = clock.hands();
            if hands.now >= at {
                return Poll::Ready(());
            }
            hands.waiting.push(task.waker().clone());
            Poll::Pending
        }))
    }
}

/// Chance that is the same in each run: a SplitMix64 stream. Clones share it.
#[derive(Clone, Debug)]
pub struct CountedChance(Arc<Mutex<u64>>);

impl CountedChance {
    /// The stream of `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(seed)))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Chance for CountedChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_be_bytes();
            chunk.iter_mut().zip(word).for_each(|(to, from)| *to = from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_chance() {
        let draw = |seed| -> [u8; 20] {
            let chance: &dyn Chance = &CountedChance::seeded(seed);
            chance.bytes()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn the_clock_moves_only_when_told() {
        let clock = FixedClock::at("2026-05-12T10:00:00Z");
        let first = clock.now();
        clock.clone().pass(Duration::from_secs(5));
        assert_eq!(clock.now().since(first), Duration::from_secs(5));
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
    }
}
