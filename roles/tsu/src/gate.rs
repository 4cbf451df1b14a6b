//! The clock gate: the unit stamps only while its clock runs steadily.
//!
//! Two readings are compared, the clock that tells the time and the one that only counts. When
//! they part by more than half a second since the last good reading, the telling clock was set;
//! the unit stops, and goes on once they have agreed for a while. Spec: EN 319 421 §7.7.2.

use std::time::Duration;

use base::{Clock, Time};

/// How far the two clocks may part between two readings.
const DRIFT_MAX: Duration = Duration::from_millis(500);

/// How long they must agree again after they parted.
const QUARANTINE: Duration = Duration::from_secs(10);

/// Compares the clocks at each reading.
#[derive(Debug)]
pub(crate) struct Gate {
    told: Time,
    counted: Duration,
    closed_until: Option<Duration>,
}

impl Gate {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self { told: clock.now(), counted: clock.elapsed(), closed_until: None }
    }

    /// The present moment, if the clock can be believed.
    pub(crate) fn now(&mut self, clock: &dyn Clock) -> Option<Time> {
        let (told, counted) = (clock.now(), clock.elapsed());
        let expected = self.told.plus(counted.saturating_sub(self.counted));
        let parted = told.since(expected).max(expected.since(told));
        (self.told, self.counted) = (told, counted);
        if parted > DRIFT_MAX {
            tracing::error!(parted_ms = parted.as_millis(), "the clock jumped: stamping stops");
            self.closed_until = Some(counted + QUARANTINE);
        }
        if self.closed_until.is_some_and(|until| counted < until) {
            return None;
        }
        self.closed_until = None;
        Some(told)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use base::Later;

    /// A clock whose two hands move apart.
    #[derive(Debug, Default)]
    struct Two(Arc<Mutex<(i64, u64)>>);
    impl Two {
        fn pass(&self, told: i64, counted: u64) {
            let mut hands = self.0.lock().unwrap();
            hands.0 += told;
            hands.1 += counted;
        }
    }
    impl Clock for Two {
        fn now(&self) -> Time {
            Time::from_seconds(1_000_000 + self.0.lock().unwrap().0)
        }
        fn elapsed(&self) -> Duration {
            Duration::from_secs(self.0.lock().unwrap().1)
        }
        fn until(&self, _: Time) -> Later {
            Box::pin(std::future::ready(()))
        }
    }

    #[test]
    fn a_clock_that_jumps_either_way_stops_the_unit_until_it_is_steady() {
        for jump in [5, -5] {
            let clock = Two::default();
            let mut gate = Gate::new(&clock);
            clock.pass(3600, 3600);
            assert!(gate.now(&clock).is_some());
            clock.pass(jump, 0);
            assert!(gate.now(&clock).is_none());
            clock.pass(9, 9);
            assert!(gate.now(&clock).is_none(), "still in quarantine");
            clock.pass(1, 1);
            assert!(gate.now(&clock).is_some());
        }
    }
}
