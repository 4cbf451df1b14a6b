//! What an officer signs to make one call.

use base::{Digest, Time};
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed, sha256};
use rustls::pki_types::SignatureVerificationAlgorithm;
use serde::{Deserialize, Serialize};

use crate::{Operation, Party, ProofError};

/// The `typ` of an officer's JWS.
pub const OFFICER_TYP: &str = "sakta-officer-call";

/// How long such a proof lives at most, seconds.
const LONGEST: i64 = 300;

/// By how much clocks may differ, seconds.
const LEEWAY: i64 = 30;

/// The signature algorithms by which proofs of calls are believed between our own parts.
#[must_use]
pub fn house() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    allowed(Suite::House)
}

/// What an officer's desk or command line signs: this operation, with these bytes, at that
/// callee, for five minutes at most. The payload of a compact JWS of type [`OFFICER_TYP`] whose
/// `kid` is the thumbprint of the officer's key. Spec: PROTOCOLS §1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerCall {
    /// Who is called.
    pub callee: Party,
    /// What is asked.
    pub operation: String,
    /// SHA-256 of the operation's JSON as it is sent.
    pub payload: Digest,
    /// When it was signed, seconds since 1970.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
}

impl OfficerCall {
    /// What is to be signed for `operation` as a [`crate::Call`] will send it.
    ///
    /// # Errors
    /// Those of JSON, for an operation that cannot be written.
    pub fn of<O: Operation>(callee: Party, operation: &O, now: Time) -> serde_json::Result<Self> {
        Ok(Self {
            callee,
            operation: O::NAME.to_owned(),
            payload: Digest(sha256(&serde_json::to_vec(operation)?)),
            iat: now.seconds(),
            exp: now.seconds().saturating_add(LONGEST),
        })
    }

    fn covers(&self, callee: &Party, operation: &str, payload: &[u8]) -> bool {
        self.callee == *callee
            && self.operation == operation
            && self.payload == Digest(sha256(payload))
    }

    fn holds_at(&self, now: i64) -> bool {
        let life = self.exp.saturating_sub(self.iat);
        let begun = self.iat <= now.saturating_add(LEEWAY);
        begun && self.exp > now && (0..=LONGEST).contains(&life)
    }
}

/// A proof that was read: it names its key and is not verified yet.
pub(crate) struct ReadProof(Jws);

impl ReadProof {
    pub(crate) fn parse(proof: &str) -> Result<Self, ProofError> {
        let algorithms = [Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa];
        let read = Jws::parse(proof, Accept::only(OFFICER_TYP, &algorithms));
        read.map(Self).map_err(|_| ProofError::Refused)
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.0.header().kid.as_deref()
    }

    pub(crate) fn verify(
        self,
        key: &jose::jwk::Jwk,
        asked: (&Party, &str, &[u8]),
        now: Time,
    ) -> Result<(), ProofError> {
        let verified = self.0.verify(key, house());
        let claims = verified.and_then(|verified| verified.claims::<OfficerCall>());
        let claims = claims.map_err(|_| ProofError::Refused)?;
        let (callee, operation, payload) = asked;
        let good = claims.covers(callee, operation, payload) && claims.holds_at(now.seconds());
        if good { Ok(()) } else { Err(ProofError::Refused) }
    }
}
