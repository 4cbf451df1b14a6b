//! Looking by code, and at oneself.

use std::time::Duration;

use base::{ActingFor, Basis, Identifier, Time};
use persons::{Asking, OnBehalf};
use persons_contract::{FindRefusal, Group, Kind, Life, OwnEntry, Value};
use simulation::Role;

use crate::world::{code_of, find, in_a_world, member, official, spare, under, writing};

#[test]
fn a_look_shows_the_groups_asked_for_and_leaves_a_record_of_the_person() {
    in_a_world(|world| async move {
        let anna = member(Role::Adult);
        let before = world.records(anna.person).await;
        let ask = find(&code_of(Role::Adult), &[Group::Names, Group::Birth]);
        let seen = world.persons.find(&official(), ask).await.unwrap();
        assert_eq!((seen.id, seen.shown_name()), (anna.person, anna.name));
        let groups: Vec<_> = seen.facts.iter().map(|fact| fact.value.kind()).collect();
        assert!(groups.iter().all(|kind| [Kind::Name, Kind::Birth].contains(kind)), "{groups:?}");
        let after = world.records(anna.person).await;
        assert_eq!((after.0, after.1), (before.0 + 1, before.1 + 2), "hers, and the request's");
    });
}

#[test]
fn a_look_at_relatives_leaves_a_record_of_each() {
    in_a_world(|world| async move {
        let (parent, child) = (member(Role::ParentOfChild), member(Role::ChildOfNine));
        let before = world.records(child.person).await.0;
        let ask = find(&code_of(Role::ParentOfChild), &[Group::Family]);
        let seen = world.persons.find(&official(), ask).await.unwrap();
        assert_eq!(seen.id, parent.person);
        assert!(seen.facts.iter().any(|fact| fact.value.other() == Some(child.person)));
        assert_eq!(world.records(child.person).await.0, before + 1);
    });
}

#[test]
fn unknown_and_protected_persons_are_one_answer_and_one_record() {
    in_a_world(|world| async move {
        let groups = [Group::Names, Group::Address, Group::Family];
        let mut outcomes = Vec::new();
        for code in [spare(1), code_of(Role::Protected)] {
            let before = world.record_sizes().await.len();
            let refused = world.persons.find(&official(), find(&code, &groups)).await.unwrap_err();
            let records = world.record_sizes().await.split_off(before);
            outcomes.push((serde_json::to_string(&refused).unwrap(), records));
        }
        assert_eq!(outcomes[0], outcomes[1]);
        assert_eq!(outcomes[0].0, "\"not-found\"");
        assert_eq!(outcomes[0].1.len(), 1);
        let (beyond, ask) = (under("102"), find(&code_of(Role::Protected), &groups));
        let allowed = world.persons.find(&beyond, ask).await;
        assert_eq!(allowed.unwrap().id, member(Role::Protected).person);
    });
}

#[test]
fn what_no_permission_covers_is_recorded_and_refused() {
    in_a_world(|world| async move {
        let anna = code_of(Role::Adult);
        let names = || find(&anna, &[Group::Names]);
        let wrong = |purpose: &str| Asking { purpose: purpose.to_owned(), ..official() };
        let system = Asking { system: "vdaa/other".to_owned(), ..official() };
        let person = crate::world::asking(OnBehalf::Person(member(Role::Adult).person));
        let job = crate::world::asking(OnBehalf::System("100".to_owned()));
        let cases = [
            (wrong("curiosity"), names(), FindRefusal::NotPermitted),
            (system, names(), FindRefusal::NotPermitted),
            (under("999"), names(), FindRefusal::NotPermitted),
            (person, names(), FindRefusal::NotPermitted),
            (job, names(), FindRefusal::NotPermitted),
            (under("101"), find(&anna, &[Group::Address]), FindRefusal::NotPermitted),
            (under("101"), find(&spare(1), &[Group::Address]), FindRefusal::NotPermitted),
            (official(), find(&anna, &[]), FindRefusal::Nothing),
        ];
        for (asking, ask, refusal) in cases {
            let (own, all) = world.records(member(Role::Adult).person).await;
            assert_eq!(world.persons.find(&asking, ask).await, Err(refusal), "{asking:?}");
            let after = world.records(member(Role::Adult).person).await;
            assert_eq!(after, (own, all + 1), "one record, nobody's");
        }
    });
}

#[test]
fn a_permission_ends_on_its_day() {
    in_a_world(|world| async move {
        let anna = code_of(Role::Adult);
        assert!(world.found(&anna).await.is_some());
        assert!(world.persons.end_permission("100", "2026-05-13".parse().unwrap()).await.unwrap());
        assert!(world.found(&anna).await.is_some());
        // 21:00 UTC is the next day in the country.
        let tomorrow: Time = "2026-05-12T21:00:00Z".parse().unwrap();
        world.trial.clock.pass(tomorrow.since("2026-05-12T10:00:00Z".parse().unwrap()));
        let ask = find(&anna, &[Group::Names]);
        let refused = world.persons.find(&official(), ask).await;
        assert_eq!(refused, Err(FindRefusal::NotPermitted));
        assert!(!world.persons.end_permission("100", "2026-05-13".parse().unwrap()).await.unwrap());
    });
}

#[test]
fn without_a_handle_nothing_is_shown() {
    in_a_world(|world| async move {
        // There is no handle key of the next year; the writer's permission has not ended by then.
        let ask = find(&code_of(Role::Adult), &[Group::Names]);
        world.trial.clock.pass(Duration::from_hours(24 * 233 + 12));
        assert_eq!(country::date(base::Clock::now(&world.trial.clock)).year(), 2027);
        let grant = persons::Permission {
            number: "300".to_owned(),
            system: "vdaa/office".to_owned(),
            organisation: "test".to_owned(),
            operations: ["persons/find".to_owned()].into(),
            purposes: ["service".to_owned()].into(),
            groups: [Group::Names].into(),
            writer: None,
            beyond: [].into(),
            legal_basis: "test".to_owned(),
            valid_from: "2027-01-01".parse().unwrap(),
            valid_to: None,
        };
        assert!(world.persons.grant(grant).await.unwrap());
        let refused = world.persons.find(&under("300"), ask).await;
        assert_eq!(refused, Err(FindRefusal::Unrecorded));
    });
}

#[test]
fn a_code_finds_in_any_of_its_forms() {
    in_a_world(|world| async move {
        let anna = code_of(Role::Adult);
        let digits: Identifier = format!("PNOLV-{}", anna.stored()).parse().unwrap();
        assert!(world.found(&digits).await.is_some());
        for text in ["PNOLV-1", "PNOEE-32990000014", "IDCLV-PA0000001"] {
            assert!(world.found(&text.parse().unwrap()).await.is_none(), "{text}");
        }
        let eid: Identifier = "PNOEE-99900000015".parse().unwrap();
        assert_eq!(world.found(&eid).await.unwrap().id, member(Role::TwoForeignEids).person);
    });
}

#[test]
fn a_former_code_finds_after_a_voluntary_change() {
    in_a_world(|world| async move {
        let changed = member(Role::ChangedCode);
        let entry = simulation_entry(changed.person);
        let codes = entry.into_iter().filter_map(|value| match value {
            Value::Code { code, .. } => Some(code),
            _ => None,
        });
        let codes: Vec<_> = codes.collect();
        assert_eq!(codes.len(), 2);
        for code in codes {
            let seen = world.found(&code).await.unwrap();
            assert_eq!((seen.id, seen.code()), (changed.person, changed.code.as_ref()));
        }
    });
}

fn simulation_entry(person: base::PersonId) -> Vec<Value> {
    let mut people = crate::world::COUNTRY.people();
    let entry = people.find(|one| one.person == person).unwrap();
    entry.facts.into_iter().map(|fact| fact.value).collect()
}

#[test]
fn a_person_sees_her_own_entry_and_a_record_of_it() {
    in_a_world(|world| async move {
        let protected = member(Role::Protected).person;
        let own = crate::world::asking(OnBehalf::Person(protected));
        let before = world.records(protected).await.0;
        let seen = world.persons.own_entry(&own, OwnEntry { history: true }).await.unwrap();
        assert_eq!(seen.id, protected);
        assert!(seen.facts.iter().all(|fact| fact.value.kind() != Kind::Protection));
        assert_eq!(world.records(protected).await.0, before + 1);
        let for_another = Asking {
            acting_for: ActingFor::Another {
                principal: member(Role::ChildOfNine).person,
                basis: Basis::Custody,
                scope: "all".to_owned(),
                until: Time::from_seconds(i64::MAX / 1_000_000),
            },
            ..own
        };
        for asking in [for_another, official(), writing("pmlp/desk", "200")] {
            let refused = world.persons.own_entry(&asking, OwnEntry::default()).await;
            assert_eq!(refused, Err(FindRefusal::NotPermitted));
        }
    });
}

#[test]
fn a_look_for_another_day_shows_what_held_then() {
    in_a_world(|world| async move {
        let code = code_of(Role::ChangedCode);
        let on = Some("2020-01-01".parse().unwrap());
        let ask = persons_contract::FindPerson { on, ..find(&code, &[Group::Codes, Group::Life]) };
        let seen = world.persons.find(&official(), ask).await.unwrap();
        assert_ne!(seen.code(), Some(&code), "the old one was held");
        assert_eq!(seen.life(), Life::Alive);
        let ask = find(&code_of(Role::Deceased), &[Group::Life]);
        let seen = world.persons.find(&official(), ask).await.unwrap();
        assert_eq!(seen.life(), Life::Confirmed);
    });
}
