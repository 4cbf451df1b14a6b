//! `sam` as the phone knows it: by its root key's digest, which the invitation said.

use activation_contract::{Answer, DeviceStatement, EnrolAnswer, SamKeys, typ};
use base::{Chance, Digest, Time};
use jose::jwe::{self, Sender};
use jose::jwk::{Jwk, Key};
use jose::jws::{Accept, Jws};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::curve::{ALGORITHMS, Gcm, PrivateKey, VERIFIERS};

/// `sam`'s keys, under the root key that the phone was bound with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sam {
    encryption: Jwk,
    answers: Jwk,
    until: Time,
}

/// Why something is not `sam`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamError {
    /// The keys are under another root key than the invitation names, or under none.
    #[error("the server shows keys of another sam")]
    Root,
    /// The keys have ended.
    #[error("sam's keys have ended")]
    Ended,
    /// An answer that `sam` did not sign, or of another form.
    #[error("the answer is not sam's")]
    Answer,
    /// An answer to another phone or another request.
    #[error("the answer is not to this request")]
    Other,
    /// An answer that was heard before.
    #[error("the answer is an old one")]
    Replayed,
}

impl Sam {
    /// The keys in `token`, a compact JWS of [`SamKeys`], under the root key of digest `root`.
    ///
    /// # Errors
    /// [`SamError::Root`].
    pub fn parse(token: &str, root: &Digest) -> Result<Self, SamError> {
        let wrong = |_| SamError::Root;
        let read = Jws::parse(token, Accept::only(typ::SAM_KEYS, ALGORITHMS)).map_err(wrong)?;
        let claimed: SamKeys = read.unverified_claims().map_err(wrong)?;
        if digest(&claimed.root.0) != *root {
            return Err(SamError::Root);
        }
        let key = |spki: &[u8]| match Key::from_spki(spki) {
            Ok(key @ Key::P256(_)) => Ok(Jwk::named(key)),
            _ => Err(SamError::Root),
        };
        read.verify(&key(&claimed.root.0)?, VERIFIERS).map_err(wrong)?;
        let (encryption, answers) = (key(&claimed.encryption.0)?, key(&claimed.answers.0)?);
        Ok(Self { encryption, answers, until: claimed.until })
    }

    /// Until when the keys hold.
    #[must_use]
    pub fn until(&self) -> Time {
        self.until
    }

    /// `plain` as nobody but `sam` reads it.
    pub(crate) fn seal(&self, plain: &str, chance: &dyn Chance) -> Option<String> {
        let ephemeral = PrivateKey::fresh(chance)?;
        let sender = Sender { ephemeral: &ephemeral, aead: &Gcm, nonce: chance.bytes() };
        jwe::encrypt(&self.encryption, typ::SEALED, plain.as_bytes(), sender).ok()
    }

    /// The answer in `token`.
    pub(crate) fn answer(&self, token: &str) -> Result<Answer, SamError> {
        self.said(token, typ::ANSWER)
    }

    /// The answer to an enrolment in `token`.
    pub(crate) fn enrolled(&self, token: &str) -> Result<EnrolAnswer, SamError> {
        self.said(token, typ::ANSWER)
    }

    /// What `token` states about the person's devices.
    pub(crate) fn device(&self, token: &str) -> Result<DeviceStatement, SamError> {
        self.said(token, typ::DEVICE)
    }

    fn said<T: DeserializeOwned>(&self, token: &str, typ: &str) -> Result<T, SamError> {
        let read = Jws::parse(token, Accept::only(typ, ALGORITHMS));
        let verified = read.and_then(|read| read.verify(&self.answers, VERIFIERS));
        verified.and_then(|verified| verified.claims()).map_err(|_| SamError::Answer)
    }
}

/// SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}
