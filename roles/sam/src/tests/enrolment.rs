//! Offer, arrival, binding; PINs that an officer sets.

use std::time::Duration;

use activation_contract::{EnrolAnswer, Offer, Outcome, Refusal, typ};
use base::Digest;
use keys::trial::signer;
use keys::{Signer, sha256};
use sam_contract::SamRefusal;
use store::trial::{Trial, trial_on_each_engine};

use super::phone::{PINS, Phone};
use super::world::{Desk, World, anna, bert, said};
use crate::{SCHEMA, Stop};

fn refused<T: std::fmt::Debug>(done: Result<T, Stop>) -> SamRefusal {
    done.unwrap_err().into()
}

#[test]
fn a_phone_is_bound_by_offer_code_and_thumbprint_and_logs_in() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, code) = (Phone::of(anna(), &world.keys), [7; 16]);
        let offer = world.said(typ::OFFER, &world.offer("o1", anna(), code));
        world.sam.offer(&offer).await.unwrap();
        world.sam.offer(&offer).await.unwrap();
        assert_eq!(world.sam.enrolled("o1".to_owned()).await.unwrap(), None);
        let sent = phone.enrol(code, PINS);
        let answer: EnrolAnswer = world.read(typ::ANSWER, &world.sam.enrol(&sent).await.unwrap());
        assert_eq!(answer.thumbprint, phone.enrolment(code, PINS).thumbprint());
        assert!(!answer.bound);
        let seen = world.sam.enrolled("o1".to_owned()).await.unwrap().unwrap();
        assert_eq!(world.read::<EnrolAnswer>(typ::ANSWER, &seen), answer);
        let early = world.login(&phone, PINS[0]).await;
        assert_eq!(early, Outcome::Refused { why: Refusal::Unreadable });
        let wrong = world.binding("o1", Digest([1; 32]));
        assert_eq!(refused(world.sam.bind(&wrong).await), SamRefusal::Proof);
        let right = world.binding("o1", answer.thumbprint);
        for _ in 0..2 {
            let bound = world.sam.bind(&right).await.unwrap();
            assert!(world.read::<EnrolAnswer>(typ::ANSWER, &bound).bound);
        }
        let again: EnrolAnswer = world.read(typ::ANSWER, &world.sam.enrol(&sent).await.unwrap());
        assert!(again.bound);
        assert!(matches!(world.login(&phone, PINS[0]).await, Outcome::Done { .. }));
    });
}

#[test]
fn only_an_officers_offer_in_time_makes_a_row() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let stranger: Signer<Desk> = signer(keys::Algorithm::P256);
        let good = world.offer("o1", anna(), [7; 16]);
        let late = Offer { until: world.now(), ..good.clone() };
        let long = Offer { until: world.now().plus(Duration::from_hours(25)), ..good.clone() };
        let other = Offer { role: "sam/2".to_owned(), ..good.clone() };
        for token in [
            said(&stranger, typ::OFFER, &good),
            world.said(typ::BINDING, &good),
            world.said(typ::OFFER, &late),
            world.said(typ::OFFER, &long),
            world.said(typ::OFFER, &other),
            String::new(),
        ] {
            assert_eq!(refused(world.sam.offer(&token).await), SamRefusal::Proof);
        }
        assert_eq!(refused(world.sam.enrolled("o1".to_owned()).await), SamRefusal::Unknown);
        let sent = Phone::new(&world.keys).enrol([7; 16], PINS);
        assert_eq!(refused(world.sam.enrol(&sent).await), SamRefusal::Unknown);
        world.pass(Duration::from_hours(24 * 366));
        let gone = world.said(typ::OFFER, &world.offer("o2", anna(), [8; 16]));
        assert_eq!(refused(world.sam.offer(&gone).await), SamRefusal::Proof, "officer's end");
    });
}

#[test]
fn the_first_use_spends_the_code_and_a_late_one_comes_to_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let [first, second] = [(); 2].map(|()| Phone::new(&world.keys));
        for (id, code) in [("o1", [7; 16]), ("o2", [8; 16])] {
            let offer = world.said(typ::OFFER, &world.offer(id, anna(), code));
            world.sam.offer(&offer).await.unwrap();
        }
        world.sam.enrol(&first.enrol([7; 16], PINS)).await.unwrap();
        let taken = world.sam.enrol(&second.enrol([7; 16], PINS)).await;
        assert_eq!(refused(taken), SamRefusal::Spent);
        world.pass(Duration::from_hours(2));
        let late = world.sam.enrol(&second.enrol([8; 16], PINS)).await;
        assert_eq!(refused(late), SamRefusal::State);
    });
}

#[test]
fn an_enrolment_that_one_key_did_not_sign_is_unreadable() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = Phone::new(&world.keys);
        let same = phone.enrol([7; 16], PINS);
        assert_eq!(refused(world.sam.enrol(&same).await), SamRefusal::Unknown, "no offer");
        for words in ["", "a.b.c", "e30.e30.e30"] {
            let sealed = phone.seal(words);
            assert_eq!(refused(world.sam.enrol(&sealed).await), SamRefusal::Unreadable);
        }
        assert_eq!(refused(world.sam.enrol("x.y").await), SamRefusal::Unreadable);
    });
}

#[test]
fn a_forgotten_pin_is_set_by_an_officer_and_ends_the_old_one() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        for _ in 0..3 {
            world.login(&phone, "0000").await;
        }
        let waits = world.login(&phone, PINS[0]).await;
        assert!(matches!(waits, Outcome::WaitUntil { .. }), "{waits:?}");
        let before = world.archive.count();
        let (code, sheet) = ([9; 16], Digest(sha256(b"210987654321")));
        let offer = Offer { freeze_code: sheet, ..world.offer("o9", anna(), code) };
        world.sam.offer(&world.said(typ::OFFER, &offer)).await.unwrap();
        let sent = phone.enrol(code, ["5281", "528137"]);
        let answer: EnrolAnswer = world.read(typ::ANSWER, &world.sam.enrol(&sent).await.unwrap());
        world.sam.bind(&world.binding("o9", answer.thumbprint)).await.unwrap();
        assert!(world.archive.count() > before, "the old PINs' ending is archived");
        assert!(matches!(world.login(&phone, "5281").await, Outcome::Done { .. }));
        assert_eq!(world.login(&phone, PINS[0]).await, Outcome::WrongPin { left: 2 });
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 1);
        let old = Digest(sha256(b"123456789012"));
        assert!(!world.sam.freeze(anna(), old).await.unwrap().frozen);
        assert!(world.sam.freeze(anna(), sheet).await.unwrap().frozen, "that of the new sheet");
    });
}

#[test]
fn a_device_of_one_person_is_never_bound_to_another() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let offer = world.said(typ::OFFER, &world.offer("o9", bert(), [3; 16]));
        world.sam.offer(&offer).await.unwrap();
        let answer = world.sam.enrol(&phone.enrol([3; 16], PINS)).await.unwrap();
        let answer: EnrolAnswer = world.read(typ::ANSWER, &answer);
        let bound = world.sam.bind(&world.binding("o9", answer.thumbprint)).await;
        assert_eq!(refused(bound), SamRefusal::State);
    });
}
