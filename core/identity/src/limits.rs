//! How often what, from where: nobody can fill the tables or guess.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use base::Clock;
use http::request::Parts;
use web::{Bucket, Refused};

/// From where a request came: an IPv4 address, or the /64 of an IPv6 one; empty where the
/// listener does not say: then only the bounds for all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) Vec<u8>);

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
            freezes: bucket(60, 1_000),
            acts: bucket(600, 500),
        }
    }

    /// One more request that nobody has claimed.
    pub(crate) fn unclaimed(&self, from: &Address) -> Result<(), Refused> {
        if !from.0.is_empty() {
            self.from_one.take(&from.0)?;
        }
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
        if from.0.is_empty() { Ok(()) } else { self.sealed.take(&from.0) }
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

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(known.map_or_else(Vec::new, |ConnectInfo(address)| place_of(address.ip()))))
    }
}

fn place_of(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_place() {
        let place = |text: &str| place_of(text.parse().unwrap());
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
    }
}
