//! Digests, HMAC and HKDF.

use aws_lc_rs::{digest, hkdf, hmac};
use zeroize::Zeroizing;

/// A digest with its algorithm: what a [`crate::Signer`] takes instead of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageDigest {
    algorithm: DigestAlgorithm,
    bytes: [u8; 64],
}

/// The digest algorithms in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes.
    Sha512,
}

impl DigestAlgorithm {
    /// The length of its digests in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub(crate) fn own(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }
}

impl MessageDigest {
    /// The digest of `message`.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, message: &[u8]) -> Self {
        let made = digest::digest(algorithm.own(), message);
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(made.as_ref()).for_each(|(to, from)| *to = *from);
        Self { algorithm, bytes }
    }

    /// A digest that another has made; none when `bytes` has another length.
    #[must_use]
    pub fn from_bytes(algorithm: DigestAlgorithm, bytes: &[u8]) -> Option<Self> {
        let mut own = [0; 64];
        own.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        (bytes.len() == algorithm.length()).then_some(Self { algorithm, bytes: own })
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.length()).unwrap_or_default()
    }
}

impl std::fmt::Debug for MessageDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}:{}", self.algorithm, base::hex(self.bytes()))
    }
}

/// SHA-256.
#[must_use]
pub fn sha256(message: &[u8]) -> [u8; 32] {
    first_32(digest::digest(&digest::SHA256, message).as_ref())
}

/// HMAC-SHA-256 of `message` under `key`, of any length. Spec: RFC 2104.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    first_32(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref())
}

/// `N` bytes of HKDF-SHA-256; `N` up to 8,160. Spec: RFC 5869.
///
/// None for a longer `N`.
#[must_use]
pub fn hkdf_sha256<const N: usize>(
    secret: &[u8],
    salt: &[u8],
    info: &[&[u8]],
) -> Option<Zeroizing<[u8; N]>> {
    let mut out = Zeroizing::new([0; N]);
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    key.expand(info, Length(N)).ok()?.fill(out.as_mut_slice()).ok()?;
    Some(out)
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn first_32(bytes: &[u8]) -> [u8; 32] {
    bytes.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{hex, unhex};

    #[test]
    fn rfc_5869_appendix_a_1_basic_test_case() {
        let info = unhex("f0f1f2f3f4f5f6f7f8f9").unwrap();
        let salt = unhex("000102030405060708090a0b0c").unwrap();
        let made = hkdf_sha256::<42>(&[0x0b; 22], &salt, &[&info]).unwrap();
        let wanted =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
        assert_eq!(hex(made.as_slice()), wanted);
    }

    #[test]
    fn rfc_4231_test_case_2() {
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        let wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(&tag), wanted);
    }

    #[test]
    fn a_digest_of_another_length_is_refused() {
        assert!(MessageDigest::from_bytes(DigestAlgorithm::Sha256, &[0; 31]).is_none());
        let digest = MessageDigest::of(DigestAlgorithm::Sha384, b"abc");
        assert_eq!(
            MessageDigest::from_bytes(DigestAlgorithm::Sha384, digest.bytes()),
            Some(digest)
        );
        assert_eq!(MessageDigest::of(DigestAlgorithm::Sha256, b"abc").bytes(), sha256(b"abc"));
    }
}
