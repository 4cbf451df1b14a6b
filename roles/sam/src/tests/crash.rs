//! A crash between each two steps: nothing twice, nothing lost.

use std::sync::atomic::Ordering;
use std::time::Duration;

use activation_contract::{Device, Instruction, Op, Outcome, Refusal, Statement, typ};
use base::Id;
use store::trial::trial_on_each_engine;

use super::phone::{PINS, Phone, by, item, plain, with};
use super::world::{World, anna};
use crate::SCHEMA;
use crate::challenge::Challenge;
use crate::words::Words;

/// How far an activation comes before the process ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Until {
    Tried,
    Judged,
    Done,
}

/// Takes the steps up to `until`, as `activate` does, and says nothing to anybody.
async fn begun(world: &World, text: &str, until: Until) -> [u8; 16] {
    let words = Words::parse(text).unwrap();
    let told = &words.instruction;
    let key = &world.sam.own.challenges;
    let challenge = Challenge::read(&told.challenge, key, told.device, told.op).unwrap();
    assert_eq!(world.sam.spend(&words, &challenge).await.unwrap(), None);
    let standing = || async { world.sam.standing(challenge.chance).await.unwrap().unwrap() };
    if until != Until::Tried {
        world.sam.judge(&standing().await).await.unwrap();
    }
    if until == Until::Done {
        world.sam.act(&standing().await).await.unwrap();
    }
    challenge.chance
}

const POINTS: [Until; 3] = [Until::Tried, Until::Judged, Until::Done];

#[test]
fn the_same_words_after_a_crash_come_to_one_outcome() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, _) = world.certified(&phone, "a1", "").await;
        for until in POINTS {
            let told =
                with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
            let text = phone.words(&told, PINS[1]);
            begun(&world, &text, until).await;
            world.restarted(None).await;
            let first = world.sent(&phone.seal(&text)).await;
            assert!(matches!(first, Outcome::Done { .. }), "{until:?} {first:?}");
            assert_eq!(world.sent(&phone.seal(&text)).await, first);
        }
    });
}

#[test]
fn a_start_finishes_what_was_begun_without_being_asked() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let mut begun_at = Vec::new();
        for until in POINTS {
            let text = phone.words(&world.told(&phone, Op::Login), PINS[0]);
            begun_at.push((begun(&world, &text, until).await, text));
        }
        world.restarted(None).await;
        world.sam.beat(false).await.unwrap();
        for (challenge, text) in begun_at {
            let standing = world.sam.standing(challenge).await.unwrap().unwrap();
            assert!(format!("{standing:?}").contains("\"done\""), "{standing:?}");
            assert!(matches!(world.sent(&phone.seal(&text)).await, Outcome::Done { .. }));
        }
    });
}

#[test]
fn a_crash_before_the_pin_is_judged_keeps_the_attempt_counted() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        for left in [2, 1, 0] {
            let text = phone.words(&world.told(&phone, Op::Login), "0000");
            begun(&world, &text, Until::Tried).await;
            world.restarted(None).await;
            assert_eq!(world.sent(&phone.seal(&text)).await, Outcome::WrongPin { left });
        }
        let fourth = world.login(&phone, PINS[0]).await;
        assert!(matches!(fourth, Outcome::WaitUntil { .. }), "{fourth:?}");
    });
}

#[test]
fn a_login_that_a_crash_held_up_is_stated_as_of_its_attempt() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (began, text) = (world.now(), phone.words(&world.told(&phone, Op::Login), PINS[0]));
        begun(&world, &text, Until::Judged).await;
        world.pass(Duration::from_hours(24));
        world.restarted(None).await;
        world.sam.beat(false).await.unwrap();
        match world.sent(&phone.seal(&text)).await {
            Outcome::Done { statement: Some(token), .. } => {
                let said: Statement = world.read(typ::STATEMENT, &token);
                assert_eq!(said.time, began);
            }
            other => panic!("{other:?}"),
        }
    });
}

fn end(world: &World, phone: &Phone, device: Id<Device>) -> Instruction {
    with(world.told(phone, Op::EndDevice), vec![plain(&device.to_string(), b"")])
}

#[test]
fn freeze_and_an_ended_device_between_the_steps_stop_the_act() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (phone, other) = (world.phone(anna()).await, world.phone(anna()).await);
        let text = phone.words(&world.told(&phone, Op::Login), PINS[0]);
        begun(&world, &text, Until::Judged).await;
        let ending = end(&world, &other, phone.device);
        assert!(matches!(world.does(&other, &ending).await, Outcome::Done { .. }));
        let stopped = world.sent(&phone.seal(&text)).await;
        assert_eq!(stopped, Outcome::Refused { why: Refusal::DeviceNotActive });
        let text = other.words(&world.told(&other, Op::Login), PINS[0]);
        begun(&world, &text, Until::Judged).await;
        world.does(&other, &world.told(&other, Op::Freeze)).await;
        let stopped = world.sent(&other.seal(&text)).await;
        assert_eq!(stopped, Outcome::Refused { why: Refusal::Frozen });
    });
}

#[test]
fn a_revocation_between_the_steps_leaves_no_signature() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, certificate) = world.certified(&phone, "a1", "").await;
        let told =
            with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
        let text = phone.words(&told, PINS[1]);
        begun(&world, &text, Until::Judged).await;
        let revoke = by(world.told(&phone, Op::Revoke), key.credential);
        let revoke = with(revoke, vec![plain("it", certificate.der())]);
        assert!(matches!(world.does(&phone, &revoke).await, Outcome::Done { .. }));
        let stopped = world.sent(&phone.seal(&text)).await;
        assert_eq!(stopped, Outcome::Refused { why: Refusal::CredentialNotActive });
    });
}

#[test]
fn an_ending_is_told_only_when_it_lies_in_the_archive() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        world.archive.away.store(true, Ordering::SeqCst);
        let sealed = phone.sealed(&world.told(&phone, Op::Freeze));
        assert_eq!(world.sent(&sealed).await, Outcome::BeingCarriedOut);
        let shut = world.login(&phone, PINS[0]).await;
        assert_eq!(shut, Outcome::Refused { why: Refusal::Frozen }, "the effect holds");
        world.restarted(None).await;
        assert_eq!(world.sent(&sealed).await, Outcome::BeingCarriedOut);
        world.archive.away.store(false, Ordering::SeqCst);
        assert!(matches!(world.sent(&sealed).await, Outcome::Done { .. }));
    });
}
