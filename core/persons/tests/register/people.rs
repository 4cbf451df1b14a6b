//! Taking over a country, and handles.

use audit::handle::{Epoch, HandleKey, Proof, Realm};
use persons::{ImportError, Newcomer, OnBehalf};
use persons_contract::{
    Assertion, CodeReason, GrantHandle, Group, HandleKeys, HandleRefusal, Kind, Value,
};
use simulation::Role;

use crate::world::{
    COUNTRY, asking, assertion, code, code_of, find, in_a_world, member, name, official, spare,
};

#[test]
fn everybody_of_the_cast_is_there_as_simulated() {
    in_a_world(|world| async move {
        for member in COUNTRY.cast() {
            let found = world.found(&member.code.clone().unwrap()).await;
            match member.role {
                Role::Protected => assert!(found.is_none()),
                _ => {
                    let found = found.unwrap();
                    assert_eq!((found.id, found.shown_name()), (member.person, member.name));
                    assert_eq!(found.code(), member.code.as_ref());
                }
            }
        }
        let links = find(&code_of(Role::TwoForeignEids), &[Group::Links]);
        let seen = world.persons.find(&official(), links).await.unwrap();
        let links = seen.facts.iter().filter(|fact| fact.value.kind() == Kind::Link);
        assert_eq!(links.count(), 2);
    });
}

#[test]
fn a_batch_with_somebody_twice_or_a_bad_fact_is_refused_whole() {
    in_a_world(|world| async move {
        let system = asking(OnBehalf::System("import".to_owned()));
        let person =
            |byte: u8, facts| Newcomer { person: base::PersonId::from_bytes([byte; 16]), facts };
        let good = |number| {
            vec![
                assertion(name("Jauna", "Persona"), "2026-05-01"),
                assertion(code(&spare(number), CodeReason::First), "2026-05-01"),
            ]
        };
        let import = |people| world.persons.import(&system, "pmlp", people);
        let taken = import(vec![person(1, good(1)), person(2, good(1))]).await;
        assert!(matches!(taken, Err(ImportError::Store(_))), "{taken:?}");
        let bad = vec![assertion(Value::Citizenship { country: "?".to_owned() }, "2026-05-01")];
        let taken = import(vec![person(1, good(1)), person(2, bad)]).await;
        assert!(matches!(taken, Err(ImportError::Fact(_))), "{taken:?}");
        assert!(world.found(&spare(1)).await.is_none());
        import(vec![person(1, good(1)), person(2, good(2))]).await.unwrap();
        assert!(world.found(&spare(1)).await.is_some() && world.found(&spare(2)).await.is_some());
    });
}

#[test]
fn a_code_from_before_an_adoption_finds_nobody_after_a_takeover_too() {
    in_a_world(|world| async move {
        let system = asking(OnBehalf::System("import".to_owned()));
        let before = Assertion {
            to: Some("2020-01-01".parse().unwrap()),
            ..assertion(code(&spare(1), CodeReason::First), "2019-01-01")
        };
        let facts = vec![
            assertion(name("Jauna", "Persona"), "2020-01-01"),
            before,
            assertion(code(&spare(2), CodeReason::Adoption), "2020-01-01"),
        ];
        let newcomer = Newcomer { person: base::PersonId::from_bytes([1; 16]), facts };
        world.persons.import(&system, "pmlp", vec![newcomer]).await.unwrap();
        assert!(world.found(&spare(1)).await.is_none());
        let found = world.found(&spare(2)).await.unwrap();
        assert_eq!(found.code(), Some(&spare(2)));
        assert_eq!(found.facts.len(), 2, "a name and one code");
    });
}

#[test]
fn a_handle_is_proved_for_the_owner_who_asked() {
    in_a_world(|world| async move {
        let published = world.persons.handle_key(&HandleKeys { epoch: 2026 }).unwrap();
        let fixed: Vec<Vec<u8>> = published.fixed.into_iter().map(|bytes| bytes.0).collect();
        let key = HandleKey::checked(Epoch(2026), &published.spki.0, &fixed.try_into().unwrap());
        let key = key.unwrap();
        let vdaa = asking(OnBehalf::System("log".to_owned()));
        let ask = GrantHandle { person: member(Role::Adult).person, epoch: 2026 };
        let grant = world.persons.grant_handle(&vdaa, ask.clone()).await.unwrap();
        assert_eq!(grant.code, code_of(Role::Adult));
        let proof = Proof::new(grant.proof.0).unwrap();
        let realm = |owner: &str| Realm { owner: owner.parse().unwrap(), epoch: Epoch(2026) };
        assert!(key.handle(&realm("vdaa"), &grant.code, &proof).is_ok());
        assert!(key.handle(&realm("pmlp"), &grant.code, &proof).is_err(), "nobody else's");
        let other = GrantHandle { epoch: 2030, ..ask };
        let refused = world.persons.grant_handle(&vdaa, other).await;
        assert_eq!(refused, Err(HandleRefusal::Epoch));
        let nobody = GrantHandle { person: base::PersonId::from_bytes([9; 16]), epoch: 2026 };
        let refused = world.persons.grant_handle(&vdaa, nobody).await;
        assert_eq!(refused, Err(HandleRefusal::NotFound));
        assert_eq!(
            world.persons.handle_key(&HandleKeys { epoch: 2030 }),
            Err(HandleRefusal::Epoch)
        );
    });
}

#[test]
fn the_competence_table_names_only_kinds_there_are() {
    for rule in &country::COMPETENCES {
        for kind in rule.says.kinds {
            assert!(Kind::named(kind).is_some(), "{kind}");
        }
    }
    let written =
        |kind: &str| country::COMPETENCES.iter().any(|rule| rule.says.kinds.contains(&kind));
    assert!(Kind::ALL.iter().all(|(_, name)| written(name)), "every kind has a writer");
}

#[test]
fn a_country_is_taken_over_in_batches() {
    in_a_world(|world| async move {
        let country = simulation::Country { seed: 2, population: 1_200, ..COUNTRY };
        let system = asking(OnBehalf::System("import".to_owned()));
        // Past the codes of the people who are there.
        let mut people = country.people().skip(200);
        loop {
            let batch = people.by_ref().take(500);
            let batch: Vec<_> =
                batch.map(|one| Newcomer { person: one.person, facts: one.facts }).collect();
            if batch.is_empty() {
                break;
            }
            world.persons.import(&system, "pmlp", batch).await.unwrap();
        }
    });
}
