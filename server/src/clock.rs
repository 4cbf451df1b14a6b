//! The real clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base::{Clock, Later, Time};

/// The machine's clock: UTC as the system keeps it, and a steady count since the process began.
#[derive(Debug)]
pub(crate) struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// A clock whose count begins now.
    pub(crate) fn new() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time::EPOCH.plus(since)
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn until(&self, at: Time) -> Later {
        let span = at.since(self.now());
        Box::pin(tokio::time::sleep(span))
    }
}
