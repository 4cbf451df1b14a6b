//! The bytes of an OCSP response before they are signed.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::extension::{Extension, list};
use crate::ocsp::id::responder_key;
use crate::ocsp::request::nonce_extension;
use crate::ocsp::{MAX_NONCE, MAX_SINGLES, Single, Status};
use crate::oid;
use crate::time;
use crate::tlv::{self, ENUMERATED, GENERALIZED_TIME, NULL, OCTET_STRING};

/// An answer without status. Spec: RFC 6960 §4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The request is not one.
    MalformedRequest,
    /// The responder failed.
    InternalError,
    /// Not now: ask again.
    TryLater,
    /// The request must be signed.
    SigRequired,
    /// Not for this client, or not of this responder's authorities.
    Unauthorized,
}

impl Refusal {
    const ALL: [(u8, Self); 5] = [
        (1, Self::MalformedRequest),
        (2, Self::InternalError),
        (3, Self::TryLater),
        (5, Self::SigRequired),
        (6, Self::Unauthorized),
    ];

    /// The whole response; it has no signature.
    #[must_use]
    pub fn der(self) -> Vec<u8> {
        let code = Self::ALL.iter().find(|(_, refusal)| *refusal == self);
        tlv::sequence(&[tlv::tlv(ENUMERATED, &[code.map_or(2, |(code, _)| *code)])])
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == code).map(|(_, refusal)| *refusal)
    }
}

/// What a responder answers.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// When it is signed, seconds since 1970.
    pub produced_at: i64,
    /// One for each certificate asked about: 1 to 64.
    pub singles: &'a [Single],
    /// The request's nonce.
    pub nonce: Option<&'a [u8]>,
    /// Whether [`Status::NOT_ISSUED`] is how this responder answers for serials never issued.
    pub extended_revoke: bool,
}

/// Why no answer is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// None or more than 64 certificates.
    #[error("an answer is about 1 to 64 certificates")]
    Singles,
    /// Not 1 to 128 octets.
    #[error("a nonce has 1 to 128 octets")]
    Nonce,
    /// A next update that is not after this one, or an update after the answer.
    #[error("the times of an answer contradict each other")]
    Times,
}

/// An answer that is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerToBeSigned {
    bytes: Vec<u8>,
    algorithm: SignatureAlgorithm,
    certificates: Vec<u8>,
}

impl Answer<'_> {
    /// Prepares the answer of the responder with this certificate, which goes into the response:
    /// the responder is named by its key. The certificate is left out when it is the authority's
    /// own.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn prepare(
        &self,
        responder: &Certificate,
        algorithm: SignatureAlgorithm,
    ) -> Result<AnswerToBeSigned, AnswerError> {
        self.check()?;
        let name = tlv::tlv(OCTET_STRING, &responder_key(responder));
        let mut extensions: Vec<_> = self.nonce.into_iter().map(nonce_extension).collect();
        if self.extended_revoke {
            let null = tlv::tlv(NULL, &[]);
            extensions.push(Extension::new(oid::OCSP_EXTENDED_REVOKE, false, null));
        }
        let extensions = if extensions.is_empty() {
            Vec::new()
        } else {
            tlv::wrap(tlv::context(1), &[list(&extensions)])
        };
        let bytes = tlv::sequence(&[
            tlv::wrap(tlv::context(2), &[name]),
            time::generalized(self.produced_at),
            tlv::sequence(&self.singles.iter().map(single).collect::<Vec<_>>()),
            extensions,
        ]);
        let certificates = if responder.is_authority() {
            Vec::new()
        } else {
            tlv::wrap(tlv::context(0), &[tlv::sequence(&[responder.der()])])
        };
        Ok(AnswerToBeSigned { bytes, algorithm, certificates })
    }

    fn check(&self) -> Result<(), AnswerError> {
        if !(1..=MAX_SINGLES).contains(&self.singles.len()) {
            return Err(AnswerError::Singles);
        }
        if self.nonce.is_some_and(|nonce| !(1..=MAX_NONCE).contains(&nonce.len())) {
            return Err(AnswerError::Nonce);
        }
        let fits = |single: &Single| {
            single.this_update <= self.produced_at
                && single.next_update.is_none_or(|next| next > single.this_update)
        };
        if self.singles.iter().all(fits) { Ok(()) } else { Err(AnswerError::Times) }
    }
}

impl AnswerToBeSigned {
    /// The exact bytes to sign.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The whole response.
    #[must_use]
    pub fn finish(&self, signature: &[u8]) -> Vec<u8> {
        let basic = tlv::sequence(&[
            self.bytes.clone(),
            self.algorithm.identifier(),
            tlv::bit_string(signature),
            self.certificates.clone(),
        ]);
        let bytes = tlv::sequence(&[oid::OCSP_BASIC.der(), tlv::tlv(OCTET_STRING, &basic)]);
        tlv::sequence(&[tlv::tlv(ENUMERATED, &[0]), tlv::wrap(tlv::context(0), &[bytes])])
    }
}

fn single(single: &Single) -> Vec<u8> {
    let next = single.next_update.map(|at| tlv::wrap(tlv::context(0), &[time::generalized(at)]));
    let cutoff = single.archive_cutoff.map(|at| {
        let cutoff = time::generalized(at);
        let cutoff = list(&[Extension::new(oid::OCSP_ARCHIVE_CUTOFF, false, cutoff)]);
        tlv::wrap(tlv::context(1), &[cutoff])
    });
    tlv::sequence(&[
        single.id.der().to_vec(),
        status(single.status),
        time::generalized(single.this_update),
        next.unwrap_or_default(),
        cutoff.unwrap_or_default(),
    ])
}

fn status(status: Status) -> Vec<u8> {
    match status {
        Status::Good => tlv::tlv(tlv::primitive(0), &[]),
        Status::Unknown => tlv::tlv(tlv::primitive(2), &[]),
        Status::Revoked { at, reason } => {
            let at = tlv::tlv(GENERALIZED_TIME, time::generalized_content(at).as_bytes());
            let reason = reason.map(|reason| tlv::wrap(tlv::context(0), &[reason.der()]));
            tlv::wrap(tlv::context(1), &[at, reason.unwrap_or_default()])
        }
    }
}
