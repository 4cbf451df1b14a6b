//! Tokens and keys in JSON.

use jose::jwe::Jwe;
use jose::jwk::JwkSet;
use jose::jws::{Accept, Algorithm, Jws, Typ};
use serde_json::Value;

/// A token is read whatever its claims are.
pub fn jws(data: &[u8]) {
    const ALL: &[Algorithm] =
        &[Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256, Algorithm::EdDsa];
    let Ok(text) = std::str::from_utf8(data) else { return };
    let accept = Accept { typ: Typ::IsOrAbsent("JWT"), algorithms: ALL };
    if let Ok(read) = Jws::parse(text, accept) {
        let _ = read.unverified_claims::<Value>();
    }
}

/// A sealed token is read or refused.
pub fn jwe(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(read) = Jwe::parse(text, "JWT") {
        let _ = read.kid();
    }
}

/// A key set, written anew, is the same set.
pub fn jwk_set(data: &[u8]) {
    let Ok(read) = JwkSet::parse(data) else { return };
    let Ok(written) = serde_json::to_vec(&read) else { panic!("a set is not written: {read:?}") };
    // What was escaped shorter than it is written anew may outgrow the limit.
    if written.len() <= jose::MOST_KEYS {
        assert_eq!(JwkSet::parse(&written), Ok(read));
    }
}
