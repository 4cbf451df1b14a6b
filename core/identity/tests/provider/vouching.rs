//! One phone vouches for another: who is told, and who is taken in.

use activation_contract::{DeviceChange, EnrolAnswer, Proof, WordKind};
use base::{Bytes, Clock, Digest, Id};

use crate::world::{Phone, World};

fn answer(phone: &Phone, offer: &str, bound: bool) -> EnrolAnswer {
    EnrolAnswer {
        offer: offer.to_owned(),
        device: phone.device,
        person: phone.person,
        thumbprint: Digest([0; 32]),
        device_key: Bytes(phone.key.public_key().spki().to_vec()),
        bound,
        from: None,
        label: "Jauns tālrunis".to_owned(),
        proof: Proof::Demo,
    }
}

/// Another phone of the same person, of which the web knows nothing.
fn another(of: &Phone) -> Phone {
    Phone {
        person: of.person,
        device: Id::from_bytes([9; 16]),
        key: keys::trial::signer(keys::Algorithm::P256),
        number: of.number.clone(),
    }
}

async fn told(world: &World, phone: &Phone, kind: &str) -> Vec<String> {
    let notices = phone.poll(world).await.notices.into_iter();
    notices.filter(|one| one.kind == kind).map(|one| one.reference).collect()
}

async fn polls(world: &World, phone: &Phone) -> u16 {
    phone.say(world, "/app/poll?wait=0", WordKind::Poll).await.status
}

#[tokio::test]
async fn a_new_phone_is_told_when_it_is_vouched_for_and_taken_in_when_sam_has_bound_it() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let new = another(&anna);
    let vouched = DeviceChange::Vouched { from: world.clock.now(), until: world.clock.now() };
    for _ in 0..2 {
        assert_eq!(anna.wills(&world, 1, vouched).await.status, 200);
    }
    assert_eq!(told(&world, &anna, "device-offered").await, ["Telefons"], "once");
    assert_eq!(new.brings(&world, &answer(&new, "o1", false)).await.status, 200);
    assert_eq!(polls(&world, &new).await, 401, "not yet");
    for _ in 0..2 {
        assert_eq!(new.brings(&world, &answer(&new, "o1", true)).await.status, 200);
    }
    assert_eq!(told(&world, &new, "device-enrolled").await.first().unwrap(), "Jauns tālrunis");
    assert_eq!(told(&world, &anna, "device-enrolled").await.len(), 2, "the old one's, and it");
    assert!(told(&world, &anna, "pins-set").await.is_empty());
    assert_eq!(new.poll(&world).await.user_number, anna.number);
}

#[tokio::test]
async fn new_pins_are_told_once_when_they_are_vouched_for_and_once_when_they_hold() {
    let world = World::new().await;
    let (anna, now) = (world.phone(1).await, world.clock.now());
    let vouched = DeviceChange::PinsVouched { device: anna.device, from: now, until: now };
    anna.wills(&world, 1, vouched).await;
    assert_eq!(told(&world, &anna, "pins-offered").await.len(), 1);
    anna.wills(&world, 2, vouched).await;
    assert_eq!(told(&world, &anna, "pins-offered").await.len(), 2, "another act is told too");
    for _ in 0..2 {
        anna.brings(&world, &answer(&anna, "o2", true)).await;
    }
    assert_eq!(told(&world, &anna, "pins-set").await.len(), 1);
    assert_eq!(told(&world, &anna, "device-enrolled").await.len(), 1, "it was known before");
}

#[tokio::test]
async fn a_device_that_sam_has_ended_is_not_heard_any_more() {
    let world = World::new().await;
    let anna = world.phone(1).await;
    let lost = world.phone_of(anna.person, Id::from_bytes([9; 16])).await;
    assert_eq!(polls(&world, &lost).await, 200);
    let ended = DeviceChange::Ended { device: lost.device };
    for _ in 0..2 {
        assert_eq!(anna.wills(&world, 1, ended).await.status, 200);
    }
    assert_eq!(polls(&world, &lost).await, 401);
    assert_eq!(told(&world, &anna, "device-ended").await, ["Telefons"]);
    let bruno = world.phone(2).await;
    bruno.wills(&world, 3, DeviceChange::Ended { device: anna.device }).await;
    assert_eq!(polls(&world, &anna).await, 200, "a statement is about its own person");
}
