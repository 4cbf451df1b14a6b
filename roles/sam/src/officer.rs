//! Officers: whose word is taken, for what, and until when.

use base::{Bytes, Time};
use jose::jwk::Jwk;
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed};
use sam_contract::SamRefusal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Store, StoreError, Tx, values};

use crate::Stop;
use crate::row::word;

/// What an officer may do here (R49).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfficerRole {
    /// Offers and binds devices, freezes and unfreezes.
    Registration,
    /// Suspends, resumes and revokes.
    Revocation,
}

/// An officer's key with one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// By what records name them: never a name.
    pub id: String,
    /// The public key of their desk or command line; P-256 or P-384.
    pub key: Jwk,
    /// The role.
    pub role: OfficerRole,
    /// Until when.
    pub until: Time,
}

/// Puts officers into the store. For the setup; one that stands already keeps its date.
pub(crate) async fn seated(store: &Store, officers: &[Officer]) -> Result<(), Stop> {
    let rows: Vec<(String, String, String, String, Time)> = officers
        .iter()
        .map(|officer| {
            let jwk = Jwk::named(officer.key.key.clone());
            let text = serde_json::to_string(&jwk).map_err(|_| Stop::Damaged("an officer's key"));
            let kid = jwk.kid.unwrap_or_default();
            Ok((kid, word(&officer.role), officer.id.clone(), text?, officer.until))
        })
        .collect::<Result<_, Stop>>()?;
    store.write("sam.officers", move |tx| put(tx, &rows)).await?;
    Ok(())
}

fn put(tx: &mut Tx, rows: &[(String, String, String, String, Time)]) -> Result<(), StoreError> {
    for (kid, role, officer, jwk, until) in rows {
        tx.update(
            "INSERT INTO sam_officer (kid, role, officer, jwk, until_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            values![kid, role, officer, jwk, *until],
        )?;
    }
    Ok(())
}

/// An officer's word that holds.
#[derive(Clone, Debug)]
pub(crate) struct Word<T> {
    /// Who said it.
    pub(crate) officer: String,
    /// What.
    pub(crate) says: T,
}

/// The word in `token`, of type `typ`, if an officer of one of `roles` said it.
pub(crate) async fn heard<T: DeserializeOwned>(
    store: &Store,
    token: &str,
    typ: &str,
    roles: &'static [OfficerRole],
    now: Time,
) -> Result<Word<T>, Stop> {
    let accept = [Algorithm::Es256, Algorithm::Es384];
    let read = Jws::parse(token, Accept::only(typ, &accept)).map_err(|_| SamRefusal::Proof)?;
    let kid = read.header().kid.clone().ok_or(SamRefusal::Proof)?;
    let found: Vec<(String, String, String)> = store
        .read::<_, StoreError>("sam.officer", move |tx| {
            tx.all(
                "SELECT officer, role, jwk FROM sam_officer
                 WHERE kid = $1 AND until_at > $2 ORDER BY role",
                values![&kid, now],
            )
        })
        .await?;
    let held =
        |(_, role, _): &&(String, String, String)| roles.iter().any(|wanted| word(wanted) == *role);
    let (officer, _, jwk) = found.iter().find(held).ok_or(SamRefusal::Proof)?;
    let key = Jwk::parse(jwk.as_bytes()).map_err(|_| Stop::Damaged("an officer's key"))?;
    let verified = read.verify(&key, allowed(Suite::House)).map_err(|_| SamRefusal::Proof)?;
    let says = verified.claims().map_err(|_| SamRefusal::Proof)?;
    Ok(Word { officer: officer.clone(), says })
}

/// The digest of a word: the same id with another one is refused.
pub(crate) fn name(token: &str) -> Bytes {
    Bytes(keys::sha256(token.as_bytes()).to_vec())
}
