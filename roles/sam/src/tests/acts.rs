//! What persons do: log in, sign, make keys, end, suspend, revoke, freeze.

use std::time::Duration;

use activation_contract::{
    HolderStatement, MeansOrder, Op, Order, Outcome, Refusal, Statement, Will, typ,
};
use base::{Digest, PersonId};
use keys::sha256;
use sam_contract::{CredentialState, Evidence, SamRefusal};
use store::trial::{Trial, trial_on_each_engine};

use super::phone::{PINS, Phone, by, item, plain, with};
use super::world::{World, anna, bert};
use crate::{SCHEMA, Stop};

fn statement(outcome: Outcome) -> String {
    match outcome {
        Outcome::Done { statement: Some(statement), .. } => statement,
        other => panic!("{other:?}"),
    }
}

fn refused(why: Refusal) -> Outcome {
    Outcome::Refused { why }
}

#[test]
fn a_login_is_stated_for_its_client_and_request_for_thirty_minutes() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let told = world.told(&phone, Op::Login);
        let token = statement(world.does(&phone, &told).await);
        let said: Statement = world.read(typ::STATEMENT, &token);
        assert_eq!((said.person, said.device), (anna(), phone.device));
        assert_eq!((said.client.as_str(), said.request), ("portal", told.request));
        assert_eq!(said.chosen_number, Some(42));
        assert_eq!(said.level, country::DEMO_ACR);
        assert_eq!(said.until, said.time.plus(Duration::from_mins(30)));
        let clients = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            [("lvrtc/portal".parse().unwrap(), names)].into()
        };
        let portal = "lvrtc/portal".parse().unwrap();
        let evidence = Evidence::new(&world.keys, clients(&["portal"])).unwrap();
        assert_eq!(evidence.person(&portal, &token).unwrap().person, anna());
        assert!(evidence.person(&"lvrtc/pki".parse().unwrap(), &token).is_err());
        assert!(evidence.person(&portal, &format!("e{token}")).is_err());
        let other = Evidence::new(&world.keys, clients(&["bank"])).unwrap();
        assert!(other.person(&portal, &token).is_err());
    });
}

#[test]
fn each_kind_of_key_signs_the_digests_and_only_those() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let check: [(&str, &dyn rustls_pki_types::SignatureVerificationAlgorithm); 3] = [
            ("", keys::ECDSA_P256_SHA256),
            ("p384", keys::ECDSA_P384_SHA384),
            ("rsa3072", keys::RSA_PKCS1_SHA256),
        ];
        for (kind, algorithm) in check {
            let (key, _) = world.certified(&phone, &format!("a-{kind}"), kind).await;
            let message = b"what is signed";
            let length = if kind == "p384" {
                keys::DigestAlgorithm::Sha384
            } else {
                keys::DigestAlgorithm::Sha256
            };
            let digest = keys::MessageDigest::of(length, message);
            let told = by(world.told(&phone, Op::Sign), key.credential);
            let told = with(told, vec![item("a.pdf", digest.bytes())]);
            let done = world.does(&phone, &told).await;
            assert_eq!(world.does(&phone, &told).await, done, "the stored signature");
            let Outcome::Done { signatures, credential, .. } = done else { panic!("{done:?}") };
            assert_eq!(credential, Some(key.credential));
            let public = keys::PublicKey::parse(&key.key.0).unwrap();
            public.check(algorithm, message, &signatures[0].0).unwrap();
        }
    });
}

#[test]
fn operations_that_do_not_fit_their_items_are_refused_and_cost_nothing() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, _) = world.certified(&phone, "a1", "").await;
        let digest = [1; 32];
        let sign = || by(world.told(&phone, Op::Sign), key.credential);
        let mut short = with(sign(), vec![item("a", &digest)]);
        short.count = 2;
        let mut v2 = with(sign(), vec![item("a", &digest)]);
        v2.v = 2;
        for told in [
            sign(),
            short,
            v2,
            with(sign(), vec![plain("a", b"")]),
            with(sign(), vec![item("a", &[1; 48])]),
            with(sign(), vec![item("a", &[1; 31])]),
            with(sign(), vec![item(&"a".repeat(256), &digest)]),
            with(world.told(&phone, Op::Sign), vec![item("a", &digest)]),
            with(world.told(&phone, Op::Login), vec![plain("a", b"")]),
            by(world.told(&phone, Op::Login), key.credential),
            world.told(&phone, Op::MakeKey),
            with(world.told(&phone, Op::EndDevice), vec![plain("not an id", b"")]),
            with(by(world.told(&phone, Op::Revoke), key.credential), vec![plain("x", b"other")]),
        ] {
            assert_eq!(world.does(&phone, &told).await, refused(Refusal::Unfit), "{told:?}");
        }
        let odd = with(
            world.told(&phone, Op::MakeKey),
            vec![activation_contract::Item { media_type: "dsa".to_owned(), ..plain("a2", b"") }],
        );
        assert_eq!(world.does(&phone, &odd).await, refused(Refusal::Unfit));
    });
}

#[test]
fn one_approval_makes_one_key_of_one_person_which_signs_only_when_certified() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, other) = (world.phone(anna()).await, world.phone(bert()).await);
        let key = world.key(&phone, "a1", "").await;
        assert_eq!((key.approval.as_str(), key.person), ("a1", anna()));
        assert_eq!(key.spki, Digest(sha256(&key.key.0)));
        assert_eq!(world.key(&phone, "a1", "").await, key);
        let taken = with(world.told(&other, Op::MakeKey), vec![plain("a1", b"")]);
        assert_eq!(world.does(&other, &taken).await, refused(Refusal::Unfit));
        let sign = |phone: &Phone, key| {
            with(by(world.told(phone, Op::Sign), key), vec![item("a", &[1; 32])])
        };
        let inactive = refused(Refusal::CredentialNotActive);
        let early = world.does(&phone, &sign(&phone, key.credential)).await;
        assert_eq!(early, inactive, "no certificate yet");
        let (mine, _) = world.certified(&phone, "a3", "").await;
        let theirs = world.does(&other, &sign(&other, mine.credential)).await;
        assert_eq!(theirs, inactive, "another's key");
        world.pass(Duration::from_hours(24 * 400));
        let late = world.does(&phone, &sign(&phone, mine.credential)).await;
        assert_eq!(late, inactive, "the certificate has ended");
    });
}

#[test]
fn an_ended_device_does_nothing_and_only_ones_own_is_ended() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, lost) = (world.phone(anna()).await, world.phone(anna()).await);
        let other = world.phone(bert()).await;
        let end = |device: &Phone| {
            with(world.told(&phone, Op::EndDevice), vec![plain(&device.device.to_string(), b"")])
        };
        assert_eq!(world.does(&phone, &end(&other)).await, refused(Refusal::Unfit));
        assert!(matches!(world.does(&phone, &end(&lost)).await, Outcome::Done { .. }));
        let gone = world.login(&lost, PINS[0]).await;
        assert_eq!(gone, refused(Refusal::DeviceNotActive));
        let ended = world.sam.devices(anna()).await.unwrap().devices;
        assert_eq!(ended.iter().filter(|row| row.ended.is_some()).count(), 1);
    });
}

#[test]
fn the_holder_suspends_and_revokes_with_a_statement_that_names_the_certificate() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, certificate) = world.certified(&phone, "a1", "").await;
        for (op, will, state) in [
            (Op::Suspend, Will::Suspend, CredentialState::Suspended),
            (Op::Revoke, Will::Revoke, CredentialState::Revoked),
        ] {
            let told = by(world.told(&phone, op), key.credential);
            let told = with(told, vec![plain("the certificate", certificate.der())]);
            let token = statement(world.does(&phone, &told).await);
            let said: HolderStatement = world.read(typ::HOLDER, &token);
            assert_eq!((said.person, said.will), (anna(), will));
            let issuer = Digest(world.hierarchy.issuing.spki_digest());
            assert_eq!(said.certificates[0].issuer, issuer);
            assert_eq!(world.sam.devices(anna()).await.unwrap().credentials[0].state, state);
            let sign =
                with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
            let shut = world.does(&phone, &sign).await;
            assert_eq!(shut, refused(Refusal::CredentialNotActive));
        }
    });
}

async fn is_frozen(world: &World, phone: &Phone, person: PersonId) -> bool {
    let frozen = world.sam.devices(person).await.unwrap().frozen;
    let shut = world.login(phone, PINS[0]).await == refused(Refusal::Frozen);
    assert_eq!(frozen, shut);
    frozen
}

#[test]
fn freezing_takes_the_device_alone_blocks_all_and_an_officer_ends_it() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, second) = (world.phone(anna()).await, world.phone(anna()).await);
        world.certified(&phone, "a1", "").await;
        let told = world.told(&phone, Op::Freeze);
        let token = statement(world.does(&phone, &told).await);
        let said: HolderStatement = world.read(typ::HOLDER, &token);
        assert_eq!((said.will, said.certificates.len()), (Will::Suspend, 1));
        assert!(is_frozen(&world, &phone, anna()).await);
        assert!(is_frozen(&world, &second, anna()).await);
        let unfreeze = MeansOrder {
            id: "m1".to_owned(),
            role: "sam/1".to_owned(),
            use_before: world.now().plus(Duration::from_mins(5)),
            person: anna(),
            order: Order::Unfreeze,
        };
        let order = world.said(typ::MEANS, &unfreeze);
        assert_eq!(world.sam.order(&order).await.unwrap(), Order::Unfreeze);
        assert!(!is_frozen(&world, &phone, anna()).await);
        world.does(&phone, &world.told(&phone, Op::Freeze)).await;
        world.sam.order(&order).await.unwrap();
        assert!(is_frozen(&world, &phone, anna()).await, "an order is carried out once");
        let other = MeansOrder { order: Order::Freeze, ..unfreeze };
        let spent = world.sam.order(&world.said(typ::MEANS, &other)).await;
        assert_eq!(SamRefusal::from(spent.unwrap_err()), SamRefusal::Spent);
    });
}

#[test]
fn a_freeze_code_freezes_its_person_and_all_guesses_share_one_rate() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, other) = (world.phone(anna()).await, world.phone(bert()).await);
        let code = |text: &str| Digest(sha256(text.as_bytes()));
        let wrong = world.sam.freeze(anna(), code("000000000000")).await.unwrap();
        assert!(!wrong.frozen && !is_frozen(&world, &phone, anna()).await);
        let right = world.sam.freeze(anna(), code("123456789012")).await.unwrap();
        assert!(right.frozen && is_frozen(&world, &phone, anna()).await);
        assert!(!is_frozen(&world, &other, bert()).await);
        let mut often = false;
        for _ in 0..700 {
            let tried = world.sam.freeze(bert(), code("1")).await;
            often |= matches!(tried, Err(Stop::Refused(SamRefusal::Often)));
        }
        assert!(often);
        world.pass(Duration::from_millis(100));
        assert!(world.sam.freeze(bert(), code("123456789012")).await.unwrap().frozen);
    });
}
