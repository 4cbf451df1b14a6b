//! Revocation lists: when they are made anew, and what they say.

use std::time::Duration;

use base::{Digest, unhex};
use keys::{Suite, allowed};
use pki_contract::{ChangeOfStatus, CurrentList, Reason, SignerRefusal};
use store::trial::trial_on_each_engine;
use x509::crl::{self, Crl};

use super::world::World;
use crate::SCHEMA;

async fn list(world: &World) -> Crl {
    let issuer = Digest(world.house.issuing.spki_digest());
    let list = world.signer.current_list(CurrentList { issuer }).await.unwrap();
    let read = Crl::parse(&list.list.0).unwrap();
    let algorithms = x509::Algorithms(allowed(Suite::House));
    let now = world.now().seconds();
    read.verify_at(&world.house.issuing, now, algorithms).unwrap();
    assert_eq!(read.next_update(), Some(list.until.seconds()));
    read
}

#[test]
fn a_list_is_made_anew_when_a_status_changed_or_its_day_has_passed() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let (one, two) = (world.issued("a1").await, world.issued("a2").await);
        let empty = list(&world).await;
        assert_eq!((empty.number(), empty.revoked().len()), (Some(&[1][..]), 0));
        world.issued("a3").await;
        assert_eq!(list(&world).await, empty, "an issued certificate is no change");
        let suspend = world.change("s1", &one, ChangeOfStatus::Suspend);
        world.signer.change_status(suspend).await.unwrap();
        let reason = Reason::KeyCompromise;
        let revoke = world.change("s2", &two, ChangeOfStatus::Revoke { reason });
        world.signer.change_status(revoke).await.unwrap();
        let held = list(&world).await;
        assert_eq!(held.number(), Some(&[2][..]));
        let reason = |serial: &str| held.find(&unhex(serial).unwrap()).unwrap().reason;
        assert_eq!(reason(&one.serial), Some(crl::Reason::Hold));
        assert_eq!(reason(&two.serial), Some(crl::Reason::KeyCompromise));
        let resume = world.change("s3", &one, ChangeOfStatus::Resume);
        world.signer.change_status(resume).await.unwrap();
        let resumed = list(&world).await;
        assert_eq!((resumed.number(), resumed.revoked().len()), (Some(&[3][..]), 1));
        world.trial.clock.pass(Duration::from_hours(22));
        assert_eq!(list(&world).await, resumed);
        world.trial.clock.pass(Duration::from_hours(2));
        let world = world.crashed().await;
        assert_eq!(list(&world).await.number(), Some(&[4][..]));
    });
}

#[test]
fn an_authority_without_key_or_list_has_none() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let root = Digest(world.house.root.spki_digest());
        for issuer in [root, Digest([0; 32])] {
            let none = world.signer.current_list(CurrentList { issuer }).await;
            assert_eq!(none, Err(SignerRefusal::Unknown));
        }
    });
}
