//! What an attacker signs and seals with keys of their own.

use activation_contract::{Enrolment, Instruction, Op, SamKeys, typ};
use base::{ActingFor, Bytes, Chance, Digest, Id, Locale, PersonId};
use jose::jwe::{self, Sender};
use jose::jwk::{Jwk, Key};
use jose::jws;
use keys::{AesGcm, Algorithm, EphemeralKey, Keeper, Kek, Purpose, Signer, sha256};
use serde::Serialize;

use crate::house::House;

/// The purpose of an attacker's keys.
#[derive(Debug)]
pub(crate) enum Own {}

impl Purpose for Own {
    const NAME: &'static str = "attack.own";
}

/// A key of one's own.
pub(crate) fn key(house: &House) -> Signer<Own> {
    let kek = Kek::from_bytes(&house.chance.bytes()).unwrap();
    let keeper = Keeper::new("attack", "attack", kek, house.chance.clone());
    keeper.make(Algorithm::P256).unwrap().0
}

/// A token of `claims` under a key of one's own.
pub(crate) fn token<T: Serialize>(key: &Signer<Own>, typ: &str, claims: &T) -> String {
    let token = jws::prepare_claims(&key.token_header(typ).unwrap(), claims).unwrap();
    key.sign_token(token).unwrap()
}

/// The same under a key of one's own that is named as the key `kid`.
pub(crate) fn named<T: Serialize>(
    key: &Signer<Own>,
    (typ, kid): (&str, &str),
    claims: &T,
) -> String {
    let header = jws::Header::new(jws::Algorithm::Es256, typ).kid(kid);
    key.sign_token(jws::prepare_claims(&header, claims).unwrap()).unwrap()
}

/// The `kid` of a token.
pub(crate) fn kid(token: &str) -> String {
    let (header, _) = token.split_once('.').unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&jose::unbase64url(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// Proof that one holds the key.
pub(crate) fn possession(key: &Signer<Own>) -> Bytes {
    let message = [b"sakta proof 1".as_slice(), key.public_key().sha256().as_ref()].concat();
    Bytes(key.sign(&message).unwrap())
}

/// The key's `SubjectPublicKeyInfo`.
pub(crate) fn spki(key: &Signer<Own>) -> Bytes {
    Bytes(key.public_key().spki().to_vec())
}

/// Words sealed to `sam`.
pub(crate) fn sealed(house: &House, sam: &SamKeys, words: &str) -> String {
    let inbox = Jwk::named(Key::from_spki(&sam.encryption.0).unwrap());
    let ephemeral = EphemeralKey::make(Algorithm::EcdhP256).unwrap();
    let chance: &dyn Chance = house.chance.as_ref();
    let sender = Sender { ephemeral: &ephemeral, aead: &AesGcm, nonce: chance.bytes() };
    jwe::encrypt(&inbox, typ::SEALED, words.as_bytes(), sender).unwrap()
}

/// An enrolment under keys of one's own for a code that nobody offered.
pub(crate) fn enrolment(house: &House, sam: &SamKeys) -> String {
    let keys = [(); 3].map(|()| key(house));
    let [device, pin1, pin2] = &keys;
    let told = Enrolment {
        code: Bytes(house.chance.bytes::<16>().to_vec()),
        device: Id::random(house.chance.as_ref()),
        device_key: spki(device),
        pin1_key: spki(pin1),
        pin2_key: spki(pin2),
        label: "a phone".to_owned(),
    };
    let mut words = serde_json::to_vec(&told).unwrap();
    for key in [pin1, pin2, device] {
        words = text(key, typ::ENROLMENT, &words).into_bytes();
    }
    sealed(house, sam, &String::from_utf8(words).unwrap())
}

/// An instruction under keys of one's own, sealed.
pub(crate) fn instruction(house: &House, sam: &SamKeys, told: &Instruction) -> String {
    let inner = text(&key(house), typ::INSTRUCTION, &serde_json::to_vec(told).unwrap());
    sealed(house, sam, &text(&key(house), typ::ACTIVATION, inner.as_bytes()))
}

fn text(key: &Signer<Own>, typ: &str, payload: &[u8]) -> String {
    let header = jws::Header::new(jws::Algorithm::Es256, typ);
    key.sign_token(jws::prepare(&header, payload).unwrap()).unwrap()
}

/// What one would have `person`'s device say.
pub(crate) fn told(
    (person, device): (PersonId, Id<activation_contract::Device>),
    op: Op,
    challenge: String,
) -> Instruction {
    Instruction {
        v: 1,
        op,
        person,
        device,
        credential: None,
        client: "portal".to_owned(),
        purpose: "to attack".to_owned(),
        acting_for: ActingFor::Own,
        request: Digest(sha256(challenge.as_bytes())),
        items: Vec::new(),
        count: 0,
        language: Locale::En,
        app_version: "attack 1".to_owned(),
        chosen_number: None,
        challenge,
    }
}
