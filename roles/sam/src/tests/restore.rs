//! A backup put back: challenges die, endings come back, nothing is answered before.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use activation_contract::{Op, Outcome, Refusal};
use sam_contract::SamRefusal;
use store::trial::Folder;
use store::{Place, Store};
use trial::{CountedChance, FixedClock};

use super::phone::{PINS, by, item, plain, with};
use super::world::{World, anna, bert};
use crate::{Archive, FolderArchive, SCHEMA};

fn opened(file: &Path, clock: &FixedClock, chance: &CountedChance) -> Store {
    let place = Place::Sqlite(file.to_owned());
    Store::open(&place, Arc::new(clock.clone()), Arc::new(chance.clone()), &[SCHEMA]).unwrap()
}

/// Closes the store of `world` and opens it again, or an older one in its place.
async fn over(world: &mut World, file: &Path, from: Option<&Path>) {
    let aside = Folder::new().unwrap();
    let other = opened(&aside.path().join("aside.db"), &world.clock, &world.chance);
    crate::found(&other, &keys::trial::keeper("sam"), &[]).await.unwrap();
    let (clock, chance) = (world.clock.clone(), world.chance.clone());
    let mark = std::fs::read(world.folder.path().join("mark"));
    // The world lets its store go while another stands in.
    let _ = std::fs::remove_file(world.folder.path().join("mark"));
    world.restarted(Some(other)).await;
    if let Some(from) = from {
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(file.with_extension(format!("db{suffix}")));
        }
        std::fs::copy(from, file).unwrap();
    }
    if let Ok(mark) = mark {
        std::fs::write(world.folder.path().join("mark"), mark).unwrap();
    }
    world.restarted(Some(opened(file, &clock, &chance))).await;
}

#[test]
fn a_restored_store_gets_a_new_epoch_and_every_ending_again() {
    store::trial::run(async {
        let folder = Folder::new().unwrap();
        let (file, backup) = (folder.path().join("store.db"), folder.path().join("backup.db"));
        let (clock, chance) = (FixedClock::at("2026-05-12T10:00:00Z"), CountedChance::seeded(9));
        let store = opened(&file, &clock, &chance);
        let mut world = World::on(store, clock, chance, Vec::new()).await;
        let (phone, lost) = (world.phone(anna()).await, world.phone(anna()).await);
        let (other, (key, certificate)) =
            (world.phone(bert()).await, world.certified(&phone, "a1", "").await);
        world.sam.beat(false).await.unwrap();
        over(&mut world, &file, None).await;
        std::fs::copy(&file, &backup).unwrap();
        let held = world.told(&phone, Op::Login);

        let end =
            with(world.told(&phone, Op::EndDevice), vec![plain(&lost.device.to_string(), b"")]);
        assert!(matches!(world.does(&phone, &end).await, Outcome::Done { .. }));
        let revoke = by(world.told(&phone, Op::Revoke), key.credential);
        let revoke = with(revoke, vec![plain("it", certificate.der())]);
        assert!(matches!(world.does(&phone, &revoke).await, Outcome::Done { .. }));
        assert!(matches!(
            world.does(&other, &world.told(&other, Op::Freeze)).await,
            Outcome::Done { .. }
        ));

        world.archive.away.store(true, Ordering::SeqCst);
        over(&mut world, &file, Some(&backup)).await;
        let shut = world.sam.activate(&phone.sealed(&held)).await.unwrap_err();
        assert_eq!(SamRefusal::from(shut), SamRefusal::Restored);
        assert_eq!(world.sam.challenge(phone.device, Op::Login), Err(SamRefusal::Restored));
        world.archive.away.store(false, Ordering::SeqCst);
        world.sam.beat(false).await.unwrap();

        let old = world.sent(&phone.sealed(&held)).await;
        assert_eq!(old, Outcome::Refused { why: Refusal::Unreadable }, "its challenge died");
        assert!(matches!(world.login(&phone, PINS[0]).await, Outcome::Done { .. }));
        let gone = world.login(&lost, PINS[0]).await;
        assert_eq!(gone, Outcome::Refused { why: Refusal::DeviceNotActive });
        let frozen = world.login(&other, PINS[0]).await;
        assert_eq!(frozen, Outcome::Refused { why: Refusal::Frozen });
        let sign =
            with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
        let revoked = world.does(&phone, &sign).await;
        assert_eq!(revoked, Outcome::Refused { why: Refusal::CredentialNotActive });
    });
}

#[test]
fn a_store_that_is_not_older_keeps_its_epoch() {
    store::trial::run(async {
        let folder = Folder::new().unwrap();
        let file = folder.path().join("store.db");
        let (clock, chance) = (FixedClock::at("2026-05-12T10:00:00Z"), CountedChance::seeded(9));
        let store = opened(&file, &clock, &chance);
        let mut world = World::on(store, clock, chance, Vec::new()).await;
        let phone = world.phone(anna()).await;
        world.sam.beat(false).await.unwrap();
        let held = world.told(&phone, Op::Login);
        over(&mut world, &file, None).await;
        assert!(matches!(world.does(&phone, &held).await, Outcome::Done { .. }));
    });
}

#[test]
fn a_folder_keeps_entries_in_order_and_a_stray_file_is_an_error() {
    let folder = Folder::new().unwrap();
    let archive = FolderArchive::new(folder.path().join("endings"));
    for number in [10, 9, 9] {
        archive.put(number, &[u8::try_from(number).unwrap()]).unwrap();
    }
    assert_eq!(archive.all().unwrap(), [(9, vec![9]), (10, vec![10])]);
    std::fs::write(folder.path().join("endings/x.ending"), b"").unwrap();
    assert!(archive.all().is_err());
}
