//! The seam (R21): what makes persons' keys and signs with them.
//!
//! Here it is [`Local`], keys wrapped in `sam`'s own store. A certified remote QSCD is another
//! implementation: it gets the person's words as they were signed, with the PIN's signature in
//! them, and may check them again by its own rules. No caller of `sam` notices.

use activation_contract::Instruction;
use keys::{Algorithm, DigestAlgorithm, Keeper, MessageDigest, PublicKey, Signer, WrappedKey};

use crate::own::Person;

/// What makes persons' keys and signs with them. Methods may take a second; they are called off
/// the runtime's threads.
pub trait SigningDevice: Send + Sync + std::fmt::Debug {
    /// By which credentials remember it: stable for ever.
    fn name(&self) -> &'static str;

    /// A new key for a person, and what is needed to use it: kept beside the credential.
    ///
    /// # Errors
    /// [`HandError`]
    fn make(&self, algorithm: Algorithm) -> Result<(PublicKey, Vec<u8>), HandError>;

    /// One signature for each item, in their order: ECDSA in DER.
    ///
    /// # Errors
    /// [`HandError`]; then none leaves.
    fn sign(&self, held: &[u8], act: &Act<'_>) -> Result<Vec<Vec<u8>>, HandError>;

    /// Destroys the key; `held` is forgotten by the caller too.
    ///
    /// # Errors
    /// [`HandError`]; then it is tried again.
    fn destroy(&self, held: &[u8]) -> Result<(), HandError>;
}

/// What a person willed, as it was signed.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The compact words: device's signature over PIN's signature over the instruction.
    pub words: &'a str,
    /// The same, read.
    pub instruction: &'a Instruction,
}

/// Why a key was not made or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandError {
    /// It makes no keys of that algorithm, or signs no such digests.
    #[error("not of this device")]
    Unfit,
    /// It refuses or does not answer.
    #[error("the device refuses")]
    Refused,
}

/// Keys in `sam`'s own store, each wrapped.
#[derive(Debug)]
pub(crate) struct Local(pub(crate) Keeper);

impl SigningDevice for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn make(&self, algorithm: Algorithm) -> Result<(PublicKey, Vec<u8>), HandError> {
        if !matches!(algorithm, Algorithm::P256 | Algorithm::P384 | Algorithm::Rsa3072) {
            return Err(HandError::Unfit);
        }
        let made = self.0.make::<Signer<Person>>(algorithm);
        let (signer, wrapped) = made.map_err(|_| HandError::Refused)?;
        Ok((signer.public_key().clone(), wrapped.to_bytes()))
    }

    fn sign(&self, held: &[u8], act: &Act<'_>) -> Result<Vec<Vec<u8>>, HandError> {
        let wrapped = WrappedKey::parse(held).map_err(|_| HandError::Refused)?;
        let signer: Signer<Person> = self.0.open(&wrapped).map_err(|_| HandError::Refused)?;
        let digests = act.instruction.items.iter().map(|item| {
            let dtbs = item.dtbs.as_ref().ok_or(HandError::Unfit)?;
            let algorithm = digest_algorithm(&dtbs.alg).ok_or(HandError::Unfit)?;
            MessageDigest::from_bytes(algorithm, &dtbs.digest.0).ok_or(HandError::Unfit)
        });
        let sign =
            |digest: Result<_, _>| signer.sign_digest(&digest?).map_err(|_| HandError::Unfit);
        digests.map(sign).collect()
    }

    fn destroy(&self, _: &[u8]) -> Result<(), HandError> {
        Ok(())
    }
}

/// The algorithm of a digest by its name in an instruction.
pub(crate) fn digest_algorithm(name: &str) -> Option<DigestAlgorithm> {
    match name {
        "sha-256" => Some(DigestAlgorithm::Sha256),
        "sha-384" => Some(DigestAlgorithm::Sha384),
        _ => None,
    }
}

/// Whether a key signs digests of that name.
pub(crate) fn goes_with(key: Algorithm, digest: &str) -> bool {
    matches!(
        (key, digest_algorithm(digest)),
        (Algorithm::P256, Some(DigestAlgorithm::Sha256))
            | (Algorithm::P384, Some(DigestAlgorithm::Sha384))
            | (Algorithm::Rsa3072, Some(_))
    )
}

/// The algorithm of a key by the media type of the one item of an instruction to make it.
pub(crate) fn asked_algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "" | "p256" => Some(Algorithm::P256),
        "p384" => Some(Algorithm::P384),
        "rsa3072" => Some(Algorithm::Rsa3072),
        _ => None,
    }
}
