//! Key agreement: the receiver's kept key and the sender's throw-away one.

use std::marker::PhantomData;

use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey, X25519};
use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, Pkcs8V1Der, PublicKeyX509Der};
use base::Chance;
use zeroize::Zeroizing;

use crate::keeper::Secret;
use crate::{Algorithm, Kept, KeyError, PublicKey, Purpose};

/// The bare shared secret: goes into a key derivation, never into a cipher.
pub type Agreed = Zeroizing<[u8; 32]>;

/// A private key that agrees on secrets for one purpose: what is encrypted to it, it opens.
pub struct AgreementKey<K>(EphemeralKey, PhantomData<fn() -> K>);

/// A private key for one message, which nobody keeps.
pub struct EphemeralKey {
    private: PrivateKey,
    public: PublicKey,
    /// The point uncompressed, 65 bytes, or the 32 bytes of X25519.
    bare: Vec<u8>,
}

impl EphemeralKey {
    /// A new key.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] for all but P-256 and X25519 agreement.
    pub fn make(algorithm: Algorithm) -> Result<Self, KeyError> {
        Self::of(PrivateKey::generate(kind(algorithm)?).map_err(|_| KeyError::Broken)?)
    }

    fn of(private: PrivateKey) -> Result<Self, KeyError> {
        let public = private.compute_public_key().map_err(|_| KeyError::Broken)?;
        let bare = public.as_ref().to_vec();
        let spki: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::Broken)?;
        let public = PublicKey::parse(spki.as_ref()).map_err(|_| KeyError::Broken)?;
        Ok(Self { private, public, bare })
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The public half bare: an uncompressed point of 65 bytes, or the 32 bytes of X25519.
    #[must_use]
    pub fn bare(&self) -> &[u8] {
        &self.bare
    }

    /// The secret shared with `peer`, a public key in the same bare form.
    ///
    /// None when `peer` is no point of the curve, or gives the zero secret.
    #[must_use]
    pub fn agree(&self, peer: &[u8]) -> Option<Agreed> {
        let peer = UnparsedPublicKey::new(self.private.algorithm(), peer);
        agreement::agree(&self.private, peer, (), |secret| {
            let secret: [u8; 32] = secret.try_into().map_err(|_| ())?;
            Ok(Zeroizing::new(secret))
        })
        .ok()
    }
}

impl<K> std::ops::Deref for AgreementKey<K> {
    type Target = EphemeralKey;

    fn deref(&self) -> &EphemeralKey {
        &self.0
    }
}

impl<K: Purpose> Kept for AgreementKey<K> {
    const PURPOSE: &'static str = K::NAME;

    fn fresh(algorithm: Algorithm, _: &dyn Chance) -> Result<Secret, KeyError> {
        secret_of(algorithm).ok_or(KeyError::Broken).and_then(|found| found)
    }

    fn restore(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError> {
        let private = match kind(algorithm)? {
            kind if *kind == X25519 => PrivateKey::from_private_key(kind, secret),
            kind => PrivateKey::from_private_key_der(kind, secret),
        };
        let private = private.map_err(|_| KeyError::Broken)?;
        EphemeralKey::of(private).map(|key| Self(key, PhantomData))
    }

    fn public(&self) -> Option<&PublicKey> {
        Some(&self.0.public)
    }
}

/// PKCS #8 for P-256, the bare 32 bytes for X25519, for which the library writes no other.
fn secret_of(algorithm: Algorithm) -> Option<Result<Secret, KeyError>> {
    let kind = match kind(algorithm) {
        Ok(kind) => kind,
        Err(refused) => return Some(Err(refused)),
    };
    let private = PrivateKey::generate(kind).ok()?;
    let secret = if *kind == X25519 {
        let seed: Curve25519SeedBin<'_> = private.as_be_bytes().ok()?;
        Zeroizing::new(seed.as_ref().to_vec())
    } else {
        let der: Pkcs8V1Der<'_> = private.as_der().ok()?;
        Zeroizing::new(der.as_ref().to_vec())
    };
    Some(Ok(secret))
}

fn kind(algorithm: Algorithm) -> Result<&'static agreement::Algorithm, KeyError> {
    match algorithm {
        Algorithm::EcdhP256 => Ok(&ECDH_P256),
        Algorithm::X25519 => Ok(&X25519),
        other => Err(KeyError::Algorithm(other)),
    }
}

impl std::fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EphemeralKey({:?})", self.public)
    }
}

impl<K: Purpose> std::fmt::Debug for AgreementKey<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AgreementKey({}, {:?})", K::NAME, self.0.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree_on_one_secret() {
        for algorithm in [Algorithm::EcdhP256, Algorithm::X25519] {
            let one = EphemeralKey::make(algorithm).unwrap();
            let two = EphemeralKey::make(algorithm).unwrap();
            assert_eq!(one.agree(two.bare()).unwrap(), two.agree(one.bare()).unwrap());
        }
    }

    #[test]
    fn what_is_no_point_gives_nothing() {
        let key = EphemeralKey::make(Algorithm::EcdhP256).unwrap();
        for bad in [[].as_slice(), &[0], &[4; 65], &[0; 32]] {
            assert!(key.agree(bad).is_none());
        }
        let key = EphemeralKey::make(Algorithm::X25519).unwrap();
        assert!(key.agree(&[0; 32]).is_none());
        assert!(EphemeralKey::make(Algorithm::P256).is_err());
    }
}
