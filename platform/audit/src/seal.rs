//! What hides a record: one ciphertext under two keys, either of which can be deleted.
//!
//! The key of a class and month, together with the secret of a subject in that class and month,
//! opens the details; the former alone opens the `PersonId` (PROTOCOLS §5, R43).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use base::{Chance, PersonId};
use minicbor::Decoder;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::cbor::{self, MalformedRecord, Writer};
use crate::tree::Hash;

/// The largest ciphertext, in bytes: what a bundle can carry.
pub(crate) const LARGEST_SEALED: usize = 65_535;

/// The key of a record class and expiry month.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub(crate) struct ClassKey(pub(crate) [u8; 32]);

/// The secret of a subject in a class and month; of nobody: the class key alone.
#[derive(Clone, Zeroize)]
#[zeroize(drop)]
pub(crate) struct SubjectSecret(pub(crate) [u8; 32]);

/// A ciphertext: deterministic CBOR [person or null, details], each nonce ‖ ciphertext ‖ tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) person: Option<Vec<u8>>,
    pub(crate) details: Vec<u8>,
}

/// A ciphertext that these keys do not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record does not open")]
pub struct DoesNotOpen;

/// What a record is bound to: its leaf's salt.
pub(crate) type Salt = [u8; 16];

impl ClassKey {
    /// Where a subject's secret lies: not her id, so that the table says nothing once the class
    /// key is gone.
    pub(crate) fn place(&self, person: PersonId) -> [u8; 16] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mac = hmac::sign(&key, &[b"sakta subject 1".as_slice(), person.bytes()].concat());
        let mut place = [0; 16];
        place.iter_mut().zip(mac.as_ref()).for_each(|(to, from)| *to = *from);
        place
    }

    fn person_key(&self) -> Result<LessSafeKey, DoesNotOpen> {
        derived(self, b"", b"sakta person 1")
    }

    fn details_key(&self, secret: Option<&SubjectSecret>) -> Result<LessSafeKey, DoesNotOpen> {
        let secret = secret.map_or([].as_slice(), |secret| &secret.0);
        derived(self, secret, b"sakta details 1")
    }

    /// Seals a record; `subject` is the person with her secret.
    ///
    /// # Errors
    /// The cryptographic library fails.
    pub(crate) fn seal(
        &self,
        subject: Option<(PersonId, &SubjectSecret)>,
        details: &[u8],
        salt: &Salt,
        chance: &dyn Chance,
    ) -> Result<Sealed, DoesNotOpen> {
        let person = subject.map(|(person, _)| {
            let key = self.person_key()?;
            encrypt(&key, person.bytes(), salt, chance.bytes())
        });
        let key = self.details_key(subject.map(|(_, secret)| secret))?;
        let details = encrypt(&key, details, salt, chance.bytes())?;
        Ok(Sealed { person: person.transpose()?, details })
    }

    /// The person that a record is about; none for a request's own record.
    pub(crate) fn person(
        &self,
        sealed: &Sealed,
        salt: &Salt,
    ) -> Result<Option<PersonId>, DoesNotOpen> {
        let Some(person) = &sealed.person else { return Ok(None) };
        let bytes = decrypt(&self.person_key()?, person, salt)?;
        PersonId::try_from(bytes.as_slice()).map(Some).map_err(|_| DoesNotOpen)
    }

    /// The details' bytes.
    pub(crate) fn details(
        &self,
        secret: Option<&SubjectSecret>,
        sealed: &Sealed,
        salt: &Salt,
    ) -> Result<Vec<u8>, DoesNotOpen> {
        decrypt(&self.details_key(secret)?, &sealed.details, salt)
    }
}

impl Sealed {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.array(2).optional_bytes(self.person.as_deref()).bytes(&self.details);
        to.finish()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, MalformedRecord> {
        let mut from = Decoder::new(bytes);
        cbor::array(&mut from, 2)?;
        let person = cbor::optional(&mut from, |from| Ok(from.bytes()?.to_vec()))?;
        let read = Self { person, details: from.bytes()?.to_vec() };
        (read.encode() == bytes).then_some(read).ok_or(MalformedRecord("not deterministic"))
    }
}

/// What a leaf says about a ciphertext.
pub(crate) fn digest(sealed: &[u8]) -> Hash {
    Sha256::digest(sealed).into()
}

fn derived(class: &ClassKey, secret: &[u8], what: &[u8]) -> Result<LessSafeKey, DoesNotOpen> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, &class.0).extract(secret);
    let what = [what];
    let expanded = extracted.expand(&what, &AES_256_GCM).map_err(|_| DoesNotOpen)?;
    Ok(LessSafeKey::new(UnboundKey::from(expanded)))
}

fn encrypt(
    key: &LessSafeKey,
    plain: &[u8],
    salt: &Salt,
    nonce: [u8; 12],
) -> Result<Vec<u8>, DoesNotOpen> {
    let mut bytes = plain.to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(unique, Aad::from(salt), &mut bytes).map_err(|_| DoesNotOpen)?;
    Ok([nonce.as_slice(), &bytes].concat())
}

fn decrypt(key: &LessSafeKey, bytes: &[u8], salt: &Salt) -> Result<Vec<u8>, DoesNotOpen> {
    let (nonce, rest) = bytes.split_first_chunk::<12>().ok_or(DoesNotOpen)?;
    let (nonce, mut rest) = (Nonce::assume_unique_for_key(*nonce), rest.to_vec());
    let plain = key.open_in_place(nonce, Aad::from(salt), &mut rest).map_err(|_| DoesNotOpen)?;
    Ok(plain.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use trial::CountedChance;

    const PERSON: PersonId = PersonId::from_bytes([1; 16]);

    proptest! {
        #[test]
        fn a_sealed_record_opens_under_its_keys_only(details: Vec<u8>, seed: u64, bit: usize) {
            let chance: &dyn Chance = &CountedChance::seeded(seed);
            let (class, secret) = (ClassKey(chance.bytes()), SubjectSecret(chance.bytes()));
            let salt = chance.bytes();
            let subject = Some((PERSON, &secret));
            let sealed = class.seal(subject, &details, &salt, chance).unwrap();
            prop_assert_eq!(Sealed::parse(&sealed.encode()), Ok(sealed.clone()));
            prop_assert_eq!(class.person(&sealed, &salt), Ok(Some(PERSON)));
            prop_assert_eq!(class.details(Some(&secret), &sealed, &salt), Ok(details));
            let other = SubjectSecret(chance.bytes());
            prop_assert!(class.details(Some(&other), &sealed, &salt).is_err());
            prop_assert!(class.details(None, &sealed, &salt).is_err());
            let wrong = ClassKey(chance.bytes());
            prop_assert!(wrong.person(&sealed, &salt).is_err());
            prop_assert!(wrong.details(Some(&secret), &sealed, &salt).is_err());
            let mut changed = sealed.clone();
            let bit = bit % (changed.details.len() * 8);
            changed.details[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(class.details(Some(&secret), &changed, &salt).is_err());
        }

        #[test]
        fn other_bytes_are_refused_without_a_crash(bytes: Vec<u8>) {
            if let Ok(sealed) = Sealed::parse(&bytes) {
                prop_assert!(ClassKey([1; 32]).details(None, &sealed, &[0; 16]).is_err());
            }
        }
    }

    #[test]
    fn a_record_of_nobody_opens_under_the_class_key_alone() {
        let (class, chance) = (ClassKey([1; 32]), CountedChance::seeded(1));
        let sealed = class.seal(None, b"details", &[2; 16], &chance).unwrap();
        assert_eq!(class.person(&sealed, &[2; 16]), Ok(None));
        assert_eq!(class.details(None, &sealed, &[2; 16]).unwrap(), b"details");
    }
}
