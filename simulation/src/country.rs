//! The stream of people.

use std::collections::VecDeque;

use base::Date;

use crate::cast::{self, CastMember};
use crate::entry::Newcomer;
use crate::household::{Household, LARGEST};

/// A country: who lives in it follows from these three alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// Another seed, other people.
    pub seed: u64,
    /// How many people. The cast is among them, and there always.
    pub population: u64,
    /// The day on which the country is as it is: ages are counted from it.
    pub today: Date,
}

impl Country {
    /// Everybody, the cast first, parents before children; one household in memory at a time.
    #[must_use]
    pub fn people(&self) -> People {
        let waiting: VecDeque<_> = cast::entries(self).into();
        let given = u64::try_from(waiting.len()).unwrap_or(0);
        People { country: *self, household: 0, given, waiting }
    }

    /// The fixed cast for integrators, an adult citizen first.
    #[must_use]
    pub fn cast(&self) -> Vec<CastMember> {
        cast::members(self)
    }
}

/// The people of a country, one after another.
#[derive(Debug)]
pub struct People {
    country: Country,
    household: u64,
    given: u64,
    waiting: VecDeque<Newcomer>,
}

impl Iterator for People {
    type Item = Newcomer;

    fn next(&mut self) -> Option<Newcomer> {
        let room = self.country.population.saturating_sub(self.given);
        if self.waiting.is_empty() && room > 0 {
            let household = Household {
                country: self.country,
                number: self.household,
                first: self.given,
                room: usize::try_from(room).unwrap_or(LARGEST),
            };
            self.waiting = household.people().into();
            self.household += 1;
            self.given += u64::try_from(self.waiting.len()).unwrap_or(0);
        }
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use base::{PartialDate, PersonId};
    use country::PersonalCode;
    use persons_contract::{Kind, Life, Relation, Value};

    use super::*;

    fn country(population: u64) -> Country {
        Country { seed: 1, population, today: "2026-11-25".parse().unwrap() }
    }

    fn birth(newcomer: &Newcomer) -> Date {
        let birth = newcomer.facts.iter().find_map(|fact| match fact.value {
            Value::Birth { date, .. } => Some(date.first_day()),
            _ => None,
        });
        birth.unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_other_people() {
        let bytes = |seed| {
            let people = Country { seed, ..country(300) }.people();
            let facts: Vec<_> = people.map(|one| (one.person, one.facts)).collect();
            serde_json::to_string(&facts).unwrap()
        };
        assert_eq!(bytes(1), bytes(1));
        assert_ne!(bytes(1), bytes(2));
    }

    #[test]
    fn there_are_as_many_as_asked_for_and_a_longer_stream_begins_alike() {
        let ids = |population| -> Vec<PersonId> {
            country(population).people().map(|one| one.person).collect()
        };
        let long = ids(1000);
        assert_eq!(long.len(), 1000);
        for population in [50, 51, 52, 53, 997] {
            let short = ids(population);
            assert_eq!(u64::try_from(short.len()), Ok(population));
            let alike = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
            assert!(short.len() - alike <= LARGEST, "only the last household is cut");
        }
    }

    #[test]
    fn no_code_is_anybodys_and_none_is_given_twice() {
        let mut seen = BTreeSet::new();
        for newcomer in country(5_000).people() {
            let codes = newcomer.facts.iter().filter_map(|fact| match &fact.value {
                Value::Code { code, .. } => Some(code.clone()),
                _ => None,
            });
            for code in codes {
                assert!(PersonalCode::from_identifier(&code).unwrap().is_synthetic());
                assert!(seen.insert(code));
            }
        }
        assert!(seen.len() > 5_000, "some have changed theirs");
    }

    #[test]
    fn families_agree() {
        let people: BTreeMap<_, _> = country(3_000).people().map(|one| (one.person, one)).collect();
        let (mut children, mut couples) = (0, 0);
        for newcomer in people.values() {
            for fact in &newcomer.facts {
                match &fact.value {
                    Value::Parent { person, relation } => {
                        assert_eq!(*relation, Relation::Parent);
                        let older = birth(&people[person]).until(birth(newcomer)).unwrap();
                        let years = older.get_days() / 365;
                        assert!((16..=62).contains(&years), "{years}");
                        children += 1;
                    }
                    Value::Marital { spouse: Some(spouse), .. } => {
                        let back = people[spouse].facts.iter().any(|fact| {
                            fact.value.other() == Some(newcomer.person)
                                && fact.value.kind() == Kind::Marital
                        });
                        assert!(back, "a spouse's spouse");
                        couples += 1;
                    }
                    _ => {}
                }
            }
        }
        assert!(children > 500 && couples > 300, "{children} {couples}");
    }

    #[test]
    fn ages_and_intervals_are_plausible() {
        let today = country(1).today;
        for newcomer in country(3_000).people() {
            let born = birth(&newcomer);
            let years = born.until(today).unwrap().get_days() / 365;
            assert!((0..=105).contains(&years), "{years}");
            for fact in &newcomer.facts {
                let from = fact.from.map(PartialDate::first_day);
                assert!(from.is_none_or(|from| born <= from && from <= today));
                assert!(fact.to.is_none_or(|to| from.unwrap() < to.first_day()));
            }
            let name = |value: &Value| value.kind() == Kind::Name;
            assert!(newcomer.facts.iter().any(|fact| name(&fact.value) && fact.to.is_none()));
        }
    }

    #[test]
    fn every_status_and_a_confirmed_death_occur() {
        let mut statuses = BTreeSet::new();
        let mut deaths = 0;
        for fact in country(20_000).people().flat_map(|one| one.facts) {
            match fact.value {
                Value::Status { status, .. } => drop(statuses.insert(status)),
                Value::Death { state: Life::Confirmed, .. } => deaths += 1,
                _ => {}
            }
        }
        assert_eq!(statuses.len(), 6, "{statuses:?}");
        assert!(deaths > 100);
    }

    #[test]
    fn a_stream_of_many_keeps_one_household() {
        let mut people = country(u64::MAX).people();
        for _ in 0..50_000 {
            assert!(people.next().is_some() && people.waiting.len() <= LARGEST.max(16));
        }
    }
}
