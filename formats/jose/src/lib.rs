//! JOSE: signed (JWS) and encrypted (JWE) compact tokens, and public keys (JWK).
//!
//! Invariants: nothing here signs or holds a private key. Verification algorithms, key agreement
//! and encryption are values of the caller, and so are the algorithms and types that are allowed;
//! `none`, `HS*`, `crit` and compression do not exist here. A payload is reached through its
//! verified signature.
//!
//! | to | see |
//! |---|---|
//! | read a token | [`jws::Jws::parse`], then [`jws::Jws::verify`] |
//! | make one | [`jws::prepare`], sign [`jws::ToBeSigned::bytes`], [`jws::ToBeSigned::finish`] |
//! | read and write keys | [`jwk::Jwk`], [`jwk::JwkSet`] |
//! | encrypt and decrypt | [`jwe::encrypt`], [`jwe::Jwe::parse`], [`jwe::Jwe::decrypt`] |
//! | check claims | [`claims::Claims`] |

pub mod claims;
pub mod ecdsa;
pub mod jwe;
pub mod jwk;
pub mod jws;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, IgnoredAny};

/// No token is longer, in bytes of its text: room for a thousand digests, signed twice and sealed.
pub const MOST: usize = 1024 * 1024;

/// No key or key set is longer, in bytes of its JSON.
pub const MOST_KEYS: usize = 64 * 1024;

/// Base64url without padding. Spec: RFC 7515 §2.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url; none for padding, blanks or another alphabet.
#[must_use]
pub fn unbase64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Whether a JSON member is there, whatever it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Noticed(pub(crate) bool);

impl<'de> Deserialize<'de> for Noticed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Self(true))
    }
}
