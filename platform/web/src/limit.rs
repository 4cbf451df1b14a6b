//! How often something may happen: a small token bucket on the house's clock.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Clock, Time};

use crate::Refused;

/// A bucket per key: `size` at once, one more each `refill`.
///
/// Holds at most `KEYS_MAX` keys; beyond that the fullest (longest idle) are forgotten, which
/// never lets a busy key start anew before an idle one.
#[derive(Debug)]
pub struct Bucket {
    clock: Arc<dyn Clock>,
    size: u32,
    refill: Duration,
    /// When each key's bucket will be full again.
    full_at: Mutex<BTreeMap<Vec<u8>, Time>>,
}

/// Keys kept at most.
const KEYS_MAX: usize = 10_000;

impl Bucket {
    /// A bucket of `size` tokens, one back each `refill`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, size: u32, refill: Duration) -> Self {
        Self { clock, size, refill, full_at: Mutex::default() }
    }

    /// Takes one token of `key`.
    ///
    /// # Errors
    /// [`Refused::Rate`] when none is left.
    pub fn take(&self, key: &[u8]) -> Result<(), Refused> {
        let now = self.clock.now();
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full = full_at.get(key).copied().unwrap_or(now).max(now).plus(self.refill);
        if full.since(now) > self.refill.saturating_mul(self.size) {
            return Err(Refused::Rate);
        }
        full_at.insert(key.to_vec(), full);
        if full_at.len() > KEYS_MAX {
            full_at.retain(|_, full| *full > now);
        }
        while full_at.len() > KEYS_MAX {
            let idle = full_at.iter().min_by_key(|(_, full)| **full).map(|(key, _)| key.clone());
            idle.and_then(|key| full_at.remove(&key));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trial::FixedClock;

    #[test]
    fn a_bucket_gives_its_size_and_then_one_at_each_refill() {
        let clock = FixedClock::at("2026-05-12T10:00:00Z");
        let bucket = Bucket::new(Arc::new(clock.clone()), 3, Duration::from_secs(10));
        let taken = |n| (0..n).filter(|_| bucket.take(b"a").is_ok()).count();
        assert_eq!(taken(5), 3);
        clock.pass(Duration::from_secs(10));
        assert_eq!(taken(5), 1);
        assert_eq!(bucket.take(b"b"), Ok(()), "another key has its own bucket");
        clock.pass(Duration::from_secs(1000));
        assert_eq!(taken(5), 3);
    }

    #[test]
    fn the_keys_kept_are_bounded() {
        let clock = FixedClock::at("2026-05-12T10:00:00Z");
        let bucket = Bucket::new(Arc::new(clock), 1, Duration::from_secs(10));
        for key in 0..20_u32 {
            assert_eq!(bucket.take(&key.to_be_bytes()), Ok(()));
        }
        assert_eq!(bucket.take(&0_u32.to_be_bytes()), Err(Refused::Rate));
    }
}
