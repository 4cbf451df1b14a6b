//! What responders are told, and how a restored signer goes on above them.

use std::sync::{Arc, Mutex};

use base::{Clock, Digest};
use links::{Asked, Doors, Place, SystemsOnly};
use pki_contract::feed::{Fed, Feed, FeedRefusal};
use pki_contract::{ChangeOfStatus, FEED_TABLE, Reason, Status};
use store::trial::trial_on_each_engine;

use super::world::World;
use crate::{Responder, SCHEMA};

/// A responder that knows its highest number and keeps what it heard.
fn responder(world: &World, highest: u64) -> (Responder, Arc<Mutex<Vec<Feed>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (keeps, number) = (heard.clone(), Mutex::new(highest));
    let clock: Arc<dyn Clock> = Arc::new(world.trial.clock.clone());
    let signer: links::Party = "lvrtc/ca-signer".parse().unwrap();
    let verifier = Arc::new(SystemsOnly(vec![signer.clone()]));
    let doors = Doors::new("lvrtc/ocsp".parse().unwrap(), clock.clone(), verifier)
        .taking(FEED_TABLE)
        .answer(move |_: Asked, feed: Feed| {
            let mut number = number.lock().unwrap();
            let answer = if feed.to < *number {
                Err(FeedRefusal::Backwards { number: *number })
            } else if feed.from != 0 && feed.from != *number {
                Ok(Fed { number: *number, restart: true })
            } else {
                *number = feed.to;
                keeps.lock().unwrap().push(feed);
                Ok(Fed { number: *number, restart: false })
            };
            std::future::ready(answer)
        });
    let place = Place::new();
    place.open(Arc::new(doors));
    let issuer = Digest(world.house.issuing.spki_digest());
    (Responder { link: place.link(signer, clock), issuer }, heard)
}

#[test]
fn everything_is_told_once_then_changes_and_ticks() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issued = world.issued("a1").await;
        let (responder, heard) = responder(&world, 0);
        let known = world.signer.tell(&responder, 0).await.unwrap();
        let known = world.signer.tell(&responder, known).await.unwrap();
        let reason = Reason::Superseded;
        let revoke = world.change("s1", &issued, ChangeOfStatus::Revoke { reason });
        world.signer.change_status(revoke).await.unwrap();
        let last = world.signer.tell(&responder, known).await.unwrap();
        assert_eq!(last, known + 1);
        let heard = heard.lock().unwrap();
        let told: Vec<_> = heard.iter().map(|feed| feed.entries.len()).collect();
        assert_eq!(told, [1, 0, 1], "everything, a tick, a change");
        assert_eq!(heard[0].entries[0].serial, issued.serial);
        assert!(matches!(heard[2].entries[0].status, Status::Revoked { .. }));
    });
}

#[test]
fn a_responder_that_knows_more_is_told_everything_above_its_number() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        world.issued("a1").await;
        let (responder, heard) = responder(&world, 500);
        assert_eq!(world.signer.tell(&responder, 0).await, Ok(0));
        assert_eq!(world.signer.tell(&responder, 0).await, Ok(500));
        world.issued("a2").await;
        assert_eq!(world.signer.tell(&responder, 500).await, Ok(501));
        assert_eq!(heard.lock().unwrap().len(), 2);
        // One that lost count.
        assert_eq!(world.signer.tell(&responder, 499).await, Ok(0));
    });
}
