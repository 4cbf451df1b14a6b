//! The log's two keys as a [`keys::Keeper`] makes and opens them.

use std::sync::Arc;

use base::Chance;
use keys::{Algorithm, Purpose, SealKey, Signer};

use crate::checkpoint::{CheckpointSigner, SignFailed};
use crate::keyring::{Wrap, WrapFailed};

/// The purpose of the key that signs checkpoints: Ed25519.
#[derive(Debug)]
pub enum Checkpoints {}

impl Purpose for Checkpoints {
    const NAME: &'static str = "audit.checkpoints";
}

/// The purpose of the key that wraps class keys, subjects' secrets and handles: AES-256-GCM.
#[derive(Debug)]
pub enum LogKeys {}

impl Purpose for LogKeys {
    const NAME: &'static str = "audit.keys";
}

/// A checkpoint key of the house's own.
pub struct KeptSigner {
    signer: Signer<Checkpoints>,
    public_key: [u8; 32],
}

/// A key that is not Ed25519.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a checkpoint key is Ed25519")]
pub struct NotEd25519;

impl KeptSigner {
    /// Signs checkpoints with `signer`.
    ///
    /// # Errors
    /// [`NotEd25519`].
    pub fn new(signer: Signer<Checkpoints>) -> Result<Self, NotEd25519> {
        let spki = signer.public_key().spki();
        let public_key = spki.last_chunk::<32>().copied();
        match (signer.algorithm(), public_key) {
            (Algorithm::Ed25519, Some(public_key)) => Ok(Self { signer, public_key }),
            _ => Err(NotEd25519),
        }
    }
}

impl CheckpointSigner for KeptSigner {
    fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFailed> {
        let signature = self.signer.sign_fixed(message);
        let signature = signature.map_err(|error| SignFailed(error.to_string()))?;
        signature.try_into().map_err(|_| SignFailed("another length".to_owned()))
    }
}

/// A wrapping key of the house's own.
pub struct KeptWrap {
    key: SealKey<LogKeys>,
    chance: Arc<dyn Chance>,
}

impl KeptWrap {
    /// Wraps with `key`.
    #[must_use]
    pub fn new(key: SealKey<LogKeys>, chance: Arc<dyn Chance>) -> Self {
        Self { key, chance }
    }
}

impl Wrap for KeptWrap {
    fn wrap(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, WrapFailed> {
        let sealed = self.key.seal(context, plain, self.chance.as_ref());
        sealed.map_err(|error| WrapFailed(error.to_string()))
    }

    fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Vec<u8>, WrapFailed> {
        let plain = self.key.open(context, wrapped);
        Ok(plain.map_err(|error| WrapFailed(error.to_string()))?.to_vec())
    }
}

impl std::fmt::Debug for KeptSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptSigner")
    }
}

impl std::fmt::Debug for KeptWrap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptWrap")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::{Checkpoint, LogKey};
    use crate::tree::Head;
    use keys::{Keeper, Kek};
    use trial::CountedChance;

    fn keeper() -> Keeper {
        let chance = Arc::new(CountedChance::seeded(1));
        Keeper::new("log", "pmlp/persons", Kek::from_bytes(&[1; 32]).unwrap(), chance)
    }

    #[test]
    fn a_kept_key_signs_checkpoints_and_another_algorithm_is_refused() {
        let (signer, _) = keeper().make::<Signer<Checkpoints>>(Algorithm::Ed25519).unwrap();
        let signer = KeptSigner::new(signer).unwrap();
        let (log, head) = ("pmlp/persons".to_owned(), Head { size: 1, root: [1; 32] });
        let key = LogKey { log: log.clone(), public_key: signer.public_key() };
        let checkpoint = Checkpoint { log, head, at: base::Time::EPOCH, previous: None };
        let note = checkpoint.signed(&signer).unwrap();
        assert_eq!(Checkpoint::verified(&note, &key), Ok(checkpoint));
        let (other, _) = keeper().make::<Signer<Checkpoints>>(Algorithm::P256).unwrap();
        assert_eq!(KeptSigner::new(other).err(), Some(NotEd25519));
    }

    #[test]
    fn what_is_wrapped_opens_in_its_context_only() {
        let (key, _) = keeper().make::<SealKey<LogKeys>>(Algorithm::Aes256Gcm).unwrap();
        let wrap = KeptWrap::new(key, Arc::new(CountedChance::seeded(2)));
        let wrapped = wrap.wrap(b"context", b"secret").unwrap();
        assert_eq!(wrap.unwrap(b"context", &wrapped).unwrap(), b"secret");
        assert!(wrap.unwrap(b"another", &wrapped).is_err());
    }
}
