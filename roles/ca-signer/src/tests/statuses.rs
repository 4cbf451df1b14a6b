//! Suspending, resuming, revoking: who may, and what the same proof does again.

use std::time::Duration;

use keys::Algorithm;
use keys::trial::signer;
use pki_contract::approval::{STATUS, StatusApproval};
use pki_contract::{ChangeOfStatus, ChangeStatus, Reason, SignerRefusal, Status};
use store::trial::trial_on_each_engine;

use super::world::{Any, ROLE, World, token};
use crate::SCHEMA;

const REVOKE: ChangeOfStatus = ChangeOfStatus::Revoke { reason: Reason::KeyCompromise };

#[test]
fn an_officer_suspends_resumes_and_revokes_for_ever() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issued = world.issued("a1").await;
        let done = |id: &'static str, change| {
            let change = world.change(id, &issued, change);
            async { world.signer.change_status(change).await.map(|done| done.status) }
        };
        let since = world.now();
        assert_eq!(done("s1", ChangeOfStatus::Suspend).await, Ok(Status::Suspended { since }));
        world.trial.clock.pass(Duration::from_secs(5));
        assert_eq!(done("s2", ChangeOfStatus::Suspend).await, Ok(Status::Suspended { since }));
        assert_eq!(done("s3", ChangeOfStatus::Resume).await, Ok(Status::Good));
        let revoked = Status::Revoked { since: world.now(), reason: Reason::KeyCompromise };
        assert_eq!(done("s4", REVOKE).await, Ok(revoked));
        for (id, change) in [("s5", ChangeOfStatus::Resume), ("s6", ChangeOfStatus::Suspend)] {
            assert_eq!(done(id, change).await, Err(SignerRefusal::Status));
        }
        world.trial.clock.pass(Duration::from_secs(5));
        let other = ChangeOfStatus::Revoke { reason: Reason::Superseded };
        assert_eq!(done("s7", other).await, Ok(revoked), "as it was");
    });
}

#[test]
fn the_same_proof_answers_what_it_did_and_does_it_once() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issued = world.issued("a1").await;
        let suspend = world.change("s1", &issued, ChangeOfStatus::Suspend);
        let first = world.signer.change_status(suspend.clone()).await.unwrap();
        let resume = world.change("s2", &issued, ChangeOfStatus::Resume);
        world.signer.change_status(resume).await.unwrap();
        world.trial.clock.pass(Duration::from_hours(5));
        let world = world.crashed().await;
        assert_eq!(world.signer.change_status(suspend).await, Ok(first));
        let revoke = world.change("s3", &issued, REVOKE);
        let status = world.signer.change_status(revoke).await.unwrap().status;
        assert!(matches!(status, Status::Revoked { .. }), "it was not suspended again");
        let reused = world.change("s1", &issued, REVOKE);
        assert_eq!(world.signer.change_status(reused).await, Err(SignerRefusal::Spent));
    });
}

#[test]
fn a_holder_suspends_and_revokes_what_is_theirs_and_resumes_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let issued = world.issued("a1").await;
        let suspend = world.will("h1", &issued, ChangeOfStatus::Suspend);
        let resume = ChangeStatus { change: ChangeOfStatus::Resume, ..suspend.clone() };
        let revoke = ChangeStatus { change: REVOKE, ..suspend.clone() };
        for wrong in [resume, revoke] {
            let refused = world.signer.change_status(wrong).await;
            assert_eq!(refused, Err(SignerRefusal::Approval));
        }
        let status = world.signer.change_status(suspend).await.unwrap().status;
        assert!(matches!(status, Status::Suspended { .. }));
        let status = world.signer.change_status(world.will("h2", &issued, REVOKE)).await;
        assert!(matches!(status.unwrap().status, Status::Revoked { .. }));
    });
}

#[test]
fn what_is_no_proof_for_this_certificate_changes_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let (one, two) = (world.issued("a1").await, world.issued("a2").await);
        let good = world.change("s1", &one, REVOKE);
        let other = world.change("s2", &two, REVOKE);
        let approval = StatusApproval {
            id: "s3".to_owned(),
            roles: vec!["sam/1".to_owned()],
            use_before: world.now().plus(Duration::from_hours(1)),
            issuer: one.issuer,
            serial: one.serial.clone(),
            change: REVOKE,
        };
        let with = |approval: &StatusApproval, key| {
            let proof = token(key, STATUS, approval);
            ChangeStatus { proof, ..good.clone() }
        };
        let officer = &world.house.officers[0];
        let late = StatusApproval {
            roles: vec![ROLE.to_owned()],
            use_before: world.now(),
            ..approval.clone()
        };
        let mine = StatusApproval {
            use_before: late.use_before.plus(Duration::from_hours(1)),
            ..late.clone()
        };
        let root = base::Digest(world.house.root.spki_digest());
        for (change, why) in [
            (ChangeStatus { proof: other.proof, ..good.clone() }, SignerRefusal::Approval),
            (ChangeStatus { proof: String::new(), ..good.clone() }, SignerRefusal::Approval),
            (
                ChangeStatus { change: ChangeOfStatus::Suspend, ..good.clone() },
                SignerRefusal::Approval,
            ),
            (ChangeStatus { serial: "40".repeat(16), ..good.clone() }, SignerRefusal::Unknown),
            (ChangeStatus { issuer: root, ..good.clone() }, SignerRefusal::Unknown),
            (with(&approval, officer), SignerRefusal::Approval),
            (with(&late, officer), SignerRefusal::Approval),
            (with(&mine, &signer::<Any>(Algorithm::P256)), SignerRefusal::Approval),
            (with(&mine, &world.house.sam), SignerRefusal::Approval),
        ] {
            assert_eq!(world.signer.change_status(change).await, Err(why));
        }
        // Another's will.
        world.house.person = base::PersonId::from_bytes([9; 16]);
        let others = world.will("h1", &one, REVOKE);
        assert_eq!(world.signer.change_status(others).await, Err(SignerRefusal::Approval));
        assert!(world.signer.change_status(good).await.is_ok());
    });
}
