//! What the setup puts into the store before the platform ever listens.

use std::collections::BTreeMap;

use base::{Digest, Time};
use jose::jwk::{Jwk, Key};
use links::Officer;
use pki_contract::profile::ProfileData;
use store::{Store, StoreError, Tx, values};
use x509::Certificate;

use crate::failed::unreadable;

/// An officer who may call.
#[derive(Clone, Debug)]
pub struct NewOfficer {
    /// What records name them by.
    pub name: String,
    /// The key of their desk or command line, SPKI (P-256).
    pub spki: Vec<u8>,
    /// Until when (R49).
    pub until: Time,
}

/// An authority whose certificate and list are published as `/pki/<name>.crt` and `.crl`.
#[derive(Clone, Debug)]
pub struct Published {
    /// 1 to 32 lower-case letters, digits or `-`.
    pub name: String,
    /// Its certificate.
    pub certificate: Certificate,
}

/// All that is entered at once.
#[derive(Clone, Debug, Default)]
pub struct Foundation {
    /// The first officers.
    pub officers: Vec<NewOfficer>,
    /// What is published.
    pub authorities: Vec<Published>,
    /// The profiles that can be applied for.
    pub profiles: Vec<ProfileData>,
}

/// Why nothing was entered.
#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    /// A key that cannot sign approvals, a name of another form, a profile that is none.
    #[error("{0}")]
    Form(&'static str),
    /// The store; it refuses what stands already.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Enters the foundation in one transaction, once.
///
/// # Errors
/// [`FoundError`]: then nothing was entered.
pub async fn found(store: &Store, foundation: Foundation) -> Result<(), FoundError> {
    store.write("pki.found", move |tx| entered(tx, &foundation)).await
}

fn entered(tx: &mut Tx, foundation: &Foundation) -> Result<(), FoundError> {
    for officer in &foundation.officers {
        let Ok(key @ Key::P256(_)) = Key::from_spki(&officer.spki) else {
            return Err(FoundError::Form("an officer's key is not of P-256"));
        };
        let thumbprint = jose::base64url(&key.thumbprint());
        tx.insert(
            "INSERT INTO pki_officer (key, name, spki, until) VALUES ($1, $2, $3, $4)",
            values![thumbprint, &officer.name, &officer.spki, officer.until],
        )?;
    }
    for Published { name, certificate } in &foundation.authorities {
        if !is_name(name) {
            return Err(FoundError::Form("an authority's name"));
        }
        tx.insert(
            "INSERT INTO pki_authority (name, issuer, certificate) VALUES ($1, $2, $3)",
            values![name, certificate.spki_digest(), certificate.der()],
        )?;
    }
    for data in &foundation.profiles {
        let hash = data.hash().map_err(|_| FoundError::Form("a profile that is none"))?;
        let text = serde_json::to_string(data).map_err(unreadable)?;
        tx.insert(
            "INSERT INTO pki_profile (name, hash, data) VALUES ($1, $2, $3)",
            values![&data.name, hash.0, text],
        )?;
    }
    Ok(())
}

/// Whether `name` can stand in an address.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}

/// The officers whose grants hold at `now`, by the thumbprint of their key: what a verifier asks.
///
/// # Errors
/// The store.
pub async fn officers(store: &Store, now: Time) -> Result<BTreeMap<String, Officer>, StoreError> {
    let rows: Vec<(String, String, Vec<u8>)> = store
        .read::<_, StoreError>("pki.officers", move |tx| {
            tx.all(
                "SELECT key, name, spki FROM pki_officer WHERE until > $1 ORDER BY key",
                values![now],
            )
        })
        .await?;
    let officer = |(kid, id, spki): (String, String, Vec<u8>)| {
        let key = Key::from_spki(&spki).map_err(unreadable)?;
        Ok((kid, Officer { id, key: Jwk::from(key) }))
    };
    rows.into_iter().map(officer).collect()
}

/// What is published under `name`.
pub(crate) fn published(tx: &mut Tx, name: &str) -> Result<Option<(Digest, Vec<u8>)>, StoreError> {
    let found: Option<([u8; 32], Vec<u8>)> =
        tx.first("SELECT issuer, certificate FROM pki_authority WHERE name = $1", values![name])?;
    Ok(found.map(|(issuer, certificate)| (Digest(issuer), certificate)))
}
