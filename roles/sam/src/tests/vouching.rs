//! A bound device vouches for a new one, for another's new PINs, or ends one.

use std::time::Duration;

use activation_contract::{
    Device, DeviceChange, DeviceStatement, EnrolAnswer, Instruction, Item, MeansOrder, Offer, Op,
    Order, Outcome, Proof, Refusal, typ,
};
use base::{Digest, Id, PersonId};
use keys::sha256;
use sam_contract::SamRefusal;
use store::trial::{Trial, trial_on_each_engine};

use super::phone::{PINS, Phone, plain, with};
use super::world::{World, anna, bert};
use crate::{SCHEMA, Stop};

const CODE: [u8; 16] = [9; 16];
const NEW_PINS: [&str; 2] = ["5281", "528137"];

/// Just over the waiting time of the world's `sam`.
const WAITED: Duration = Duration::from_mins(11);

fn item(code: [u8; 16], thumbprint: Digest, target: Option<Id<Device>>) -> Item {
    let media_type = target.map(|id| id.to_string()).unwrap_or_default();
    let label = Digest(sha256(&code)).to_string();
    Item { media_type, document_digest: thumbprint, ..plain(&label, b"") }
}

/// `old` vouches for a new phone that will come with `code`.
fn adds(world: &World, old: &Phone, new: &Phone, code: [u8; 16]) -> Instruction {
    let thumbprint = new.enrolment(code, PINS).thumbprint();
    with(world.told(old, Op::EnrolDevice), vec![item(code, thumbprint, None)])
}

/// `helper` vouches for new PINs of `of`.
fn sets(world: &World, helper: &Phone, of: &Phone, code: [u8; 16]) -> Instruction {
    let thumbprint = of.enrolment(code, NEW_PINS).thumbprint();
    with(world.told(helper, Op::SetPin), vec![item(code, thumbprint, Some(of.device))])
}

fn refused<T: std::fmt::Debug>(done: Result<T, Stop>) -> SamRefusal {
    done.unwrap_err().into()
}

async fn arrives(world: &World, sealed: &str) -> Result<EnrolAnswer, Stop> {
    let answer = world.sam.enrol(sealed).await?;
    Ok(world.read(typ::ANSWER, &answer))
}

fn stated(world: &World, outcome: &Outcome) -> DeviceStatement {
    match outcome {
        Outcome::Done { statement: Some(token), .. } => world.read(typ::DEVICE, token),
        other => panic!("{other:?}"),
    }
}

async fn unfit(world: &World, phone: &Phone, told: &Instruction) {
    let outcome = world.does(phone, told).await;
    assert_eq!(outcome, Outcome::Refused { why: Refusal::Unfit }, "{told:?}");
}

/// A phone of Anna's that an officer enrolled by `proof`.
async fn proved(world: &World, id: &str, proof: Proof) -> Phone {
    let phone = Phone::of(anna(), &world.keys);
    let code = sha256(id.as_bytes())[..16].try_into().unwrap();
    let offer = Offer { proof, ..world.offer(id, anna(), code) };
    world.sam.offer(&world.said(typ::OFFER, &offer)).await.unwrap();
    let answer = arrives(world, &phone.enrol(code, PINS)).await.unwrap();
    world.sam.bind(&world.binding(id, answer.thumbprint)).await.unwrap();
    phone
}

async fn unfrozen(world: &World, person: PersonId) {
    let order = MeansOrder {
        id: "unfreeze".to_owned(),
        role: "sam/1".to_owned(),
        use_before: world.now().plus(Duration::from_mins(5)),
        person,
        order: Order::Unfreeze,
    };
    world.sam.order(&world.said(typ::MEANS, &order)).await.unwrap();
}

#[test]
fn a_new_phone_waits_and_is_then_bound_as_it_was_vouched_for() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (old, new) = (world.phone(anna()).await, Phone::of(anna(), &world.keys));
        let sent = new.enrol(CODE, PINS);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::Unknown, "nobody vouched");
        let told = adds(&world, &old, &new, CODE);
        let outcome = world.does(&old, &told).await;
        let from = world.now().plus(Duration::from_mins(10));
        let until = from.plus(Duration::from_hours(24));
        let said = stated(&world, &outcome);
        assert_eq!((said.person, said.by), (anna(), old.device));
        assert_eq!(said.change, DeviceChange::Vouched { from, until });
        for _ in 0..2 {
            let answer = arrives(&world, &sent).await.unwrap();
            assert_eq!((answer.bound, answer.from), (false, Some(from)));
        }
        let early = world.login(&new, PINS[0]).await;
        assert_eq!(early, Outcome::Refused { why: Refusal::Unreadable });
        let offer = arrives(&world, &sent).await.unwrap();
        let officer = world.sam.bind(&world.binding(&offer.offer, offer.thumbprint)).await;
        assert_eq!(refused(officer), SamRefusal::State, "no officer shortens the wait");
        world.pass(WAITED);
        for _ in 0..2 {
            let answer = arrives(&world, &sent).await.unwrap();
            assert_eq!((answer.bound, answer.from, answer.person), (true, None, anna()));
        }
        assert!(matches!(world.login(&new, PINS[0]).await, Outcome::Done { .. }));
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 2);
    });
}

#[test]
fn only_the_keys_that_were_vouched_for_take_the_offer() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (old, new) = (world.phone(anna()).await, Phone::of(anna(), &world.keys));
        world.does(&old, &adds(&world, &old, &new, CODE)).await;
        world.pass(WAITED);
        let other = Phone::new(&world.keys).enrol(CODE, PINS);
        assert_eq!(refused(arrives(&world, &other).await), SamRefusal::Unknown, "other keys");
        let changed = new.enrol(CODE, NEW_PINS);
        assert_eq!(refused(arrives(&world, &changed).await), SamRefusal::Unknown, "other PINs");
        assert!(arrives(&world, &new.enrol(CODE, PINS)).await.unwrap().bound);
        assert_eq!(refused(arrives(&world, &other).await), SamRefusal::Spent);
        let late = Phone::of(anna(), &world.keys);
        world.does(&old, &adds(&world, &old, &late, [8; 16])).await;
        world.pass(Duration::from_hours(25));
        let sent = late.enrol([8; 16], PINS);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State, "too late");
    });
}

#[test]
fn vouching_again_for_the_same_keys_is_one_offer_and_a_taken_code_is_refused() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (old, other) = (world.phone(anna()).await, world.phone(bert()).await);
        let new = Phone::of(anna(), &world.keys);
        let told = adds(&world, &old, &new, CODE);
        let first = world.does(&old, &told).await;
        assert_eq!(world.does(&old, &told).await, first, "the same words: the same outcome");
        world.pass(Duration::from_mins(1));
        let again = world.does(&old, &adds(&world, &old, &new, CODE)).await;
        let changes = [&first, &again].map(|outcome| stated(&world, outcome).change);
        assert_eq!(changes[0], changes[1], "the wait does not begin anew");
        unfit(&world, &other, &adds(&world, &other, &new, CODE)).await;
        let stranger = Phone::of(anna(), &world.keys);
        unfit(&world, &old, &adds(&world, &old, &stranger, CODE)).await;
        let desk = world.said(typ::OFFER, &world.offer("o1", anna(), [7; 16]));
        world.sam.offer(&desk).await.unwrap();
        unfit(&world, &old, &adds(&world, &old, &new, [7; 16])).await;
    });
}

#[test]
fn a_wrong_pin2_vouches_for_nothing_and_costs_an_attempt() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let (old, new) = (world.phone(anna()).await, Phone::of(anna(), &world.keys));
        for digits in ["000000", PINS[0]] {
            let told = adds(&world, &old, &new, CODE);
            let outcome = world.sent(&old.seal(&old.words(&told, digits))).await;
            assert!(matches!(outcome, Outcome::WrongPin { .. }), "{outcome:?}");
        }
        world.pass(WAITED);
        let sent = new.enrol(CODE, PINS);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::Unknown);
    });
}

#[test]
fn a_forgotten_pin_is_set_by_another_device_and_ends_the_old_one() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (helper, phone) = (world.phone(anna()).await, world.phone(anna()).await);
        for _ in 0..3 {
            world.login(&phone, "0000").await;
        }
        let outcome = world.does(&helper, &sets(&world, &helper, &phone, CODE)).await;
        let change = stated(&world, &outcome).change;
        let device = phone.device;
        assert!(matches!(change, DeviceChange::PinsVouched { device: of, .. } if of == device));
        let sent = phone.enrol(CODE, NEW_PINS);
        assert!(!arrives(&world, &sent).await.unwrap().bound);
        let waits = world.login(&phone, NEW_PINS[0]).await;
        assert!(matches!(waits, Outcome::WaitUntil { .. }), "not before the waiting time");
        world.pass(WAITED);
        let before = world.archive.count();
        assert!(arrives(&world, &sent).await.unwrap().bound);
        assert!(world.archive.count() > before, "the old PINs' ending is archived");
        assert!(matches!(world.login(&phone, NEW_PINS[0]).await, Outcome::Done { .. }));
        assert_eq!(world.login(&phone, PINS[0]).await, Outcome::WrongPin { left: 2 });
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 2);
        let sheet = Digest(sha256(b"123456789012"));
        assert!(world.sam.freeze(anna(), sheet).await.unwrap().frozen, "its sheet still holds");
    });
}

#[test]
fn new_pins_are_never_vouched_for_oneself_a_stranger_or_an_ended_device() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let (helper, lost) = (world.phone(anna()).await, world.phone(anna()).await);
        let (foreign, nobody) = (world.phone(bert()).await, Phone::of(anna(), &world.keys));
        let end =
            with(world.told(&helper, Op::EndDevice), vec![plain(&lost.device.to_string(), b"")]);
        world.does(&helper, &end).await;
        for other in [&helper, &foreign, &nobody, &lost] {
            unfit(&world, &helper, &sets(&world, &helper, other, CODE)).await;
        }
        let mut unnamed = sets(&world, &helper, &foreign, CODE);
        unnamed.items[0].media_type = String::new();
        unfit(&world, &helper, &unnamed).await;
        let mut named = adds(&world, &helper, &nobody, CODE);
        named.items[0].media_type = nobody.device.to_string();
        unfit(&world, &helper, &named).await;
    });
}

#[test]
fn what_was_vouched_for_is_what_comes_and_nothing_else() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let (old, known) = (world.phone(anna()).await, world.phone(anna()).await);
        let foreign = world.phone(bert()).await;
        // The person read "a new phone"; the keys are those of one that is bound already.
        for (phone, code) in [(&known, [1; 16]), (&foreign, [2; 16])] {
            assert!(matches!(
                world.does(&old, &adds(&world, &old, phone, code)).await,
                Outcome::Done { .. }
            ));
            world.pass(WAITED);
            let sent = phone.enrol(code, PINS);
            assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State);
        }
        // The person read "new PINs of that phone"; the keys are another one's.
        let new = Phone::of(anna(), &world.keys);
        let thumbprint = new.enrolment([3; 16], PINS).thumbprint();
        let told =
            with(world.told(&old, Op::SetPin), vec![item([3; 16], thumbprint, Some(known.device))]);
        assert!(matches!(world.does(&old, &told).await, Outcome::Done { .. }));
        world.pass(WAITED);
        let sent = new.enrol([3; 16], PINS);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State);
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 2);
    });
}

#[test]
fn a_new_phone_is_worth_what_vouched_for_it_and_pins_only_of_what_is_worth_no_more() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let demo = proved(&world, "o1", Proof::Demo).await;
        let presence = proved(&world, "o2", Proof::Presence).await;
        for (by, code, proof) in
            [(&demo, [1; 16], Proof::Demo), (&presence, [2; 16], Proof::Presence)]
        {
            let new = Phone::of(anna(), &world.keys);
            world.does(by, &adds(&world, by, &new, code)).await;
            world.pass(WAITED);
            assert_eq!(arrives(&world, &new.enrol(code, PINS)).await.unwrap().proof, proof);
        }
        unfit(&world, &demo, &sets(&world, &demo, &presence, [3; 16])).await;
        let down = world.does(&presence, &sets(&world, &presence, &demo, [4; 16])).await;
        assert!(matches!(down, Outcome::Done { .. }), "{down:?}");
    });
}

#[test]
fn nothing_is_vouched_for_while_frozen_and_a_freeze_ends_what_was() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (old, new) = (world.phone(anna()).await, Phone::of(anna(), &world.keys));
        let sent = new.enrol(CODE, PINS);
        world.does(&old, &adds(&world, &old, &new, CODE)).await;
        world.pass(Duration::from_mins(1));
        assert!(arrives(&world, &sent).await.unwrap().from.is_some());
        world.does(&old, &world.told(&old, Op::Freeze)).await;
        let shut = world.does(&old, &adds(&world, &old, &new, [8; 16])).await;
        assert_eq!(shut, Outcome::Refused { why: Refusal::Frozen });
        world.pass(WAITED);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State, "frozen");
        unfrozen(&world, anna()).await;
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State, "was frozen since");
        let fresh = Phone::of(anna(), &world.keys);
        world.does(&old, &adds(&world, &old, &fresh, [7; 16])).await;
        world.pass(WAITED);
        assert!(arrives(&world, &fresh.enrol([7; 16], PINS)).await.unwrap().bound);
    });
}

#[test]
fn a_device_that_ends_takes_what_it_vouched_for_along() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (stolen, own) = (world.phone(anna()).await, world.phone(anna()).await);
        let theirs = Phone::of(anna(), &world.keys);
        let sent = theirs.enrol(CODE, PINS);
        world.does(&stolen, &adds(&world, &stolen, &theirs, CODE)).await;
        assert!(arrives(&world, &sent).await.unwrap().from.is_some());
        let end =
            with(world.told(&own, Op::EndDevice), vec![plain(&stolen.device.to_string(), b"")]);
        let outcome = world.does(&own, &end).await;
        let said = stated(&world, &outcome);
        assert_eq!(said.change, DeviceChange::Ended { device: stolen.device });
        world.pass(WAITED);
        assert_eq!(refused(arrives(&world, &sent).await), SamRefusal::State);
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 2);
    });
}

#[test]
fn new_pins_of_a_device_void_what_it_vouched_for_with_the_old_ones() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (taken, own) = (world.phone(anna()).await, world.phone(anna()).await);
        let theirs = Phone::of(anna(), &world.keys);
        let theirs_sent = theirs.enrol([0x5b; 16], PINS);
        world.does(&taken, &adds(&world, &taken, &theirs, [0x5b; 16])).await;
        assert!(arrives(&world, &theirs_sent).await.unwrap().from.is_some());
        let outcome = world.does(&own, &sets(&world, &own, &taken, CODE)).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        world.pass(WAITED);
        let renewed = taken.enrol(CODE, NEW_PINS);
        for _ in 0..2 {
            assert!(arrives(&world, &renewed).await.unwrap().bound, "its own offer is kept");
        }
        assert!(arrives(&world, &theirs_sent).await.is_err(), "their phone comes to nothing");
        assert_eq!(world.sam.devices(anna()).await.unwrap().devices.len(), 2);
    });
}
