//! Keys are wrapped, bound and opened.
#![cfg(test)]

use std::sync::Arc;

use keys::{
    AgreementKey, Algorithm, ECDSA_P256_SHA256, Keeper, Kek, KeyError, MacKey, Purpose, SealKey,
    Signer, SystemChance, WrappedKey,
};
use trial::CountedChance;

#[derive(Debug)]
enum Tokens {}
impl Purpose for Tokens {
    const NAME: &'static str = "test.tokens";
}

#[derive(Debug)]
enum Lists {}
impl Purpose for Lists {
    const NAME: &'static str = "test.lists";
}

fn keeper(role: &str, kek: u8) -> Keeper {
    let kek = Kek::from_bytes(&[kek; 32]).unwrap();
    Keeper::new(role, "owner/part", kek, Arc::new(SystemChance::new()))
}

#[test]
fn every_kind_of_key_is_made_wrapped_and_opened_again() {
    let keeper = keeper("sam", 1);
    for algorithm in [Algorithm::P256, Algorithm::P384, Algorithm::Rsa3072, Algorithm::Ed25519] {
        let (made, wrapped) = keeper.make::<Signer<Tokens>>(algorithm).unwrap();
        let wrapped = WrappedKey::parse(&wrapped.to_bytes()).unwrap();
        let opened: Signer<Tokens> = keeper.open(&wrapped).unwrap();
        assert_eq!(opened.public_key(), made.public_key());
        assert_eq!(wrapped.public().as_ref(), Some(made.public_key()));
    }
    for algorithm in [Algorithm::EcdhP256, Algorithm::X25519] {
        let (made, wrapped) = keeper.make::<AgreementKey<Tokens>>(algorithm).unwrap();
        let opened: AgreementKey<Tokens> = keeper.open(&wrapped).unwrap();
        assert_eq!(opened.bare(), made.bare());
    }
    let (made, wrapped) = keeper.make::<MacKey<Tokens>>(Algorithm::HmacSha256).unwrap();
    assert_eq!(keeper.open::<MacKey<Tokens>>(&wrapped).unwrap().tag(b"a"), made.tag(b"a"));
    let (made, wrapped) = keeper.make::<SealKey<Tokens>>(Algorithm::Aes256Gcm).unwrap();
    let sealed = made.seal(b"", b"words", &CountedChance::seeded(1)).unwrap();
    let opened = keeper.open::<SealKey<Tokens>>(&wrapped).unwrap();
    assert_eq!(opened.open(b"", &sealed).unwrap().as_slice(), b"words");
}

#[test]
fn a_key_opens_for_its_purpose_its_keeper_and_its_kek_only() {
    let (_, wrapped) = keeper("sam", 1).make::<Signer<Tokens>>(Algorithm::P256).unwrap();
    let purpose = keeper("sam", 1).open::<Signer<Lists>>(&wrapped).unwrap_err();
    let found = "test.tokens".to_owned();
    assert_eq!(purpose, KeyError::Purpose { wanted: "test.lists", found });
    let role = keeper("tsu", 1).open::<Signer<Tokens>>(&wrapped).unwrap_err();
    assert!(matches!(role, KeyError::Keeper { role, .. } if role == "sam"));
    let kek = keeper("sam", 2).open::<Signer<Tokens>>(&wrapped).unwrap_err();
    assert_eq!(kek, KeyError::WrongKek);
    let kind = keeper("sam", 1).open::<MacKey<Tokens>>(&wrapped).unwrap_err();
    assert_eq!(kind, KeyError::Algorithm(Algorithm::P256));
}

#[test]
fn no_byte_of_a_wrapped_key_can_be_changed() {
    let keeper = keeper("sam", 1);
    let (_, wrapped) = keeper.make::<Signer<Tokens>>(Algorithm::P256).unwrap();
    let bytes = wrapped.to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let Ok(changed) = WrappedKey::parse(&changed) else { continue };
        assert!(keeper.open::<Signer<Tokens>>(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn the_purpose_written_in_clear_is_the_one_that_was_bound() {
    let keeper = keeper("sam", 1);
    let (_, wrapped) = keeper.make::<Signer<Tokens>>(Algorithm::P256).unwrap();
    let mut bytes = wrapped.to_bytes();
    let at = bytes.windows(11).position(|part| part == b"test.tokens").unwrap();
    bytes[at - 1] = 10;
    bytes.splice(at..at + 11, *b"test.lists");
    let forged = WrappedKey::parse(&bytes).unwrap();
    assert_eq!(keeper.open::<Signer<Lists>>(&forged).unwrap_err(), KeyError::Tampered);
}

#[test]
fn a_kind_of_key_takes_its_own_algorithms_only() {
    let keeper = keeper("sam", 1);
    let made = keeper.make::<Signer<Tokens>>(Algorithm::HmacSha256);
    assert_eq!(made.unwrap_err(), KeyError::Algorithm(Algorithm::HmacSha256));
    let made = keeper.make::<AgreementKey<Tokens>>(Algorithm::P256);
    assert_eq!(made.unwrap_err(), KeyError::Algorithm(Algorithm::P256));
    let adopted = keeper.adopt::<Signer<Tokens>>(Algorithm::P256, b"not a key");
    assert_eq!(adopted.unwrap_err(), KeyError::Broken);
}

#[test]
fn a_key_moves_to_another_kek_and_opens_there() {
    let old = keeper("sam", 1);
    let (made, wrapped) = old.make::<Signer<Tokens>>(Algorithm::P256).unwrap();
    let moved = old.rewrap(&wrapped, &Kek::from_bytes(&[2; 32]).unwrap()).unwrap();
    let opened: Signer<Tokens> = keeper("sam", 2).open(&moved).unwrap();
    let signature = opened.sign(b"words").unwrap();
    assert!(made.public_key().check(ECDSA_P256_SHA256, b"words", &signature).is_ok());
    assert_eq!(old.open::<Signer<Tokens>>(&moved).unwrap_err(), KeyError::WrongKek);
}
