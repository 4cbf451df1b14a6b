//! CMS signed data (RFC 5652), CAdES attributes (EN 319 122-1) and time-stamps (RFC 3161, RFC 5816,
//! EN 319 422): bytes to meaning and back.
//!
//! - [`parse`] reads anybody's SignedData within limits and keeps exact bytes.
//! - [`SignedData::check`] says what is wrong with a signer, as [`Finding`]s.
//! - [`prepare`] and [`ToBeSigned::finish`] make a signature around a key that is elsewhere.
//! - [`timestamp`] has requests, tokens and responses.
//!
//! Invariant: nothing here signs, asks for the time, or reaches anything outside its arguments.
//! Times are seconds since 1970. The accepted algorithms are the caller's list, [`Algorithms`].

mod algorithm;
mod ber;
mod ess;
pub mod oid;
mod prepare;
mod read;
mod signed;
pub mod timestamp;
mod tlv;
mod verify;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use oid::Oid;
pub use prepare::{Attributes, Place, PrepareError, SignaturePolicy, ToBeSigned, prepare};
pub use signed::{Attribute, AttributeSet, SignedData, SignerId, SignerInfo, parse, parse_padded};
pub use verify::{Content, Finding, SignerReport};
pub use x509::Algorithms;

/// The longest SignedData that is read: 16 MiB.
pub const MAX_BYTES: usize = 16 << 20;

/// Why bytes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Longer than [`MAX_BYTES`].
    #[error("longer than {MAX_BYTES} bytes")]
    TooLong,
    /// Nested deeper than 32, or of more than 200,000 elements.
    #[error("nested too deep, or of too many elements")]
    TooDeep,
    /// More of these than are read.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// Not what the standard says; the text names the part.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// A ContentInfo of another type.
    #[error("not a SignedData")]
    NotSignedData,
    /// Other bytes follow.
    #[error("bytes after the end")]
    Trailing,
}
