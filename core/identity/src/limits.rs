//! How often what, from where: nobody can fill the tables or guess.

use std::sync::Arc;
use std::time::Duration;

use base::Clock;
use web::{Address, Bucket, Refused};

/// The buckets.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Unclaimed requests of one address, each living a minute.
    from_one: Bucket,
    /// All unclaimed requests.
    in_all: Bucket,
    /// Words of one device.
    words: Bucket,
    /// Characters that one device tries.
    claims: Bucket,
    /// Sealed messages of one address.
    sealed: Bucket,
    /// User numbers from one browser.
    numbers: Bucket,
    /// Freeze codes, from anywhere.
    freezes: Bucket,
    /// Acts asked of one person.
    acts: Bucket,
}

impl Limits {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        let bucket =
            |size, refill| Bucket::new(Arc::clone(clock), size, Duration::from_millis(refill));
        Self {
            from_one: bucket(60, 1_000),
            in_all: bucket(20_000, 3),
            words: bucket(240, 250),
            claims: bucket(20, 3_000),
            sealed: bucket(600, 100),
            numbers: bucket(10, 6_000),
            freezes: bucket(600, 100),
            acts: bucket(600, 500),
        }
    }

    /// One more request that nobody has claimed.
    pub(crate) fn unclaimed(&self, from: &Address) -> Result<(), Refused> {
        from.place().map_or(Ok(()), |place| self.from_one.take(place))?;
        self.in_all.take(b"")
    }

    /// One more word of a device.
    pub(crate) fn word(&self, device: &[u8]) -> Result<(), Refused> {
        self.words.take(device)
    }

    /// One more try of a device at eight characters.
    pub(crate) fn claim(&self, device: &[u8]) -> Result<(), Refused> {
        self.claims.take(device)
    }

    /// One more sealed message.
    pub(crate) fn sealed(&self, from: &Address) -> Result<(), Refused> {
        from.place().map_or(Ok(()), |place| self.sealed.take(place))
    }

    /// One more user number from a browser.
    pub(crate) fn number(&self, browser: &[u8]) -> Result<(), Refused> {
        self.numbers.take(browser)
    }

    /// One more freeze code.
    pub(crate) fn freeze(&self) -> Result<(), Refused> {
        self.freezes.take(b"")
    }

    /// One more act asked of a person.
    pub(crate) fn act(&self, person: &[u8]) -> Result<(), Refused> {
        self.acts.take(person)
    }
}
