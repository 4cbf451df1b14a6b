//! Signature algorithms: their identifiers, and verification by algorithms that are handed in.

use rustls_pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};

use crate::tlv::{self, BIT_STRING, Malformed, SEQUENCE};

/// The signature algorithms that this crate names in what it prepares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA with SHA-256; the signature is the DER of `ECDSA-Sig-Value`, as below.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// RSA PKCS #1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS #1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS #1 v1.5 with SHA-512.
    RsaSha512,
    /// RSA-PSS with SHA-256, MGF1 of the same, salt of 32 octets.
    PssSha256,
    /// RSA-PSS with SHA-384, MGF1 of the same, salt of 48 octets.
    PssSha384,
    /// RSA-PSS with SHA-512, MGF1 of the same, salt of 64 octets.
    PssSha512,
    /// Ed25519.
    Ed25519,
    /// ML-DSA-44.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

impl SignatureAlgorithm {
    const ALL: [Self; 13] = [
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::PssSha256,
        Self::PssSha384,
        Self::PssSha512,
        Self::Ed25519,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The whole DER of the `AlgorithmIdentifier`.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        tlv::tlv(SEQUENCE, &self.content())
    }

    /// The algorithm that this whole `AlgorithmIdentifier` names, if it is one of these.
    #[must_use]
    pub fn from_identifier(der: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.identifier() == der)
    }

    fn content(self) -> AlgorithmIdentifier {
        match self {
            Self::EcdsaSha256 => alg_id::ECDSA_SHA256,
            Self::EcdsaSha384 => alg_id::ECDSA_SHA384,
            Self::EcdsaSha512 => alg_id::ECDSA_SHA512,
            Self::RsaSha256 => alg_id::RSA_PKCS1_SHA256,
            Self::RsaSha384 => alg_id::RSA_PKCS1_SHA384,
            Self::RsaSha512 => alg_id::RSA_PKCS1_SHA512,
            Self::PssSha256 => alg_id::RSA_PSS_SHA256,
            Self::PssSha384 => alg_id::RSA_PSS_SHA384,
            Self::PssSha512 => alg_id::RSA_PSS_SHA512,
            Self::Ed25519 => alg_id::ED25519,
            Self::MlDsa44 => alg_id::ML_DSA_44,
            Self::MlDsa65 => alg_id::ML_DSA_65,
            Self::MlDsa87 => alg_id::ML_DSA_87,
        }
    }
}

/// The verification algorithms that a caller trusts. A signature by any other is not verified.
#[derive(Clone, Copy, Debug)]
pub struct Algorithms<'a>(pub &'a [&'a dyn SignatureVerificationAlgorithm]);

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key is not a `SubjectPublicKeyInfo`, or the identifier no `AlgorithmIdentifier`.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// No trusted algorithm fits this key and this identifier.
    #[error("a signature algorithm that is not trusted, or not of this key")]
    Algorithm,
    /// The signature is not that of the message by this key.
    #[error("the signature is wrong")]
    Wrong,
}

impl Algorithms<'_> {
    /// Verifies `signature` over `message`: `spki` is a whole `SubjectPublicKeyInfo`,
    /// `algorithm` a whole `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// See [`SignatureError`].
    pub fn verify(
        &self,
        spki: &[u8],
        algorithm: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let mut parts = tlv::single(spki, SEQUENCE)?.inner();
        let key_algorithm = parts.take(SEQUENCE)?.value;
        let key = parts.take(BIT_STRING)?.bits()?;
        let algorithm = tlv::single(algorithm, SEQUENCE)?.value;
        let mut fitting = self.0.iter().filter(|candidate| {
            candidate.public_key_alg_id().as_ref() == key_algorithm
                && candidate.signature_alg_id().as_ref() == algorithm
        });
        let Some(first) = fitting.next() else {
            return Err(SignatureError::Algorithm);
        };
        // RSA comes as several algorithms, one for each range of key lengths.
        std::iter::once(first)
            .chain(fitting)
            .find(|candidate| candidate.verify_signature(key, message, signature).is_ok())
            .map(|_| ())
            .ok_or(SignatureError::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_names_its_algorithm() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(
                SignatureAlgorithm::from_identifier(&algorithm.identifier()),
                Some(algorithm)
            );
        }
        assert_eq!(SignatureAlgorithm::from_identifier(&[0x30, 0]), None);
    }

    #[test]
    fn without_a_trusted_algorithm_nothing_is_verified() {
        let spki =
            tlv::sequence(&[SignatureAlgorithm::Ed25519.identifier(), tlv::bit_string(&[0; 32])]);
        let algorithm = SignatureAlgorithm::Ed25519.identifier();
        let outcome = Algorithms(&[]).verify(&spki, &algorithm, b"m", &[0; 64]);
        assert_eq!(outcome, Err(SignatureError::Algorithm));
    }
}
