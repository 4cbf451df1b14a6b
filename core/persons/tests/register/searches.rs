//! Looking by name.

use base::PartialDate;
use persons_contract::{
    CodeReason, EnterPerson, FindRefusal, Group, Kind, MAX_HITS, Search, SearchPersons,
    SearchRefusal, Value,
};
use simulation::Role;

use crate::world::{
    World, assertion, code, in_a_world, member, name, official, spare, under, writing,
};

fn by(name: &str, birth: Option<&str>) -> SearchPersons {
    SearchPersons {
        name: name.to_owned(),
        birth: birth.map(|date| date.parse().unwrap()),
        groups: [Group::Names].into(),
        on: None,
    }
}

async fn enter(world: &World, number: u64, given: &str, birth: &str) -> base::PersonId {
    let date: PartialDate = birth.parse().unwrap();
    let birth = Value::Birth { date, place: None, country: None };
    let facts = vec![
        assertion(name(given, "Meklējamā"), "1990-01-01"),
        assertion(code(&spare(number), CodeReason::First), "2020-01-01"),
        assertion(birth, "1990-01-01"),
    ];
    let desk = writing("pmlp/desk", "200");
    world.persons.enter(&desk, EnterPerson { facts }).await.unwrap().person
}

#[test]
fn one_bearer_is_found_however_the_name_is_written() {
    in_a_world(|world| async move {
        let anna = member(Role::Adult).person;
        for text in ["Anna Parauga", "ANNA-PARAUGA", "annaparauga", "  Anna  Paraūga "] {
            let before = world.records(anna).await.0;
            let found = world.persons.search(&official(), by(text, None)).await.unwrap();
            let Search::Unequivocal { person } = found else { panic!("{found:?}") };
            assert_eq!(person.id, anna);
            assert_eq!(world.records(anna).await.0, before + 1);
        }
        let native = world.persons.search(&official(), by("Надежда Пиемерова", None)).await;
        assert!(matches!(native, Ok(Search::Unequivocal { .. })));
    });
}

#[test]
fn several_are_all_shown_each_with_a_record_and_a_date_tells_them_apart() {
    in_a_world(|world| async move {
        let first = enter(&world, 1, "Dace", "1990-05-05").await;
        let second = enter(&world, 2, "Dāce", "1991").await;
        let before = (world.records(first).await.0, world.records(second).await.0);
        let found = world.persons.search(&official(), by("Dace Meklējamā", None)).await.unwrap();
        let Search::Ambiguous { hits } = found else { panic!("{found:?}") };
        assert_eq!(hits.len(), 2);
        let after = (world.records(first).await.0, world.records(second).await.0);
        assert_eq!(after, (before.0 + 1, before.1 + 1));
        for (birth, who) in [("1990-05-05", first), ("1991-07-07", second), ("1990", first)] {
            let ask = by("Dace Meklējamā", Some(birth));
            let found = world.persons.search(&official(), ask).await.unwrap();
            let Search::Unequivocal { person } = found else { panic!("{found:?}") };
            assert_eq!(person.id, who, "{birth}");
        }
        let ask = by("Dace Meklējamā", Some("1960-01-01"));
        let found = world.persons.search(&official(), ask).await.unwrap();
        assert_eq!(found, Search::Discrepant { fields: [Kind::Birth].into() });
        assert_eq!(world.records(first).await.0, after.0 + 2, "a discrepancy shows nobody");
    });
}

#[test]
fn protected_persons_are_in_no_hit_list() {
    in_a_world(|world| async move {
        let ask = || by("Zane Klusā", None);
        let found = world.persons.search(&official(), ask()).await;
        assert_eq!(found, Ok(Search::None));
        let found = world.persons.search(&under("102"), ask()).await;
        assert!(matches!(found, Ok(Search::Unequivocal { .. })));
    });
}

#[test]
fn a_list_that_is_too_long_is_refused_whole() {
    in_a_world(|world| async move {
        for number in 0..=u64::try_from(MAX_HITS).unwrap() {
            enter(&world, 10 + number, "Ance", "1990-05-05").await;
        }
        let refused = world.persons.search(&official(), by("Ance Meklējamā", None)).await;
        assert_eq!(refused, Err(SearchRefusal::TooMany));
    });
}

#[test]
fn nothing_to_search_for_and_nothing_permitted_are_refused() {
    in_a_world(|world| async move {
        for text in ["", " - ", &"a".repeat(241)] {
            let refused = world.persons.search(&official(), by(text, None)).await;
            assert_eq!(refused, Err(SearchRefusal::Name), "{text}");
        }
        let ask = SearchPersons { groups: [Group::Address].into(), ..by("Anna Parauga", None) };
        let refused = world.persons.search(&under("101"), ask).await;
        assert_eq!(refused, Err(SearchRefusal::Look(FindRefusal::NotPermitted)));
    });
}
