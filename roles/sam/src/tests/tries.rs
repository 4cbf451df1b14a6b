//! Attempts at a PIN, and strangers.

use std::time::Duration;

use activation_contract::{Op, Outcome, Refusal};
use store::trial::{Trial, trial_on_each_engine};
use store::{StoreError, values};

use super::phone::{PINS, Phone};
use super::world::{World, anna, bert};
use crate::SCHEMA;

/// How many rows of spent challenges there are, and all tries together.
async fn counted(world: &World) -> (i64, i64) {
    let look = world.store.read::<_, StoreError>("test.count", |tx| {
        tx.first(
            "SELECT (SELECT COUNT(*) FROM sam_activation),
                    (SELECT CAST(SUM(tries) AS BIGINT) FROM sam_pin)",
            values![],
        )
    });
    look.await.unwrap().unwrap()
}

#[test]
fn one_wrong_pin_message_sent_100_times_costs_one_attempt() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let told = world.told(&phone, Op::Login);
        let words = phone.words(&told, "0000");
        for _ in 0..100 {
            let outcome = world.sent(&phone.seal(&words)).await;
            assert_eq!(outcome, Outcome::WrongPin { left: 2 });
        }
        assert_eq!(counted(&world).await, (1, 1));
    });
}

#[test]
fn the_same_words_sent_at_once_count_once() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let sealed = phone.seal(&phone.words(&world.told(&phone, Op::Login), "0000"));
        let (a, b, c) = tokio::join!(world.sent(&sealed), world.sent(&sealed), world.sent(&sealed));
        assert_eq!([a, b, c], [const { Outcome::WrongPin { left: 2 } }; 3]);
        assert_eq!(counted(&world).await, (1, 1));
    });
}

#[test]
fn three_wrong_then_waits_then_blocked_and_the_other_pin_is_free() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        for left in [2, 1, 0] {
            assert_eq!(world.login(&phone, "0000").await, Outcome::WrongPin { left });
        }
        for wait in [60, 300] {
            let until = world.now().plus(Duration::from_secs(wait));
            assert_eq!(world.login(&phone, PINS[0]).await, Outcome::WaitUntil { until });
            world.pass(Duration::from_secs(wait));
            assert_eq!(world.login(&phone, "0000").await, Outcome::WrongPin { left: 0 });
        }
        world.pass(Duration::from_hours(1));
        assert_eq!(world.login(&phone, "0000").await, Outcome::Blocked);
        world.pass(Duration::from_hours(1000));
        assert_eq!(world.login(&phone, PINS[0]).await, Outcome::Blocked);
        world.key(&phone, "a1", "").await;
    });
}

#[test]
fn a_right_pin_takes_only_its_own_count_back() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        assert_eq!(world.login(&phone, "0000").await, Outcome::WrongPin { left: 2 });
        world.key(&phone, "a1", "").await;
        assert_eq!(world.login(&phone, "0000").await, Outcome::WrongPin { left: 1 });
        assert!(matches!(world.login(&phone, PINS[0]).await, Outcome::Done { .. }));
        assert_eq!(world.login(&phone, "0000").await, Outcome::WrongPin { left: 2 });
    });
}

#[test]
fn a_strangers_message_changes_no_row() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, other) = (world.phone(anna()).await, world.phone(bert()).await);
        let before = counted(&world).await;
        let mut told = world.told(&phone, Op::Login);
        let unreadable = Outcome::Refused { why: Refusal::Unreadable };
        // Another's device key, another's challenge, another operation's, another person, a
        // device that nobody has bound.
        let forged = other.seal(&other.words(&told, PINS[0]));
        assert_eq!(world.sent(&forged).await, unreadable);
        let borrowed = phone.instruction(Op::Login, world.told(&other, Op::Login).challenge);
        assert_eq!(world.does(&phone, &borrowed).await, unreadable);
        let crossed = phone.instruction(Op::Login, world.told(&phone, Op::Sign).challenge);
        assert_eq!(world.does(&phone, &crossed).await, unreadable);
        let unbound = Phone::new(&world.keys);
        assert_eq!(world.does(&unbound, &world.told(&unbound, Op::Login)).await, unreadable);
        told.person = bert();
        assert_eq!(world.does(&phone, &told).await, unreadable);
        for words in ["", "a.b.c"] {
            assert!(world.sam.activate(&phone.seal(words)).await.is_err());
        }
        assert_eq!(counted(&world).await, before);
    });
}

#[test]
fn a_challenge_is_spent_once_and_lives_five_minutes() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let told = world.told(&phone, Op::Login);
        let sealed = phone.sealed(&told);
        let done = world.sent(&sealed).await;
        let mut other = told.clone();
        other.client = "another".to_owned();
        let spent = Outcome::Refused { why: Refusal::ChallengeSpent };
        assert_eq!(world.does(&phone, &other).await, spent);
        let late = world.told(&phone, Op::Login);
        world.pass(Duration::from_secs(301));
        let old = Outcome::Refused { why: Refusal::ChallengeOld };
        assert_eq!(world.does(&phone, &late).await, old);
        world.pass(Duration::from_hours(24 * 365));
        assert_eq!(world.sent(&sealed).await, done, "the same words, however old");
    });
}

#[test]
fn a_thousand_items_go_through_and_one_more_does_not() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, _) = world.certified(&phone, "a1", "").await;
        let items: Vec<_> = (0..1001_u32)
            .map(|n| {
                let digest = keys::sha256(&n.to_be_bytes());
                super::phone::item(&format!("document-{n:04}.pdf"), &digest)
            })
            .collect();
        for (count, fits) in [(1000, true), (1001, false)] {
            let told = super::phone::by(world.told(&phone, Op::Sign), key.credential);
            let told = super::phone::with(told, items[..count].to_vec());
            match world.does(&phone, &told).await {
                Outcome::Done { signatures, .. } => assert!(fits && signatures.len() == 1000),
                other => assert!(!fits && other == Outcome::Refused { why: Refusal::Unfit }),
            }
        }
    });
}
