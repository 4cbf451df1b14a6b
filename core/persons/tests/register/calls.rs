//! Calls over a link, and writes that are done once.

use std::sync::Arc;

use base::Time;
use links::{
    Call, CallFault, Doors, Link, OnBehalf, Party, Pending, PersonProof, Place, ProofError,
    Verifier,
};
use persons_contract::{
    CodeReason, EnterPerson, FindPerson, FindRefusal, Group, OwnEntry, RecordRefusal, ReportDeath,
};
use simulation::Role;
use store::idempotency::Key;

use crate::world::{
    World, assertion, code, code_of, find, in_a_world, member, name, source, spare, writing,
};

/// Lets permissions pass, which the register asks itself, and takes a person's id for evidence.
struct Trusting;

impl Verifier for Trusting {
    fn person<'a>(
        &'a self,
        _: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        let person = evidence.parse().map_err(|_| ProofError::Refused);
        let until = Time::from_seconds(4_000_000_000);
        let proof = person.map(|person| PersonProof { person, level: "demo".to_owned(), until });
        Box::pin(std::future::ready(proof))
    }

    fn permission<'a>(
        &'a self,
        _: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn system<'a>(
        &'a self,
        _: &'a Party,
        _: &'a str,
        _: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

fn link(world: &World, from: &str) -> Link {
    let (place, clock) = (Place::new(), world.persons.clock.clone());
    let callee = "pmlp/persons".parse().unwrap();
    let doors = Doors::new(callee, clock.clone(), Arc::new(Trusting));
    place.open(Arc::new(world.persons.answering(doors)));
    place.link(from.parse().unwrap(), clock)
}

fn permission(number: &str) -> OnBehalf {
    OnBehalf::Permission { number: number.to_owned() }
}

#[test]
fn a_person_is_got_over_a_link_for_a_purpose_and_by_the_party_permitted() {
    in_a_world(|world| async move {
        let anna = || find(&code_of(Role::Adult), &[Group::Names]);
        let office = link(&world, "vdaa/office");
        let seen = office.call(Call::new(anna(), permission("100"), "service")).await.unwrap();
        assert_eq!(seen.shown_name(), "Anna Parauga");
        let refused = |call: Result<_, CallFault<FindRefusal>>| match call {
            Err(CallFault::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        };
        let wrong = office.call(Call::new(anna(), permission("100"), "curiosity")).await;
        assert_eq!(refused(wrong), FindRefusal::NotPermitted);
        let other = link(&world, "lvrtc/portal");
        let wrong = other.call(Call::new(anna(), permission("100"), "service")).await;
        assert_eq!(refused(wrong), FindRefusal::NotPermitted);
        let ask = || FindPerson { code: spare(1), ..anna() };
        let unknown = office.call(Call::new(ask(), permission("100"), "service")).await;
        assert_eq!(refused(unknown), FindRefusal::NotFound);
        let evidence = member(Role::Adult).person.to_string();
        let own = Call::new(OwnEntry::default(), OnBehalf::Person { evidence }, "own-data");
        assert_eq!(other.call(own).await.unwrap().id, member(Role::Adult).person);
        let kind = Call::new(OwnEntry::default(), permission("100"), "own-data");
        assert!(matches!(office.call(kind).await, Err(CallFault::Problem(_))), "a wrong kind");
    });
}

#[test]
fn a_write_under_a_key_is_done_once_and_answers_the_same() {
    in_a_world(|world| async move {
        let desk = link(&world, "pmlp/desk");
        let enter = |number| EnterPerson {
            facts: vec![
                assertion(name("Jauna", "Persona"), "2026-05-01"),
                assertion(code(&spare(number), CodeReason::First), "2026-05-01"),
            ],
        };
        let call = |number| Call::new(enter(number), permission("200"), "service").once("k1");
        let first = desk.call(call(1)).await.unwrap();
        let records = world.records(first.person).await.0;
        assert_eq!(desk.call(call(1)).await.unwrap(), first);
        assert_eq!(world.records(first.person).await.0, records);
        let other = desk.call(call(2)).await;
        assert!(matches!(other, Err(CallFault::Refused(RecordRefusal::KeyReused))), "{other:?}");
        assert!(world.found(&spare(2)).await.is_none());
        let registry = link(&world, "vdaa/registry");
        let call = Call::new(enter(3), permission("201"), "service").once("k1");
        let refused = registry.call(call).await;
        let code = persons_contract::Kind::Code;
        let expected = RecordRefusal::NotCompetent(code);
        assert!(matches!(refused, Err(CallFault::Refused(refusal)) if refusal == expected));
    });
}

#[test]
fn a_death_reported_twice_under_one_key_is_told_once() {
    in_a_world(|world| async move {
        let person = member(Role::Adult).person;
        let date = "2026-05".parse().unwrap();
        let report = || ReportDeath { person, date, basis: "test".to_owned(), source: source() };
        let now = base::Clock::now(&world.trial.clock);
        let key = Some(Key::new("test", b"k1", b"report", now));
        let desk = persons::Asking { key, ..writing("pmlp/desk", "200") };
        let first = world.persons.report_death(&desk, report()).await.unwrap();
        assert_eq!(world.persons.report_death(&desk, report()).await.unwrap(), first);
        assert_eq!(world.told("pki").await.len(), 1);
    });
}
