//! What kinds of key there are.

use std::fmt;
use std::str::FromStr;

use jose::ecdsa;

/// The kind of a key: it fixes the length and, for signatures, the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
    /// RSASSA-PKCS1-v1_5 of 3072 bits, e = 65537; SHA-256 unless a digest says otherwise.
    Rsa3072,
    /// Ed25519: needs the message, takes no digest.
    Ed25519,
    /// Key agreement on P-256.
    EcdhP256,
    /// Key agreement on Curve25519.
    X25519,
    /// HMAC-SHA-256, 32 bytes.
    HmacSha256,
    /// AES-256-GCM.
    Aes256Gcm,
}

/// No algorithm of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key algorithm of that name")]
pub struct AlgorithmError;

impl Algorithm {
    const ALL: [Self; 8] = [
        Self::P256,
        Self::P384,
        Self::Rsa3072,
        Self::Ed25519,
        Self::EcdhP256,
        Self::X25519,
        Self::HmacSha256,
        Self::Aes256Gcm,
    ];

    /// Its name in wrapped keys and configuration: stable for ever.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa3072 => "rsa3072",
            Self::Ed25519 => "ed25519",
            Self::EcdhP256 => "ecdh-p256",
            Self::X25519 => "x25519",
            Self::HmacSha256 => "hmac-sha256",
            Self::Aes256Gcm => "aes256-gcm",
        }
    }

    /// What X.509 and CMS carry for a signature of fixed form: DER for ECDSA, others as they are.
    pub(crate) fn der_form(self, fixed: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Self::P256 | Self::P384 => ecdsa::to_der(&fixed),
            _ => Some(fixed),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(name: &str) -> Result<Self, AlgorithmError> {
        Self::ALL.into_iter().find(|own| own.name() == name).ok_or(AlgorithmError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_is_found_by_its_name() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
        assert_eq!("rsa1024".parse::<Algorithm>(), Err(AlgorithmError));
    }
}
