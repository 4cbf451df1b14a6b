//! Persons by name (R13).

use std::collections::{BTreeMap, BTreeSet};

use audit::{Look, Outcome, Seen, Sight};
use base::{PartialDate, PersonId};
use persons_contract::{
    Fact, FindRefusal, Group, Kind, MAX_HITS, Person, Search, SearchPersons, SearchRefusal, Value,
};
use store::{StoreError, Tx};

use crate::asking::Asking;
use crate::failed::Failed;
use crate::persons::Persons;
use crate::row::{self, Related};
use crate::view::{Lens, View};

/// The longest name that is searched for, in bytes.
const LONGEST: usize = 240;

/// The most persons of one name that are compared.
const MOST: i64 = 400;

impl Persons {
    /// Persons whose name, present or former, folds alike; a record for each who is shown.
    ///
    /// # Errors
    /// [`SearchRefusal`].
    pub async fn search(
        &self,
        asking: &Asking,
        ask: SearchPersons,
    ) -> Result<Search, SearchRefusal> {
        self.searched(asking, ask).await.map_err(Failed::refusal)
    }

    async fn searched(
        &self,
        asking: &Asking,
        ask: SearchPersons,
    ) -> Result<Search, Failed<SearchRefusal>> {
        let permitted = self.permitted(asking, "persons/search", "look").await;
        let (look, permission) = permitted.map_err(|failed| failed.with(SearchRefusal::Look))?;
        let fold = if ask.name.len() > LONGEST { String::new() } else { country::fold(&ask.name) };
        if fold.is_empty() {
            return self.refused(&look, SearchRefusal::Name).await;
        }
        let birth = ask.birth.map(|date| date.to_string()).unwrap_or_default();
        let look = Look { terms: Some(format!("{} {birth}", ask.name)), ..look };
        if ask.groups.is_empty() {
            return self.refused(&look, SearchRefusal::Look(FindRefusal::Nothing)).await;
        }
        if !ask.groups.is_subset(&permission.groups) {
            return self.refused(&look, SearchRefusal::Look(FindRefusal::NotPermitted)).await;
        }
        let lens = permission.lens(ask.groups, ask.on.unwrap_or_else(|| self.today()));
        let query = Query { fold, birth: ask.birth, lens };
        let seen = self.log.seen("persons.search", &look, move |tx| {
            Ok::<_, Failed<SearchRefusal>>(query.run(tx)?)
        });
        seen.await?.map_err(Failed::Refused)
    }
}

struct Query {
    fold: String,
    birth: Option<PartialDate>,
    lens: Lens,
}

impl Query {
    fn run(&self, tx: &mut Tx) -> Result<Seen<Result<Search, SearchRefusal>>, StoreError> {
        let rows = row::of_name(tx, &self.fold, MOST, self.lens.protection)?;
        let bearers = persons(rows);
        let bearers: Vec<_> =
            bearers.into_iter().filter(|(id, bearer)| self.bears(*id, bearer)).collect();
        let crowd = i64::try_from(bearers.len()).is_ok_and(|count| count >= MOST);
        let (hits, others): (Vec<_>, Vec<_>) =
            bearers.into_iter().partition(|(id, bearer)| self.born(*id, bearer));
        if hits.len() > MAX_HITS || crowd {
            return Ok(Seen::refused(Err(SearchRefusal::TooMany)));
        }
        let mut views = Vec::with_capacity(hits.len());
        for (id, Bearer { revision, rows }) in hits {
            let own = self.with_relatives(tx, id, rows)?;
            let named = row::named(tx, id)?;
            views.push(self.lens.view((id, revision), own, named));
        }
        Ok(answered(views, !others.is_empty()))
    }

    /// Whether the name is one that may be known of: not one from before an adoption.
    fn bears(&self, id: PersonId, bearer: &Bearer) -> bool {
        self.facts(id, bearer, Group::Names).iter().any(|fact| match &fact.value {
            Value::Name { given, surname, .. } => {
                country::fold(&[given.concat(), surname.concat()].concat()) == self.fold
            }
            _ => false,
        })
    }

    /// Whether the birth date given, if any, can be theirs.
    fn born(&self, id: PersonId, bearer: &Bearer) -> bool {
        let Some(asked) = self.birth else { return true };
        self.facts(id, bearer, Group::Birth).iter().any(|fact| match fact.value {
            Value::Birth { date, .. } => {
                date.first_day() <= asked.last_day() && asked.first_day() <= date.last_day()
            }
            _ => false,
        })
    }

    /// The facts of a group at any time.
    fn facts(&self, id: PersonId, bearer: &Bearer, group: Group) -> Vec<Fact> {
        let lens = Lens { groups: BTreeSet::from([group]), history: true, ..self.lens.clone() };
        lens.view((id, bearer.revision), bearer.related(), Vec::new()).person.facts
    }

    /// The rows with what is known of relatives, where they were asked for.
    fn with_relatives(
        &self,
        tx: &mut Tx,
        id: PersonId,
        rows: Vec<Related>,
    ) -> Result<Vec<Related>, StoreError> {
        let relatives = [Group::Family, Group::Capacity];
        if self.lens.groups.iter().any(|group| relatives.contains(group)) {
            row::facts(tx, id)
        } else {
            Ok(rows)
        }
    }
}

/// Somebody who bears the name: here the second part of [`Related`] is their own.
struct Bearer {
    revision: i64,
    rows: Vec<Related>,
}

impl Bearer {
    fn related(&self) -> Vec<Related> {
        let copy = |related: &Related| Related { row: related.row.clone(), other: related.other };
        self.rows.iter().map(copy).collect()
    }
}

fn persons(rows: Vec<Related>) -> BTreeMap<PersonId, Bearer> {
    let mut persons = BTreeMap::new();
    for related in rows {
        let (_, revision) = related.other.unwrap_or_default();
        let bearer = persons.entry(related.row.person);
        let bearer = bearer.or_insert_with(|| Bearer { revision, rows: Vec::new() });
        bearer.rows.push(related);
    }
    persons
}

/// Never the best of several: one, all, or nobody.
fn answered(views: Vec<View>, others: bool) -> Seen<Result<Search, SearchRefusal>> {
    let mut hits: Vec<Person> = Vec::new();
    let mut sights: BTreeMap<PersonId, Sight> = BTreeMap::new();
    for View { person, sights: own } in views {
        hits.push(person);
        for sight in own {
            let seen = sights.entry(sight.person);
            let seen = seen.or_insert_with(|| Sight { groups: Vec::new(), ..sight.clone() });
            let new = sight.groups.into_iter().filter(|group| !seen.groups.contains(group));
            let new: Vec<_> = new.collect();
            seen.groups.extend(new);
        }
    }
    let shown: Vec<_> = sights.into_values().collect();
    let answer = match (hits.pop(), hits.is_empty()) {
        (Some(person), true) => Search::Unequivocal { person: Box::new(person) },
        (Some(person), false) => {
            hits.push(person);
            Search::Ambiguous { hits }
        }
        (None, _) if others => Search::Discrepant { fields: BTreeSet::from([Kind::Birth]) },
        (None, _) => Search::None,
    };
    let outcome = if shown.is_empty() { Outcome::Empty } else { Outcome::Returned };
    Seen { answer: Ok(answer), outcome, shown }
}
