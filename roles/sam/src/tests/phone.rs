//! A phone of the tests.

use activation_contract::{
    Credential, Device, Enrolment, Instruction, Item, Op, Pin, SamKeys, ToBeSigned, typ,
};
use argon2::{Argon2, Params, Version};
use base::{ActingFor, Bytes, Chance, Digest, Id, Locale, PersonId};
use jose::jwe::{self, Sender};
use jose::jwk::{Jwk, Key};
use jose::jws::{self, Algorithm, Header};
use keys::{AesGcm, EphemeralKey, SystemChance, hkdf_sha256, sha256};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::bigint::{NonZero, U384};

/// PIN1 and PIN2 of every phone here.
pub(crate) const PINS: [&str; 2] = ["4170", "417026"];

#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) device: Id<Device>,
    pub(crate) person: PersonId,
    key: SigningKey,
    salts: [[u8; 16]; 2],
    inbox: Jwk,
}

/// The key of a PIN: Argon2id, HKDF, 48 bytes modulo (n − 1), plus 1.
pub(crate) fn pin_key(pin: Pin, digits: &str, salt: &[u8; 16], device: Id<Device>) -> SigningKey {
    const ORDER_LESS_ONE: NonZero<U384> = NonZero::<U384>::new_unwrap(U384::from_be_hex(concat!(
        "00000000000000000000000000000000",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"
    )));
    let argon = Argon2::new(
        argon2::Algorithm::Argon2id,
        Version::V0x13,
        Params::new(64, 1, 1, Some(32)).unwrap(),
    );
    let mut stretched = [0; 32];
    argon.hash_password_into(digits.as_bytes(), salt, &mut stretched).unwrap();
    let label: &[u8] = if pin == Pin::Pin1 { b"sakta pin1" } else { b"sakta pin2" };
    let wide = hkdf_sha256::<48>(&stretched, label, &[device.bytes()]).unwrap();
    let number = U384::from_be_slice(&*wide).rem(&ORDER_LESS_ONE).wrapping_add(&U384::ONE);
    let bytes = number.to_be_bytes();
    SigningKey::from_slice(bytes.as_ref().last_chunk::<32>().unwrap()).unwrap()
}

fn spki(key: &SigningKey) -> Vec<u8> {
    let point = key.verifying_key().to_sec1_point(false);
    Key::P256(point.as_bytes()[1..].try_into().unwrap()).to_spki()
}

fn signed(key: &SigningKey, typ: &str, payload: &[u8]) -> String {
    let token = jws::prepare(&Header::new(Algorithm::Es256, typ), payload).unwrap();
    let signature: Signature = key.sign(token.bytes());
    token.finish(&signature.to_bytes())
}

impl Phone {
    pub(crate) fn new(keys: &SamKeys) -> Self {
        let chance: &dyn Chance = &SystemChance::new();
        let key = loop {
            if let Ok(key) = SigningKey::from_slice(&chance.bytes::<32>()) {
                break key;
            }
        };
        Self {
            device: Id::random(chance),
            person: Id::from_bytes([0; 16]),
            key,
            salts: [chance.bytes(), chance.bytes()],
            inbox: Jwk::named(Key::from_spki(&keys.encryption.0).unwrap()),
        }
    }

    pub(crate) fn of(person: PersonId, keys: &SamKeys) -> Self {
        Self { person, ..Self::new(keys) }
    }

    pub(crate) fn pin(&self, pin: Pin, digits: &str) -> SigningKey {
        let salt = &self.salts[usize::from(pin == Pin::Pin2)];
        pin_key(pin, digits, salt, self.device)
    }

    pub(crate) fn enrolment(&self, code: [u8; 16], pins: [&str; 2]) -> Enrolment {
        Enrolment {
            code: Bytes(code.to_vec()),
            device: self.device,
            device_key: Bytes(spki(&self.key)),
            pin1_key: Bytes(spki(&self.pin(Pin::Pin1, pins[0]))),
            pin2_key: Bytes(spki(&self.pin(Pin::Pin2, pins[1]))),
            label: "Anna's phone".to_owned(),
        }
    }

    /// What the phone sends for a code.
    pub(crate) fn enrol(&self, code: [u8; 16], pins: [&str; 2]) -> String {
        let told = serde_json::to_vec(&self.enrolment(code, pins)).unwrap();
        let keys = [&self.pin(Pin::Pin1, pins[0]), &self.pin(Pin::Pin2, pins[1]), &self.key];
        let words = keys
            .into_iter()
            .fold(told, |payload, key| signed(key, typ::ENROLMENT, &payload).into_bytes());
        self.seal(&String::from_utf8(words).unwrap())
    }

    pub(crate) fn seal(&self, words: &str) -> String {
        let chance: &dyn Chance = &SystemChance::new();
        let ephemeral = EphemeralKey::make(keys::Algorithm::EcdhP256).unwrap();
        let sender = Sender { ephemeral: &ephemeral, aead: &AesGcm, nonce: chance.bytes() };
        jwe::encrypt(&self.inbox, typ::SEALED, words.as_bytes(), sender).unwrap()
    }

    pub(crate) fn instruction(&self, op: Op, challenge: String) -> Instruction {
        Instruction {
            v: 1,
            op,
            person: self.person,
            device: self.device,
            credential: None,
            client: "portal".to_owned(),
            purpose: "to test".to_owned(),
            acting_for: ActingFor::Own,
            request: Digest(sha256(challenge.as_bytes())),
            items: Vec::new(),
            count: 0,
            language: Locale::En,
            app_version: "test 1".to_owned(),
            chosen_number: Some(42),
            challenge,
        }
    }

    /// The words of an instruction, not sealed.
    pub(crate) fn words(&self, told: &Instruction, digits: &str) -> String {
        let key = match told.op.pin() {
            Some(pin) => self.pin(pin, digits),
            None => self.key.clone(),
        };
        let inner = signed(&key, typ::INSTRUCTION, &serde_json::to_vec(told).unwrap());
        signed(&self.key, typ::ACTIVATION, inner.as_bytes())
    }

    /// The sealed words of an instruction, under the right PIN.
    pub(crate) fn sealed(&self, told: &Instruction) -> String {
        let pin = usize::from(told.op.pin() == Some(Pin::Pin2));
        self.seal(&self.words(told, PINS[pin]))
    }
}

/// An item that is signed.
pub(crate) fn item(label: &str, digest: &[u8]) -> Item {
    let alg = if digest.len() == 32 { "sha-256" } else { "sha-384" };
    let digest = Bytes(digest.to_vec());
    Item { dtbs: Some(ToBeSigned { alg: alg.to_owned(), digest }), ..plain(label, b"document") }
}

/// An item that is not.
pub(crate) fn plain(label: &str, document: &[u8]) -> Item {
    Item {
        label: label.to_owned(),
        media_type: String::new(),
        size: 8,
        document_digest: Digest(sha256(document)),
        dtbs: None,
    }
}

/// An instruction with its items.
pub(crate) fn with(mut told: Instruction, items: Vec<Item>) -> Instruction {
    told.count = u32::try_from(items.len()).unwrap();
    told.items = items;
    told
}

/// An instruction about a key.
pub(crate) fn by(mut told: Instruction, key: Id<Credential>) -> Instruction {
    told.credential = Some(key);
    told
}

/// The numbers were computed with argon2-cffi and Python's hmac, not with this code.
#[test]
fn the_derivation_is_the_one_that_phones_use() {
    let (salt, device) =
        (std::array::from_fn(|n| u8::try_from(n).unwrap()), Id::from_bytes([7; 16]));
    for (pin, digits, key) in [
        (Pin::Pin1, "4170", "99893ec7ec2d70dcab7740fec34acb84499652e69a66167c83f5b219bed12017"),
        (Pin::Pin2, "417026", "ec4e6954efde0cc8dd90c63b43242bf08a31f792ecf31948e87ea54088b616b3"),
    ] {
        assert_eq!(base::hex(&pin_key(pin, digits, &salt, device).to_bytes()), key);
    }
}
