//! Certificates of persons' keys: only the right one for the right key, and what ends them.

use std::time::Duration;

use activation_contract::Op;
use activation_contract::{HolderStatement, MeansOrder, Order, Outcome, Refusal, Will, typ};
use base::{Bytes, Digest};
use keys::trial::{Hierarchy, person};
use pki_contract::approval::{STATUS, StatusApproval};
use pki_contract::{ChangeOfStatus, Reason};
use sam_contract::{Certify, ChangeKeyStatus, CredentialState, SamRefusal};
use store::trial::{Trial, trial_on_each_engine};
use x509::{Certificate, Kind};

use super::phone::{by, item, with};
use super::world::{World, anna};
use crate::{SCHEMA, Stop};

fn refused<T: std::fmt::Debug>(done: Result<T, Stop>) -> SamRefusal {
    done.unwrap_err().into()
}

fn serial(certificate: &Certificate) -> String {
    base::hex(certificate.serial()).trim_start_matches('0').to_owned()
}

fn asked(
    world: &World,
    of: &Certificate,
    change: ChangeOfStatus,
    proof: String,
) -> ChangeKeyStatus {
    let issuer = Digest(world.hierarchy.issuing.spki_digest());
    ChangeKeyStatus { issuer, serial: serial(of), change, proof, destroy: false }
}

fn approval(world: &World, id: &str, of: &Certificate, change: ChangeOfStatus) -> String {
    let approval = StatusApproval {
        id: id.to_owned(),
        roles: vec!["ca-signer/1".to_owned(), "sam/1".to_owned()],
        use_before: world.now().plus(Duration::from_mins(5)),
        issuer: Digest(world.hierarchy.issuing.spki_digest()),
        serial: serial(of),
        change,
    };
    world.said(STATUS, &approval)
}

const REVOKE: ChangeOfStatus = ChangeOfStatus::Revoke { reason: Reason::KeyCompromise };

#[test]
fn only_a_certificate_of_a_known_issuer_for_that_very_key_makes_it_sign() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let [key, other] = [world.key(&phone, "a1", "").await, world.key(&phone, "a2", "").await];
        let subject = person("Anna", "Paraudziņa", "PNOXX-1");
        let issue = |hierarchy: &Hierarchy, spki: &Bytes| {
            Bytes(hierarchy.issue(Kind::PersonSign, &subject, &spki.0).der().to_vec())
        };
        let stranger = Hierarchy::new(world.now());
        let credential = key.credential;
        for (chain, why) in [
            (vec![], SamRefusal::Proof),
            (vec![Bytes(vec![0x30])], SamRefusal::Proof),
            (vec![issue(&stranger, &key.key)], SamRefusal::Proof),
            (vec![issue(&world.hierarchy, &other.key)], SamRefusal::Proof),
        ] {
            let given = Certify { credential, chain };
            assert_eq!(refused(world.sam.certified(given).await), why);
        }
        let given = Certify { credential, chain: vec![issue(&world.hierarchy, &key.key)] };
        for _ in 0..2 {
            let state = world.sam.certified(given.clone()).await.unwrap();
            assert_eq!(state, CredentialState::Active);
        }
        let second = Certify { credential, chain: vec![issue(&world.hierarchy, &key.key)] };
        assert_eq!(refused(world.sam.certified(second).await), SamRefusal::Spent);
    });
}

#[test]
fn an_officer_suspends_resumes_revokes_and_the_key_is_destroyed_last() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, certificate) = world.certified(&phone, "a1", "").await;
        let sign =
            || with(by(world.told(&phone, Op::Sign), key.credential), vec![item("a", &[1; 32])]);
        let change = |id: &str, change| {
            asked(&world, &certificate, change, approval(&world, id, &certificate, change))
        };
        let suspend = change("s1", ChangeOfStatus::Suspend);
        assert_eq!(world.sam.changed(suspend.clone()).await.unwrap(), CredentialState::Suspended);
        let shut = Outcome::Refused { why: Refusal::CredentialNotActive };
        assert_eq!(world.does(&phone, &sign()).await, shut);
        let resume = change("s2", ChangeOfStatus::Resume);
        assert_eq!(world.sam.changed(resume).await.unwrap(), CredentialState::Active);
        let again = world.sam.changed(suspend).await.unwrap();
        assert_eq!(again, CredentialState::Active, "an approval is spent once");
        assert!(matches!(world.does(&phone, &sign()).await, Outcome::Done { .. }));
        let revoke = change("s3", REVOKE);
        let destroy = ChangeKeyStatus { destroy: true, ..revoke.clone() };
        assert_eq!(refused(world.sam.changed(destroy.clone()).await), SamRefusal::State);
        assert_eq!(world.sam.changed(revoke.clone()).await.unwrap(), CredentialState::Revoked);
        world.pass(Duration::from_mins(10));
        assert_eq!(world.sam.changed(revoke).await.unwrap(), CredentialState::Revoked);
        for _ in 0..2 {
            let state = world.sam.changed(destroy.clone()).await.unwrap();
            assert_eq!(state, CredentialState::Destroyed);
        }
        let resume = change("s4", ChangeOfStatus::Resume);
        assert_eq!(refused(world.sam.changed(resume).await), SamRefusal::State);
    });
}

#[test]
fn a_change_needs_a_proof_that_names_role_certificate_and_change() {
    let trial = Trial::on_sqlite(&[SCHEMA]).unwrap();
    store::trial::run(async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (_, certificate) = world.certified(&phone, "a1", "").await;
        let (_, other) = world.certified(&phone, "a2", "").await;
        let holder = |will, of: &Certificate| HolderStatement {
            id: "h".to_owned(),
            person: anna(),
            will,
            certificates: vec![activation_contract::Certified {
                issuer: Digest(world.hierarchy.issuing.spki_digest()),
                serial: serial(of),
            }],
            time: world.now(),
        };
        let own =
            |will, of: &Certificate| world.sam.own.said(typ::HOLDER, &holder(will, of)).unwrap();
        for proof in [
            String::new(),
            approval(&world, "s1", &other, REVOKE),
            approval(&world, "s2", &certificate, ChangeOfStatus::Suspend),
            own(Will::Suspend, &certificate),
            own(Will::Revoke, &other),
            world.said(typ::HOLDER, &holder(Will::Revoke, &certificate)),
        ] {
            let asked = asked(&world, &certificate, REVOKE, proof);
            assert_eq!(refused(world.sam.changed(asked).await), SamRefusal::Proof);
        }
        let late = approval(&world, "s3", &certificate, REVOKE);
        world.pass(Duration::from_mins(6));
        let asked_late = asked(&world, &certificate, REVOKE, late);
        assert_eq!(refused(world.sam.changed(asked_late).await), SamRefusal::Proof);
        let forged = asked(&world, &certificate, REVOKE, own(Will::Revoke, &certificate));
        let state = world.sam.changed(forged).await.unwrap();
        assert_eq!(state, CredentialState::Active, "a statement tells what was done, no more");
    });
}

#[test]
fn an_old_statement_of_the_holder_does_not_suspend_again() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (_, certificate) = world.certified(&phone, "a1", "").await;
        let frozen = world.does(&phone, &world.told(&phone, Op::Freeze)).await;
        let Outcome::Done { statement: Some(statement), .. } = frozen else { panic!("{frozen:?}") };
        let suspend = asked(&world, &certificate, ChangeOfStatus::Suspend, statement);
        for _ in 0..2 {
            let state = world.sam.changed(suspend.clone()).await.unwrap();
            assert_eq!(state, CredentialState::Suspended);
        }
        let unfreeze = MeansOrder {
            id: "m1".to_owned(),
            role: "sam/1".to_owned(),
            use_before: world.now().plus(Duration::from_mins(5)),
            person: anna(),
            order: Order::Unfreeze,
        };
        world.sam.order(&world.said(typ::MEANS, &unfreeze)).await.unwrap();
        let key = world.sam.devices(anna()).await.unwrap().credentials[0].state;
        assert_eq!(key, CredentialState::Suspended, "until an officer resumes it");
        let resume = approval(&world, "s1", &certificate, ChangeOfStatus::Resume);
        let resume = asked(&world, &certificate, ChangeOfStatus::Resume, resume);
        assert_eq!(world.sam.changed(resume).await.unwrap(), CredentialState::Active);
        assert_eq!(world.sam.changed(suspend).await.unwrap(), CredentialState::Active);
    });
}

#[test]
fn a_key_that_its_holder_revoked_is_destroyed_by_the_same_statement() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let phone = world.phone(anna()).await;
        let (key, certificate) = world.certified(&phone, "a1", "").await;
        let told = by(world.told(&phone, Op::Revoke), key.credential);
        let told = with(told, vec![super::phone::plain("it", certificate.der())]);
        let done = world.does(&phone, &told).await;
        let Outcome::Done { statement: Some(statement), .. } = done else { panic!("{done:?}") };
        let revoke = asked(&world, &certificate, REVOKE, statement);
        assert_eq!(world.sam.changed(revoke.clone()).await.unwrap(), CredentialState::Revoked);
        let destroy = ChangeKeyStatus { destroy: true, ..revoke };
        assert_eq!(world.sam.changed(destroy).await.unwrap(), CredentialState::Destroyed);
    });
}
