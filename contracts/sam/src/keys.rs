//! `sam`'s keys, as whoever pins its root key reads them.

use activation_contract::{SamKeys, typ};
use base::{Digest, Time};
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Algorithm, Jws};
use links::house;
use sha2::{Digest as _, Sha256};

/// Why `sam`'s keys are not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamKeysError {
    /// Not such a token, or not signed by the root key that it names.
    #[error("not sam's keys under its root key")]
    Form,
    /// Another root key than the pinned one.
    #[error("another root key")]
    Root,
    /// Past their end.
    #[error("the keys have ended")]
    Ended,
}

/// `sam`'s keys, under the root key whose SPKI has the digest `root`.
///
/// # Errors
/// [`SamKeysError`].
pub fn read_keys(token: &str, root: &Digest, now: Time) -> Result<SamKeys, SamKeysError> {
    let read = Jws::parse(token, Accept::only(typ::SAM_KEYS, &[Algorithm::Es256]));
    let read = read.map_err(|_| SamKeysError::Form)?;
    let claimed: SamKeys = read.unverified_claims().map_err(|_| SamKeysError::Form)?;
    if Digest(Sha256::digest(&claimed.root.0).into()) != *root {
        return Err(SamKeysError::Root);
    }
    let key = Key::from_spki(&claimed.root.0).map_err(|_| SamKeysError::Form)?;
    let verified = read.verify(&Jwk::from(key), house());
    let keys: SamKeys =
        verified.and_then(|verified| verified.claims()).map_err(|_| SamKeysError::Form)?;
    if keys.until > now { Ok(keys) } else { Err(SamKeysError::Ended) }
}
