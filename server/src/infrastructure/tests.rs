//! Obtaining a certificate of one's own, with crashes, silence and renewal.

use std::sync::Arc;
use std::time::Duration;

use base::{Chance, Clock};
use ca_signer::CaSigner;
use keys::SystemChance;
use links::{Party, Place};

use super::*;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::place::Data;
use crate::setup::{self, Installation, Options};

enum Trial {}

impl Purpose for Trial {
    const NAME: &'static str = "trial.machine";
}

struct World {
    data: Data,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    installation: Installation,
    place: Place,
}

impl World {
    async fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sakta-obtain-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        let data = Data::at(&path).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let chance: Arc<dyn Chance> = Arc::new(SystemChance::new());
        let options = Options::of(Config::default());
        let installation = setup::setup(&data, (&clock, &chance), &options).await.unwrap();
        Self { data, clock, chance, installation, place: Place::new() }
    }

    /// The signer begins to answer.
    async fn signer_starts(&self) {
        let home = self.data.home("ca-signer").unwrap();
        let schemas = [ca_signer::SCHEMA];
        let store = home.store("ca-signer", &self.clock, &self.chance, &schemas).unwrap();
        let party = |part: &str| self.installation.parties[part].clone();
        let parts = setup::signer_parts(&self.data, store, &party("ca-signer")).unwrap();
        let signer = Arc::new(CaSigner::open(parts).await.unwrap());
        self.place.open(Arc::new(signer.doors(party("ca-signer"), vec![party("ocsp")])));
    }

    async fn obtain(&self, now: Time) -> Result<Obtained<Trial>, ObtainError> {
        let party: Party = self.installation.parties["ocsp"].clone();
        let home = self.data.home("ocsp").unwrap();
        let asking = Asking {
            home: &home,
            keeper: &home.keeper(&party.to_string(), Arc::clone(&self.chance)).unwrap(),
            signer: &self.place.link(party, Arc::clone(&self.clock)),
            standing: &self.installation.ocsp,
        };
        obtain(&asking, "trial", now).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.data.path());
    }
}

#[tokio::test]
async fn a_key_waits_for_its_certificate_and_keeps_it() {
    let world = World::new("waits").await;
    let now = world.clock.now();
    assert!(matches!(world.obtain(now).await, Err(ObtainError::Signer(_))));
    let next = world.data.home("ocsp").unwrap().file("trial.identity-next");
    let waiting = std::fs::read(&next).unwrap();
    world.signer_starts().await;
    let one = world.obtain(now).await.unwrap();
    assert!(!next.exists() && one.certificate.is_valid_at(world.clock.now().seconds()));
    // A crash after the certificate was issued and before it was kept.
    let own = world.data.home("ocsp").unwrap().file("trial.identity");
    std::fs::rename(&own, own.with_extension("gone")).unwrap();
    std::fs::write(&next, waiting).unwrap();
    let two = world.obtain(now).await.unwrap();
    assert_eq!(two.certificate, one.certificate, "the same key, the same certificate");
    assert_eq!(world.obtain(now).await.unwrap().certificate, one.certificate);
}

#[tokio::test]
async fn another_key_and_certificate_come_when_a_third_is_left() {
    let world = World::new("renews").await;
    world.signer_starts().await;
    let day = Duration::from_hours(24);
    let now = world.clock.now();
    let one = world.obtain(now).await.unwrap();
    let early = world.obtain(now.plus(day * 19)).await.unwrap();
    assert_eq!(early.certificate, one.certificate);
    let two = world.obtain(now.plus(day * 21)).await.unwrap();
    assert_ne!(two.certificate.spki(), one.certificate.spki());
    assert_ne!(two.certificate.serial(), one.certificate.serial());
}

#[tokio::test]
async fn a_damaged_file_is_said_and_not_overwritten() {
    let world = World::new("damaged").await;
    world.signer_starts().await;
    let own = world.data.home("ocsp").unwrap().file("trial.identity");
    std::fs::write(&own, b"{}").unwrap();
    let now = world.clock.now();
    assert!(matches!(world.obtain(now).await, Err(ObtainError::Damaged(_))));
    assert_eq!(std::fs::read(&own).unwrap(), b"{}");
}
