//! One person by code.

use audit::{Look, Outcome, Seen};
use base::{Identifier, PersonId};
use persons_contract::{FindPerson, FindRefusal, Person};
use store::{StoreError, Tx, values};

use crate::asking::Asking;
use crate::failed::Failed;
use crate::permission::{Beyond, Permission};
use crate::persons::Persons;
use crate::row;
use crate::value::identifier;
use crate::view::{Lens, View};

/// Nobody's id: looked up in place of a person who may not be shown, so that the statements are
/// the same.
const NOBODY: PersonId = PersonId::from_bytes([0; 16]);

impl Persons {
    /// The person who holds a code, or held it before a change that lets it find them (R3).
    ///
    /// Nobody and nobody who may be known of are one answer: the same statements, one record of
    /// an empty look, the same refusal (R36).
    ///
    /// # Errors
    /// [`FindRefusal`].
    pub async fn find(&self, asking: &Asking, ask: FindPerson) -> Result<Person, FindRefusal> {
        self.found(asking, ask).await.map_err(Failed::refusal)
    }

    async fn found(&self, asking: &Asking, ask: FindPerson) -> Result<Person, Failed<FindRefusal>> {
        let (look, permission) = self.permitted(asking, "persons/find", "look").await?;
        let look = Look { terms: Some(ask.code.x509()), ..look };
        if ask.groups.is_empty() {
            return self.refused(&look, FindRefusal::Nothing).await;
        }
        if !ask.groups.is_subset(&permission.groups) {
            return self.refused(&look, FindRefusal::NotPermitted).await;
        }
        let lens = permission.lens(ask.groups, ask.on.unwrap_or_else(|| self.today()));
        let code = identifier(&ask.code).unwrap_or(ask.code);
        let seen = self.log.seen("persons.find", &look, move |tx| {
            Ok::<_, Failed<FindRefusal>>(find(tx, &code, &lens)?)
        });
        seen.await?.ok_or(Failed::Refused(FindRefusal::NotFound))
    }
}

impl Permission {
    /// What it lets see.
    pub(crate) fn lens(
        &self,
        groups: std::collections::BTreeSet<persons_contract::Group>,
        on: base::Date,
    ) -> Lens {
        let protected = self.beyond.contains(&Beyond::Protected);
        Lens {
            groups,
            on,
            history: false,
            adoption: self.beyond.contains(&Beyond::Adoption),
            protection: if protected { i64::MAX } else { 0 },
        }
    }
}

fn find(tx: &mut Tx, code: &Identifier, lens: &Lens) -> Result<Seen<Option<Person>>, StoreError> {
    const HOLDER: &str = "SELECT c.person, p.revision FROM persons_code c
        JOIN persons_person p ON p.person = c.person
        WHERE c.code = $1 AND c.found >= $2 AND p.protection <= $3";
    let least = i64::from(!lens.adoption);
    let holder = tx.first(HOLDER, values![code.x509(), least, lens.protection])?;
    let (person, revision) = holder.unwrap_or((NOBODY, 0));
    let (own, named) = (row::facts(tx, person)?, row::named(tx, person)?);
    let View { person: shown, sights } = lens.view((person, revision), own, named);
    Ok(match holder {
        Some(_) => Seen::returned(Some(shown), sights),
        None => Seen { answer: None, outcome: Outcome::Empty, shown: Vec::new() },
    })
}
