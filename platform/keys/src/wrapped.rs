//! The byte form of a wrapped key, and what is bound into it.

use base::Id;

use crate::{Algorithm, PublicKey, sha256};

/// Marker of [`KeyId`].
#[derive(Debug)]
pub enum Key {}

/// The id of a key.
pub type KeyId = Id<Key>;

/// The first byte of the form that this version writes and reads.
const VERSION: u8 = 1;

/// No wrapped key is longer.
const MOST: usize = 16 * 1024;

/// What a wrapped key is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) key: KeyId,
    pub(crate) role: String,
    pub(crate) system: String,
    pub(crate) purpose: String,
    pub(crate) algorithm: Algorithm,
    /// Empty for secrets.
    pub(crate) spki: Vec<u8>,
}

impl Label {
    /// Version ‖ key id ‖ role ‖ system ‖ purpose ‖ algorithm ‖ SPKI digest, each but the first
    /// with its length in two bytes before it: the associated data of the wrapping.
    pub(crate) fn bound(&self) -> Vec<u8> {
        let digest = sha256(&self.spki);
        let digest = if self.spki.is_empty() { [].as_slice() } else { &digest };
        written(&[
            self.key.bytes(),
            self.role.as_bytes(),
            self.system.as_bytes(),
            self.purpose.as_bytes(),
            self.algorithm.name().as_bytes(),
            digest,
        ])
    }
}

/// A private key or secret under a key-encryption key: for a file or a column.
///
/// Bytes: version 1, then, each with its length in two bytes before it: fingerprint of the
/// key-encryption key (8 bytes), key id (16), role, system, purpose, algorithm, SPKI (empty for
/// secrets), and nonce ‖ ciphertext ‖ tag of AES-256-GCM.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    label: Label,
    kek: [u8; 8],
    sealed: Vec<u8>,
}

/// Bytes that are no wrapped key of a known version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a wrapped key of version 1")]
pub struct WrappedKeyError;

impl WrappedKey {
    pub(crate) fn new(label: Label, kek: [u8; 8], sealed: Vec<u8>) -> Self {
        Self { label, kek, sealed }
    }

    /// Reads the byte form.
    ///
    /// # Errors
    /// [`WrappedKeyError`] for anything else; whether it opens is [`crate::Keeper::open`]'s answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, WrappedKeyError> {
        let fields = read(bytes).ok_or(WrappedKeyError)?;
        let [kek, key, role, system, purpose, algorithm, spki, sealed] = fields;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| WrappedKeyError);
        let label = Label {
            key: key.try_into().map_err(|_| WrappedKeyError)?,
            role: text(role)?,
            system: text(system)?,
            purpose: text(purpose)?,
            algorithm: text(algorithm)?.parse().map_err(|_| WrappedKeyError)?,
            spki: spki.to_vec(),
        };
        let kek = kek.try_into().map_err(|_| WrappedKeyError)?;
        Ok(Self { label, kek, sealed: sealed.to_vec() })
    }

    /// The byte form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let label = &self.label;
        written(&[
            &self.kek,
            label.key.bytes(),
            label.role.as_bytes(),
            label.system.as_bytes(),
            label.purpose.as_bytes(),
            label.algorithm.name().as_bytes(),
            &label.spki,
            &self.sealed,
        ])
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.label.key
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.label.algorithm
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> &str {
        &self.label.purpose
    }

    /// The public half as it stands in clear; proved only by opening.
    #[must_use]
    pub fn public(&self) -> Option<PublicKey> {
        PublicKey::parse(&self.label.spki).ok()
    }

    pub(crate) fn label(&self) -> &Label {
        &self.label
    }

    pub(crate) fn kek(&self) -> &[u8; 8] {
        &self.kek
    }

    pub(crate) fn sealed(&self) -> &[u8] {
        &self.sealed
    }
}

/// Shows what it is for, never its bytes.
impl std::fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WrappedKey({}, {}, {})", self.label.key, self.label.purpose, self.algorithm())
    }
}

fn written(fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    for field in fields {
        // Names are short and keys under MOST: a longer field is cut, and then does not open.
        let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend(field.iter().take(usize::from(length)));
    }
    bytes
}

fn read(bytes: &[u8]) -> Option<[&[u8]; 8]> {
    let mut rest = bytes.strip_prefix(&[VERSION])?;
    let mut fields = [[].as_slice(); 8];
    for field in &mut fields {
        let (length, behind) = rest.split_first_chunk()?;
        (*field, rest) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
    }
    (rest.is_empty() && bytes.len() <= MOST).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_wrapped_key_comes_back(
            names in proptest::array::uniform3("[a-z/]{0,20}"),
            spki in proptest::collection::vec(any::<u8>(), 0..500),
            sealed in proptest::collection::vec(any::<u8>(), 0..500),
        ) {
            let [role, system, purpose] = names;
            let (key, algorithm) = (KeyId::from_bytes([3; 16]), Algorithm::P384);
            let label = Label { key, role, system, purpose, algorithm, spki };
            let wrapped = WrappedKey::new(label, [4; 8], sealed);
            prop_assert_eq!(WrappedKey::parse(&wrapped.to_bytes()), Ok(wrapped));
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            if let Ok(wrapped) = WrappedKey::parse(&[&[1], bytes.as_slice()].concat()) {
                prop_assert_eq!(&wrapped.to_bytes()[1..], bytes);
            }
        }
    }
}
