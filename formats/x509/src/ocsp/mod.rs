//! Online status: requests and responses, prepared, read, verified. Spec: RFC 6960, RFC 9654.

mod answer;
mod id;
mod request;
mod response;

pub use answer::{Answer, AnswerError, AnswerToBeSigned, Refusal};
pub use id::{CertId, IdHash, IssuerHashes};
pub use request::{Request, RequestError};
pub use response::{Basic, ResponderId, Response, ResponseError, VerifyError};

use crate::crl::Reason;

/// Most octets of a nonce; the least is 1. Spec: RFC 9654 §2.1.
pub const MAX_NONCE: usize = 128;
/// Most octets of a request.
pub const MAX_REQUEST: usize = 16 * 1024;
/// Most octets of a response.
pub const MAX_RESPONSE: usize = 256 * 1024;
/// Most certificates asked about in one request, and answered in one response.
pub const MAX_SINGLES: usize = 64;

/// What the responder says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Issued, and not revoked.
    Good,
    /// Revoked or suspended.
    Revoked {
        /// Since when, seconds since 1970.
        at: i64,
        /// Why.
        reason: Option<Reason>,
    },
    /// The responder does not know it.
    Unknown,
}

impl Status {
    /// Of a serial number that the authority never issued, in a response that says it uses
    /// `extended-revoke`: on hold since 1970-01-01. Spec: RFC 6960 §2.2.
    pub const NOT_ISSUED: Self = Self::Revoked { at: 0, reason: Some(Reason::Hold) };
}

/// What a response says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single {
    /// Which certificate.
    pub id: CertId,
    /// How it stands.
    pub status: Status,
    /// When that was right, seconds since 1970.
    pub this_update: i64,
    /// Until when a newer answer comes, seconds since 1970.
    pub next_update: Option<i64>,
    /// Since when the responder keeps the status of ended certificates, seconds since 1970.
    pub archive_cutoff: Option<i64>,
}

impl Single {
    /// Whether `at` lies from this update to the next.
    #[must_use]
    pub fn is_current_at(&self, at: i64) -> bool {
        self.this_update <= at && self.next_update.is_none_or(|next| at <= next)
    }
}
