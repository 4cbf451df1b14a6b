//! Another signing device takes a credential over and no caller notices (R21).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use activation_contract::{Op, Outcome, typ};
use jose::jws::{Accept, Algorithm, Jws};
use keys::trial::keeper;
use keys::{Keeper, PublicKey};
use store::trial::Trial;

use super::phone::{by, item, with};
use super::world::{World, anna};
use crate::hand::Local;
use crate::{Act, HandError, SCHEMA, SigningDevice};

/// A device that reads the person's words itself before it signs, and counts.
#[derive(Debug)]
struct Remote {
    keys: Local,
    asked: AtomicUsize,
}

impl Remote {
    fn new(keeper: Keeper) -> Self {
        Self { keys: Local(keeper), asked: AtomicUsize::new(0) }
    }
}

impl SigningDevice for Remote {
    fn name(&self) -> &'static str {
        "remote"
    }

    fn make(&self, algorithm: keys::Algorithm) -> Result<(PublicKey, Vec<u8>), HandError> {
        self.keys.make(algorithm)
    }

    fn sign(&self, held: &[u8], act: &Act<'_>) -> Result<Vec<Vec<u8>>, HandError> {
        let accept = Accept::only(typ::ACTIVATION, &[Algorithm::Es256]);
        Jws::parse(act.words, accept).map_err(|_| HandError::Refused)?;
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.keys.sign(held, act)
    }

    fn destroy(&self, held: &[u8]) -> Result<(), HandError> {
        self.keys.destroy(held)
    }
}

#[test]
fn new_keys_lie_on_the_first_device_and_old_ones_stay_where_they_are() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let mut world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (old, _) = world.certified(&phone, "a1", "").await;
        let remote = Arc::new(Remote::new(keeper("remote")));
        world.devices = vec![remote.clone()];
        world.restarted(None).await;
        let (new, _) = world.certified(&phone, "a2", "").await;
        for (key, asked) in [(&old, 0), (&new, 1)] {
            let told =
                with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
            assert!(matches!(world.does(&phone, &told).await, Outcome::Done { .. }));
            assert_eq!(remote.asked.load(Ordering::SeqCst), asked);
        }
    });
}
