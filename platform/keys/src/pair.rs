//! Signing keys in this process.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RsaKeyPair, RsaSignatureEncoding,
};
use zeroize::Zeroizing;

use crate::keeper::Secret;
use crate::{Algorithm, DigestAlgorithm, KeyError, MessageDigest, PublicKey, SignError, ToSign};

/// A key pair; ECDSA signs in the fixed form `r ‖ s`.
pub(crate) enum Pair {
    Ecdsa(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A new private key as PKCS #8, version 1.
pub(crate) fn fresh(algorithm: Algorithm) -> Result<Secret, KeyError> {
    let made = match algorithm {
        Algorithm::P256 => ecdsa_secret(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::P384 => ecdsa_secret(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::Rsa3072 => RsaKeyPair::generate(KeySize::Rsa3072)
            .and_then(|pair| pair.as_der())
            .map(|der| Zeroizing::new(der.as_ref().to_vec())),
        Algorithm::Ed25519 => Ed25519KeyPair::generate()
            .and_then(|pair| pair.to_pkcs8v1())
            .map(|der| Zeroizing::new(der.as_ref().to_vec())),
        other => return Err(KeyError::Algorithm(other)),
    };
    made.map_err(|_| KeyError::Broken)
}

fn ecdsa_secret(
    kind: &'static EcdsaSigningAlgorithm,
) -> Result<Secret, aws_lc_rs::error::Unspecified> {
    let document = EcdsaKeyPair::generate(kind)?.to_pkcs8v1()?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

impl Pair {
    pub(crate) fn restore(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let ecdsa = |kind| EcdsaKeyPair::from_pkcs8(kind, pkcs8).map(Self::Ecdsa);
        let pair = match algorithm {
            Algorithm::P256 => ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::P384 => ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::Rsa3072 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rsa),
            Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::Ed25519),
            other => return Err(KeyError::Algorithm(other)),
        };
        match pair.map_err(|_| KeyError::Broken)? {
            Self::Rsa(pair) if pair.public_modulus_len() != 384 => Err(KeyError::Broken),
            pair => Ok(pair),
        }
    }

    pub(crate) fn public(&self) -> Result<PublicKey, KeyError> {
        let spki: Result<PublicKeyX509Der<'_>, _> = match self {
            Self::Ecdsa(pair) => pair.public_key().as_der(),
            Self::Rsa(pair) => pair.public_key().as_der(),
            Self::Ed25519(pair) => pair.public_key().as_der(),
        };
        let spki = spki.map_err(|_| KeyError::Broken)?;
        PublicKey::parse(spki.as_ref()).map_err(|_| KeyError::Broken)
    }

    pub(crate) fn sign(&self, what: ToSign<'_>) -> Result<Vec<u8>, SignError> {
        match (self, what) {
            (Self::Ecdsa(pair), ToSign::Message(message)) => {
                signature(pair.sign(&SystemRandom::new(), message))
            }
            (Self::Ecdsa(pair), ToSign::Digest(digest)) => {
                signature(pair.sign_digest(&imported(digest)?)).map_err(|_| SignError::Digest)
            }
            (Self::Rsa(pair), ToSign::Message(message)) => {
                rsa(pair, &MessageDigest::of(DigestAlgorithm::Sha256, message))
            }
            (Self::Rsa(pair), ToSign::Digest(digest)) => rsa(pair, digest),
            (Self::Ed25519(pair), ToSign::Message(message)) => signature(pair.try_sign(message)),
            (Self::Ed25519(_), ToSign::Digest(_)) => Err(SignError::NeedsMessage),
        }
    }
}

fn rsa(pair: &RsaKeyPair, digest: &MessageDigest) -> Result<Vec<u8>, SignError> {
    let padding: &'static RsaSignatureEncoding = match digest.algorithm() {
        DigestAlgorithm::Sha256 => &RSA_PKCS1_SHA256,
        DigestAlgorithm::Sha384 => &RSA_PKCS1_SHA384,
        DigestAlgorithm::Sha512 => &RSA_PKCS1_SHA512,
    };
    let mut bytes = vec![0; pair.public_modulus_len()];
    pair.sign_digest(padding, &imported(digest)?, &mut bytes).map_err(|_| SignError::Refused)?;
    Ok(bytes)
}

fn imported(digest: &MessageDigest) -> Result<digest::Digest, SignError> {
    digest::Digest::import_less_safe(digest.bytes(), digest.algorithm().own())
        .map_err(|_| SignError::Digest)
}

fn signature<T: AsRef<[u8]>, E>(made: Result<T, E>) -> Result<Vec<u8>, SignError> {
    made.map(|bytes| bytes.as_ref().to_vec()).map_err(|_| SignError::Refused)
}
