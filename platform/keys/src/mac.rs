//! HMAC-SHA-256 keys.

use std::marker::PhantomData;

use aws_lc_rs::hmac;
use base::Chance;
use zeroize::Zeroizing;

use crate::keeper::Secret;
use crate::{Algorithm, Kept, KeyError, PublicKey, Purpose};

/// An HMAC-SHA-256 key of one purpose.
#[derive(Debug)]
pub struct MacKey<K>(hmac::Key, PhantomData<fn() -> K>);

impl<K> MacKey<K> {
    /// The tag over `message`. Parts of a message must be told apart by the caller.
    #[must_use]
    pub fn tag(&self, message: &[u8]) -> [u8; 32] {
        hmac::sign(&self.0, message).as_ref().first_chunk().copied().unwrap_or_default()
    }

    /// Whether `tag` is the tag over `message`, in constant time.
    #[must_use]
    pub fn checks(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}

impl<K: Purpose> Kept for MacKey<K> {
    const PURPOSE: &'static str = K::NAME;

    fn fresh(algorithm: Algorithm, chance: &dyn Chance) -> Result<Secret, KeyError> {
        match algorithm {
            Algorithm::HmacSha256 => Ok(Zeroizing::new(chance.bytes::<32>().to_vec())),
            other => Err(KeyError::Algorithm(other)),
        }
    }

    fn restore(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::HmacSha256 if secret.len() == 32 => {
                Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret), PhantomData))
            }
            Algorithm::HmacSha256 => Err(KeyError::Broken),
            other => Err(KeyError::Algorithm(other)),
        }
    }

    fn public(&self) -> Option<&PublicKey> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    enum Challenges {}
    impl Purpose for Challenges {
        const NAME: &'static str = "challenges";
    }

    #[test]
    fn a_tag_checks_for_its_message_only() {
        let key = MacKey::<Challenges>::restore(Algorithm::HmacSha256, &[1; 32]).unwrap();
        let tag = key.tag(b"device 1");
        assert!(key.checks(b"device 1", &tag));
        assert!(!key.checks(b"device 2", &tag));
        assert!(!key.checks(b"device 1", &tag[..31]));
        let refused = MacKey::<Challenges>::restore(Algorithm::HmacSha256, &[1; 31]);
        assert_eq!(refused.unwrap_err(), KeyError::Broken);
    }
}
