//! The one value derived from a person's code: her handle in one owner's logs for one epoch, and
//! the tags made from it (PROTOCOLS §5, R45).

use std::future::Future;
use std::pin::Pin;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base::{Date, Identifier, Owner, PersonId};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// A year: the epoch of a handle key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub i16);

impl Epoch {
    /// The epoch of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.year())
    }
}

/// Whose the handles are: an owner's, in an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm {
    /// The owner of the logs.
    pub owner: Owner,
    /// The year.
    pub epoch: Epoch,
}

/// What names a person in the logs of one realm.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct Handle([u8; 32]);

/// What finds a person's entries of one log and day, and nothing else.
pub type Tag = [u8; 32];

/// A unique signature over a person's code, which makes her handle and proves it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof(Vec<u8>);

/// A handle key that cannot have two signatures over one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandleKey {
    epoch: Epoch,
    spki: Vec<u8>,
}

/// A handle key, handle or proof that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// Not RSA of 3072 bits with the exponent 65537, or its eight signatures do not verify.
    #[error("not a handle key")]
    Key,
    /// The proof does not verify.
    #[error("the handle's proof does not verify")]
    Proof,
    /// The grant is for another realm than asked.
    #[error("a handle for another epoch")]
    Realm,
}

/// What `persons` answers when a log asks for a handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The code the handle is made of: the one known now.
    pub code: Identifier,
    /// The signature.
    pub proof: Proof,
}

/// A future of a trait's method.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a log gets handles: `persons`, through its link.
pub trait Handles: Send + Sync {
    /// The handle key of an epoch with its signatures over [`fixed_strings`].
    fn key(&self, epoch: Epoch) -> Answer<'_, Result<HandleKey, HandlesFailed>>;

    /// The grant for a person in a realm, of the code known now (technical code where none).
    fn grant(&self, person: PersonId, realm: &Realm) -> Answer<'_, Result<Grant, HandlesFailed>>;
}

/// No handle: the look that needs it fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no handle: {0}")]
pub struct HandlesFailed(pub String);

impl HandleKey {
    /// The key, once its form and its signatures over the eight fixed strings are checked: a key
    /// whose signatures could be made in two ways would fail one of them with all but 65537⁻⁸.
    ///
    /// `spki` is a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`HandleError::Key`].
    pub fn checked(epoch: Epoch, spki: &[u8], fixed: &[Vec<u8>; 8]) -> Result<Self, HandleError> {
        modulus(spki).ok_or(HandleError::Key)?;
        let key = Self { epoch, spki: spki.to_vec() };
        for (text, signature) in fixed_strings(epoch).iter().zip(fixed) {
            key.verify(text, signature).map_err(|_| HandleError::Key)?;
        }
        Ok(key)
    }

    /// The epoch.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The handle that `proof` proves for `code` in `realm`.
    ///
    /// # Errors
    /// [`HandleError`].
    pub fn handle(
        &self,
        realm: &Realm,
        code: &Identifier,
        proof: &Proof,
    ) -> Result<Handle, HandleError> {
        if realm.epoch != self.epoch {
            return Err(HandleError::Realm);
        }
        self.verify(&message(realm, code), &proof.0)?;
        Ok(proof.handle())
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), HandleError> {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.spki);
        key.verify(message, signature).map_err(|_| HandleError::Proof)
    }
}

impl Proof {
    /// The proof with these bytes (384 of them), not yet checked.
    ///
    /// # Errors
    /// Another length.
    pub fn new(signature: Vec<u8>) -> Result<Self, HandleError> {
        if signature.len() == 384 { Ok(Self(signature)) } else { Err(HandleError::Proof) }
    }

    /// The signature's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn handle(&self) -> Handle {
        let digest = Sha256::new().chain_update("sakta handle 1").chain_update(&self.0);
        Handle(digest.finalize().into())
    }
}

impl Handle {
    /// A handle that was checked before.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes: they open a person's log to whoever holds them.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The tag of a day in a log.
    #[must_use]
    pub fn tag(&self, log: &str, day: Date) -> Tag {
        tag(&self.0, log, day)
    }
}

/// Says nothing: a handle is as good as a code.
impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

/// Says nothing: a proof makes the handle.
impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof")
    }
}

/// HMAC-SHA-256(key, log ‖ day), the day as `YYYY-MM-DD`: of a handle, or of 32 random bytes for
/// a delayed look (R42).
#[must_use]
pub fn tag(key: &[u8; 32], log: &str, day: Date) -> Tag {
    let text = format!("{log}{day}");
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
    let mut tag = Tag::default();
    tag.iter_mut().zip(mac.as_ref()).for_each(|(to, from)| *to = *from);
    tag
}

/// What a handle key signs for one person: "sakta/1", owner, epoch and `PNOLV:32991200014`, two
/// bytes of length before each.
#[must_use]
pub fn message(realm: &Realm, code: &Identifier) -> Vec<u8> {
    let code = format!("{}{}:{}", code.scheme().letters(), code.country(), code.stored());
    prefixed(["sakta/1", realm.owner.name(), &realm.epoch.0.to_string(), &code])
}

/// What a handle key signs once, beside its public key: "sakta/1 key", epoch, "0" to "7".
#[must_use]
pub fn fixed_strings(epoch: Epoch) -> [Vec<u8>; 8] {
    let (epoch, digits) = (epoch.0.to_string(), ["0", "1", "2", "3", "4", "5", "6", "7"]);
    digits.map(|digit| prefixed(["sakta/1 key", &epoch, digit]))
}

fn prefixed<const N: usize>(parts: [&str; N]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

/// The modulus of an RSA-3072 key with exponent 65537 in the one DER form it has.
fn modulus(spki: &[u8]) -> Option<&[u8; 384]> {
    const HEAD: [u8; 33] = [
        0x30, 0x82, 0x01, 0xa2, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
        0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x8f, 0x00, 0x30, 0x82, 0x01, 0x8a, 0x02, 0x82,
        0x01, 0x81, 0x00,
    ];
    let body = spki.strip_prefix(&HEAD)?.strip_suffix(&[0x02, 0x03, 0x01, 0x00, 0x01])?;
    let modulus: &[u8; 384] = body.try_into().ok()?;
    let (first, last) = (modulus.first()?, modulus.last()?);
    (first & 0x80 != 0 && last & 1 == 1).then_some(modulus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soft::SoftHandles;

    fn realm(owner: &str, year: i16) -> Realm {
        Realm { owner: owner.parse().unwrap(), epoch: Epoch(year) }
    }

    fn code(value: &str) -> Identifier {
        Identifier::new(base::Scheme::Pno, "XY", value).unwrap()
    }

    #[test]
    fn the_signed_message_has_a_length_before_each_part() {
        let bytes = message(&realm("pmlp", 2026), &code("329912-00014"));
        let expected = b"\0\x07sakta/1\0\x04pmlp\0\x042026\0\x11PNOXY:32991200014";
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_handle_differs_by_owner_and_code_and_is_proved() {
        let handles = SoftHandles::new(2026);
        let key = handles.checked_key();
        let (pmlp, vdaa) = (realm("pmlp", 2026), realm("vdaa", 2026));
        let proof = handles.prove(&pmlp, &code("329912-00014"));
        let handle = key.handle(&pmlp, &code("329912-00014"), &proof).unwrap();
        let wrong = key.handle(&pmlp, &code("329912-00022"), &proof);
        assert_eq!(wrong, Err(HandleError::Proof));
        assert_eq!(key.handle(&vdaa, &code("329912-00014"), &proof), Err(HandleError::Proof));
        assert_eq!(
            key.handle(&realm("pmlp", 2027), &code("329912-00014"), &proof),
            Err(HandleError::Realm)
        );
        let other = handles.prove(&vdaa, &code("329912-00014"));
        let other = key.handle(&vdaa, &code("329912-00014"), &other).unwrap();
        assert_ne!(handle, other);
        let day = "2026-11-25".parse().unwrap();
        assert_ne!(handle.tag("pmlp/persons", day), handle.tag("pmlp/pki", day));
    }

    #[test]
    fn a_key_of_another_shape_or_without_its_signatures_is_refused() {
        let handles = SoftHandles::new(2026);
        let (spki, fixed) = handles.published();
        assert!(HandleKey::checked(Epoch(2026), &spki, &fixed).is_ok());
        assert_eq!(HandleKey::checked(Epoch(2027), &spki, &fixed), Err(HandleError::Key));
        for at in [0, 10, 32, spki.len() - 1, spki.len() - 3] {
            let mut changed = spki.clone();
            changed[at] ^= 1;
            assert_eq!(HandleKey::checked(Epoch(2026), &changed, &fixed), Err(HandleError::Key));
        }
        assert_eq!(HandleKey::checked(Epoch(2026), &[], &fixed), Err(HandleError::Key));
    }
}
