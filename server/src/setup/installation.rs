//! `setup.json`: what a setup made, for every process that starts. Public things only.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use base::{Digest, Owner, Time};
use links::Party;
use pki_contract::profile::ProfileData;
use serde::{Deserialize, Serialize};

use super::ceremony::Ceremony;
use super::profiles::Profiles;
use super::{Ground, PARTS, SetupError};
use crate::config::Config;
use crate::place::{Data, write_whole};

pub(crate) use super::standing::Standing;

const FILE: &str = "setup.json";

/// What an installation is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Installation {
    /// When it was set up.
    pub(crate) at: Time,
    /// What addresses in certificates begin with.
    pub(crate) base: String,
    /// The root, by the SHA-256 of its SPKI.
    pub(crate) root: Digest,
    /// The issuing authority.
    pub(crate) issuer: Digest,
    /// `sam`'s root key: what QR codes and callees pin.
    pub(crate) sam: Digest,
    /// The policy of certificates.
    pub(crate) policy: String,
    /// The policy of time-stamp tokens.
    pub(crate) stamps: String,
    /// The profiles.
    pub(crate) profiles: Vec<ProfileData>,
    /// For OCSP responders.
    pub(crate) ocsp: Standing,
    /// For time-stamp units.
    pub(crate) tsu: Standing,
    /// Who each part is.
    pub(crate) parties: BTreeMap<String, Party>,
}

pub(super) fn of(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
    (profiles, sam): (&Profiles, Digest),
    (ocsp, tsu): (Standing, Standing),
) -> Result<Installation, SetupError> {
    let party = |(_, part): &(&str, &str)| Ok(((*part).to_owned(), ground.options.party(part)?));
    Ok(Installation {
        at: ground.clock.now(),
        base: ground.options.base.clone(),
        root: Digest(ceremony.root.spki_digest()),
        issuer: ceremony.issuer(),
        sam,
        policy: ceremony.policy.id.to_string(),
        stamps: ceremony.stamps.clone(),
        profiles: profiles.all.clone(),
        ocsp,
        tsu,
        parties: PARTS.iter().map(party).collect::<Result<_, SetupError>>()?,
    })
}

impl Installation {
    pub(super) fn write(&self, data: &Data) -> Result<(), SetupError> {
        let json = serde_json::to_vec_pretty(self).map_err(|_| SetupError::Form(FILE))?;
        Ok(write_whole(&data.path().join(FILE), &json, false)?)
    }
}

/// A folder that no setup has finished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSetUp {
    /// There is none, or nothing is in it.
    #[error("{} is not set up: run `sakta setup` first", .0.display())]
    Folder(PathBuf),
    /// It is set up for other owners than the configuration says.
    #[error("{part} is {party} since the setup: the configuration cannot give it to {owner}")]
    Owner {
        /// Which part it is about.
        part: String,
        /// Who it is there.
        party: Party,
        /// Whose the configuration says it is.
        owner: Owner,
    },
    /// What it wrote cannot be read.
    #[error("{} cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
}

/// The data folder of a configuration and what was set up there.
///
/// # Errors
/// [`NotSetUp`].
pub(crate) fn opened(config: &Config) -> Result<(Data, Installation), NotSetUp> {
    let unset = || NotSetUp::Folder(config.data.clone());
    let data = config.data().map_err(|why| match why.kind() {
        ErrorKind::NotFound => unset(),
        _ => NotSetUp::Unreadable(config.data.clone(), why),
    })?;
    let read = installed(&data);
    let read = read.map_err(|why| NotSetUp::Unreadable(data.path().join(FILE), why))?;
    let installation = read.ok_or_else(unset)?;
    for (part, owner) in &config.owners {
        match installation.parties.get(part) {
            Some(party) if party.owner != *owner => {
                let (part, party, owner) = (part.clone(), party.clone(), owner.clone());
                return Err(NotSetUp::Owner { part, party, owner });
            }
            _ => {}
        }
    }
    Ok((data, installation))
}

/// The installation in `data`; none: it is not set up.
///
/// # Errors
/// When the file cannot be read or is of another form.
pub(crate) fn installed(data: &Data) -> std::io::Result<Option<Installation>> {
    match std::fs::read(data.path().join(FILE)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(std::io::Error::other),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}
