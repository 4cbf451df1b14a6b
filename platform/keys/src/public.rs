//! Public keys.

use rustls_pki_types::{InvalidSignature, SignatureVerificationAlgorithm};
use spki::SubjectPublicKeyInfoRef;
use spki::der::{Decode, Encode};

use crate::sha256;

/// No key in use is longer: ML-DSA-87 takes 2,614 bytes.
const MOST: usize = 8 * 1024;

/// A public key: its SubjectPublicKeyInfo in DER and the SHA-256 of that, which names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey {
    spki: Vec<u8>,
    sha256: base::Digest,
}

/// Bytes that are no SubjectPublicKeyInfo in DER, or over 8 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SubjectPublicKeyInfo in DER of at most 8 KiB")]
pub struct PublicKeyError;

impl PublicKey {
    /// The key of `spki`; whether its numbers are a key at all shows at the first use.
    ///
    /// # Errors
    /// [`PublicKeyError`]
    pub fn parse(spki: &[u8]) -> Result<Self, PublicKeyError> {
        if spki.len() > MOST || SubjectPublicKeyInfoRef::from_der(spki).is_err() {
            return Err(PublicKeyError);
        }
        Ok(Self { spki: spki.to_vec(), sha256: base::Digest(sha256(spki)) })
    }

    /// The SubjectPublicKeyInfo in DER. Spec: RFC 5280 §4.1.2.7.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the SubjectPublicKeyInfo: what approvals and indices name the key by.
    #[must_use]
    pub fn sha256(&self) -> base::Digest {
        self.sha256
    }

    /// Checks `signature` (ECDSA in DER) over `message`.
    ///
    /// # Errors
    /// [`InvalidSignature`] for a key of another algorithm, too.
    pub fn check(
        &self,
        algorithm: &dyn SignatureVerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let parts = SubjectPublicKeyInfoRef::from_der(&self.spki).map_err(|_| InvalidSignature)?;
        // An AlgorithmIdentifier of that library is the content of the sequence, without header.
        let kind = parts.algorithm.to_der().map_err(|_| InvalidSignature)?;
        if kind.split_at_checked(2).map(|(_, content)| content)
            != Some(algorithm.public_key_alg_id().as_ref())
        {
            return Err(InvalidSignature);
        }
        algorithm.verify_signature(parts.subject_public_key.raw_bytes(), message, signature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_spki_is_refused() {
        assert_eq!(PublicKey::parse(b""), Err(PublicKeyError));
        assert_eq!(PublicKey::parse(&[0x30, 0]), Err(PublicKeyError));
        assert_eq!(PublicKey::parse(&vec![0; MOST + 1]), Err(PublicKeyError));
    }
}
