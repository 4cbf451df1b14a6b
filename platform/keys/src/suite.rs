//! Verification algorithms, in sets that a policy allows.

use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

/// A set of allowed signature algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Between our own parts: P-256 and P-384 with their own digests, Ed25519, RSA with SHA-256.
    House,
    /// Agreed mechanisms: ECDSA on NIST curves, RSA of at least 2048 bits with SHA-2.
    ///
    /// No EdDSA. Spec: TS 119 312 V2.1.1, ECCG Agreed Cryptographic Mechanisms 2.0.
    Agreed,
    /// All that can be verified here: for old signatures and other countries' ones.
    Known,
}

/// The algorithms of `suite`; lengths of keys and dates are the policy's matter.
#[must_use]
pub fn allowed(suite: Suite) -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    match suite {
        Suite::House => &HOUSE,
        Suite::Agreed => KNOWN.get(..AGREED).unwrap_or_default(),
        Suite::Known => &KNOWN,
    }
}

#[derive(Debug)]
struct Verification {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    how: &'static dyn VerificationAlgorithm,
}

impl SignatureVerificationAlgorithm for Verification {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        // Points are uncompressed or compressed; the hybrid form has no place in certificates.
        let point = self.key == alg_id::ECDSA_P256
            || self.key == alg_id::ECDSA_P384
            || self.key == alg_id::ECDSA_P521;
        if point && !matches!(public_key.first(), Some(2..=4)) {
            return Err(InvalidSignature);
        }
        let key = ParsedPublicKey::new(self.how, public_key).map_err(|_| InvalidSignature)?;
        key.verify_sig(message, signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

const fn verification(
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    how: &'static dyn VerificationAlgorithm,
) -> Verification {
    Verification { key, signature, how }
}

/// ECDSA on P-256 with SHA-256.
pub const ECDSA_P256_SHA256: &dyn SignatureVerificationAlgorithm =
    &verification(alg_id::ECDSA_P256, alg_id::ECDSA_SHA256, &signature::ECDSA_P256_SHA256_ASN1);

/// ECDSA on P-384 with SHA-384.
pub const ECDSA_P384_SHA384: &dyn SignatureVerificationAlgorithm =
    &verification(alg_id::ECDSA_P384, alg_id::ECDSA_SHA384, &signature::ECDSA_P384_SHA384_ASN1);

/// Ed25519.
pub const ED25519: &dyn SignatureVerificationAlgorithm =
    &verification(alg_id::ED25519, alg_id::ED25519, &signature::ED25519);

/// RSASSA-PKCS1-v1_5 with SHA-256, 2048 to 8192 bits.
pub const RSA_PKCS1_SHA256: &dyn SignatureVerificationAlgorithm = &verification(
    alg_id::RSA_ENCRYPTION,
    alg_id::RSA_PKCS1_SHA256,
    &signature::RSA_PKCS1_2048_8192_SHA256,
);

static HOUSE: [&dyn SignatureVerificationAlgorithm; 4] =
    [ECDSA_P256_SHA256, ECDSA_P384_SHA384, RSA_PKCS1_SHA256, ED25519];

/// So many of [`KNOWN`], from the front, are agreed.
const AGREED: usize = 15;

static KNOWN: [&dyn SignatureVerificationAlgorithm; 19] = [
    ECDSA_P256_SHA256,
    &P256_SHA384,
    &P256_SHA512,
    &P384_SHA256,
    ECDSA_P384_SHA384,
    &P384_SHA512,
    &P521_SHA256,
    &P521_SHA384,
    &P521_SHA512,
    RSA_PKCS1_SHA256,
    &PKCS1_SHA384,
    &PKCS1_SHA512,
    &PSS_SHA256,
    &PSS_SHA384,
    &PSS_SHA512,
    ED25519,
    &ML_DSA_44,
    &ML_DSA_65,
    &ML_DSA_87,
];

macro_rules! verifications {
    ($($name:ident: $key:ident, $signature:ident, $how:ident;)*) => {
        $(static $name: Verification =
            verification(alg_id::$key, alg_id::$signature, &signature::$how);)*
    };
}

verifications! {
    P256_SHA384: ECDSA_P256, ECDSA_SHA384, ECDSA_P256_SHA384_ASN1;
    P256_SHA512: ECDSA_P256, ECDSA_SHA512, ECDSA_P256_SHA512_ASN1;
    P384_SHA256: ECDSA_P384, ECDSA_SHA256, ECDSA_P384_SHA256_ASN1;
    P384_SHA512: ECDSA_P384, ECDSA_SHA512, ECDSA_P384_SHA512_ASN1;
    P521_SHA256: ECDSA_P521, ECDSA_SHA256, ECDSA_P521_SHA256_ASN1;
    P521_SHA384: ECDSA_P521, ECDSA_SHA384, ECDSA_P521_SHA384_ASN1;
    P521_SHA512: ECDSA_P521, ECDSA_SHA512, ECDSA_P521_SHA512_ASN1;
    PKCS1_SHA384: RSA_ENCRYPTION, RSA_PKCS1_SHA384, RSA_PKCS1_2048_8192_SHA384;
    PKCS1_SHA512: RSA_ENCRYPTION, RSA_PKCS1_SHA512, RSA_PKCS1_2048_8192_SHA512;
    PSS_SHA256: RSA_ENCRYPTION, RSA_PSS_SHA256, RSA_PSS_2048_8192_SHA256;
    PSS_SHA384: RSA_ENCRYPTION, RSA_PSS_SHA384, RSA_PSS_2048_8192_SHA384;
    PSS_SHA512: RSA_ENCRYPTION, RSA_PSS_SHA512, RSA_PSS_2048_8192_SHA512;
    ML_DSA_44: ML_DSA_44, ML_DSA_44, ML_DSA_44;
    ML_DSA_65: ML_DSA_65, ML_DSA_65, ML_DSA_65;
    ML_DSA_87: ML_DSA_87, ML_DSA_87, ML_DSA_87;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ed25519_and_lattices_are_not_agreed() {
        let ids = |suite| allowed(suite).iter().map(|a| a.signature_alg_id()).collect::<Vec<_>>();
        assert!(!ids(Suite::Agreed).contains(&alg_id::ED25519));
        assert!(!ids(Suite::Agreed).contains(&alg_id::ML_DSA_65));
        assert!(ids(Suite::Agreed).contains(&alg_id::RSA_PSS_SHA512));
        assert!(ids(Suite::House).contains(&alg_id::ED25519));
    }
}
