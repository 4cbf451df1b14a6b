//! Signing for one purpose.

use std::marker::PhantomData;
use std::sync::Arc;

use base::Chance;
use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use crate::keeper::Secret;
use crate::pair::{self, Pair};
use crate::{Algorithm, DigestAlgorithm, Kept, KeyError, MessageDigest, PublicKey, Purpose};

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The algorithm takes no digest.
    #[error("this algorithm signs messages, not digests")]
    NeedsMessage,
    /// The digest's algorithm does not go with the key.
    #[error("the digest does not go with the key")]
    Digest,
    /// The library or the device refused.
    #[error("the signing key refused")]
    Refused,
}

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
pub enum ToSign<'a> {
    /// The message itself.
    Message(&'a [u8]),
    /// A digest of it.
    Digest(&'a MessageDigest),
}

/// A signing key that lies elsewhere, such as in a PKCS #11 token.
pub trait Device: Send + Sync + std::fmt::Debug {
    /// The key's algorithm.
    fn algorithm(&self) -> Algorithm;

    /// The public half.
    fn public(&self) -> &PublicKey;

    /// The signature; for ECDSA in the fixed form `r ‖ s`, as PKCS #11 gives it.
    ///
    /// # Errors
    /// [`SignError`]
    fn sign(&self, what: ToSign<'_>) -> Result<Vec<u8>, SignError>;
}

/// A signing key that signs for `K` only. Clones share the key.
pub struct Signer<K> {
    key: Arc<Hand>,
    algorithm: Algorithm,
    public: PublicKey,
    purpose: PhantomData<fn() -> K>,
}

enum Hand {
    Own(Pair),
    Device(Box<dyn Device>),
}

/// The purpose of throw-away keys: the bytes that a real key will sign are signed by one of
/// these first, so that the whole can pass the lints.
#[derive(Debug)]
pub enum Lint {}

impl Purpose for Lint {
    const NAME: &'static str = "keys.lint";
}

impl<K: Purpose> Signer<K> {
    /// The signer of a key that lies on `device`.
    #[must_use]
    pub fn on(device: Box<dyn Device>) -> Self {
        let (algorithm, public) = (device.algorithm(), device.public().clone());
        Self { key: Arc::new(Hand::Device(device)), algorithm, public, purpose: PhantomData }
    }

    /// A key of the same algorithm that nobody keeps, for linting before this one signs.
    ///
    /// Made once and held: RSA-3072 takes about a second.
    ///
    /// # Errors
    /// [`KeyError::Broken`] when the library makes none.
    pub fn throw_away(&self) -> Result<Signer<Lint>, KeyError> {
        Signer::restore(self.algorithm, &pair::fresh(self.algorithm)?)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The key's algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The AlgorithmIdentifier of [`Signer::sign`]'s signatures, as content of the sequence.
    #[must_use]
    pub fn signature_algorithm(&self) -> AlgorithmIdentifier {
        match self.algorithm {
            Algorithm::P384 => alg_id::ECDSA_SHA384,
            Algorithm::Rsa3072 => alg_id::RSA_PKCS1_SHA256,
            Algorithm::Ed25519 => alg_id::ED25519,
            _ => alg_id::ECDSA_SHA256,
        }
    }

    /// The algorithm of [`Signer::sign`]'s signatures as certificates name it.
    #[must_use]
    pub fn certificate_algorithm(&self) -> x509::SignatureAlgorithm {
        match self.algorithm {
            Algorithm::P384 => x509::SignatureAlgorithm::EcdsaSha384,
            Algorithm::Rsa3072 => x509::SignatureAlgorithm::RsaSha256,
            Algorithm::Ed25519 => x509::SignatureAlgorithm::Ed25519,
            _ => x509::SignatureAlgorithm::EcdsaSha256,
        }
    }

    /// The digest that [`Signer::sign`] makes of a message; none for Ed25519.
    #[must_use]
    pub fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        match self.algorithm {
            Algorithm::P384 => Some(DigestAlgorithm::Sha384),
            Algorithm::Ed25519 => None,
            _ => Some(DigestAlgorithm::Sha256),
        }
    }

    /// The signature over `message` as X.509 and CMS carry it: ECDSA in DER.
    ///
    /// # Errors
    /// [`SignError::Refused`]
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let fixed = self.sign_fixed(message)?;
        self.algorithm.der_form(fixed).ok_or(SignError::Refused)
    }

    /// The signature over `message` as JOSE and COSE carry it: ECDSA as `r ‖ s`.
    ///
    /// # Errors
    /// [`SignError::Refused`]
    pub fn sign_fixed(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.hand(ToSign::Message(message))
    }

    /// As [`Signer::sign`], over a digest that was made before.
    ///
    /// # Errors
    /// [`SignError::Digest`] for a digest that does not go with the key,
    /// [`SignError::NeedsMessage`] for Ed25519.
    pub fn sign_digest(&self, digest: &MessageDigest) -> Result<Vec<u8>, SignError> {
        let fixed = self.sign_digest_fixed(digest)?;
        self.algorithm.der_form(fixed).ok_or(SignError::Refused)
    }

    /// As [`Signer::sign_fixed`], over a digest that was made before.
    ///
    /// # Errors
    /// As [`Signer::sign_digest`].
    pub fn sign_digest_fixed(&self, digest: &MessageDigest) -> Result<Vec<u8>, SignError> {
        self.hand(ToSign::Digest(digest))
    }

    fn hand(&self, what: ToSign<'_>) -> Result<Vec<u8>, SignError> {
        match self.key.as_ref() {
            Hand::Own(pair) => pair.sign(what),
            Hand::Device(device) => device.sign(what),
        }
    }
}

impl<K: Purpose> Kept for Signer<K> {
    const PURPOSE: &'static str = K::NAME;

    /// A new PKCS #8; its chance is the library's own.
    fn fresh(algorithm: Algorithm, _: &dyn Chance) -> Result<Secret, KeyError> {
        pair::fresh(algorithm)
    }

    fn restore(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError> {
        let pair = Pair::restore(algorithm, secret)?;
        let public = pair.public()?;
        Ok(Self { key: Arc::new(Hand::Own(pair)), algorithm, public, purpose: PhantomData })
    }

    fn public(&self) -> Option<&PublicKey> {
        Some(&self.public)
    }
}

impl<K> Clone for Signer<K> {
    fn clone(&self) -> Self {
        let (key, public) = (Arc::clone(&self.key), self.public.clone());
        Self { key, algorithm: self.algorithm, public, purpose: PhantomData }
    }
}

impl<K: Purpose> std::fmt::Debug for Signer<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({}, {}, {:?})", K::NAME, self.algorithm, self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ECDSA_P256_SHA256, ECDSA_P384_SHA384, ED25519, RSA_PKCS1_SHA256};
    use rustls_pki_types::SignatureVerificationAlgorithm;

    enum Tokens {}
    impl Purpose for Tokens {
        const NAME: &'static str = "test.tokens";
    }

    fn signer(algorithm: Algorithm) -> Signer<Tokens> {
        Signer::restore(algorithm, &pair::fresh(algorithm).unwrap()).unwrap()
    }

    const PAIRS: [(Algorithm, &dyn SignatureVerificationAlgorithm); 4] = [
        (Algorithm::P256, ECDSA_P256_SHA256),
        (Algorithm::P384, ECDSA_P384_SHA384),
        (Algorithm::Rsa3072, RSA_PKCS1_SHA256),
        (Algorithm::Ed25519, ED25519),
    ];

    #[test]
    fn a_signature_checks_for_its_message_and_key_only() {
        for (algorithm, check) in PAIRS {
            let signer = signer(algorithm);
            assert_eq!(signer.signature_algorithm(), check.signature_alg_id());
            let signature = signer.sign(b"words").unwrap();
            let public = signer.public_key();
            assert!(public.check(check, b"words", &signature).is_ok(), "{algorithm}");
            assert!(public.check(check, b"other", &signature).is_err(), "{algorithm}");
            let another = signer.throw_away().unwrap();
            assert!(another.public_key().check(check, b"words", &signature).is_err());
        }
    }

    #[test]
    fn a_key_of_another_kind_does_not_check() {
        let signer = signer(Algorithm::P256);
        let signature = signer.sign(b"words").unwrap();
        assert!(signer.public_key().check(ECDSA_P384_SHA384, b"words", &signature).is_err());
    }

    #[test]
    fn a_digest_signs_as_its_message_does() {
        for (algorithm, check) in PAIRS {
            let signer = signer(algorithm);
            let Some(kind) = signer.digest_algorithm() else {
                let digest = MessageDigest::of(DigestAlgorithm::Sha512, b"words");
                assert_eq!(signer.sign_digest(&digest), Err(SignError::NeedsMessage));
                continue;
            };
            let signature = signer.sign_digest(&MessageDigest::of(kind, b"words")).unwrap();
            assert!(signer.public_key().check(check, b"words", &signature).is_ok());
        }
    }

    #[test]
    fn a_digest_of_the_wrong_kind_is_refused_for_curves() {
        let digest = MessageDigest::of(DigestAlgorithm::Sha384, b"words");
        assert_eq!(signer(Algorithm::P256).sign_digest(&digest), Err(SignError::Digest));
    }

    #[test]
    fn the_fixed_form_has_a_fixed_length() {
        let lengths = [(Algorithm::P256, 64), (Algorithm::P384, 96), (Algorithm::Ed25519, 64)];
        for (algorithm, length) in lengths {
            assert_eq!(signer(algorithm).sign_fixed(b"words").unwrap().len(), length);
        }
    }

    #[derive(Debug)]
    struct Token(Signer<Lint>);
    impl Device for Token {
        fn algorithm(&self) -> Algorithm {
            self.0.algorithm()
        }
        fn public(&self) -> &PublicKey {
            self.0.public_key()
        }
        fn sign(&self, what: ToSign<'_>) -> Result<Vec<u8>, SignError> {
            match what {
                ToSign::Message(message) => self.0.sign_fixed(message),
                ToSign::Digest(digest) => self.0.sign_digest_fixed(digest),
            }
        }
    }

    #[test]
    fn a_device_signs_in_the_same_forms() {
        let token = Token(signer(Algorithm::P256).throw_away().unwrap());
        let signer = Signer::<Tokens>::on(Box::new(token));
        let signature = signer.sign(b"words").unwrap();
        assert!(signer.public_key().check(ECDSA_P256_SHA256, b"words", &signature).is_ok());
    }
}
