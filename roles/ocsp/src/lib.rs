//! The OCSP responder of the core trust platform. Spec: RFC 6960, RFC 9654, RFC 5019; EN 319 411-1.
//!
//! A process of its own with a delegated key and one small file; no session, no store. The signer
//! of certificates tells it everything over mTLS and ticks every second (PROTOCOLS §2):
//!
//! - `thisUpdate` is the last tick, floored: an answer never claims to be newer than what is known;
//! - no tick for [`SILENCE_MAX`]: `tryLater`;
//! - what was not issued is never good: an unknown serial of our issuer is answered as revoked
//!   since 1970 with the extended-revoke extension, another's issuer as `unauthorized`;
//! - a number lower than the one on the disk is refused: an older signer speaks.

mod doors;
mod knowledge;
mod responder;
mod routes;

pub use doors::doors;
pub use knowledge::SILENCE_MAX;
pub use responder::{Responder, ResponderError, StatusAnswers};
pub use routes::routes;
