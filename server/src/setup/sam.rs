//! `sam`'s store: its keys, its first epoch, and the officers whose word it takes.

use std::sync::Arc;

use base::Digest;
use jose::jwk::{Jwk, Key};
use keys::Signer;
use sam::{Officer, OfficerRole};

use super::officers::{OFFICERS, Officers, until};
use super::{Ground, OfficerKeys, SetupError, officer_key};

/// What others pin: `sam`'s root key, and its answer key (SPKI).
pub(super) struct Founded {
    pub(super) root: Digest,
    pub(super) answers: Vec<u8>,
}

/// Founds it. The two officers may enrol and revoke; the desk may enrol.
pub(super) async fn found(ground: &Ground<'_>, officers: &Officers) -> Result<Founded, SetupError> {
    let party = ground.options.party("sam")?;
    let home = ground.data.home("sam")?;
    let keeper = home.keeper(&party.to_string(), Arc::clone(ground.chance))?;
    let store = home.store("sam", ground.clock, ground.chance, &[sam::SCHEMA])?;
    let desk = ground.data.home("desk")?;
    let desk = officer_key(&desk, &ground.options.party("desk")?, ground.chance)?;
    let mut seats = vec![seat(ground, ("desk", &desk), OfficerRole::Registration)?];
    for (name, key) in OFFICERS.iter().zip(&officers.keys) {
        seats.push(seat(ground, (name, key), OfficerRole::Registration)?);
        seats.push(seat(ground, (name, key), OfficerRole::Revocation)?);
    }
    let founded = sam::found(&store, &keeper, &seats).await?;
    let answers = sam::answer_key(&store, &keeper, ground.clock.now()).await?;
    Ok(Founded { root: founded.root, answers: answers.spki().to_vec() })
}

fn seat(
    ground: &Ground<'_>,
    (id, key): (&str, &Signer<OfficerKeys>),
    role: OfficerRole,
) -> Result<Officer, SetupError> {
    let key = Key::from_spki(key.public_key().spki());
    let key = Jwk::named(key.map_err(|_| SetupError::Form("an officer's key"))?);
    Ok(Officer { id: id.to_owned(), key, role, until: until(ground) })
}
