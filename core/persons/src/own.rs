//! A person's own entry.

use std::collections::BTreeSet;

use audit::Seen;
use base::{ActingFor, PersonId};
use persons_contract::{FindRefusal, Group, OwnEntry, Person};
use store::{StoreError, Tx, values};

use crate::asking::{Asking, OnBehalf};
use crate::failed::Failed;
use crate::persons::Persons;
use crate::row;
use crate::view::{Lens, View};

impl Persons {
    /// The entry of the person who asks, whole; relatives who are protected stay out of it.
    ///
    /// # Errors
    /// [`FindRefusal`].
    pub async fn own_entry(&self, asking: &Asking, ask: OwnEntry) -> Result<Person, FindRefusal> {
        self.own(asking, &ask).await.map_err(Failed::refusal)
    }

    async fn own(&self, asking: &Asking, ask: &OwnEntry) -> Result<Person, Failed<FindRefusal>> {
        let look = asking.look("persons/own-entry", "look", None, self.today());
        let person = match (&asking.on_behalf, &asking.acting_for) {
            (OnBehalf::Person(person), ActingFor::Own) => *person,
            _ => return self.refused(&look, FindRefusal::NotPermitted).await,
        };
        let lens = Lens {
            groups: Group::ALL.iter().map(|(group, _)| *group).collect::<BTreeSet<_>>(),
            on: self.today(),
            history: ask.history,
            adoption: false,
            protection: 0,
        };
        let seen = self.log.seen("persons.own_entry", &look, move |tx| {
            Ok::<_, Failed<FindRefusal>>(own_entry(tx, person, &lens)?)
        });
        seen.await?.ok_or(Failed::Refused(FindRefusal::NotFound))
    }
}

fn own_entry(
    tx: &mut Tx,
    person: PersonId,
    lens: &Lens,
) -> Result<Seen<Option<Person>>, StoreError> {
    let revision: Option<(i64,)> =
        tx.first("SELECT revision FROM persons_person WHERE person = $1", values![person])?;
    let Some((revision,)) = revision else {
        return Ok(Seen::returned(None, Vec::new()));
    };
    let (own, named) = (row::facts(tx, person)?, row::named(tx, person)?);
    let View { person, sights } = lens.view((person, revision), own, named);
    Ok(Seen::returned(Some(person), sights))
}
