//! Standing approvals: two persons, so many certificates, one for each key.

use std::time::Duration;

use base::Bytes;
use keys::Algorithm;
use keys::trial::signer;
use links::Party;
use pki_contract::approval::{STANDING, StandingApproval};
use pki_contract::{EnterStanding, IssueInfrastructure, SignerRefusal};
use store::trial::trial_on_each_engine;
use x509::Certificate;

use super::world::{Any, World, machine, possession, token};
use crate::SCHEMA;

fn signed(world: &World, approvals: [(usize, &StandingApproval); 2]) -> EnterStanding {
    let officers = &world.house.officers;
    let one = |(officer, approval): (usize, &_)| token(&officers[officer], STANDING, approval);
    EnterStanding { approvals: approvals.map(one) }
}

fn ocsp() -> Party {
    "trial/ocsp".parse().unwrap()
}

fn ask(standing: &str) -> IssueInfrastructure {
    let key = signer::<Any>(Algorithm::P256);
    IssueInfrastructure {
        standing: standing.to_owned(),
        subject: machine(),
        spki: Bytes(key.public_key().spki().to_vec()),
        proof: possession(&key),
    }
}

#[test]
fn two_persons_stand_behind_it_and_it_is_used_up() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let standing = world.standing("st1", 2);
        let enter = signed(&world, [(0, &standing), (1, &standing)]);
        world.signer.enter_standing(enter.clone()).await.unwrap();
        world.signer.enter_standing(enter).await.unwrap();
        let (one, two) = (ask("st1"), ask("st1"));
        let issued = world.signer.issue_infrastructure(&ocsp(), one.clone()).await.unwrap();
        assert_eq!(world.signer.issue_infrastructure(&ocsp(), one).await.unwrap(), issued);
        world.signer.issue_infrastructure(&ocsp(), two).await.unwrap();
        let third = world.signer.issue_infrastructure(&ocsp(), ask("st1")).await;
        assert_eq!(third, Err(SignerRefusal::Spent));
        let certificate = Certificate::parse(&issued.certificate.0).unwrap();
        assert!(certificate.extensions().no_check);
        assert_eq!(certificate.not_after() - certificate.not_before() + 1, 30 * 86_400);
    });
}

#[test]
fn one_person_or_two_payloads_are_not_enough() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let standing = world.standing("st1", 2);
        let more = StandingApproval { count: 200, ..standing.clone() };
        let elsewhere = StandingApproval { role: "ca-signer/2".to_owned(), ..standing.clone() };
        let over = StandingApproval { until: world.now(), ..standing.clone() };
        let nobodys = StandingApproval { party: "ocsp".to_owned(), ..standing.clone() };
        for pair in [
            [(0, &standing), (0, &standing)],
            // Two keys of one holder (R48).
            [(1, &standing), (2, &standing)],
            [(0, &standing), (1, &more)],
            [(0, &elsewhere), (1, &elsewhere)],
            [(0, &over), (1, &over)],
            [(0, &nobodys), (1, &nobodys)],
        ] {
            let entered = world.signer.enter_standing(signed(&world, pair)).await;
            assert_eq!(entered.map(drop), Err(SignerRefusal::Approval));
        }
        let refused = world.signer.issue_infrastructure(&ocsp(), ask("st1")).await;
        assert_eq!(refused, Err(SignerRefusal::Approval));
        let enter = signed(&world, [(0, &standing), (1, &standing)]);
        world.signer.enter_standing(enter).await.unwrap();
        let other = signed(&world, [(0, &more), (1, &more)]);
        let again = world.signer.enter_standing(other).await.map(drop);
        assert_eq!(again, Err(SignerRefusal::Spent));
        let mut named = ask("st1");
        if let pki_contract::Subject::Machine { name, .. } = &mut named.subject {
            "OCSP 2".clone_into(name);
        }
        let refused = world.signer.issue_infrastructure(&ocsp(), named).await;
        assert_eq!(refused, Err(SignerRefusal::Approval));
        let unproved = IssueInfrastructure { proof: Bytes(vec![1]), ..ask("st1") };
        let refused = world.signer.issue_infrastructure(&ocsp(), unproved).await;
        assert_eq!(refused, Err(SignerRefusal::Key));
        world.trial.clock.pass(Duration::from_hours(24 * 365));
        let late = world.signer.issue_infrastructure(&ocsp(), ask("st1")).await;
        assert_eq!(late, Err(SignerRefusal::Approval));
    });
}

#[test]
fn only_the_system_that_it_names_gets_a_certificate_under_it() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let standing = world.standing("st1", 1);
        let enter = signed(&world, [(0, &standing), (1, &standing)]);
        world.signer.enter_standing(enter).await.unwrap();
        for other in ["trial/pki", "trial/tsu", "other/ocsp"] {
            let other: Party = other.parse().unwrap();
            let refused = world.signer.issue_infrastructure(&other, ask("st1")).await;
            assert_eq!(refused, Err(SignerRefusal::Approval), "{other}");
        }
        // Nothing was used up.
        world.signer.issue_infrastructure(&ocsp(), ask("st1")).await.unwrap();
    });
}
