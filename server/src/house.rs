//! The web process: its parts, their doors, their hosts, and what runs beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::Owner;
use links::Doors;
use persons::Persons;
use tokio::task::JoinSet;

use crate::evidence::Evidence;
use crate::listen::Stop;
use crate::part::{Ground, Part, PartError};
use crate::register;

/// Whose each part is: configuration over the country's defaults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owners(pub(crate) BTreeMap<String, Owner>);

impl Owners {
    /// The owner of `part`.
    ///
    /// # Errors
    /// [`PartError::Name`] for a part that nobody owns.
    pub(crate) fn of(&self, part: &str) -> Result<Owner, PartError> {
        let nobodys = || PartError::Name(part.to_owned());
        match self.0.get(part) {
            Some(owner) => Ok(owner.clone()),
            None => country::default_owner(part)
                .and_then(|owner| owner.parse().ok())
                .ok_or_else(nobodys),
        }
    }
}

/// The web process, put together and not yet listening.
#[derive(Debug)]
pub(crate) struct House {
    /// The part that the register lives in.
    pub(crate) persons_part: Part,
    /// The register of persons.
    pub(crate) persons: Persons,
    /// What other processes may call.
    pub(crate) doors: Vec<Arc<Doors>>,
    /// What runs beside the listeners until it is told to stop.
    pub(crate) running: JoinSet<()>,
}

/// Opens the parts and starts what runs beside them.
///
/// # Errors
/// [`PartError`].
pub(crate) async fn open(
    ground: &Ground,
    owners: &Owners,
    stop: &Stop,
) -> Result<House, PartError> {
    let persons_part = ground.part(owners.of("persons")?, "persons", &[persons::SCHEMA])?;
    let (persons, sequencer) = register::open(&persons_part).await?;
    let mut running = JoinSet::new();
    key_beside(&persons_part, &sequencer)?;
    running.spawn(sequencer.run(stop.clone().told()));
    let evidence = Evidence::of_systems(Vec::new());
    let doors =
        Doors::new(persons_part.party.clone(), Arc::clone(&ground.clock), Arc::new(evidence));
    let doors = vec![Arc::new(persons.answering(doors))];
    Ok(House { persons_part, persons, doors, running })
}

/// Puts a log's public key beside its archive, for whoever checks it offline.
fn key_beside(part: &Part, sequencer: &audit::Sequencer) -> Result<(), PartError> {
    let file = part.archive().with_extension("key");
    let written = std::fs::create_dir_all(part.archive()).and_then(|()| {
        crate::place::write_whole(&file, format!("{}\n", sequencer.key()).as_bytes(), false)
    });
    written.map_err(|source| PartError::Archive { part: part.name().to_owned(), source })
}
