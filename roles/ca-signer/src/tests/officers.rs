//! Changing officers: two persons, compatible roles, and never fewer than two left.

use std::time::Duration;

use base::Bytes;
use keys::trial::signer;
use keys::{Algorithm, Signer};
use pki_contract::approval::{OFFICERS, OfficerChange, OfficersChange};
use pki_contract::{ChangeOfficers, SignerRefusal};
use store::trial::trial_on_each_engine;

use super::world::{Any, ROLE, World, token};
use crate::SCHEMA;

fn change(world: &World, id: &str, by: [usize; 2], change: OfficerChange) -> ChangeOfficers {
    let role = ROLE.to_owned();
    let use_before = world.now().plus(Duration::from_hours(1));
    let change = OfficersChange { id: id.to_owned(), role, use_before, change };
    ChangeOfficers { approvals: by.map(|by| token(&world.house.officers[by], OFFICERS, &change)) }
}

fn enter(world: &World, key: &Signer<Any>, holder: &str, roles: &[&str]) -> OfficerChange {
    let until = world.now().plus(Duration::from_hours(24));
    OfficerChange::Enter {
        name: "officer-4".to_owned(),
        holder: holder.to_owned(),
        spki: Bytes(key.public_key().spki().to_vec()),
        grants: roles.iter().map(|role| ((*role).to_owned(), until)).collect(),
    }
}

fn thumbprint(key: &Signer<Any>) -> String {
    key.public_key().jwk().unwrap().kid.unwrap()
}

#[test]
fn two_persons_enter_a_third_and_end_one() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let mut world = World::new(trial).await;
        let new = signer::<Any>(Algorithm::P256);
        let roles = ["security-officer", "registration-officer"];
        let entering = enter(&world, &new, "holder-4", &roles);
        let ask = change(&world, "o1", [0, 1], entering);
        world.signer.change_officers(ask.clone()).await.unwrap();
        world.signer.change_officers(ask).await.unwrap();
        let key = thumbprint(&world.house.officers[0]);
        let ending = change(&world, "o2", [0, 1], OfficerChange::End { key });
        world.signer.change_officers(ending).await.unwrap();
        let by_ended = world.own_key("a1", &signer::<Any>(Algorithm::P256));
        assert_eq!(world.signer.issue(by_ended).await, Err(SignerRefusal::Approval));
        world.house.officers[0] = new;
        assert!(world.signer.issue(world.own_key("a2", &signer(Algorithm::P256))).await.is_ok());
    });
}

#[test]
fn what_would_break_the_rules_changes_nothing() {
    trial_on_each_engine(&[SCHEMA], |trial| async move {
        let world = World::new(trial).await;
        let new = signer::<Any>(Algorithm::P256);
        let entering = |roles: &[&str]| enter(&world, &new, "holder-4", roles);
        let good = || entering(&["registration-officer"]);
        let first = thumbprint(&world.house.officers[0]);
        let renamed = enter(&world, &world.house.officers[1], "holder-9", &["security-officer"]);
        let large = enter(&world, &signer(Algorithm::P384), "holder-4", &["operator"]);
        for (by, what) in [
            ([0, 0], good()),
            ([1, 2], good()),
            ([0, 1], entering(&["auditor", "operator"])),
            ([0, 1], entering(&["king"])),
            // One person would remain.
            ([0, 1], OfficerChange::End { key: first }),
            // One person would become two.
            ([0, 1], renamed),
            ([0, 1], large),
        ] {
            let done = world.signer.change_officers(change(&world, "o1", by, what)).await;
            assert_eq!(done.map(drop), Err(SignerRefusal::Approval), "{by:?}");
        }
        let ask = change(&world, "o1", [0, 1], good());
        let other = change(&world, "o2", [0, 1], good());
        let mixed =
            ChangeOfficers { approvals: [ask.approvals[0].clone(), other.approvals[1].clone()] };
        let done = world.signer.change_officers(mixed).await.map(drop);
        assert_eq!(done, Err(SignerRefusal::Approval));
        assert!(world.signer.change_officers(ask).await.is_ok(), "nothing was spent");
    });
}
