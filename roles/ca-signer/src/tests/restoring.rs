//! A store older than the archive, and an archive that cannot be written.

use base::Digest;
use keys::Algorithm;
use keys::trial::signer;
use pki_contract::{ChangeOfStatus, CurrentList, Reason, SignerRefusal, Status};
use store::trial::{Trial, trial_on_each_engine};
use x509::crl::Crl;

use super::world::{Any, World};
use crate::{CaSigner, SCHEMA, found};

#[test]
fn a_restored_store_takes_in_what_the_archive_knows() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issue = world.own_key("a1", &signer::<Any>(Algorithm::P256));
        let issued = world.signer.issue(issue.clone()).await.unwrap();
        let reason = Reason::KeyCompromise;
        let revoke = world.change("s1", &issued, ChangeOfStatus::Revoke { reason });
        let status = world.signer.change_status(revoke.clone()).await.unwrap();
        let issuer = Digest(world.house.issuing.spki_digest());
        world.signer.current_list(CurrentList { issuer }).await.unwrap();

        // A backup of the moment after the setup, over the archive as it is.
        let older = Trial::on_sqlite(&[SCHEMA]).unwrap();
        found(&older.store, world.house.foundation.clone(), world.now()).await.unwrap();
        let house = world.house;
        let signer = house.open(&older).await;
        let restored = World { trial: older, signer, house };
        assert_eq!(restored.signer.issue(issue).await, Ok(issued.clone()), "spent for it");
        assert_eq!(restored.signer.change_status(revoke).await, Ok(status));
        let resume = restored.change("s2", &issued, ChangeOfStatus::Resume);
        assert_eq!(restored.signer.change_status(resume).await, Err(SignerRefusal::Status));
        let list = restored.signer.current_list(CurrentList { issuer }).await.unwrap();
        let list = Crl::parse(&list.list.0).unwrap();
        assert_eq!((list.number(), list.revoked().len()), (Some(&[2][..]), 1));
    });
}

#[test]
fn what_does_not_lie_in_the_archive_is_not_acknowledged_and_holds_all_the_same() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issued = world.issued("a1").await;
        let folder = world.house.archive.path().join("endings");
        let aside = folder.with_extension("aside");
        std::fs::rename(&folder, &aside).unwrap();
        let suspend = world.change("s1", &issued, ChangeOfStatus::Suspend);
        let refused = world.signer.change_status(suspend.clone()).await;
        assert_eq!(refused, Err(SignerRefusal::BeingCarriedOut));
        let issue = world.own_key("a2", &signer::<Any>(Algorithm::P256));
        let refused = world.signer.issue(issue.clone()).await;
        assert_eq!(refused, Err(SignerRefusal::BeingCarriedOut));
        std::fs::rename(&aside, &folder).unwrap();
        let status = world.signer.change_status(suspend).await.unwrap().status;
        assert!(matches!(status, Status::Suspended { .. }));
        assert!(world.signer.issue(issue).await.is_ok());
    });
}

#[test]
fn a_damaged_or_incomplete_archive_keeps_the_signer_from_beginning() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        world.issued("a1").await;
        world.issued("a2").await;
        let folder = world.house.archive.path().join("endings");
        let first = folder.join("0000000001.ending");
        let older = Trial::on_sqlite(&[SCHEMA]).unwrap();
        found(&older.store, world.house.foundation.clone(), world.now()).await.unwrap();
        let open = || CaSigner::open(world.house.parts(&older, folder.clone()));
        let good = std::fs::read(&first).unwrap();
        std::fs::remove_file(&first).unwrap();
        assert!(open().await.is_err());
        std::fs::write(&first, b"something else").unwrap();
        assert!(open().await.is_err());
        std::fs::copy(folder.join("0000000002.ending"), &first).unwrap();
        assert!(open().await.is_err(), "an entry in another's place");
        std::fs::write(&first, good).unwrap();
        assert!(open().await.is_ok());
    });
}
