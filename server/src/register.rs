//! The register of persons in the web process: opened, and in a demonstration filled.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::{Date, Id};
use keys::{Algorithm, Signer};
use persons::{Asking, HandlePurpose, LocalHandles, Newcomer, OnBehalf, Permission, Persons};
use persons_contract::Group;
use simulation::Country;

use crate::part::{Part, PartError};

/// People taken over in one commit.
const BATCH: usize = 200;

/// The register on its part, with the handle keys of this year and the next.
///
/// # Errors
/// [`PartError`].
pub(crate) async fn open(part: &Part) -> Result<(Persons, audit::Sequencer), PartError> {
    let year = country::date(part.store.clock().now()).year();
    let signers = [year, year + 1].into_iter().map(|year| {
        let key: Signer<HandlePurpose> =
            part.key(&format!("handles-{year}"), Algorithm::Rsa3072)?;
        Ok((year, key))
    });
    let signers = signers.collect::<Result<Vec<_>, PartError>>()?;
    let handles = Arc::new(LocalHandles::new(part.store.clone(), signers)?);
    let granting: Arc<dyn audit::handle::Handles> = handles.clone();
    let (log, sequencer) = part.log(granting).await?;
    let persons = Persons {
        owner: part.party.owner.clone(),
        store: part.store.clone(),
        log,
        clock: Arc::clone(part.store.clock()),
        chance: Arc::clone(part.store.chance()),
        handles,
        receivers: Vec::new(),
    };
    Ok((persons, sequencer))
}

/// Fills an empty register with a synthetic country, telling `progress` how many are there.
///
/// A fill that was interrupted goes on: a batch that stands already is refused by the register
/// and passed over.
///
/// # Errors
/// What the register refuses for another reason.
pub(crate) async fn fill(
    persons: &Persons,
    country: &Country,
    mut progress: impl FnMut(u64),
) -> Result<(), persons::ImportError> {
    let asking = Asking {
        system: format!("{}/simulation", persons.owner),
        owner: persons.owner.clone(),
        on_behalf: OnBehalf::System("import".to_owned()),
        acting_for: base::ActingFor::Own,
        purpose: "synthetic population".to_owned(),
        case: None,
        channel: "setup".to_owned(),
        request: Id::<()>::random(persons.chance.as_ref()).to_string(),
        key: None,
    };
    let mut people = country.people();
    let mut done = 0;
    loop {
        let batch: Vec<Newcomer> = people
            .by_ref()
            .take(BATCH)
            .map(|one| Newcomer { person: one.person, facts: one.facts })
            .collect();
        if batch.is_empty() {
            return Ok(());
        }
        done += u64::try_from(batch.len()).unwrap_or(0);
        match persons.import(&asking, "pmlp", batch).await {
            Ok(()) | Err(persons::ImportError::Store(store::StoreError::Refused(_))) => {}
            Err(other) => return Err(other),
        }
        progress(done);
    }
}

/// The permission under which `system` of a demonstration may look people up.
pub(crate) fn permission(
    number: &str,
    system: &str,
    organisation: &str,
    today: Date,
) -> Permission {
    let set =
        |words: &[&str]| -> BTreeSet<String> { words.iter().map(ToString::to_string).collect() };
    Permission {
        number: number.to_owned(),
        system: system.to_owned(),
        organisation: organisation.to_owned(),
        operations: set(&["persons/find", "persons/search"]),
        purposes: set(&["login", "customer-identification", "demonstration"]),
        groups: [
            Group::Names,
            Group::Codes,
            Group::Birth,
            Group::Status,
            Group::Life,
            Group::Address,
        ]
        .into(),
        writer: None,
        beyond: BTreeSet::new(),
        legal_basis: "demonstration".to_owned(),
        valid_from: today,
        valid_to: None,
    }
}

/// An event of the register as its outbox carries it.
///
/// # Errors
/// For bytes of another form.
pub(crate) fn event(body: &[u8]) -> serde_json::Result<persons_contract::Event> {
    serde_json::from_slice(body)
}
