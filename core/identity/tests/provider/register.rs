//! A stand-in for the register of persons, which knows everybody as Anna.

use std::sync::{Arc, Mutex};

use activation_contract::{Statement, typ};
use base::{Clock, Id, PersonId, Time};
use jose::jws;
use links::{Asked, Doors, Link, Party, Place};
use persons_contract::{
    AddressKind, CodeReason, Confidence, Fact, FindRefusal, NameForm, OwnEntry, Person, Source,
    Value as FactValue,
};

use crate::world::party;

/// A register that takes any evidence of the right form, and notes each look.
struct Believes;

impl links::Verifier for Believes {
    fn person<'a>(
        &'a self,
        _: &'a Party,
        evidence: &'a str,
    ) -> links::Pending<'a, Result<links::PersonProof, links::ProofError>> {
        let accept = jws::Accept::only(typ::STATEMENT, &[jws::Algorithm::Es256]);
        let read = jws::Jws::parse(evidence, accept).ok();
        let said = read.and_then(|read| read.unverified_claims::<Statement>().ok());
        let proof = said.map(|said| links::PersonProof {
            person: said.person,
            level: said.level,
            until: said.until,
        });
        Box::pin(std::future::ready(proof.ok_or(links::ProofError::Refused)))
    }
}

pub(crate) fn persons_link(
    looks: &Arc<Mutex<Vec<(String, String)>>>,
    from: &Party,
    clock: &Arc<dyn Clock>,
) -> Link {
    let looks = Arc::clone(looks);
    let doors = Doors::new(party("pmlp/persons"), Arc::clone(clock), Arc::new(Believes))
        .taking(persons_contract::TABLE)
        .answer(move |asked: Asked, _: OwnEntry| {
            let links::Proved::Person(proof) = &asked.behalf else { panic!("no person") };
            looks.lock().unwrap().push((proof.person.to_string(), asked.purpose.clone()));
            std::future::ready(Ok::<_, FindRefusal>(anna(proof.person)))
        });
    let place = Place::new();
    place.open(Arc::new(doors));
    place.link(from.clone(), Arc::clone(clock))
}

fn anna(id: PersonId) -> Person {
    let values = [
        FactValue::Name {
            form: NameForm::National,
            given: vec!["Anna".to_owned()],
            surname: vec!["Paraudziņa".to_owned()],
        },
        FactValue::Birth { date: "1990-05-12".parse().unwrap(), place: None, country: None },
        FactValue::Code { code: "PNOLV-329912-00014".parse().unwrap(), reason: CodeReason::First },
        FactValue::Address {
            of: AddressKind::Declared,
            line: "Brīvības iela 1".to_owned(),
            place: "Rīga".to_owned(),
            postcode: Some("LV-1001".to_owned()),
            country: "LV".to_owned(),
        },
    ];
    let facts = values.map(fact).to_vec();
    Person { id, revision: 1, on: base::Date::constant(2026, 5, 12), facts }
}

fn fact(value: FactValue) -> Fact {
    Fact {
        id: Id::from_bytes([1; 16]),
        value,
        from: None,
        to: None,
        writer: "pmlp".to_owned(),
        basis: "test".to_owned(),
        source: Source { kind: "act".to_owned(), number: None, date: None, issuer: "t".to_owned() },
        confidence: Confidence::Verified,
        disputed: false,
        recorded_at: Time::EPOCH,
    }
}
