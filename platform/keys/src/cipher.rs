//! AES-256-GCM.

use std::marker::PhantomData;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base::Chance;
use zeroize::Zeroizing;

use crate::keeper::Secret;
use crate::{Algorithm, Kept, KeyError, PublicKey, Purpose};

/// Bytes of a nonce.
const NONCE: usize = 12;

/// AES-256-GCM under one key. Sealed form: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
#[derive(Debug)]
pub struct Cipher(LessSafeKey);

/// Sealed bytes that do not open: another key, another context, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed bytes do not open: another key or context, or changed")]
pub struct SealError;

impl Cipher {
    /// The cipher under `key`; none when the library takes no key of this length.
    pub(crate) fn under(key: &[u8]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, key).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// The cipher under 32 bytes, as [`crate::hkdf_sha256`] gives them.
    ///
    /// # Errors
    /// [`SealError`] when the library refuses.
    pub fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        Self::under(key).ok_or(SealError)
    }

    /// `plain` sealed together with `context`, under a nonce of chance.
    ///
    /// Under one key no more than 2³² times. Spec: SP 800-38D §8.3.
    ///
    /// # Errors
    /// [`SealError`] when the library refuses: more than 64 GiB.
    pub fn seal(
        &self,
        context: &[u8],
        plain: &[u8],
        chance: &dyn Chance,
    ) -> Result<Vec<u8>, SealError> {
        let nonce = chance.bytes::<NONCE>();
        let sealed = self.seal_with(nonce, context, plain)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed.
    ///
    /// # Errors
    /// [`SealError`] for another key, another context, or changed bytes.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        self.open_with(*nonce, context, sealed)
    }

    pub(crate) fn seal_with(
        &self,
        nonce: [u8; NONCE],
        context: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        // Room for the tag from the start: growing would leave a copy of the plain bytes behind.
        let mut bytes = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        bytes.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let done = self.0.seal_in_place_append_tag(nonce, Aad::from(context), &mut bytes);
        done.map(|()| bytes).map_err(|_| SealError)
    }

    pub(crate) fn open_with(
        &self,
        nonce: [u8; NONCE],
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.0.open_in_place(nonce, Aad::from(context), &mut bytes);
        let length = opened.map_err(|_| SealError)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

/// A sealing key of one purpose; its methods are those of [`Cipher`].
#[derive(Debug)]
pub struct SealKey<K>(Cipher, PhantomData<fn() -> K>);

impl<K> std::ops::Deref for SealKey<K> {
    type Target = Cipher;

    fn deref(&self) -> &Cipher {
        &self.0
    }
}

impl<K: Purpose> Kept for SealKey<K> {
    const PURPOSE: &'static str = K::NAME;

    fn fresh(algorithm: Algorithm, chance: &dyn Chance) -> Result<Secret, KeyError> {
        match algorithm {
            Algorithm::Aes256Gcm => Ok(Zeroizing::new(chance.bytes::<32>().to_vec())),
            other => Err(KeyError::Algorithm(other)),
        }
    }

    fn restore(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::Aes256Gcm => {
                Cipher::under(secret).map(|c| Self(c, PhantomData)).ok_or(KeyError::Broken)
            }
            other => Err(KeyError::Algorithm(other)),
        }
    }

    fn public(&self) -> Option<&PublicKey> {
        None
    }
}

/// A256GCM for JWE.
#[derive(Clone, Copy, Debug, Default)]
pub struct AesGcm;

#[cfg(test)]
mod tests {
    use super::*;
    use base::unhex;
    use trial::CountedChance;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_context() {
        let chance = CountedChance::seeded(1);
        let cipher = Cipher::new(&[1; 32]).unwrap();
        let mut sealed = cipher.seal(b"row 1", b"words", &chance).unwrap();
        assert_eq!(sealed.len(), 12 + 5 + 16);
        assert_eq!(cipher.open(b"row 1", &sealed).unwrap().as_slice(), b"words");
        assert_eq!(cipher.open(b"row 2", &sealed), Err(SealError));
        assert_eq!(Cipher::new(&[2; 32]).unwrap().open(b"row 1", &sealed), Err(SealError));
        sealed[13] ^= 1;
        assert_eq!(cipher.open(b"row 1", &sealed), Err(SealError));
        assert_eq!(cipher.open(b"", &[0; 11]), Err(SealError));
    }

    /// Test case 14 of the GCM submission: zero key, zero nonce, 16 zero bytes.
    #[test]
    fn the_cipher_is_aes_256_gcm() {
        let sealed = Cipher::new(&[0; 32]).unwrap().seal_with([0; 12], b"", &[0; 16]).unwrap();
        let wanted = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
        assert_eq!(sealed, unhex(wanted).unwrap());
    }
}
