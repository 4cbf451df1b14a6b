//! The first two officers: two persons, two folders, two keys.

use std::sync::Arc;
use std::time::Duration;

use base::{Bytes, Chance, Time};
use ca_signer::{Grant, Officer, Role};
use keys::{Algorithm, Purpose, Signer};
use links::Party;
use serde::Serialize;

use super::{Ground, SetupError};
use crate::place::{Home, HomeError, write_whole};

/// The folders of the first officers.
pub(crate) const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

/// How long the first grants hold: a year (R49).
const GRANTED: Duration = Duration::from_hours(365 * 24);

/// The purpose of an officer's key: approvals, and proofs of calls.
#[derive(Debug)]
pub(crate) enum OfficerKeys {}

impl Purpose for OfficerKeys {
    const NAME: &'static str = "officers.approvals";
}

/// The key of the officer whose folder `home` is.
///
/// # Errors
/// [`HomeError`].
pub(crate) fn officer_key(
    home: &Home,
    party: &Party,
    chance: &Arc<dyn Chance>,
) -> Result<Signer<OfficerKeys>, HomeError> {
    let keeper = home.keeper(&party.to_string(), Arc::clone(chance))?;
    home.key(&keeper, "officer", Algorithm::P256)
}

/// An officer as `officers.json` tells whoever installs another process: public things only.
#[derive(Serialize)]
struct Listed {
    /// What records name them by.
    name: String,
    /// The thumbprint of their key.
    key: String,
    /// The key, SPKI.
    spki: Bytes,
}

/// The two, with their keys at hand.
pub(super) struct Officers {
    pub(super) keys: Vec<Signer<OfficerKeys>>,
    pub(super) entries: Vec<Officer>,
}

/// Until when the first grants hold.
pub(super) fn until(ground: &Ground<'_>) -> Time {
    granted(ground.clock.now())
}

/// Until when those of a setup at `at` hold.
pub(crate) fn granted(at: Time) -> Time {
    at.plus(GRANTED)
}

pub(super) fn make(ground: &Ground<'_>) -> Result<Officers, SetupError> {
    let party = ground.options.party("officers")?;
    let until = until(ground);
    let roles = [Role::SecurityOfficer, Role::RegistrationOfficer, Role::RevocationOfficer];
    let grants: Vec<Grant> = roles.into_iter().map(|role| Grant { role, until }).collect();
    let (mut keys, mut entries, mut listed) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, name) in OFFICERS.into_iter().zip(&ground.options.config.officers) {
        let key = officer_key(&ground.data.home(folder)?, &party, ground.chance)?;
        let spki = key.public_key().spki().to_vec();
        let (holder, grants) = (name.clone(), grants.clone());
        let officer = Officer { name: name.clone(), holder, spki: spki.clone(), grants };
        let thumbprint = officer.thumbprint().map_err(ca_signer::FoundError::from)?;
        listed.push(Listed { name: name.clone(), key: thumbprint, spki: Bytes(spki) });
        keys.push(key);
        entries.push(officer);
    }
    let json = serde_json::to_vec_pretty(&listed);
    let json = json.map_err(|_| SetupError::Form("officers.json"))?;
    write_whole(&ground.data.path().join("officers.json"), &json, false)?;
    Ok(Officers { keys, entries })
}
