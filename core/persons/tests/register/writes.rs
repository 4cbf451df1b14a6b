//! Writing facts.

use base::PersonId;
use persons::OnBehalf;
use persons_contract::{
    Assertion, Change, CodeReason, EnterPerson, Fact, Group, Kind, OwnEntry, Person, RecordFacts,
    RecordRefusal, Recorded, Relation, Search, SearchPersons, Value,
};
use simulation::Role;
use store::{StoreError, values};

use crate::world::{
    World, asking, assertion, code, code_of, find, in_a_world, member, name, official, source,
    spare, under, writing,
};

async fn whole(world: &World, role: Role) -> Person {
    let groups = Group::ALL.map(|(group, _)| group);
    world.persons.find(&under("102"), find(&code_of(role), &groups)).await.unwrap()
}

fn fact(person: &Person, kind: Kind) -> Fact {
    person.facts.iter().find(|fact| fact.value.kind() == kind).unwrap().clone()
}

fn ended(old: &Fact, on: &str) -> Change {
    let again = Assertion { from: old.from, ..assertion(old.value.clone(), "2000-01-01") };
    let to = Some(on.parse().unwrap());
    Change::Assert(Assertion { to, supersedes: Some(old.id), ..again })
}

async fn record(
    world: &World,
    person: &Person,
    changes: Vec<Change>,
) -> Result<Recorded, RecordRefusal> {
    let ask = RecordFacts { person: person.id, revision: person.revision, changes };
    world.persons.record(&writing("pmlp/desk", "200"), ask).await
}

#[test]
fn a_name_change_keeps_the_old_name_and_is_told() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let new = assertion(name("Anna", "Jaunā"), "2026-05-01");
        let changes = vec![ended(&fact(&anna, Kind::Name), "2026-05-01"), Change::Assert(new)];
        let before = world.records(anna.id).await.0;
        let recorded = record(&world, &anna, changes).await.unwrap();
        assert_eq!((recorded.revision, recorded.facts.len()), (anna.revision + 1, 2));
        assert_eq!(world.records(anna.id).await.0, before + 1);
        assert_eq!(whole(&world, Role::Adult).await.shown_name(), "Anna Jaunā");
        for receiver in ["pki", "identity"] {
            let told = world.told(receiver).await;
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].0, "persons.name-changed");
            assert!(!told[0].1.contains("Jaun"), "an event carries no name");
        }
        let ask = SearchPersons {
            name: "Anna Parauga".to_owned(),
            birth: None,
            groups: [Group::Names].into(),
            on: None,
        };
        let found = world.persons.search(&official(), ask).await.unwrap();
        assert!(matches!(found, Search::Unequivocal { .. }), "by the former name too");
    });
}

#[test]
fn a_voluntary_change_of_code_tells_old_and_new() {
    in_a_world(|world| async move {
        let toms = whole(&world, Role::Fifteen).await;
        let new = assertion(code(&spare(1), CodeReason::Voluntary), "2026-05-01");
        let changes = vec![ended(&fact(&toms, Kind::Code), "2026-05-01"), Change::Assert(new)];
        record(&world, &toms, changes).await.unwrap();
        for found in [code_of(Role::Fifteen), spare(1)] {
            let seen = world.found(&found).await.unwrap();
            assert_eq!((seen.id, seen.code()), (toms.id, Some(&spare(1))));
        }
        let told = world.told("pki").await;
        assert_eq!(told[0].0, "persons.code-changed");
        assert!(told[0].1.contains(&code_of(Role::Fifteen).x509()));
    });
}

/// The child of nine is adopted: new code, new name, other parents.
async fn adopt(world: &World) -> Person {
    let child = whole(world, Role::ChildOfNine).await;
    let parent = member(Role::Adult).person;
    let relation = Relation::Parent;
    let new = |value| Change::Assert(assertion(value, "2026-05-01"));
    let changes = vec![
        ended(&fact(&child, Kind::Code), "2026-05-01"),
        ended(&fact(&child, Kind::Name), "2026-05-01"),
        ended(&fact(&child, Kind::Parent), "2026-05-01"),
        new(code(&spare(2), CodeReason::Adoption)),
        new(name("Emīls", "Paraugs")),
        new(Value::Parent { person: parent, relation }),
    ];
    record(world, &child, changes).await.unwrap();
    child
}

#[test]
fn after_an_adoption_nothing_leads_from_the_old_to_the_new() {
    in_a_world(|world| async move {
        let child = adopt(&world).await;
        let old = code_of(Role::ChildOfNine);
        assert!(world.found(&old).await.is_none(), "the old code finds nobody");
        assert_eq!(world.found(&spare(2)).await.unwrap().id, child.id);
        let by_old_name = SearchPersons {
            name: "Emīls Piemērs".to_owned(),
            birth: None,
            groups: [Group::Names].into(),
            on: None,
        };
        let found = world.persons.search(&official(), by_old_name.clone()).await;
        assert_eq!(found, Ok(Search::None));
        let own = asking(OnBehalf::Person(child.id));
        let seen = world.persons.own_entry(&own, OwnEntry { history: true }).await.unwrap();
        let text = serde_json::to_string(&seen).unwrap();
        for former in [&old.x509(), "Piemērs", &member(Role::ParentOfChild).person.to_string()] {
            assert!(!text.contains(former), "{former} in {text}");
        }
        let parent = asking(OnBehalf::Person(member(Role::ParentOfChild).person));
        let seen = world.persons.own_entry(&parent, OwnEntry { history: true }).await.unwrap();
        assert!(!serde_json::to_string(&seen).unwrap().contains(&child.id.to_string()));
        let told = world.told("pki").await;
        assert!(told.iter().all(|(_, body)| !body.contains(&old.x509())), "{told:?}");
        let beyond = world.persons.find(&under("102"), find(&old, &[Group::Codes])).await.unwrap();
        assert_eq!(beyond.id, child.id, "an authorised purpose finds");
        let found = world.persons.search(&under("102"), by_old_name).await;
        assert!(matches!(found, Ok(Search::Unequivocal { .. })));
    });
}

#[test]
fn a_former_code_by_adoption_is_one_answer_with_an_unknown_one() {
    in_a_world(|world| async move {
        adopt(&world).await;
        let mut outcomes = Vec::new();
        for code in [spare(7), code_of(Role::ChildOfNine)] {
            let before = world.record_sizes().await.len();
            let ask = find(&code, &[Group::Names]);
            let refused = world.persons.find(&official(), ask).await.unwrap_err();
            outcomes.push((refused, world.record_sizes().await.split_off(before)));
        }
        // The codes are of equal length, so the sealed records are too.
        assert_eq!(outcomes[0], outcomes[1]);
    });
}

#[test]
fn a_writer_writes_only_what_it_is_competent_for() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let name_change = || Change::Assert(assertion(name("Anna", "Jaunā"), "2026-05-01"));
        let ask = |changes| RecordFacts { person: anna.id, revision: anna.revision, changes };
        let notary = writing("vdaa/notaries", "202");
        let refused = world.persons.record(&notary, ask(vec![name_change()])).await;
        assert_eq!(refused, Err(RecordRefusal::NotCompetent(Kind::Name)));
        let refused = world.persons.record(&official(), ask(vec![name_change()])).await;
        assert_eq!(refused, Err(RecordRefusal::NotPermitted));
        let desk = writing("pmlp/desk", "200");
        let date = "2026-05-01".parse().unwrap();
        let (state, act) = (persons_contract::Life::Confirmed, None);
        let death = Change::Assert(assertion(Value::Death { state, date, act }, "2026-05-01"));
        let refused = world.persons.record(&desk, ask(vec![death])).await;
        assert_eq!(refused, Err(RecordRefusal::NotCompetent(Kind::Death)), "two steps, not this");
        assert_eq!(whole(&world, Role::Adult).await.revision, anna.revision);
    });
}

#[test]
fn two_writers_who_disagree_make_a_case_and_nothing_is_overwritten() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let change = Change::Assert(assertion(name("Anna", "Cita"), "2026-05-01"));
        let ask = RecordFacts { person: anna.id, revision: anna.revision, changes: vec![change] };
        let justice = writing("vdaa/registry", "201");
        let recorded = world.persons.record(&justice, ask).await.unwrap();
        assert_eq!((recorded.facts, recorded.cases.len()), (vec![None], 1));
        assert_eq!(whole(&world, Role::Adult).await.shown_name(), anna.shown_name());
        let open = |tx: &mut store::Tx| {
            tx.first::<(i64,)>("SELECT COUNT(*) FROM persons_case WHERE state = 'open'", values![])
        };
        let open = world.persons.store.read("test.cases", open).await.unwrap();
        assert_eq!(open, Some((1,)));
        assert!(world.told("pki").await.is_empty());
    });
}

#[test]
fn bad_changes_are_refused_whole() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let change = |value| Change::Assert(assertion(value, "2026-05-01"));
        let stranger = PersonId::from_bytes([9; 16]);
        let relation = Relation::Parent;
        let parent = |person| change(Value::Parent { person, relation });
        let retract = |fact| Change::Retract { fact, basis: "test".to_owned(), source: source() };
        let good = || change(Value::Citizenship { country: "EE".to_owned() });
        let foreign = fact(&whole(&world, Role::Fifteen).await, Kind::Name).id;
        let backwards = Assertion {
            to: Some("2020-01-01".parse().unwrap()),
            ..assertion(Value::Citizenship { country: "EE".to_owned() }, "2026-05-01")
        };
        let taken = code(&code_of(Role::Deceased), CodeReason::Voluntary);
        let end_code = || ended(&fact(&anna, Kind::Code), "2026-05-01");
        for (changes, refusal) in [
            (vec![], RecordRefusal::Count),
            (vec![good(); 51], RecordRefusal::Count),
            (vec![good(), change(name("Anna1", "X"))], RecordRefusal::Value(Kind::Name)),
            (vec![good(), parent(stranger)], RecordRefusal::Value(Kind::Parent)),
            (vec![good(), parent(anna.id)], RecordRefusal::Value(Kind::Parent)),
            (vec![good(), Change::Assert(backwards)], RecordRefusal::Value(Kind::Citizenship)),
            (vec![good(), change(name("Anna", "Cita"))], RecordRefusal::Stands(Kind::Name)),
            (vec![good(), retract(foreign)], RecordRefusal::NoFact),
            (vec![end_code(), change(taken)], RecordRefusal::CodeTaken),
        ] {
            assert_eq!(record(&world, &anna, changes).await, Err(refusal));
        }
        assert_eq!(whole(&world, Role::Adult).await, anna, "nothing was kept");
        let stale = Person { revision: anna.revision - 1, ..anna.clone() };
        assert_eq!(record(&world, &stale, vec![good()]).await, Err(RecordRefusal::Changed));
        let nobody = Person { id: stranger, ..anna };
        assert_eq!(record(&world, &nobody, vec![good()]).await, Err(RecordRefusal::NotFound));
    });
}

#[test]
fn protection_begins_and_ends_by_facts() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let protect = Change::Assert(assertion(Value::Protection { level: 1 }, "2026-05-01"));
        let fact = record(&world, &anna, vec![protect]).await.unwrap().facts[0].unwrap();
        assert!(world.found(&code_of(Role::Adult)).await.is_none());
        let anna = whole(&world, Role::Adult).await;
        let end = Change::Retract { fact, basis: "test".to_owned(), source: source() };
        record(&world, &anna, vec![end]).await.unwrap();
        assert!(world.found(&code_of(Role::Adult)).await.is_some());
    });
}

#[test]
fn a_person_is_entered_once_per_code() {
    in_a_world(|world| async move {
        let desk = writing("pmlp/desk", "200");
        let facts = |number| {
            vec![
                assertion(name("Jauna", "Persona"), "2026-05-01"),
                assertion(code(&spare(number), CodeReason::First), "2026-05-01"),
            ]
        };
        let enter = |facts| world.persons.enter(&desk, EnterPerson { facts });
        let entered = enter(facts(1)).await.unwrap();
        assert_eq!(entered.facts.len(), 2);
        assert_eq!(world.found(&spare(1)).await.unwrap().id, entered.person);
        assert_eq!(world.records(entered.person).await.0, 2, "the entry and the look");
        assert_eq!(enter(facts(1)).await, Err(RecordRefusal::CodeTaken));
        assert_eq!(enter(vec![]).await, Err(RecordRefusal::Count));
        let nameless = facts(2).split_off(1);
        assert_eq!(enter(nameless).await, Err(RecordRefusal::Value(Kind::Name)));
        let codeless = vec![assertion(name("Jauna", "Persona"), "2026-05-01")];
        assert_eq!(enter(codeless).await, Err(RecordRefusal::Value(Kind::Code)));
        let count = |tx: &mut store::Tx| {
            let count = tx.first::<(i64,)>("SELECT COUNT(*) FROM persons_person", values![])?;
            Ok::<_, StoreError>(count.unwrap().0)
        };
        let count = world.persons.store.read("test.count", count).await.unwrap();
        assert_eq!(count, 121, "a refused entry leaves nobody");
    });
}

#[test]
fn of_two_writers_at_once_one_is_told_to_look_again() {
    in_a_world(|world| async move {
        let anna = whole(&world, Role::Adult).await;
        let citizen = |of: &str| {
            vec![Change::Assert(assertion(Value::Citizenship { country: of.to_owned() }, "2026"))]
        };
        let (first, second) = tokio::join!(
            record(&world, &anna, citizen("EE")),
            record(&world, &anna, citizen("LT"))
        );
        let changed =
            |done: &Result<Recorded, RecordRefusal>| matches!(done, Err(RecordRefusal::Changed));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert!(changed(&first) || changed(&second));
    });
}

#[test]
fn sixteen_writers_seldom_get_into_each_others_way() {
    in_a_world(|world| async move {
        let world = std::sync::Arc::new(world);
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..16_u64 {
            let world = std::sync::Arc::clone(&world);
            writers.spawn(async move {
                let desk = writing("pmlp/desk", "200");
                for number in 0..6 {
                    let code = code(&spare(100 + writer * 6 + number), CodeReason::First);
                    let facts = vec![
                        assertion(name("Jauna", "Persona"), "2026-05-01"),
                        assertion(code, "2026-05-01"),
                    ];
                    world.persons.enter(&desk, EnterPerson { facts }).await.unwrap();
                }
            });
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
        let figures = world.persons.store.statistics();
        let figures = figures.get("persons.enter").unwrap();
        assert!(figures.retries * 20 <= figures.count, "{figures:?}");
    });
}
