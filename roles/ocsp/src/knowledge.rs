//! What a responder knows of one issuer: every serial with its status, and how fresh that is.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{Time, unhex};
use pki_contract::feed::{Fed, Feed, FeedRefusal};
use pki_contract::{Reason, Status};
use x509::crl;

/// How long the signer may be silent before the responder says `tryLater`.
pub const SILENCE_MAX: Duration = Duration::from_secs(10);

/// Everything about one issuer.
#[derive(Debug, Default)]
pub(crate) struct Knowledge {
    number: u64,
    serials: BTreeMap<Vec<u8>, x509::ocsp::Status>,
    /// The signer's last tick, and when it came by the count of this process.
    tick: Option<(Time, Duration)>,
}

impl Knowledge {
    /// Whether what `feed` says begins where this ends: else everything must be told anew.
    pub(crate) fn follows(&self, feed: &Feed) -> bool {
        feed.from == 0 || feed.from == self.number
    }

    /// Takes news that [`Self::follows`]; `heard` is the count of this process.
    pub(crate) fn learn(&mut self, feed: &Feed, heard: Duration) -> Result<Fed, FeedRefusal> {
        if feed.to < self.number {
            return Err(FeedRefusal::Backwards { number: self.number });
        }
        if feed.from == 0 {
            self.serials.clear();
        }
        for entry in &feed.entries {
            let serial = serial(&entry.serial).ok_or(FeedRefusal::Issuer)?;
            self.serials.insert(serial, status(entry.status));
        }
        (self.number, self.tick) = (feed.to, Some((feed.at, heard)));
        Ok(Fed { number: self.number, restart: false })
    }

    /// How it asks for everything.
    pub(crate) fn restart(&self) -> Fed {
        Fed { number: self.number, restart: true }
    }

    /// The moment up to which everything is known; none while the signer is silent.
    pub(crate) fn fresh(&self, now: Duration) -> Option<Time> {
        let (tick, heard) = self.tick?;
        (now.saturating_sub(heard) < SILENCE_MAX).then(|| tick.floor())
    }

    /// The status of the serial with these content octets; what was never issued is not good.
    pub(crate) fn status(&self, serial: &[u8]) -> x509::ocsp::Status {
        self.serials.get(serial).copied().unwrap_or(x509::ocsp::Status::NOT_ISSUED)
    }
}

/// The content octets of the INTEGER with this hexadecimal value.
fn serial(hex: &str) -> Option<Vec<u8>> {
    let even = if hex.len().is_multiple_of(2) { hex.to_owned() } else { format!("0{hex}") };
    let mut bytes = unhex(&even).filter(|bytes| (1..=20).contains(&bytes.len()))?;
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    Some(bytes)
}

fn status(status: Status) -> x509::ocsp::Status {
    match status {
        Status::Good => x509::ocsp::Status::Good,
        Status::Suspended { since } => {
            x509::ocsp::Status::Revoked { at: since.seconds(), reason: Some(crl::Reason::Hold) }
        }
        Status::Revoked { since, reason } => {
            x509::ocsp::Status::Revoked { at: since.seconds(), reason: self::reason(reason) }
        }
    }
}

/// The reason code; none for the unspecified, which is left out. Spec: RFC 5280 §5.3.1.
fn reason(reason: Reason) -> Option<crl::Reason> {
    match reason {
        Reason::AffiliationChanged => Some(crl::Reason::AffiliationChanged),
        Reason::CessationOfOperation => Some(crl::Reason::CessationOfOperation),
        Reason::KeyCompromise => Some(crl::Reason::KeyCompromise),
        Reason::PrivilegeWithdrawn => Some(crl::Reason::PrivilegeWithdrawn),
        Reason::Superseded => Some(crl::Reason::Superseded),
        Reason::Unspecified => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_positive_integers_of_at_most_twenty_octets() {
        assert_eq!(serial("40"), Some(vec![0x40]));
        assert_eq!(serial("140"), Some(vec![1, 0x40]));
        assert_eq!(serial("ff"), Some(vec![0, 0xff]));
        for wrong in ["", "xy", &"11".repeat(21)] {
            assert_eq!(serial(wrong), None, "{wrong}");
        }
    }
}
