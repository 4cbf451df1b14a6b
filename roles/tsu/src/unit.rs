//! The unit: requests in, tokens out.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base::{Chance, Clock, Time};
use cms::timestamp::{Accuracy, Failure, Request, Response, TokenInfo, prepare_token};
use cms::{DigestAlgorithm, Oid};
use keys::{Purpose, Signer};
use store::{Mark, MarkError};
use x509::Certificate;

use crate::gate::Gate;

/// The purpose of a unit's key.
#[derive(Debug)]
pub enum TimeStamps {}

impl Purpose for TimeStamps {
    const NAME: &'static str = "tsu.tokens";
}

/// What a unit is made of.
#[derive(Debug)]
pub struct Stamping<'a> {
    /// The clock that it stamps.
    pub clock: Arc<dyn Clock>,
    /// For the first half of its serial numbers.
    pub chance: &'a dyn Chance,
    /// Its key.
    pub signer: Signer<TimeStamps>,
    /// Its certificate, of that key.
    pub certificate: Certificate,
    /// The policy under which it stamps.
    pub policy: Oid,
    /// The file of its mark.
    pub mark: &'a Path,
}

/// Why there is no unit.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// The certificate is of another key.
    #[error("the certificate is of another key than the unit's")]
    Key,
    /// The mark cannot be kept.
    #[error(transparent)]
    Mark(#[from] MarkError),
}

/// A time-stamp unit at work.
#[derive(Debug)]
pub struct Unit {
    clock: Arc<dyn Clock>,
    signer: Signer<TimeStamps>,
    certificate: Certificate,
    policy: Oid,
    digest: DigestAlgorithm,
    state: Mutex<State>,
}

/// What changes with every token.
#[derive(Debug)]
struct State {
    gate: Gate,
    /// The last second that may be stamped; on the disk before it is.
    mark: Mark,
    /// Whether this run has raised the mark: until then the clock must pass what the last left.
    own: bool,
    /// This start's 64 random bits, the first bit zero and the second one: positive, never short.
    start: u64,
    counter: u64,
}

impl State {
    /// Whether the second of `now` may be stamped; moves the mark one second ahead when it must,
    /// which writes to the disk once a second at most.
    fn allows(&mut self, now: Time) -> Result<bool, MarkError> {
        let second = u64::try_from(now.seconds()).unwrap_or(0);
        let until = self.mark.number();
        if !self.own && until.is_some_and(|until| second <= until) {
            return Ok(false);
        }
        if until.is_none_or(|until| second > until) {
            self.mark.raise(second.saturating_add(1))?;
            self.own = true;
        }
        Ok(true)
    }
}

/// Half a second of drift and whole seconds: within one second of UTC. Spec: EN 319 421 §7.7.2.
const ACCURACY: Accuracy = Accuracy { seconds: 1, millis: 0, micros: 0 };

impl Unit {
    /// Puts a unit to work.
    ///
    /// # Errors
    /// [`UnitError`].
    pub fn open(parts: Stamping<'_>) -> Result<Self, UnitError> {
        let Stamping { clock, chance, signer, certificate, policy, mark } = parts;
        if certificate.spki() != signer.public_key().spki() {
            return Err(UnitError::Key);
        }
        let drawn = u64::from_be_bytes(chance.bytes());
        let start = drawn & (u64::MAX >> 2) | (1 << 62);
        let gate = Gate::new(clock.as_ref());
        let state =
            Mutex::new(State { gate, mark: Mark::open(mark)?, own: false, start, counter: 0 });
        let digest = match signer.digest_algorithm() {
            Some(keys::DigestAlgorithm::Sha384) => DigestAlgorithm::Sha384,
            _ => DigestAlgorithm::Sha256,
        };
        Ok(Self { clock, signer, certificate, policy, digest, state })
    }

    /// Answers a TimeStampReq with a TimeStampResp; both DER. Never fails: what is wrong stands
    /// in the answer.
    #[must_use]
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        let response = match Request::parse(request) {
            Err(fault) => Response::rejected(fault.failure(), &fault.to_string()),
            Ok(request) => match self.stamp(&request) {
                Ok(token) => Response::granted(token),
                Err((failure, text)) => Response::rejected(failure, text),
            },
        };
        response.to_der()
    }

    fn stamp(&self, request: &Request) -> Result<Vec<u8>, (Failure, &'static str)> {
        if request.policy.is_some_and(|policy| policy != self.policy) {
            return Err((Failure::UnacceptedPolicy, "another policy"));
        }
        let (now, serial) = self
            .moment()
            .ok_or((Failure::TimeNotAvailable, "the clock is not trusted at the moment"))?;
        let info = TokenInfo {
            policy: self.policy,
            imprint: request.imprint.clone(),
            serial,
            at: now.seconds(),
            accuracy: Some(ACCURACY),
            ordering: false,
            nonce: request.nonce.clone(),
            extensions: None,
        };
        let failed = |_| (Failure::SystemFailure, "no token could be made");
        let prepared = prepare_token(&self.certificate, self.digest, &info).map_err(failed)?;
        let refused = |_| (Failure::SystemFailure, "the key refused");
        let signature = self.signer.sign(&prepared.signed_attributes_der()).map_err(refused)?;
        let enclosed: &[&[u8]] = if request.certificate { &[self.certificate.der()] } else { &[] };
        Ok(prepared.finish(&signature, enclosed, &[]))
    }

    /// The moment to stamp and a serial number, if gate, mark and certificate allow.
    fn moment(&self) -> Option<(Time, Vec<u8>)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = state.gate.now(self.clock.as_ref())?;
        if !self.may_sign_at(now.seconds()) {
            tracing::error!("the unit's certificate or its key's period of use is over");
            return None;
        }
        match state.allows(now) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(why) => {
                tracing::error!(%why, "the mark could not be kept: stamping stops");
                return None;
            }
        }
        state.counter += 1;
        Some((now, [state.start.to_be_bytes(), state.counter.to_be_bytes()].concat()))
    }

    /// Whether certificate and private-key usage period hold. Spec: EN 319 422 §9, R29.
    fn may_sign_at(&self, second: i64) -> bool {
        let period = self.certificate.extensions().key_use.as_ref();
        let within = period.is_none_or(|period| {
            period.from.is_none_or(|from| from <= second) && period.to.is_none_or(|to| second <= to)
        });
        within && self.certificate.is_valid_at(second)
    }

    /// Whether the unit would stamp now: for `/readyz`.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.moment().is_some()
    }
}

#[cfg(test)]
#[path = "unit_tests.rs"]
mod tests;
